#include "tools/tql/flags.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

namespace tql::shell {
namespace {

ParsedFlags Parse(std::vector<const char*> words) {
  words.insert(words.begin(), "tql");
  return ParseFlags(static_cast<int>(words.size()), words.data());
}

TEST(FlagsTest, Defaults) {
  const ParsedFlags parsed = Parse({});
  ASSERT_TRUE(parsed.flags);
  EXPECT_EQ(parsed.flags->url, "");
  EXPECT_TRUE(parsed.flags->inputs.empty());
  EXPECT_FALSE(parsed.flags->settings.format);
  EXPECT_FALSE(parsed.flags->settings.statement.query_results_apply_top_row_count);
  EXPECT_FALSE(parsed.flags->insecure);
  EXPECT_FALSE(parsed.flags->timeout);
}

TEST(FlagsTest, InputsKeepTheirOrder) {
  const ParsedFlags parsed =
      Parse({"-c", "a;", "http://h:1", "-f", "x.tql", "-f", "-", "--command", "b;"});
  ASSERT_TRUE(parsed.flags);
  EXPECT_EQ(parsed.flags->url, "http://h:1");
  const auto& inputs = parsed.flags->inputs;
  ASSERT_EQ(inputs.size(), 4U);
  const std::vector<std::string> values = {"a;", "x.tql", "-", "b;"};
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(inputs[i].value, values[i]);
    EXPECT_EQ(inputs[i].kind, i == 0 || i == 3 ? Input::Kind::kText : Input::Kind::kFile);
  }
}

TEST(FlagsTest, Values) {
  const ParsedFlags parsed = Parse({"--format",
                                    "jsonl",
                                    "--top",
                                    "7",
                                    "--database",
                                    "d",
                                    "--user",
                                    "u",
                                    "--cacert",
                                    "c",
                                    "--password-file",
                                    "p",
                                    "--insecure",
                                    "--timeout",
                                    "1.5",
                                    "--host",
                                    "h:7",
                                    "--schema",
                                    "s",
                                    "--profile",
                                    "n"});
  ASSERT_TRUE(parsed.flags);
  EXPECT_EQ(parsed.flags->settings.format, Format::kJsonl);
  EXPECT_EQ(parsed.flags->settings.statement.query_results_apply_top_row_count, 7);
  EXPECT_EQ(parsed.flags->database, "d");
  EXPECT_EQ(parsed.flags->user, "u");
  EXPECT_EQ(parsed.flags->ca_file, "c");
  EXPECT_EQ(parsed.flags->host, "h:7");
  EXPECT_EQ(parsed.flags->schema, "s");
  EXPECT_EQ(parsed.flags->profile, "n");
  EXPECT_EQ(parsed.flags->password_file, "p");
  EXPECT_TRUE(parsed.flags->insecure);
  EXPECT_EQ(parsed.flags->timeout, std::chrono::milliseconds(1500));
}

TEST(FlagsTest, DebugHasOptionalValue) {
  EXPECT_FALSE(Parse({}).flags->debug);
  for (const auto& words : std::vector<std::vector<const char*>>{
           {"--debug", "http://h"}, {"--debug", "true", "http://h"}, {"-debug=TRUE", "http://h"}}) {
    const ParsedFlags parsed = Parse(words);
    ASSERT_TRUE(parsed.flags);
    EXPECT_TRUE(parsed.flags->debug);
    EXPECT_EQ(parsed.flags->url, "http://h");
  }
  EXPECT_FALSE(Parse({"--debug", "false"}).flags->debug);
}

TEST(FlagsTest, OtherVendorOptionsWithOneDash) {
  const ParsedFlags parsed = Parse({"-host", "h", "-username=u", "-schema", "s", "-file", "-x.tql",
                                    "-server_script", "true", "-autocomplete", "false", "-debug"});
  ASSERT_TRUE(parsed.flags);
  EXPECT_EQ(parsed.flags->host, "h");
  EXPECT_EQ(parsed.flags->user, "u");
  EXPECT_EQ(parsed.flags->schema, "s");
  ASSERT_EQ(parsed.flags->inputs.size(), 1U);
  EXPECT_EQ(parsed.flags->inputs[0].value, "-x.tql");
  EXPECT_TRUE(parsed.flags->server_script);
  EXPECT_FALSE(parsed.flags->settings.autocomplete);
  EXPECT_TRUE(parsed.flags->debug);
  EXPECT_FALSE(Parse({"--server_script", "no"}).flags->server_script);
  EXPECT_FALSE(Parse({"--noautocomplete"}).flags->settings.autocomplete);
  EXPECT_TRUE(Parse({}).flags->settings.autocomplete);
}

TEST(FlagsTest, ServiceOptionsInEverySpelling) {
  const ParsedFlags parsed =
      Parse({"-query_results_apply_top_row_count=-1", "--pagination_start", "-5", "-use_jit",
             "false", "--skip_cache", "http://h:1", "-noscript_comments", "--allow_unsafe=TRUE",
             "-date_format=", "--time_format", "%H", "-size=7"});
  ASSERT_TRUE(parsed.flags);
  const StatementOptions& options = parsed.flags->settings.statement;
  EXPECT_EQ(options.query_results_apply_top_row_count, -1);
  EXPECT_EQ(options.pagination_start, -5);
  EXPECT_EQ(options.pagination_size, 7);
  EXPECT_EQ(options.use_jit, false);
  EXPECT_EQ(options.skip_cache, true);
  EXPECT_EQ(options.script_comments, false);
  EXPECT_EQ(options.allow_unsafe, true);
  EXPECT_EQ(options.date_format, "");
  EXPECT_EQ(options.time_format, "%H");
  EXPECT_EQ(options.script_guids, std::nullopt);
  EXPECT_EQ(parsed.flags->url, "http://h:1");
}

TEST(FlagsTest, SettingsOfTheShell) {
  const ParsedFlags parsed =
      Parse({"--null", "-", "--no-header", "--field-separator", "\\t", "--continue", "--answer",
             "yes", "--echo", "--dry-run", "--count", "-o", "out.csv", "-c", "-skip_cache"});
  ASSERT_TRUE(parsed.flags);
  const Settings& settings = parsed.flags->settings;
  EXPECT_EQ(settings.style.null_text, "-");
  EXPECT_FALSE(settings.style.header);
  EXPECT_EQ(settings.style.field_separator, "\t");
  EXPECT_TRUE(settings.keep_going);
  EXPECT_TRUE(settings.echo);
  EXPECT_TRUE(settings.count);
  EXPECT_EQ(settings.answer, "yes");
  EXPECT_TRUE(parsed.flags->dry_run);
  EXPECT_EQ(parsed.flags->output, "out.csv");
  EXPECT_EQ(parsed.flags->inputs[0].value, "-skip_cache");
  EXPECT_EQ(settings.statement.skip_cache, std::nullopt);
}

TEST(FlagsTest, VendorNamesOfSeparatorsAndNull) {
  const ParsedFlags parsed =
      Parse({"-null_string=", "-field_separator=,", "-row_separator=\\n\\n"});
  ASSERT_TRUE(parsed.flags);
  const Style& style = parsed.flags->settings.style;
  EXPECT_EQ(style.null_text, "");
  EXPECT_EQ(style.field_separator, ",");
  EXPECT_EQ(style.row_separator, "\n\n");
}

TEST(FlagsTest, MistakesEndWithOne) {
  const std::vector<std::vector<const char*>> mistakes = {{"--format", "xml"},
                                                          {"--top", "many"},
                                                          {"--nonsense"},
                                                          {"-c"},
                                                          {"--top", "1.5"},
                                                          {"--top", "9223372036854775808"},
                                                          {"--top", ""},
                                                          {"--timeout", "0"},
                                                          {"--timeout", "nan"},
                                                          {"--timeout", "inf"},
                                                          {"--timeout", "1s"},
                                                          {"http://a", "http://b"},
                                                          {"--top"},
                                                          {"--user", "a", "--user", "b"},
                                                          {"--answer", "perhaps"},
                                                          {"--skip_cache=perhaps"},
                                                          {"--pagination_size", "1.5"},
                                                          {"--pagination_size"},
                                                          {"--field-separator", ""},
                                                          {"--dry-run", "--server_script"},
                                                          {"--password", "secret"}};
  for (const auto& words : mistakes) {
    const ParsedFlags parsed = Parse(words);
    EXPECT_FALSE(parsed.flags) << words[0];
    EXPECT_EQ(parsed.exit_status, 1) << words[0];
  }
}

TEST(FlagsTest, HelpAndVersionEndWithZero) {
  for (const char* word : {"--help", "--version"}) {
    const ParsedFlags parsed = Parse({word});
    EXPECT_FALSE(parsed.flags);
    EXPECT_EQ(parsed.exit_status, 0);
  }
}

TEST(FlagsTest, VendorMode) {
  const auto parse_as = [](const char* program, std::vector<const char*> words) {
    words.insert(words.begin(), program);
    return ParseFlags(static_cast<int>(words.size()), words.data());
  };
  unsetenv("TQL_VENDOR");
  EXPECT_FALSE(Parse({}).flags->settings.vendor);
  EXPECT_TRUE(parse_as("/opt/tql-vendor", {}).flags->settings.vendor);
  EXPECT_FALSE(parse_as("/opt/tql-vendor", {"--vendor=false"}).flags->settings.vendor);
  EXPECT_FALSE(parse_as("tql-vendor/tql", {}).flags->settings.vendor);
  setenv("TQL_VENDOR", "1", 1);
  EXPECT_TRUE(Parse({}).flags->settings.vendor);
  EXPECT_FALSE(Parse({"--vendor=false"}).flags->settings.vendor);
  setenv("TQL_VENDOR", "off", 1);
  EXPECT_FALSE(parse_as("tql-vendor", {}).flags->settings.vendor);
  const ParsedFlags parsed = Parse({"--vendor", "--format", "box", "--color=always"});
  ASSERT_TRUE(parsed.flags);
  const Settings& settings = parsed.flags->settings;
  EXPECT_EQ(settings.format, Format::kBox);
  EXPECT_EQ(settings.color, Color::kAlways);
  EXPECT_FALSE(settings.progress);
  EXPECT_TRUE(KeepsGoing(settings));
  EXPECT_TRUE(parsed.flags->no_rc);
  EXPECT_FALSE(
      KeepsGoing(Parse({"--vendor", "-continue_execution_on_error=false"}).flags->settings));
  unsetenv("TQL_VENDOR");
}

}  // namespace
}  // namespace tql::shell
