// Reports for programs and for people, made of the same results.
#ifndef TQLKIT_TOOLS_TQLCONFORM_REPORT_FORMATS_H_
#define TQLKIT_TOOLS_TQLCONFORM_REPORT_FORMATS_H_

#include <string>
#include <string_view>
#include <vector>

#include "tools/tqlconform/suite/messages.h"
#include "tql/status.h"

namespace tqlconform {

/// XML as Jenkins' junit-10.xsd has it, a testsuite for each area and target. Known failures and
/// what differs are skipped, with their message; what was not judged is an error.
std::string JunitReport(const confpb::Report& report);

/// The version line is printed for version 14 and 13. A known failure is a TODO; a stale entry of a
/// list is `not ok`, because readers pass a TODO that succeeds.
std::string TapReport(const confpb::Report& report, int version);

/// A Report as protobuf JSON. `ParseReport` reads it back.
std::string JsonReport(const confpb::Report& report);
tql::StatusOr<confpb::Report> ParseReport(std::string_view json);

/// One page that needs nothing else: no script, style or image from elsewhere.
std::string HtmlReport(const confpb::Report& report);

/// The writer of "junit", "tap", "tap14", "json" or "html"; null for another name.
using ReportWriter = std::string (*)(const confpb::Report& report);
ReportWriter FindReportWriter(std::string_view format);
std::vector<std::string_view> ReportFormats();

/// The changes from one report to another, a line for each case; empty without changes.
/// `*got_worse` is whether a case fails that did not fail before.
std::string Diff(const confpb::Report& before, const confpb::Report& after, bool* got_worse);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_REPORT_FORMATS_H_
