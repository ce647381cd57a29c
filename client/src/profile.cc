#include "tql/profile.h"

#include <sys/stat.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <utility>

#include "proto/base/environment.h"
#include "proto/base/file.h"
#include "proto/base/text.h"

namespace tql {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;

std::string* FieldOf(Profile& profile, std::string_view key) {
  if (key == "url") return &profile.url;
  if (key == "user") return &profile.user;
  if (key == "password_file") return &profile.password_file;
  if (key == "database") return &profile.database;
  if (key == "schema") return &profile.schema;
  if (key == "timeout") return &profile.timeout;
  if (key == "connect_timeout") return &profile.connect_timeout;
  if (key == "cacert") return &profile.cacert;
  if (key == "insecure") return &profile.insecure;
  return nullptr;
}

// Parses one line of a section. `seen` has the keys of earlier lines.
Status ReadSetting(std::string_view line, Profile& profile, std::set<std::string>& seen) {
  const std::size_t equals = line.find('=');
  if (equals == line.npos) return InvalidArgumentError("expected KEY = VALUE");
  const std::string_view key = base::Trim(line.substr(0, equals));
  std::string* field = FieldOf(profile, key);
  if (!field) return InvalidArgumentError("unknown key \"" + std::string(key) + "\"");
  if (!seen.emplace(key).second) {
    return InvalidArgumentError("duplicate key \"" + std::string(key) + "\"");
  }
  *field = base::Trim(line.substr(equals + 1));
  return {};
}

}  // namespace

std::string DefaultProfileFile() {
  const std::string config = base::Environment("XDG_CONFIG_HOME");
  if (config.starts_with('/')) return config + "/tql/profiles";
  const std::string home = base::Environment("HOME");
  return home.empty() ? "" : home + "/.config/tql/profiles";
}

StatusOr<Profile> ReadProfile(const std::string& name, const std::string& file) {
  StatusOr<std::string> profiles = base::ReadTrustedFile(file, kMostBytes, S_IWGRP | S_IWOTH);
  if (!profiles) {
    if (profiles.status().code() != StatusCode::kNotFound) {
      return FailedPreconditionError(file + ": " + profiles.status().message());
    }
    return NotFoundError("the profile file cannot be read: " + file);
  }
  std::istringstream in(*std::move(profiles));
  Profile wanted;
  bool found = false;
  bool in_section = false;
  Profile other;
  Profile* current = &other;
  std::set<std::string> seen;
  std::string text;
  for (int number = 1; std::getline(in, text); ++number) {
    const std::string place = file + ":" + std::to_string(number) + ": ";
    std::string_view line = text;
    if (number == 1) line = base::WithoutByteOrderMark(line);
    line = base::Trim(line);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    // Settings of other sections are checked as well, but stored in `other`.
    if (line.front() == '[') {
      if (line.back() != ']') return InvalidArgumentError(place + "']' is missing");
      const bool here = base::Trim(line.substr(1, line.size() - 2)) == name;
      if (here && found) return InvalidArgumentError(place + "duplicate section [" + name + "]");
      found = found || here;
      in_section = true;
      current = here ? &wanted : &other;
      seen.clear();
      continue;
    }
    if (!in_section) return InvalidArgumentError(place + "expected [NAME] before the settings");
    if (Status status = ReadSetting(line, *current, seen); !status.ok()) {
      return InvalidArgumentError(place + status.message());
    }
  }
  if (!found) return NotFoundError(file + ": no section [" + name + "]");
  return wanted;
}

}  // namespace tql
