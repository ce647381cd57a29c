#include <string>
#include <string_view>

#include "proto/base/text.h"
#include "proto/base/utf8.h"
#include "tools/tqlconform/report/formats.h"
#include "tools/tqlconform/report/outcomes.h"

namespace tqlconform {
namespace {

constexpr std::size_t kMostShown = 400;

/// One line without "#", which begins a directive such as TODO.
std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : tql::base::Excerpt(text, kMostShown)) {
    if (c == '#' || c == '\\') escaped += '\\';
    escaped += tql::base::IsControl(c) ? ' ' : c;
  }
  return escaped;
}

/// A value of YAML in double quotes, on one line.
std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : tql::base::Excerpt(text, kMostShown)) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += tql::base::IsControl(c) ? ' ' : c;
  }
  return quoted + '"';
}

void AppendDiagnostics(const confpb::Result& result, std::string* tap) {
  *tap += "  ---\n  title: " + Quoted(result.title()) + "\n  origin: " + Quoted(Origin(result)) +
          "\n  message: " + Quoted(result.reason()) + '\n';
  int number = 0;
  for (const confpb::Finding& finding : result.finding()) {
    *tap += "  finding" + std::to_string(++number) + ": " + Quoted(ToString(finding)) + '\n';
  }
  *tap += "  ...\n";
}

}  // namespace

std::string TapReport(const confpb::Report& report, int version) {
  std::string tap = "TAP version " + std::to_string(version) + '\n';
  const int tests = report.result_size() + report.stale_size();
  if (tests == 0) {
    const std::string why = report.stopped().empty() ? "no case was selected" : report.stopped();
    return tap + "1..0 # SKIP " + Escaped(why) + '\n';
  }
  tap += "1.." + std::to_string(tests) + '\n';
  int number = 0;
  for (const confpb::Result& result : report.result()) {
    const bool bad = result.outcome() == confpb::FAILED || result.outcome() == confpb::NOT_JUDGED ||
                     result.outcome() == confpb::UNSET_OUTCOME;
    tap += std::string(bad ? "not ok " : "ok ") + std::to_string(++number) + " - " +
           Escaped(NameWithTarget(result));
    if (result.known() == confpb::KNOWN_FAILING) {
      tap += " # TODO known failing";
    } else if (!bad && result.outcome() != confpb::PASSED) {
      tap += " # SKIP " + std::string(NameOf(result)) + ": " + Escaped(result.reason());
    }
    tap += '\n';
    if (bad) AppendDiagnostics(result, &tap);
  }
  for (const std::string& stale : report.stale()) {
    tap += "not ok " + std::to_string(++number) + " - stale entry: " + Escaped(stale) + '\n';
  }
  return tap;
}

}  // namespace tqlconform
