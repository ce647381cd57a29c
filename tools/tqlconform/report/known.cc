#include "tools/tqlconform/report/known.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "proto/base/status_macros.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"
#include "tools/tqlconform/report/outcomes.h"
#include "tools/tqlconform/suite/selection.h"

namespace tqlconform {
namespace {

using tql::Status;
using tql::StatusOr;

constexpr std::size_t kMostShown = 80;

std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::vector<std::string_view> WordsOf(std::string_view text) {
  std::vector<std::string_view> words;
  for (text = tql::base::Trim(text); !text.empty(); text = tql::base::Trim(text)) {
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

Status ErrorIn(const std::string& name, std::size_t line, const std::string& expected,
               std::string_view found) {
  return tql::InvalidArgumentError(name + ": line " + std::to_string(line) + ": expected " +
                                   expected + ", found \"" + tql::base::Excerpt(found, kMostShown) +
                                   '"');
}

/// Reads "@TARGET". The error names the targets that are possible.
StatusOr<std::string> TargetOf(std::string_view word, std::span<const std::string> targets,
                               const std::string& name, std::size_t line) {
  std::string target = tql::base::Lower(word.substr(1));
  if (targets.empty() || std::ranges::find(targets, target) != targets.end()) return target;
  std::string known;
  for (const std::string& one : targets) known += (known.empty() ? "@" : ", @") + one;
  return ErrorIn(name, line, "one of the targets " + known, word);
}

bool IsTarget(std::string_view word) { return word.size() > 1 && word.starts_with('@'); }

bool Exists(const std::set<std::string>& ids, const std::string& glob) {
  return std::ranges::any_of(ids, [&](const std::string& id) { return MatchesGlob(glob, id); });
}

}  // namespace

StatusOr<KnownFailing> KnownFailing::Parse(std::string_view text, const std::string& name,
                                           std::span<const std::string> targets) {
  KnownFailing list;
  for (const std::string_view whole : LinesOf(text)) {
    Line& line = list.lines_.emplace_back();
    line.text = whole;
    const std::string_view entry = tql::base::Trim(whole);
    if (entry.empty() || entry.starts_with('#')) continue;
    const std::size_t colon = std::min(entry.find(": "), entry.size());
    const std::vector<std::string_view> words = WordsOf(entry.substr(0, colon));
    if (words.empty() || words.size() > 2 || (words.size() == 2 && !IsTarget(words[1]))) {
      return ErrorIn(name, list.lines_.size(), "CASE [@TARGET][: MESSAGE]", entry);
    }
    line.glob = words[0];
    if (words.size() == 2) {
      TQL_ASSIGN_OR_RETURN(line.target, TargetOf(words[1], targets, name, list.lines_.size()));
    }
    line.message = tql::base::Trim(entry.substr(std::min(colon + 1, entry.size())));
  }
  return list;
}

std::string KnownFailing::StaleBecause(const Line& line, const std::set<std::string>& ids,
                                       confpb::Report* report) {
  if (!Exists(ids, line.glob)) return "no such case";
  std::string why;
  bool known = false;
  for (confpb::Result& result : *report->mutable_result()) {
    if (!MatchesGlob(line.glob, result.id())) continue;
    if (!line.target.empty() && line.target != tql::base::Lower(result.target())) continue;
    if (result.outcome() != confpb::FAILED) {
      why = std::string(NameOf(result));
    } else if (!result.reason().starts_with(line.message)) {
      why = "failed with another message: " + result.reason();
    } else {
      result.set_known(confpb::KNOWN_FAILING);
      known = true;
    }
  }
  return known ? "" : why;
}

void KnownFailing::Apply(const std::set<std::string>& ids, confpb::Report* report) {
  for (Line& line : lines_) {
    if (line.glob.empty()) continue;
    const std::string why = StaleBecause(line, ids, report);
    if (why.empty()) continue;
    line.stale = true;
    report->add_stale(std::string(tql::base::Trim(line.text)) + "  (" + why + ')');
  }
}

std::string KnownFailing::Fixed(const confpb::Report& report) const {
  std::string text;
  for (const Line& line : lines_) {
    if (!line.stale) text += line.text + '\n';
  }
  for (const confpb::Result& result : report.result()) {
    if (!Fails(result)) continue;
    text += result.id();
    if (!result.target().empty()) text += " @" + result.target();
    if (result.finding_size() > 0) {
      text += ": " + result.finding(0).step() + ": " + result.finding(0).check();
    }
    text += '\n';
  }
  return text;
}

StatusOr<KnownFlaky> KnownFlaky::Parse(std::string_view text, const std::string& name,
                                       std::span<const std::string> targets) {
  KnownFlaky list;
  std::size_t number = 0;
  for (const std::string_view whole : LinesOf(text)) {
    ++number;
    const std::vector<std::string_view> words = WordsOf(whole);
    if (words.empty() || words[0].starts_with('#')) continue;
    Line line{std::string(tql::base::Trim(whole)), std::string(words[0]), "", 0};
    const bool has_target = words.size() == 3 && IsTarget(words[1]);
    if (has_target) {
      TQL_ASSIGN_OR_RETURN(line.target, TargetOf(words[1], targets, name, number));
    }
    constexpr unsigned kMostTries = 10;
    const std::string_view digits = words.back();
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), line.tries);
    const bool is_number = error == std::errc() && end == digits.data() + digits.size() &&
                           line.tries >= 2 && line.tries <= kMostTries;
    if ((words.size() != 2 && !has_target) || !is_number) {
      return ErrorIn(name, number, "CASE [@TARGET] TRIES, 2 to 10", whole);
    }
    list.lines_.push_back(std::move(line));
  }
  return list;
}

unsigned KnownFlaky::TriesOf(std::string_view id, std::string_view target) const {
  unsigned tries = 1;
  for (const Line& line : lines_) {
    const bool matches = MatchesGlob(line.glob, id) &&
                         (line.target.empty() || line.target == tql::base::Lower(target));
    if (matches) tries = std::max(tries, line.tries);
  }
  return tries;
}

void KnownFlaky::Apply(const std::set<std::string>& ids, confpb::Report* report) const {
  for (confpb::Result& result : *report->mutable_result()) {
    if (result.outcome() != confpb::PASSED || result.tries() < 2) continue;
    result.set_known(confpb::KNOWN_FLAKY);
    result.set_reason("passed at try " + std::to_string(result.tries()));
  }
  for (const Line& line : lines_) {
    if (!Exists(ids, line.glob)) report->add_stale(line.text + "  (no such case)");
  }
}

}  // namespace tqlconform
