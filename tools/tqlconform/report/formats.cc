#include "tools/tqlconform/report/formats.h"

#include <map>
#include <utility>

#include "proto/document/document.h"
#include "proto/document/message_reader.h"
#include "tools/tqlconform/report/outcomes.h"
#include "tql/wire/json.h"

namespace tqlconform {
namespace {

struct Format {
  std::string_view name;
  ReportWriter write;
};
constexpr Format kFormats[] = {
    {"junit", JunitReport},
    {"tap", [](const confpb::Report& report) { return TapReport(report, 13); }},
    {"tap14", [](const confpb::Report& report) { return TapReport(report, 14); }},
    {"json", JsonReport},
    {"html", HtmlReport},
};

using Key = std::pair<std::string, std::string>;  // id, target

std::map<Key, const confpb::Result*> ByCase(const confpb::Report& report) {
  std::map<Key, const confpb::Result*> results;
  for (const confpb::Result& result : report.result()) {
    results[{result.id(), result.target()}] = &result;
  }
  return results;
}

}  // namespace

std::vector<std::string_view> ReportFormats() {
  std::vector<std::string_view> names;
  for (const Format& format : kFormats) names.push_back(format.name);
  return names;
}

ReportWriter FindReportWriter(std::string_view format) {
  for (const Format& known : kFormats) {
    if (known.name == format) return known.write;
  }
  return nullptr;
}

std::string JsonReport(const confpb::Report& report) { return tql::ToJson(report) + '\n'; }

tql::StatusOr<confpb::Report> ParseReport(std::string_view json) {
  // A report of a large suite has more nodes than a file that a person writes.
  constexpr tql::document::Limits kLimits{.max_bytes = std::size_t{64} << 20,
                                          .max_nodes = 4'000'000};
  tql::StatusOr<tql::document::Node> node = tql::document::ParseJson(json, kLimits);
  if (!node.ok()) return node.status();
  confpb::Report report;
  const tql::Status status = tql::document::ReadMessage(*node, &report);
  if (!status.ok()) return status;
  return report;
}

std::string Diff(const confpb::Report& before, const confpb::Report& after, bool* got_worse) {
  const auto old_results = ByCase(before);
  const auto new_results = ByCase(after);
  std::string text;
  *got_worse = false;
  const auto add = [&text](const confpb::Result& result, std::string_view was,
                           std::string_view is) {
    text += NameWithTarget(result) + ": " + std::string(was) + " -> " + std::string(is);
    if (is != "passed" && is != "absent" && !result.reason().empty()) {
      text += "  " + result.reason();
    }
    text += '\n';
  };
  for (const auto& [key, result] : new_results) {
    const auto found = old_results.find(key);
    const bool existed = found != old_results.end();
    if (existed && NameOf(*found->second) == NameOf(*result)) continue;
    if (Fails(*result)) *got_worse = true;
    add(*result, existed ? NameOf(*found->second) : "absent", NameOf(*result));
  }
  for (const auto& [key, result] : old_results) {
    if (!new_results.contains(key)) add(*result, NameOf(*result), "absent");
  }
  return text;
}

}  // namespace tqlconform
