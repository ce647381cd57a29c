#include <array>
#include <cstdio>
#include <map>
#include <string_view>
#include <vector>

#include "proto/base/markup.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"
#include "tools/tqlconform/report/console.h"
#include "tools/tqlconform/report/formats.h"
#include "tools/tqlconform/report/outcomes.h"
#include "tools/tqlconform/suite/durations.h"

namespace tqlconform {
namespace {

using tql::base::EscapedMarkup;

constexpr std::size_t kMostExchangeBytes = 4'000;

/// Readers take at most three decimals, a point and no exponent.
std::string Time(const google::protobuf::Duration& duration) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f",
                static_cast<double>(ToNanoseconds(duration).count()) / 1e9);
  return text.data();
}

std::string Attribute(std::string_view name, std::string_view value) {
  return ' ' + std::string(name) + "=\"" + EscapedMarkup(value) + '"';
}

struct TestSuite {
  std::vector<const confpb::Result*> results;
  int failures = 0;
  int errors = 0;
  int skipped = 0;
  std::chrono::nanoseconds time{0};
};

bool IsError(const confpb::Result& result) {
  return result.outcome() == confpb::NOT_JUDGED || result.outcome() == confpb::UNSET_OUTCOME;
}

std::string Details(const confpb::Result& result) {
  std::string text = result.title() + '\n' + Origin(result) + '\n';
  for (const confpb::Finding& finding : result.finding()) text += ToString(finding) + '\n';
  for (const confpb::Exchange& exchange : result.exchange()) {
    text += ShownExchange(exchange, kMostExchangeBytes);
  }
  return EscapedMarkup(text);
}

std::string TestCase(const std::string& suite, const confpb::Result& result) {
  std::string xml = "    <testcase" + Attribute("name", result.id()) +
                    Attribute("classname", suite) + Attribute("time", Time(result.duration()));
  const std::string message = Attribute("message", result.reason());
  if (result.outcome() == confpb::PASSED) return xml + "/>\n";
  xml += ">\n";
  if (Fails(result)) {
    const std::string type = confpb::Level_Name(result.level());
    xml += "      <failure" + message + Attribute("type", type) + '>' + Details(result) +
           "</failure>\n";
  } else if (IsError(result)) {
    xml += "      <error" + message + Attribute("type", "not judged") + '>' + Details(result) +
           "</error>\n";
  } else {
    const std::string why = std::string(NameOf(result)) + ": " + result.reason();
    xml += "      <skipped" + Attribute("message", why) + "/>\n";
  }
  return xml + "    </testcase>\n";
}

}  // namespace

std::string JunitReport(const confpb::Report& report) {
  std::map<std::string, TestSuite> suites;
  for (const confpb::Result& result : report.result()) {
    const std::string area = result.id().substr(0, result.id().find('/'));
    // Readers merge cases of the same class and name.
    TestSuite& suite = suites[result.target().empty() ? area : area + '.' + result.target()];
    suite.results.push_back(&result);
    suite.time += ToNanoseconds(result.duration());
    if (Fails(result)) {
      ++suite.failures;
    } else if (IsError(result)) {
      ++suite.errors;
    } else if (result.outcome() != confpb::PASSED) {
      ++suite.skipped;
    }
  }
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" +
                    Attribute("name", "tqlconform") + ">\n";
  for (const auto& [name, suite] : suites) {
    google::protobuf::Duration time;
    SetDuration(suite.time, &time);
    xml += "  <testsuite" + Attribute("name", name) +
           Attribute("tests", std::to_string(suite.results.size())) +
           Attribute("failures", std::to_string(suite.failures)) +
           Attribute("errors", std::to_string(suite.errors)) +
           Attribute("skipped", std::to_string(suite.skipped)) + Attribute("time", Time(time)) +
           ">\n";
    for (const confpb::Result* const result : suite.results) xml += TestCase(name, *result);
    xml += "  </testsuite>\n";
  }
  if (!report.stale().empty()) {
    xml += "  <testsuite" + Attribute("name", "lists") +
           Attribute("tests", std::to_string(report.stale_size())) +
           Attribute("failures", std::to_string(report.stale_size())) + Attribute("errors", "0") +
           Attribute("time", "0.000") + ">\n";
    for (const std::string& stale : report.stale()) {
      xml += "    <testcase" + Attribute("name", stale) + Attribute("classname", "lists") +
             Attribute("time", "0.000") + "><failure" + Attribute("message", "stale entry") +
             "/></testcase>\n";
    }
    xml += "  </testsuite>\n";
  }
  return xml + "</testsuites>\n";
}

}  // namespace tqlconform
