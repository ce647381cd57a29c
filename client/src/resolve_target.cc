// ResolveTarget: the precedence of settings that profile.h documents.
#include <optional>
#include <utility>

#include "client/src/duration.h"
#include "proto/base/environment.h"
#include "tql/profile.h"

namespace tql {
namespace {

// The settings of one source. Members that it does not set are empty.
struct Settings {
  std::string user, database, schema;
  std::optional<std::string> ca_file, proxy;
  std::optional<std::chrono::milliseconds> timeout, connect_timeout;
  std::optional<bool> insecure;
};

Settings FromUrl(const Url& url) {
  return {url.user,  url.database, url.schema,          url.ca_file,
          url.proxy, url.timeout,  url.connect_timeout, url.insecure};
}

// Sets the empty members of `settings` from `weaker`, a source of lower precedence.
void FillFrom(const Settings& weaker, Settings& settings) {
  if (settings.user.empty()) settings.user = weaker.user;
  if (settings.database.empty()) settings.database = weaker.database;
  if (settings.schema.empty()) settings.schema = weaker.schema;
  if (!settings.ca_file) settings.ca_file = weaker.ca_file;
  if (!settings.proxy) settings.proxy = weaker.proxy;
  if (!settings.timeout) settings.timeout = weaker.timeout;
  if (!settings.connect_timeout) settings.connect_timeout = weaker.connect_timeout;
  if (!settings.insecure) settings.insecure = weaker.insecure;
}

Status ReadTime(const std::string& source, const std::string& text,
                std::optional<std::chrono::milliseconds>& time) {
  if (text.empty()) return {};
  StatusOr<std::chrono::milliseconds> parsed = ParseDuration(text);
  if (!parsed) return InvalidArgumentError(source + ": " + parsed.status().message());
  time = *parsed;
  return {};
}

StatusOr<Settings> FromEnvironment() {
  Settings settings;
  settings.user = base::Environment("TQL_USER");
  settings.database = base::Environment("TQL_DATABASE");
  settings.schema = base::Environment("TQL_SCHEMA");
  if (std::string file = base::Environment("TQL_CACERT"); !file.empty()) {
    settings.ca_file = std::move(file);
  }
  Status status = ReadTime("TQL_TIMEOUT", base::Environment("TQL_TIMEOUT"), settings.timeout);
  if (!status.ok()) return status;
  return settings;
}

StatusOr<Settings> FromProfile(const std::string& name, const Profile& profile) {
  const std::string source = "profile " + name;
  Settings settings;
  settings.user = profile.user;
  settings.database = profile.database;
  settings.schema = profile.schema;
  if (!profile.cacert.empty()) settings.ca_file = profile.cacert;
  Status status = ReadTime(source, profile.timeout, settings.timeout);
  if (!status.ok()) return status;
  status = ReadTime(source, profile.connect_timeout, settings.connect_timeout);
  if (!status.ok()) return status;
  if (!profile.insecure.empty() && profile.insecure != "true" && profile.insecure != "false") {
    return InvalidArgumentError(source + ": insecure must be true or false");
  }
  if (!profile.insecure.empty()) settings.insecure = profile.insecure == "true";
  return settings;
}

// Members of Options that have their default value count as not set.
void Apply(const Settings& settings, Options& options) {
  if (options.user.empty()) options.user = settings.user;
  if (options.database.empty()) options.database = settings.database;
  if (options.schema.empty()) options.schema = settings.schema;
  if (options.tls.ca_file.empty()) options.tls.ca_file = settings.ca_file.value_or("");
  if (options.proxy.empty()) options.proxy = settings.proxy.value_or("");
  if (!options.tls.insecure) options.tls.insecure = settings.insecure.value_or(false);
  if (options.query_timeout == kDefaultQueryTimeout) {
    options.query_timeout = settings.timeout.value_or(kDefaultQueryTimeout);
  }
  if (options.connect_timeout == kDefaultConnectTimeout) {
    options.connect_timeout = settings.connect_timeout.value_or(kDefaultConnectTimeout);
  }
}

// TQL_PASSWORD takes precedence over the password file of the profile.
void ChooseCredentials(const Profile& profile, Options& options) {
  if (!options.credentials.empty()) return;
  if (!base::Environment("TQL_PASSWORD").empty()) {
    options.credentials = Credentials::FromEnvironment();
  } else if (!profile.password_file.empty()) {
    options.credentials = Credentials::FromFile(profile.password_file);
  }
}

}  // namespace

StatusOr<Target> ResolveTarget(std::string_view url, Options options,
                               std::string_view default_url) {
  Profile profile;
  if (options.profile.empty()) options.profile = base::Environment("TQL_PROFILE");
  if (!options.profile.empty()) {
    StatusOr<Profile> read = ReadProfile(options.profile, DefaultProfileFile());
    if (!read) return read.status();
    profile = *std::move(read);
  }
  // The host is taken from the first URL; the other parts of each URL are settings of its source.
  Url connect_url;
  Settings urls[4];
  const std::string texts[] = {std::string(url), base::Environment("TQL_URL"), profile.url,
                               std::string(default_url)};
  const std::string sources[] = {"", "TQL_URL: ", "profile " + options.profile + ": ",
                                 "the default: "};
  bool has_url = false;
  for (int i = 0; i < 4; ++i) {
    if (texts[i].empty()) continue;
    StatusOr<Url> parsed = Url::Parse(texts[i]);
    if (!parsed) return InvalidArgumentError(sources[i] + parsed.status().message());
    urls[i] = FromUrl(*parsed);
    if (!std::exchange(has_url, true)) connect_url = *std::move(parsed);
  }
  if (!has_url) {
    return InvalidArgumentError(
        "no URL is given: pass one, or set TQL_URL or the url of a profile");
  }
  StatusOr<Settings> environment = FromEnvironment();
  if (!environment) return environment.status();
  StatusOr<Settings> of_profile = FromProfile(options.profile, profile);
  if (!of_profile) return of_profile.status();
  Settings settings = urls[0];
  for (const Settings* weaker : {&*environment, &urls[1], &*of_profile, &urls[2]}) {
    FillFrom(*weaker, settings);
  }
  Apply(settings, options);
  ChooseCredentials(profile, options);
  return Target{std::move(connect_url), std::move(options)};
}

}  // namespace tql
