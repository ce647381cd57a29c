#include <array>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>

#include "proto/base/markup.h"
#include "proto/base/text.h"
#include "tools/tqlconform/report/console.h"
#include "tools/tqlconform/report/formats.h"
#include "tools/tqlconform/report/outcomes.h"
#include "tools/tqlconform/suite/durations.h"

namespace tqlconform {
namespace {

using tql::base::EscapedMarkup;

constexpr std::size_t kMostExchangeBytes = 8'000;

constexpr std::string_view kStyle = R"css(
:root { color-scheme: light dark; --line: #8884; --bad: #c62828; --good: #2e7d32; --open: #b26a00; }
@media (prefers-color-scheme: dark) { :root { --bad: #ef7f7f; --good: #81c784; --open: #ffb74d; } }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: .2rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .4rem; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
td, th { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; }
tr { border-bottom: 1px solid var(--line); }
.sums { width: auto; table-layout: auto; } .sums td { padding-right: 2rem; } .sums b { font-size: 1.3rem; }
td.name { width: 17rem; font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere; }
td.outcome { width: 7rem; } td.time { width: 6rem; white-space: nowrap; text-align: right; opacity: .7; }
.passed { color: var(--good); } .failed { color: var(--bad); font-weight: 600; }
.not-judged, .differs, .known-failing { color: var(--open); } .skipped, .lacks { opacity: .7; }
pre { overflow-x: auto; background: #8881; padding: .6rem; font-size: .85em; white-space: pre-wrap;
      overflow-wrap: anywhere; }
summary { cursor: pointer; } .note { opacity: .75; }
@media (max-width: 50rem) {
  table:not(.sums), table:not(.sums) :is(tbody, tr, td) { display: block; }
  table:not(.sums) td { width: auto; text-align: left; padding-right: 0; }
}
)css";

std::string Span(std::string_view name) {
  std::string css_class(name);
  for (char& c : css_class) {
    if (c == ' ') c = '-';
  }
  return "<span class=\"" + css_class + "\">" + std::string(name) + "</span>";
}

std::string Milliseconds(const google::protobuf::Duration& duration) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f ms",
                static_cast<double>(ToNanoseconds(duration).count()) / 1e6);
  return text.data();
}

std::string Details(const confpb::Result& result) {
  std::string html;
  for (const confpb::Finding& finding : result.finding()) {
    html += "<p>" + EscapedMarkup(finding.step() + ": " + finding.check()) + "<br>expected <code>" +
            EscapedMarkup(finding.expected()) + "</code><br>found <code>" +
            EscapedMarkup(finding.found()) + "</code></p>";
  }
  for (const confpb::Exchange& exchange : result.exchange()) {
    html += "<pre>" + EscapedMarkup(ShownExchange(exchange, kMostExchangeBytes)) + "</pre>";
  }
  return html;
}

std::string Row(const confpb::Result& result) {
  std::string html = "<tr><td class=\"outcome\">" + Span(NameOf(result)) +
                     "</td><td class=\"name\">" + EscapedMarkup(NameWithTarget(result)) +
                     "</td><td>" + EscapedMarkup(result.title()) + "<div class=\"note\">" +
                     EscapedMarkup(Origin(result)) + "</div>";
  if (!result.reason().empty() && result.finding_size() == 0) {
    html += "<div>" + EscapedMarkup(result.reason()) + "</div>";
  }
  const std::string details = Details(result);
  if (!details.empty() && result.outcome() != confpb::PASSED) {
    html += std::string("<details") + (Fails(result) ? " open" : "") +
            "><summary>findings and bytes</summary>" + details + "</details>";
  }
  return html + "</td><td class=\"time\">" + Milliseconds(result.duration()) + "</td></tr>\n";
}

std::string Table(const std::string& title, const std::string& rows) {
  if (rows.empty()) return "";
  return "<h2>" + EscapedMarkup(title) + "</h2>\n<table>\n" + rows + "</table>\n";
}

}  // namespace

std::string HtmlReport(const confpb::Report& report) {
  std::map<std::string_view, int> sums;
  std::string problems;
  std::map<std::string, std::string> areas;
  for (const confpb::Result& result : report.result()) {
    ++sums[NameOf(result)];
    if (Fails(result)) problems += Row(result);
    areas[result.id().substr(0, result.id().find('/'))] += Row(result);
  }
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
      "name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>tqlconform: " +
      EscapedMarkup(report.mode()) + "</title>\n<style>" + std::string(kStyle) +
      "</style>\n</head>\n<body>\n<h1>Conformance of the " + EscapedMarkup(report.mode()) +
      "</h1>\n<p class=\"note\">";
  for (const std::string& target : report.target()) html += EscapedMarkup(target) + "<br>";
  html += EscapedMarkup(report.tool()) + ", " + Milliseconds(report.duration()) + "</p>\n";
  if (!report.stopped().empty()) {
    html +=
        "<p class=\"failed\">The run ended early: " + EscapedMarkup(report.stopped()) + "</p>\n";
  }
  html += "<table class=\"sums\"><tr>";
  for (const std::string_view name : OutcomeNames()) {
    const auto sum = sums.find(name);
    if (sum == sums.end()) continue;
    html += "<td><b>" + std::to_string(sum->second) + "</b><br>" + Span(name) + "</td>";
  }
  html += "</tr></table>\n" + Table("Failed", problems);
  std::string stale;
  for (const std::string& entry : report.stale()) {
    stale += "<tr><td class=\"name\">" + EscapedMarkup(entry) + "</td></tr>\n";
  }
  html += Table("Entries of lists that do not hold any more", stale);
  for (const auto& [area, rows] : areas) html += Table(area, rows);
  return html + "</body>\n</html>\n";
}

}  // namespace tqlconform
