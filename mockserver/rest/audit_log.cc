#include "mockserver/rest/audit_log.h"

#include <array>
#include <cstdio>
#include <ctime>

#include "proto/base/json_writer.h"

namespace tql::rest {
namespace {

/// The first id of guids of the log; the ids of the catalog's objects are smaller.
constexpr std::int64_t kFirstGuid = std::int64_t{1} << 48;

void StringOrNull(base::JsonWriter& json, std::string_view key, std::string_view value) {
  json.Key(key);
  value.empty() ? json.Raw("null") : json.String(value);
}

}  // namespace

std::string IsoTime(WallTime time) {
  const auto micros =
      std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
  const std::time_t seconds = micros / 1'000'000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ",
                parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
                parts.tm_sec, static_cast<int>(micros % 1'000'000));
  return text.data();
}

std::int64_t MillisecondsOf(WallTime time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

std::string AuditLog::NewGuid(space::Environment& environment) {
  const base::MutexLock lock(mutex_);
  return environment.identifiers.NewGuid(kFirstGuid + last_guid_++);
}

void AuditLog::Add(const AuditEvent& event, space::Environment& environment) {
  auto entry = std::make_shared<Entry>();
  entry->time = environment.clock.WallTime();
  entry->org = event.org;
  base::JsonWriter json(&entry->log);
  json.BeginObject().Key("version").String("1.1");
  json.Key("id").String("TS-" + NewGuid(environment));
  json.Key("ts").String(IsoTime(entry->time)).Key("orgId").Integer(event.org);
  StringOrNull(json, "userGUID", event.user != nullptr ? event.user->guid : std::string_view());
  StringOrNull(json, "userName",
               event.user != nullptr ? std::string_view(event.user->name) : event.user_name);
  StringOrNull(json, "cIP", event.peer);
  json.Key("type").String(event.type).Key("desc").String(event.description);
  json.Key("data").Raw(event.data).EndObject();
  const base::MutexLock lock(mutex_);
  bytes_ += entry->log.size();
  entries_.push_back(std::move(entry));
  while (entries_.size() > kMost || bytes_ > kMostBytes) {
    bytes_ -= entries_.front()->log.size();
    entries_.pop_front();
  }
}

std::vector<AuditLog::EntryPtr> AuditLog::Between(WallTime from, WallTime to,
                                                  std::optional<std::uint32_t> org) const {
  std::vector<EntryPtr> found;
  const base::MutexLock lock(mutex_);
  for (const EntryPtr& entry : entries_) {
    if (entry->time >= from && entry->time <= to && (!org || entry->org == *org))
      found.push_back(entry);
  }
  return found;
}

}  // namespace tql::rest
