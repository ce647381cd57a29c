#include "tql/profile.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace tql {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kFile =
    "# servers\n"
    "[other]\n"
    "user = somebody\n"
    "\n"
    "[p]\n"
    "url = http://pu@ph:1,ph2:2/pd?schema=ps\n"
    "  timeout = 3m  \n"
    "cacert = /p.pem\n"
    "password_file = /p.txt\n";

/// Each source sets everything; a test removes some of it.
class ProfileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::path(::testing::TempDir()) / ("tql-profile-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_ / "tql");
    Write(kFile);
    setenv("XDG_CONFIG_HOME", folder_.c_str(), 1);
    for (const char* name : kVariables) unsetenv(name);
  }
  void TearDown() override {
    for (const char* name : kVariables) unsetenv(name);
    unsetenv("XDG_CONFIG_HOME");
    std::filesystem::remove_all(folder_);
  }
  void Write(std::string_view text) { std::ofstream(folder_ / "tql/profiles") << text; }
  static Options Named(std::string name) {
    Options options;
    options.profile = std::move(name);
    return options;
  }
  static constexpr const char* kVariables[] = {"TQL_URL",     "TQL_USER",   "TQL_PASSWORD",
                                               "TQL_SCHEMA",  "TQL_CACERT", "TQL_DATABASE",
                                               "TQL_TIMEOUT", "TQL_PROFILE"};
  std::filesystem::path folder_;
};

TEST_F(ProfileTest, RejectsFileOfOtherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  constexpr uid_t kSomebody = 12345;
  const std::string file = folder_ / "tql/profiles";
  ASSERT_EQ(chown(file.c_str(), kSomebody, 0), 0);
  EXPECT_EQ(ReadProfile("p", file).status(),
            FailedPreconditionError(file + ": it belongs to another user"));
}

TEST_F(ProfileTest, ProfileHasLowestPrecedence) {
  StatusOr<Target> target = ResolveTarget("", Named("p"));
  ASSERT_TRUE(target.ok()) << target.status();
  EXPECT_EQ(target->url.host, "ph");
  EXPECT_EQ(target->url.more_hosts, (std::vector<HostPort>{{"ph2", 2}}));
  EXPECT_EQ(target->options.user, "pu");
  EXPECT_EQ(target->options.database, "pd");
  EXPECT_EQ(target->options.schema, "ps");
  EXPECT_EQ(target->options.query_timeout, 3min);
  EXPECT_EQ(target->options.tls.ca_file, "/p.pem");
  EXPECT_FALSE(target->options.credentials.empty());
}

TEST_F(ProfileTest, EnvironmentOverridesProfile) {
  setenv("TQL_PROFILE", "p", 1);
  setenv("TQL_USER", "eu", 1);
  setenv("TQL_TIMEOUT", "5s", 1);
  setenv("TQL_URL", "tql://ignored@eh/ed", 1);
  setenv("TQL_PASSWORD", "secret", 1);
  StatusOr<Target> target = ResolveTarget("", {});
  ASSERT_TRUE(target.ok()) << target.status();
  EXPECT_EQ(target->url.host, "eh");
  EXPECT_EQ(target->options.user, "eu");
  EXPECT_EQ(target->options.database, "ed");
  EXPECT_EQ(target->options.schema, "ps");
  EXPECT_EQ(target->options.query_timeout, 5s);
  EXPECT_EQ(*target->options.credentials.password(), "secret");
}

TEST_F(ProfileTest, OptionsOverrideUrlOverridesEnvironment) {
  setenv("TQL_USER", "eu", 1);
  setenv("TQL_TIMEOUT", "5s", 1);
  setenv("TQL_CACERT", "/e.pem", 1);
  StatusOr<Target> target =
      ResolveTarget("uu@uh/ud?timeout=250ms&cacert=/u.pem&connect_timeout=2", {});
  ASSERT_TRUE(target.ok()) << target.status();
  EXPECT_EQ(target->options.user, "uu");
  EXPECT_EQ(target->options.query_timeout, 250ms);
  EXPECT_EQ(target->options.connect_timeout, 2s);
  EXPECT_EQ(target->options.tls.ca_file, "/u.pem");
  EXPECT_TRUE(ResolveTarget("h?insecure=true", {})->options.tls.insecure);
  Options options;
  options.user = "ou";
  options.query_timeout = 1h;
  options.tls.ca_file = "/o.pem";
  target = ResolveTarget("uu@uh/ud?timeout=250ms&cacert=/u.pem", options);
  ASSERT_TRUE(target.ok()) << target.status();
  EXPECT_EQ(target->options.user, "ou");
  EXPECT_EQ(target->options.query_timeout, 1h);
  EXPECT_EQ(target->options.tls.ca_file, "/o.pem");
}

TEST_F(ProfileTest, Defaults) {
  EXPECT_EQ(ResolveTarget("", {}).status().code(), StatusCode::kInvalidArgument);
  StatusOr<Target> target = ResolveTarget("h", {});
  ASSERT_TRUE(target.ok()) << target.status();
  EXPECT_EQ(target->options.query_timeout, 10min);
  EXPECT_EQ(target->options.user, "");
  EXPECT_TRUE(target->options.credentials.empty());
}

TEST_F(ProfileTest, EveryOtherUrlOverridesDefaultUrl) {
  const auto host = [](std::string_view url, Options options = {}) {
    return ResolveTarget(url, std::move(options), "https://default:1").value().url.host;
  };
  EXPECT_EQ(host(""), "default");
  Write("[p]\nuser = pu\n[q]\nurl = https://profile:2\n");
  EXPECT_EQ(host("", Named("p")), "default");
  EXPECT_EQ(host("", Named("q")), "profile");
  setenv("TQL_URL", "https://environment:3", 1);
  EXPECT_EQ(host("", Named("q")), "environment");
  EXPECT_EQ(host("https://text:4", Named("q")), "text");
}

TEST_F(ProfileTest, ReportsSourceOfInvalidValue) {
  EXPECT_EQ(ResolveTarget("h", Named("q")).status().code(), StatusCode::kNotFound);
  setenv("TQL_TIMEOUT", "soon", 1);
  EXPECT_EQ(
      ResolveTarget("h", {}).status().message(),
      "TQL_TIMEOUT: invalid duration \"soon\"; expected a number with ms, s, m or h, e.g. 30s");
}

TEST_F(ProfileTest, RejectsFileWritableByOthers) {
  const std::string file = (folder_ / "tql/profiles").string();
  for (const mode_t mode : {0620, 0602, 0666}) {
    ASSERT_EQ(chmod(file.c_str(), mode), 0);
    EXPECT_EQ(
        ResolveTarget("", Named("p")).status(),
        FailedPreconditionError(file + ": other users can write it; run: chmod go-w " + file));
  }
  ASSERT_EQ(chmod(file.c_str(), 0644), 0);
  EXPECT_TRUE(ResolveTarget("", Named("p")).ok());
}

TEST_F(ProfileTest, ProfileUrlOverridesProfileSetting) {
  Write(
      "[p]\nurl = tql://uu@h/ud?connect_timeout=7s\nuser = pu\nconnect_timeout = 3s\n"
      "insecure = true\ndatabase = pd\n");
  StatusOr<Target> target = ResolveTarget("", Named("p"));
  ASSERT_TRUE(target.ok()) << target.status();
  EXPECT_EQ(target->options.user, "pu");  // The profile's own setting precedes that of its URL.
  EXPECT_EQ(target->options.database, "pd");
  EXPECT_EQ(target->options.connect_timeout, 3s);
  EXPECT_TRUE(target->options.tls.insecure);
  target = ResolveTarget("h?connect_timeout=1s", Named("p"));
  EXPECT_EQ(target->options.connect_timeout, 1s);
  Write("[p]\nurl = h\ninsecure = yes\n");
  EXPECT_EQ(ResolveTarget("", Named("p")).status(),
            InvalidArgumentError("profile p: insecure must be true or false"));
}

TEST_F(ProfileTest, ReportsSourceOfInvalidUrl) {
  const std::string wrong = Url::Parse("ftp://h").status().message();
  EXPECT_EQ(ResolveTarget("ftp://h", {}).status(), InvalidArgumentError(wrong));
  setenv("TQL_URL", "ftp://h", 1);
  EXPECT_EQ(ResolveTarget("h", {}).status(), InvalidArgumentError("TQL_URL: " + wrong));
  unsetenv("TQL_URL");
  Write("[p]\nurl = ftp://h\n");
  EXPECT_EQ(ResolveTarget("h", Named("p")).status(), InvalidArgumentError("profile p: " + wrong));
}

TEST_F(ProfileTest, DoesNotBlockOnPipe) {
  const std::string file = (folder_ / "pipe").string();
  ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
  EXPECT_EQ(ReadProfile("p", file).status().code(), StatusCode::kFailedPrecondition);
}

TEST_F(ProfileTest, ReportsDirectory) {
  EXPECT_EQ(ReadProfile("p", folder_.string()).status(),
            FailedPreconditionError(folder_.string() + ": a directory, not a file"));
}

TEST_F(ProfileTest, SkipsByteOrderMark) {
  const std::string file = (folder_ / "tql/profiles").string();
  Write("\xEF\xBB\xBF[p]\r\nuser = u\r\n");
  EXPECT_EQ(ReadProfile("p", file).value().user, "u");
  Write("[p]\n\xEF\xBB\xBFuser = u\n");
  EXPECT_EQ(ReadProfile("p", file).status().code(), StatusCode::kInvalidArgument);
}

TEST_F(ProfileTest, SectionsMayRepeatKeys) {
  const std::string file = (folder_ / "tql/profiles").string();
  Write("[q]\nuser = qu\n[r]\nuser = ru\n[p]\nuser = pu\n");
  EXPECT_EQ(ReadProfile("p", file).value().user, "pu");
  EXPECT_EQ(ReadProfile("q", file).value().user, "qu");
}

TEST_F(ProfileTest, ReportsLineOfError) {
  const std::string file = (folder_ / "tql/profiles").string();
  const std::pair<const char*, const char*> cases[] = {
      {"user = u\n[p]\n", ":1: expected [NAME] before the settings"},
      {"[p]\n\nuser\n", ":3: expected KEY = VALUE"},
      {"[p]\npassword = x\n", ":2: unknown key \"password\""},
      {"[p\n", ":1: ']' is missing"},
      {"[p]\n[p]\n", ":2: duplicate section [p]"},
      {"[p]\nuser = a\nurl = h\nuser = b\n", ":4: duplicate key \"user\""},
      {"[p]\nuser =\nuser = b\n", ":3: duplicate key \"user\""},
      {"[q]\nuser = a\nuser = a\n[p]\n", ":3: duplicate key \"user\""},
  };
  for (const auto& [text, why] : cases) {
    Write(text);
    EXPECT_EQ(ReadProfile("p", file).status(), InvalidArgumentError(file + why));
  }
}

}  // namespace
}  // namespace tql
