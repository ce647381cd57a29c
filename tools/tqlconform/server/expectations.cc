#include "tools/tqlconform/server/expectations.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "proto/base/text.h"
#include "proto/base/utf8.h"
#include "tools/tqlconform/server/step_text.h"
#include "tools/tqlconform/suite/durations.h"
#include "tools/tqlconform/suite/json_pattern.h"
#include "tools/tqlconform/suite/regex.h"

namespace tqlconform {
namespace {

using std::chrono::nanoseconds;
using tql::StatusOr;

constexpr std::size_t kMostShown = 300;  // characters of a value in a finding
constexpr int kFirstClass = 5;           // up to it a number in Expect.status is a class

std::string InMilliseconds(nanoseconds time) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f ms", static_cast<double>(time.count()) / 1e6);
  return text.data();
}

std::string Shown(std::string_view text) {
  return '"' + tql::base::Excerpt(text, kMostShown) + '"';
}

template <typename Values>
std::string ShownList(const Values& values) {
  std::string shown;
  for (const std::string& value : values) {
    if (shown.size() > kMostShown) return shown + ", …";
    shown += (shown.empty() ? "" : ", ") + Shown(value);
  }
  return shown.empty() ? "none" : shown;
}

/// The entries by key: those of a protobuf map have another order in each run, and lists of known
/// failures name the first finding.
std::map<std::string, std::string> Sorted(
    const google::protobuf::Map<std::string, std::string>& entries) {
  return {entries.begin(), entries.end()};
}

class Checker {
 public:
  Checker(const confpb::Step& step, const Answer& answer, const Lookup& lookup,
          const std::string& place, std::vector<confpb::Finding>* findings)
      : step_(step),
        expect_(step.expect()),
        answer_(answer),
        statements_(ReadStatements(answer)),
        lookup_(lookup),
        place_(place),
        findings_(*findings) {}

  void Check() {
    if (answer_.end == Answer::End::kClosed) return;  // As the step allows.
    if (answer_.end == Answer::End::kCut) {
      Add("", "a whole response", answer_.why);
      return;
    }
    if (answer_.status != 0) CheckHttp();
    CheckGrpc();
    CheckTimes();
    CheckLines();
    CheckJson();
    CheckTable();
    CheckMessages();
    CheckOk();
    if (!expect_.text().empty()) CheckValue("text", expect_.text(), answer_.body);
    if (expect_.has_body() && expect_.body() != answer_.body) {
      Add("body", Shown(expect_.body()), Shown(answer_.body));
    }
  }

 private:
  void Add(const std::string& check, std::string expected, std::string found) {
    confpb::Finding& finding = findings_.emplace_back();
    finding.set_step(place_);
    finding.set_check(check.empty() ? "response" : "expect." + check);
    finding.set_expected(std::move(expected));
    finding.set_found(tql::base::SanitizeUtf8(found));
  }

  /// The text with its variables replaced, or nullopt after a finding.
  std::optional<std::string> Expanded(const std::string& check, const std::string& text,
                                      Quoting quoting) {
    StatusOr<std::string> expanded = Expand(text, lookup_, quoting);
    if (expanded.ok()) return *std::move(expanded);
    Add(check, "a value for each variable", expanded.status().message());
    return std::nullopt;
  }
  std::optional<Regex> Compiled(const std::string& check, const std::string& pattern) {
    const auto text = Expanded(check, pattern, Quoting::kRegex);
    if (!text) return std::nullopt;
    StatusOr<Regex> regex = Regex::Compile(*text);
    if (regex.ok()) return *std::move(regex);
    Add(check, "a valid pattern", regex.status().message());
    return std::nullopt;
  }
  void CheckValue(const std::string& check, const std::string& rule,
                  const std::optional<std::string>& value) {
    const auto text = Expanded(check, rule, Quoting::kRegex);
    if (!text) return;
    const StatusOr<ValueRule> parsed = ValueRule::Parse(*text);
    if (!parsed.ok()) {
      Add(check, "a valid pattern", parsed.status().message());
    } else if (!parsed->Allows(value)) {
      Add(check, parsed->Expected(), value ? Shown(*value) : "nothing");
    }
  }

  void CheckHttp() {
    const auto allows = [this](std::uint32_t status) {
      const auto found = static_cast<std::uint32_t>(answer_.status);
      constexpr std::uint32_t kClass = 100;
      return status == found || (status <= kFirstClass && status == found / kClass);
    };
    if (expect_.status_size() > 0 && std::ranges::none_of(expect_.status(), allows)) {
      std::string expected;
      for (const std::uint32_t status : expect_.status()) {
        const std::string text = std::to_string(status);
        expected += (expected.empty() ? "" : " or ") + (status == 0   ? "a closed connection"
                                                        : status <= 5 ? text + "xx"
                                                                      : text);
      }
      Add("status", expected, std::to_string(answer_.status) + ", " + Shown(answer_.body));
    }
    for (const auto& [name, rule] : Sorted(expect_.header())) {
      bool found = false;
      const std::string value = FieldOf(answer_.headers, tql::base::Lower(name), &found);
      CheckValue("header[" + name + ']', rule,
                 found ? std::optional<std::string>(value) : std::nullopt);
    }
  }

  void CheckGrpc() {
    if (answer_.grpc.empty()) return;
    if (expect_.grpc_size() == 0) return;
    if (std::ranges::find(expect_.grpc(), answer_.grpc) != expect_.grpc().end()) return;
    Add("grpc", ShownList(expect_.grpc()), answer_.grpc + ' ' + Shown(answer_.error));
  }

  void CheckTimes() {
    if (expect_.has_first_byte_within()) {
      const nanoseconds most = ToNanoseconds(expect_.first_byte_within());
      if (answer_.first_byte > most) {
        Add("first_byte_within", InMilliseconds(most), InMilliseconds(answer_.first_byte));
      }
    }
    if (expect_.has_first_byte_after()) {
      const nanoseconds least = ToNanoseconds(expect_.first_byte_after());
      if (answer_.first_byte < least) {
        Add("first_byte_after", InMilliseconds(least), InMilliseconds(answer_.first_byte));
      }
    }
    if (expect_.has_streams_for()) {
      const nanoseconds least = ToNanoseconds(expect_.streams_for());
      const nanoseconds found = answer_.duration - answer_.first_line;
      if (answer_.first_line == nanoseconds(0) || found < least) {
        Add("streams_for", "the first line " + InMilliseconds(least) + " before the end",
            InMilliseconds(found));
      }
    }
  }

  void CheckLines() {
    std::vector<LinePattern> patterns;
    for (int i = 0; i < expect_.line_size(); ++i) {
      const std::string check = "line[" + std::to_string(i) + ']';
      const std::string& line = expect_.line(i);
      const auto text =
          Expanded(check, line, line.starts_with('/') ? Quoting::kRegex : Quoting::kJsonString);
      if (!text) return;
      StatusOr<LinePattern> pattern = LinePattern::Parse(*text);
      if (!pattern.ok()) return Add(check, "a valid pattern", pattern.status().message());
      patterns.push_back(*std::move(pattern));
    }
    if (!patterns.empty()) {
      std::size_t index = 0;
      const std::string why = MismatchOfLines(patterns, answer_.Lines(), &index);
      if (!why.empty()) {
        const bool past = index == patterns.size();
        Add(past ? "line" : "line[" + std::to_string(index) + ']',
            past ? "no more lines" : patterns[index].text(), why);
      }
    }
    for (int i = 0; i < expect_.never_size(); ++i) {
      const std::string check = "never[" + std::to_string(i) + ']';
      const auto regex = Compiled(check, expect_.never(i));
      if (!regex) continue;
      for (const std::string_view line : answer_.Lines()) {
        if (!regex->Matches(line)) continue;
        Add(check, "no line that matches " + regex->pattern(), Shown(line));
        break;
      }
    }
  }

  void CheckJson() {
    if (expect_.json().empty()) return;
    const StatusOr<JsonValue> document =
        DocumentOf(answer_, step_.has_query() || step_.has_script());
    if (!document.ok()) {
      return Add("json", "JSON", document.status().message() + ", in " + Shown(answer_.body));
    }
    for (const auto& [pointer, rule] : Sorted(expect_.json())) {
      const std::vector<const JsonValue*> values = AtPointer(*document, pointer);
      const std::string check = "json[" + pointer + ']';
      if (values.empty()) CheckValue(check, rule, std::nullopt);
      const std::size_t before = findings_.size();
      for (const JsonValue* const value : values) {
        CheckValue(check, rule,
                   value == nullptr ? std::nullopt : std::optional<std::string>(TextOf(*value)));
        if (findings_.size() > before) break;  // One is enough.
      }
    }
  }

  void CheckTable() {
    if (expect_.headers_size() > 0 && !std::ranges::equal(expect_.headers(), statements_.headers)) {
      Add("headers", ShownList(expect_.headers()), ShownList(statements_.headers));
    }
    if (expect_.has_row_count() && expect_.row_count() != statements_.rows.size()) {
      Add("row_count", std::to_string(expect_.row_count()),
          std::to_string(statements_.rows.size()));
    }
    if (expect_.no_rows() && !statements_.rows.empty()) {
      Add("no_rows", "no rows", ShownList(statements_.rows));
    }
    if (expect_.rows_size() > 0) CheckRows();
  }

  void CheckRows() {
    std::vector<std::string> expected;
    for (const std::string& row : expect_.rows()) {
      const auto text = Expanded("rows", row, Quoting::kNone);
      if (!text) return;
      expected.push_back(*text);
    }
    std::vector<std::string> found = statements_.rows;
    if (expect_.any_order()) return CompareInAnyOrder(std::move(expected), std::move(found));
    const auto [want, got] = std::ranges::mismatch(expected, found);
    if (want == expected.end() && got == found.end()) return;
    const auto index = std::to_string(want - expected.begin());
    if (want == expected.end()) {
      Add("rows", std::to_string(expected.size()) + " rows",
          std::to_string(found.size()) + " rows, among them " + Shown(*got));
    } else {
      Add("rows[" + index + ']', Shown(*want),
          got == found.end() ? std::to_string(found.size()) + " rows" : Shown(*got));
    }
  }

  void CompareInAnyOrder(std::vector<std::string> expected, std::vector<std::string> found) {
    std::ranges::sort(expected);
    std::ranges::sort(found);
    std::vector<std::string> missing;
    std::vector<std::string> unexpected;
    std::ranges::set_difference(expected, found, std::back_inserter(missing));
    std::ranges::set_difference(found, expected, std::back_inserter(unexpected));
    std::string text;
    if (!missing.empty()) text = "missing " + ShownList(missing);
    if (!unexpected.empty()) {
      text += (text.empty() ? "" : "; ") + ("unexpected " + ShownList(unexpected));
    }
    if (text.empty()) return;
    Add("rows", std::to_string(expected.size()) + " rows in any order",
        std::to_string(found.size()) + " rows: " + text);
  }

  /// Whether texts match the REs in order, "..." standing for any number of texts.
  void CheckTexts(const std::string& check, const std::vector<std::string>& patterns,
                  const std::vector<std::string>& texts) {
    std::vector<LinePattern> rules;
    for (const std::string& pattern : patterns) {
      const auto text = Expanded(check, pattern, Quoting::kRegex);
      if (!text) return;
      StatusOr<LinePattern> rule = LinePattern::Parse(*text == "..." ? *text : '/' + *text + '/');
      if (!rule.ok()) return Add(check, "a valid pattern", rule.status().message());
      rules.push_back(*std::move(rule));
    }
    std::size_t index = 0;
    const std::vector<std::string_view> lines(texts.begin(), texts.end());
    const std::string why = MismatchOfLines(rules, lines, &index);
    if (why.empty()) return;
    Add(index < patterns.size() ? check + '[' + std::to_string(index) + ']' : check,
        ShownList(patterns), ShownList(texts));
  }

  void CheckMessages() {
    if (expect_.info_size() > 0) {
      CheckTexts("info", {expect_.info().begin(), expect_.info().end()}, statements_.infos);
    }
    if (expect_.asks_size() > 0) {
      CheckTexts("asks", {expect_.asks().begin(), expect_.asks().end()}, statements_.prompts);
    }
    if (expect_.error().empty()) return;
    const auto regex = Compiled("error", expect_.error());
    if (!regex) return;
    const std::string text = ErrorText(answer_, statements_);
    if (!regex->Matches(text)) {
      Add("error", "an error that matches " + regex->pattern(),
          text.empty() ? "no error" : Shown(text));
    }
  }

  void CheckOk() {
    if (!expect_.has_ok()) return;
    const std::string error = ErrorText(answer_, statements_);
    constexpr int kSuccess = 2;
    constexpr int kClass = 100;
    const bool called =
        answer_.grpc.empty() ? answer_.status / kClass == kSuccess : answer_.grpc == "OK";
    if (!expect_.ok()) {
      if (called && statements_.errors.empty()) {
        Add("ok", "a failure", "success: " + ShownList(statements_.infos));
      }
      return;
    }
    if (!called) {
      Add("ok", "success",
          (answer_.grpc.empty() ? std::to_string(answer_.status) : answer_.grpc) + ' ' +
              Shown(error));
    } else if (!statements_.errors.empty()) {
      Add("ok", "success", "an ERROR: " + Shown(error));
    } else if (step_.has_query() || step_.has_script()) {
      if (!statements_.invalid.empty()) Add("ok", "lines of the service", statements_.invalid);
      if (!statements_.complete) Add("ok", "a result that is complete", "none");
    }
  }

  const confpb::Step& step_;
  const confpb::Expect& expect_;
  const Answer& answer_;
  const Statements statements_;
  const Lookup& lookup_;
  const std::string& place_;
  std::vector<confpb::Finding>& findings_;
};

}  // namespace

bool AllowsClose(const confpb::Expect& expect) {
  return std::ranges::find(expect.status(), 0U) != expect.status().end();
}

void CheckExpectations(const confpb::Step& step, const Answer& answer, const Lookup& lookup,
                       const std::string& place, std::vector<confpb::Finding>* findings) {
  Checker(step, answer, lookup, place, findings).Check();
}

}  // namespace tqlconform
