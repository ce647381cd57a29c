// A report in the format of JUnit, as Jenkins' schema of it requires.
#include <string>
#include <utility>
#include <vector>

#include "mockserver/testdouble/report.h"
#include "proto/base/markup.h"
#include "proto/base/utf8.h"

namespace tql::testdouble {
namespace {

using base::EscapedMarkup;

constexpr std::size_t kMostText = 200;

class Suite {
 public:
  explicit Suite(std::string name) : name_(std::move(name)) {}

  /// An empty `failure` is a success.
  void Add(std::string_view name, std::string_view failure) {
    ++tests_;
    cases_ += "    <testcase name=\"" + EscapedMarkup(name) + "\" classname=\"" +
              EscapedMarkup(name_) + "\"";
    if (failure.empty()) {
      cases_ += "/>\n";
      return;
    }
    ++failures_;
    const std::string first_line = base::Excerpt(failure.substr(0, failure.find('\n')), kMostText);
    cases_ += ">\n      <failure message=\"" + EscapedMarkup(first_line) + "\">" +
              EscapedMarkup(failure) + "</failure>\n    </testcase>\n";
  }
  void AppendTo(std::string* out) const {
    *out += "  <testsuite name=\"" + EscapedMarkup(name_) + "\" tests=\"" + std::to_string(tests_) +
            "\" failures=\"" + std::to_string(failures_) + "\" errors=\"0\">\n" + cases_ +
            "  </testsuite>\n";
  }

 private:
  const std::string name_;
  int tests_ = 0;
  int failures_ = 0;
  std::string cases_;
};

std::string Described(const mockpb::Entry& entry) {
  return "#" + std::to_string(entry.seq()) + "  " +
         (entry.text().empty() ? mockpb::Call_Name(entry.call()) : entry.text());
}

void AddSpace(const mockpb::Report::Space& space, std::string* out) {
  Suite suite("tqlmockd namespace " + space.name());
  for (const auto& rule : space.rule()) {
    const std::string acted = "acted " + std::to_string(rule.fired()) + " of " +
                              std::to_string(rule.required()) + " times, matched " +
                              std::to_string(rule.seen());
    suite.Add("rule " + rule.id(), rule.ok() ? "" : acted);
  }
  std::string unmatched;
  for (const auto& entry : space.unmatched()) unmatched += Described(entry) + "\n";
  suite.Add("a rule matches every statement",
            unmatched.empty() ? "" : "no rule matched:\n" + unmatched);
  std::string warnings;
  for (const auto& entry : space.warned()) {
    for (const auto& warning : entry.warning()) {
      warnings += Described(entry) + "    " + warning + "\n";
    }
  }
  suite.Add("no warnings", warnings);
  suite.Add("the journal is complete",
            space.dropped() == 0 ? "" : std::to_string(space.dropped()) + " entries were dropped");
  suite.AppendTo(out);
}

void AddComparison(const mockpb::Comparison& comparison, std::string* out) {
  Suite suite("tqlmockd comparison with " + comparison.upstream());
  suite.Add(std::to_string(comparison.equal()) + " equal answers", "");
  int number = 0;
  for (const auto& difference : comparison.difference()) {
    // The number makes names unique: readers merge cases with the same name.
    suite.Add(std::to_string(++number) + ": " + base::Excerpt(difference.statement(), kMostText),
              mockpb::Difference::Kind_Name(difference.kind()) + ": " + difference.explanation() +
                  "\n" + difference.statement() + "\nfound " + std::to_string(difference.count()) +
                  " times");
  }
  if (comparison.dropped() > 0) {
    suite.Add("further differences", std::to_string(comparison.dropped()) + " are not listed");
  }
  suite.AppendTo(out);
}

}  // namespace

std::string ToJunit(const mockpb::Report& report) {
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const auto& space : report.namespace_()) AddSpace(space, &xml);
  if (report.has_comparison()) AddComparison(report.comparison(), &xml);
  return xml + "</testsuites>\n";
}

}  // namespace tql::testdouble
