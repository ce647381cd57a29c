#include "tools/tqlconform/client/verdict.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "proto/base/utf8.h"
#include "tools/tqlconform/suite/regex.h"

namespace tqlconform {
namespace {

using Kind = Observation::Kind;

constexpr std::size_t kMostShown = 400;

std::string Shown(std::string_view text) {
  return '"' + tql::base::Excerpt(text, kMostShown) + '"';
}

/// The rows as lines, if the program printed them as lines.
std::vector<std::string> AsLines(const std::vector<std::string>& rows) {
  std::vector<std::string> lines;
  for (const std::string& row : rows) {
    std::string_view rest = row;
    std::size_t end = 0;
    while ((end = rest.find('\n')) != rest.npos) {
      lines.emplace_back(rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
    lines.emplace_back(rest);
  }
  return lines;
}

/// "name" of "name TYPE"
std::string NameOf(const std::string& header) { return header.substr(0, header.rfind(' ')); }

bool HasType(const std::string& header) {
  const std::size_t space = header.rfind(' ');
  return space != header.npos && space + 1 < header.size() &&
         std::all_of(header.begin() + static_cast<std::ptrdiff_t>(space) + 1, header.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
}

class Judgement {
 public:
  Judgement(const confpb::Case& test, const Observation& seen, const Received& received,
            confpb::Result* result)
      : client_(test.client()),
        expect_(test.client().expect()),
        seen_(seen),
        received_(received),
        result_(*result) {}

  void CheckAll() {
    CheckEnd();
    CheckRows();
    CheckRowCount();
    CheckHeaders();
    CheckTexts();
    CheckSent();
  }

 private:
  void Add(const char* step, std::string check, std::string expected, std::string found) {
    confpb::Finding& finding = *result_.add_finding();
    finding.set_step(step);
    finding.set_check(std::move(check));
    finding.set_expected(std::move(expected));
    finding.set_found(std::move(found));
  }
  void AddResult(std::string check, std::string expected, std::string found) {
    Add("result", std::move(check), std::move(expected), std::move(found));
  }

  bool expects_failure() const { return expect_.end() == confpb::ClientExpect::FAILURE; }

  void CheckEnd() {
    if (!seen_.succeeded || expect_.end() == confpb::ClientExpect::ANY) return;
    if (*seen_.succeeded != expects_failure()) return;
    AddResult("expect.end", expects_failure() ? "a failure" : "success",
              *seen_.succeeded ? "success" : "a failure: " + Shown(seen_.failure));
  }

  void CheckRows() {
    if (!seen_.rows || (expect_.rows_size() == 0 && !expect_.no_rows())) return;
    std::vector<std::string> expected(expect_.rows().begin(), expect_.rows().end());
    if (seen_.rows_are_lines) expected = AsLines(expected);
    const std::vector<std::string>& found = *seen_.rows;
    const bool may_lack = expects_failure() && !expect_.no_rows_lost();
    for (std::size_t i = 0; i < std::max(expected.size(), found.size()); ++i) {
      const std::string check = "expect.rows[" + std::to_string(i) + "]";
      if (i >= expected.size()) return AddResult(check, "no more rows", Shown(found[i]));
      if (i >= found.size()) {
        if (!may_lack) AddResult(check, Shown(expected[i]), "no more rows");
        return;
      }
      if (expected[i] != found[i]) return AddResult(check, Shown(expected[i]), Shown(found[i]));
    }
  }

  void CheckRowCount() {
    if (!seen_.rows || !expect_.has_row_count() || seen_.rows->size() == expect_.row_count())
      return;
    AddResult("expect.row_count", std::to_string(expect_.row_count()),
              std::to_string(seen_.rows->size()));
  }

  void CheckHeaders() {
    if (!seen_.headers || expect_.headers_size() == 0) return;
    std::string expected;
    std::string found;
    const auto& headers = expect_.headers();
    const bool has_types = std::ranges::any_of(headers, HasType);
    for (const std::string& header : headers) expected += header + "; ";
    for (const std::string& header : *seen_.headers) {
      found += (has_types ? header : NameOf(header)) + "; ";
    }
    if (expected != found) AddResult("expect.headers", Shown(expected), Shown(found));
  }

  void CheckTexts() {
    if (seen_.succeeded && !*seen_.succeeded) CheckText("error", expect_.error(), seen_.failure);
    if (seen_.out) CheckText("out", expect_.out(), *seen_.out);
    if (seen_.statements && expect_.has_statements() && *seen_.statements != expect_.statements()) {
      AddResult("expect.statements", std::to_string(expect_.statements()),
                std::to_string(*seen_.statements));
    }
  }

  void CheckText(const std::string& field, const std::string& pattern, const std::string& text) {
    if (pattern.empty() || Matches(pattern, text)) return;
    AddResult("expect." + field, "a text that matches " + Shown(pattern), Shown(text));
  }

  void CheckSent() {
    if (client_.has_verify() && !received_.verified.ok()) {
      Add("verify", "verify", "what the case verifies", received_.verified.message());
    }
    if (!received_.requests) return;
    const auto sends = [&](const std::string& pattern) {
      return std::ranges::any_of(*received_.requests, [&](const std::string& request) {
        return Matches(pattern, request);
      });
    };
    for (const std::string& pattern : expect_.sent()) {
      if (sends(pattern)) continue;
      Add("verify", "expect.sent", "a request that matches " + Shown(pattern), Requests());
    }
    for (const std::string& pattern : expect_.never_sent()) {
      if (!sends(pattern)) continue;
      Add("verify", "expect.never_sent", "no request that matches " + Shown(pattern), Requests());
    }
  }

  std::string Requests() const {
    std::string bodies;
    for (const std::string& request : *received_.requests) {
      const std::size_t head = request.find("\r\n\r\n");
      if (request.find("/login") < head) continue;  // It has the password.
      bodies += (bodies.empty() ? "" : " ") + request.substr(std::min(head, request.size()));
    }
    return std::to_string(received_.requests->size()) + " requests, with the bodies " +
           Shown(bodies);
  }

  /// lint.h has checked the pattern.
  static bool Matches(const std::string& pattern, const std::string& text) {
    const tql::StatusOr<Regex> regex = Regex::Compile(pattern);
    return regex.ok() && regex->Matches(text);
  }

  const confpb::Client& client_;
  const confpb::ClientExpect& expect_;
  const Observation& seen_;
  const Received& received_;
  confpb::Result& result_;
};

/// Whether anything of what is expected can be seen from the server.
bool ExpectsOfRequests(const confpb::Client& client, const Received& received) {
  return client.has_verify() || (received.requests && (client.expect().sent_size() > 0 ||
                                                       client.expect().never_sent_size() > 0));
}

}  // namespace

void Judge(const confpb::Case& test, const Observation& seen, const Received& received, bool strict,
           confpb::Result* result) {
  const auto set = [&](confpb::Outcome outcome, std::string_view reason) {
    result->set_outcome(outcome);
    result->set_reason(tql::base::Excerpt(reason, 2 * kMostShown));
  };
  switch (seen.kind) {
    case Kind::kUnsupported:
      return set(confpb::SKIPPED, "not supported: " + seen.reason);
    case Kind::kStopped:
      return set(confpb::NOT_JUDGED, "interrupted");
    case Kind::kBroken:
      return set(confpb::NOT_JUDGED, seen.reason);
    case Kind::kTimeout:
      if (!received.was_called) return set(confpb::NOT_JUDGED, seen.reason + " and sent nothing");
      break;
    case Kind::kSeen:
      if (!received.was_called) {
        const std::string& why = seen.failure.empty() ? seen.ending : seen.failure;
        return set(confpb::NOT_JUDGED,
                   "the program sent nothing to the server" + (why.empty() ? "" : ": " + why));
      }
      if (!seen.succeeded && !ExpectsOfRequests(test.client(), received)) {
        return set(confpb::SKIPPED, "wire depth does not see what the case expects");
      }
      break;
  }
  if (seen.kind == Kind::kTimeout) {
    confpb::Finding& finding = *result->add_finding();
    finding.set_step("result");
    finding.set_check("within");
    finding.set_expected("an end in time");
    finding.set_found(seen.reason);
  } else {
    Judgement(test, seen, received, result).CheckAll();
  }
  if (result->finding_size() == 0) return set(confpb::PASSED, "");
  const bool is_choice = test.evidence() == confpb::INFERRED || test.level() == confpb::MAY;
  const confpb::Finding& first = result->finding(0);
  std::string reason = tql::base::Excerpt(first.step() + ": " + first.check() + ": expected " +
                                              first.expected() + ", found " + first.found(),
                                          kMostShown);
  // Only in wire depth the end of the program is not among what is judged.
  if (!seen.succeeded && !seen.ending.empty()) reason += "; " + seen.ending;
  set(is_choice && !strict ? confpb::DIFFERS : confpb::FAILED, reason);
}

}  // namespace tqlconform
