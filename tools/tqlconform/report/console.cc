#include "tools/tqlconform/report/console.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/base/text.h"
#include "proto/base/utf8.h"
#include "tools/tqlconform/report/outcomes.h"
#include "tools/tqlconform/suite/durations.h"
#include "tools/tqlconform/suite/results.h"

namespace tqlconform {
namespace {

constexpr std::size_t kMostExchangeBytes = 2'000;
constexpr int kMostWithBytes = 10;  // problems whose bytes are shown

std::string Seconds(const google::protobuf::Duration& duration) {
  std::array<char, 32> text{};
  const double seconds = static_cast<double>(ToNanoseconds(duration).count()) / 1e9;
  std::snprintf(text.data(), text.size(), "%.2f s", seconds);
  return text.data();
}

/// Printable, in lines that begin with `mark`.
std::string Block(std::string_view bytes, std::string_view mark, std::size_t most,
                  std::uint64_t left_out) {
  std::string block;
  bool begins = true;
  for (const char c : tql::base::SanitizeUtf8(bytes.substr(0, most))) {
    if (begins) block += mark;
    begins = c == '\n';
    if (c == '\n' || c == '\t' || !tql::base::IsControl(c)) {
      block += c;
    } else if (c != '\r') {
      block += "\\x" + tql::base::Hex(std::string_view(&c, 1));
    }
  }
  if (!begins) block += '\n';
  left_out += bytes.size() - std::min(bytes.size(), most);
  if (left_out > 0) {
    block += std::string(mark) + "… (" + std::to_string(left_out) + " more bytes)\n";
  }
  return block;
}

void AppendProblem(const confpb::Result& result, bool with_bytes, std::string* text) {
  *text += tql::base::Upper(NameOf(result)) + "  " + NameWithTarget(result) + "  " +
           Origin(result) + "\n  " + result.title() + '\n';
  if (result.finding_size() == 0) *text += "  " + result.reason() + '\n';
  for (const confpb::Finding& finding : result.finding()) {
    *text += "  " + finding.step() + ": " + finding.check() + "\n    expected " +
             finding.expected() + "\n    found    " + finding.found() + '\n';
  }
  if (with_bytes && result.exchange_size() > 0) {
    *text += ShownExchange(*result.exchange().rbegin(), kMostExchangeBytes);
  }
  *text += '\n';
}

/// Findings that several failures share, the most frequent first: they may have one cause.
void AppendSharedFindings(const confpb::Report& report, std::string* text) {
  constexpr int kFewest = 3;
  constexpr std::size_t kMost = 5;
  std::map<std::string, int> counts;
  for (const confpb::Result& result : report.result()) {
    if (!Fails(result) || result.finding_size() == 0) continue;
    const confpb::Finding& first = result.finding(0);
    ++counts[first.check() + ": expected " + first.expected() + ", found " + first.found()];
  }
  std::vector<std::pair<int, std::string>> shared;
  for (const auto& [finding, count] : counts) {
    if (count >= kFewest) shared.emplace_back(count, finding);
  }
  std::ranges::stable_sort(shared, std::greater<>(), &std::pair<int, std::string>::first);
  if (shared.size() > kMost) shared.resize(kMost);
  for (const auto& [count, finding] : shared) {
    *text += std::to_string(count) + " failures: " + finding + '\n';
  }
}

/// The cases of which nothing is known because the run ended early.
void AppendNotRun(const confpb::Report& report, std::string* text) {
  std::string names;
  for (const confpb::Result& result : report.result()) {
    if (!IsNotRun(result)) continue;
    names += (names.empty() ? "" : ", ") + NameWithTarget(result);
  }
  if (!names.empty()) *text += "Not run: " + names + '\n';
}

/// "12 skipped: not over grpc" for each reason, the most frequent first.
void AppendReasons(const confpb::Report& report, std::string* text) {
  std::map<std::string, int> counts;
  for (const confpb::Result& result : report.result()) {
    const bool listed = result.outcome() == confpb::SKIPPED || result.outcome() == confpb::LACKS;
    if (listed) ++counts[std::string(NameOf(result)) + ": " + result.reason()];
  }
  for (const auto& [reason, count] : counts) {
    *text += "  " + std::to_string(count) + ' ' + reason + '\n';
  }
}

}  // namespace

std::string ShownExchange(const confpb::Exchange& exchange, std::size_t most_bytes) {
  return "  " + exchange.what() + ", " + Seconds(exchange.duration()) + '\n' +
         Block(exchange.sent(), "    > ", most_bytes, exchange.sent_left_out()) +
         Block(exchange.received(), "    < ", most_bytes, exchange.received_left_out());
}

std::string ConsoleReport(const confpb::Report& report) {
  std::string text;
  std::map<std::string_view, int> counts;
  int problems = 0;
  for (const confpb::Result& result : report.result()) {
    ++counts[NameOf(result)];
    const bool is_problem =
        Fails(result) || (result.outcome() == confpb::NOT_JUDGED && !IsNotRun(result));
    if (is_problem) AppendProblem(result, ++problems <= kMostWithBytes, &text);
  }
  if (problems > kMostWithBytes) {
    text +=
        "The bytes of the first " + std::to_string(kMostWithBytes) +
        " are shown; --report html=FILE has those of all, --trace FILE those of every case.\n\n";
  }
  for (const confpb::Result& result : report.result()) {
    if (result.outcome() != confpb::DIFFERS) continue;
    text += "differs  " + NameWithTarget(result) + "  " + Origin(result) + "\n  " +
            result.reason() + '\n';
  }
  AppendSharedFindings(report, &text);
  for (const std::string& stale : report.stale()) text += "stale entry: " + stale + '\n';
  AppendNotRun(report, &text);
  if (!report.stopped().empty()) text += "The run ended early: " + report.stopped() + '\n';
  if (!report.cleanup().empty()) text += "Not cleaned up: " + report.cleanup() + '\n';
  text += std::to_string(report.result_size()) + " cases";
  for (const std::string& target : report.target()) {
    text += (target == report.target(0) ? " against " : ", ") + target;
  }
  text += ':';
  for (const std::string_view name : OutcomeNames()) {
    const auto count = counts.find(name);
    if (count == counts.end() && name != "passed" && name != "failed") continue;
    text += (name == "passed" ? " " : ", ") +
            std::to_string(count == counts.end() ? 0 : count->second) + ' ' + std::string(name);
  }
  text += "; " + Seconds(report.duration()) + '\n';
  AppendReasons(report, &text);
  return text;
}

Progress::Progress(std::size_t cases) : enabled_(isatty(STDERR_FILENO) != 0), cases_(cases) {}

Progress::~Progress() {
  if (enabled_) std::fputs("\r\x1b[K", stderr);
}

void Progress::Add(const confpb::Result& result) {
  ++done_;
  if (Fails(result)) ++failed_;
  if (!enabled_) return;
  constexpr std::size_t kMostShown = 50;
  std::fprintf(stderr, "\r\x1b[K%zu/%zu, %zu failed  %s", done_, cases_, failed_,
               tql::base::Excerpt(result.id(), kMostShown).c_str());
}

}  // namespace tqlconform
