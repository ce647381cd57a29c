#include "mockserver/testdouble/match_compiler.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "mockserver/testdouble/near_names.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::testdouble {
namespace {

constexpr int kMostElements = 1'000;  // of a list or map
constexpr std::size_t kMostPathBytes = 1'000;

/// Whether a pattern, whose * stands for any text, matches the whole text. On a mismatch the last *
/// takes one more character.
bool MatchesGlob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::optional<std::pair<std::size_t, std::size_t>> star;  // behind it, and where its text ends
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star.emplace(++p, t);
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star) {
      p = star->first;
      t = ++star->second;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == pattern.npos;
}

}  // namespace

std::string Alternatives(const std::vector<std::string>& texts) {
  std::string list;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    list += i == 0 ? "" : i + 1 == texts.size() ? " or " : ", ";
    list += texts[i].empty() ? "''" : base::Excerpt(texts[i], kExcerpt);
  }
  return list;
}

StatusOr<MatchCompiler::Result> MatchCompiler::Compile() {
  TQL_RETURN_IF_ERROR(CheckUse());
  TQL_RETURN_IF_ERROR(AddCalls());
  TQL_RETURN_IF_ERROR(AddKinds());
  TQL_RETURN_IF_ERROR(AddContext());
  TQL_RETURN_IF_ERROR(AddOptions());
  TQL_RETURN_IF_ERROR(AddPast());
  TQL_RETURN_IF_ERROR(AddTables());
  TQL_RETURN_IF_ERROR(AddText());
  TQL_RETURN_IF_ERROR(AddHeaders());
  const bool statement = std::any_of(parts_.begin(), parts_.end(),
                                     [](const MatchPart& part) { return part.of_statement; });
  if (statement) {
    may_match_.calls_and_kinds.calls &= (1U << mockpb::QUERY) | (1U << mockpb::SCRIPT);
  }
  return Result{std::move(parts_), std::move(may_match_)};
}

Status MatchCompiler::CheckUse() const {
  if (use_ == Matcher::Use::kJournal && match_.header_size() > 0) {
    return ErrorAt(At("header"), "the journal keeps no headers; match them in a rule");
  }
  for (const auto& [set, field] :
       {std::pair(match_.outcome_size() > 0, "outcome"),
        std::pair(!match_.error().empty(), "error"), std::pair(!match_.rule().empty(), "rule")}) {
    if (use_ == Matcher::Use::kRule && set) {
      return ErrorAt(At(field), "is known after the call only; a rule cannot match it");
    }
  }
  const std::pair<int, const char*> sizes[] = {
      {match_.call_size(), "call"},       {match_.transport_size(), "transport"},
      {match_.header_size(), "header"},   {match_.path_size(), "path"},
      {match_.kind_size(), "kind"},       {match_.table_size(), "table"},
      {match_.literal_size(), "literal"}, {match_.option_size(), "option"},
      {match_.outcome_size(), "outcome"}};
  for (const auto& [size, field] : sizes) {
    if (size > kMostElements) {
      return ErrorAt(At(field), "found " + std::to_string(size) + " elements, expected at most " +
                                    std::to_string(kMostElements));
    }
  }
  return Status();
}

// A part for a list of values of an enum, whose value 0 is any. Returns the mask of values.
template <typename Get>
StatusOr<std::uint32_t> MatchCompiler::AddEnums(const google::protobuf::RepeatedField<int>& values,
                                                const google::protobuf::EnumDescriptor& type,
                                                const char* field, Get get) {
  std::uint32_t mask = 0;
  std::vector<std::string> names;
  for (int i = 0; i < values.size(); ++i) {
    TQL_RETURN_IF_ERROR(CheckEnum(values[i], type, Element(At(field), i)));
    mask |= values[i] == 0 ? ~0U : 1U << static_cast<unsigned>(values[i]);
    names.push_back(type.FindValueByNumber(values[i])->name());
  }
  if (values.empty() || mask == ~0U) return ~0U;
  parts_.push_back({.name = field,
                    .expected = Alternatives(names),
                    .matches =
                        [mask, get](const Facts& facts) {
                          const std::optional<int> value = get(facts);
                          return value && (mask & 1U << static_cast<unsigned>(*value)) != 0;
                        },
                    .found =
                        [&type, get](const Facts& facts) {
                          const std::optional<int> value = get(facts);
                          return value ? type.FindValueByNumber(*value)->name() : "none";
                        }});
  return mask;
}

Status MatchCompiler::AddCalls() {
  TQL_ASSIGN_OR_RETURN(may_match_.calls_and_kinds.calls,
                       AddEnums(match_.call(), *mockpb::Call_descriptor(), "call",
                                [](const Facts& f) { return std::optional<int>(f.call); }));
  return AddEnums(match_.transport(), *mockpb::Transport_descriptor(), "transport",
                  [](const Facts& f) { return std::optional<int>(f.transport); })
      .status();
}

Status MatchCompiler::AddKinds() {
  std::vector<std::string> names;
  std::uint64_t mask = 0;
  for (int i = 0; i < match_.kind_size(); ++i) {
    const auto& known = StatementKinds();
    const auto found = std::find_if(known.begin(), known.end(), [&](std::string_view name) {
      return base::EqualsIgnoreCase(name, match_.kind(i));
    });
    if (found == known.end() && !match_.kind(i).empty()) {
      return ErrorAt(Element(At("kind"), i), "unknown kind of statement '" +
                                                 base::Excerpt(match_.kind(i), kExcerpt) + "'" +
                                                 NearNames(match_.kind(i), known));
    }
    mask |= std::uint64_t{1} << (found - known.begin());
    names.push_back(found == known.end() ? "" : Copy(*found));
  }
  if (names.empty()) return Status();
  may_match_.calls_and_kinds.kinds &= mask;
  parts_.push_back(
      {.name = "kind",
       .expected = Alternatives(names),
       .matches = [mask](const Facts& facts) { return (mask & facts.kind_bit()) != 0; },
       .found = [](const Facts& facts) { return Copy(facts.kind()); },
       .of_statement = true});
  return Status();
}

Status MatchCompiler::AddContext() {
  if (!match_.user().empty()) {
    TQL_RETURN_IF_ERROR(CheckLength(match_.user(), At("user")));
    parts_.push_back({.name = "user",
                      .expected = match_.user(),
                      .matches = [user = match_.user()](const Facts& f) { return f.user == user; },
                      .found = [](const Facts& facts) { return Copy(facts.user); }});
  }
  if (match_.path_size() > 0) {
    for (int i = 0; i < match_.path_size(); ++i) {
      const std::string path = Element(At("path"), i);
      if (match_.path(i).empty()) return ErrorAt(path, "the path is empty");
      TQL_RETURN_IF_ERROR(CheckLength(match_.path(i), path, kMostPathBytes));
    }
    std::vector<std::string> paths(match_.path().begin(), match_.path().end());
    parts_.push_back({.name = "path",
                      .expected = Alternatives(paths),
                      .matches =
                          [paths](const Facts& facts) {
                            return std::ranges::any_of(paths, [&](const std::string& path) {
                              return MatchesGlob(path, facts.path);
                            });
                          },
                      .found = [](const Facts& facts) { return Copy(facts.path); }});
  }
  if (!match_.method().empty()) {
    TQL_RETURN_IF_ERROR(CheckLength(match_.method(), At("method"), kMostPathBytes));
    parts_.push_back(
        {.name = "method",
         .expected = match_.method(),
         .matches = [method = match_.method()](const Facts& f) { return f.method == method; },
         .found = [](const Facts& facts) { return Copy(facts.method); }});
  }
  if (match_.has_index()) {
    parts_.push_back(
        {.name = "index",
         .expected = std::to_string(match_.index()),
         .matches = [index = match_.index()](const Facts& f) { return f.index == index; },
         .found = [](const Facts& facts) { return std::to_string(facts.index); },
         .of_statement = true});
  }
  if (!match_.database().empty()) {
    TQL_RETURN_IF_ERROR(CheckLength(match_.database(), At("database")));
    parts_.push_back({.name = "database",
                      .expected = match_.database(),
                      .matches =
                          [name = match_.database()](const Facts& facts) {
                            return base::EqualsIgnoreCase(facts.database, name);
                          },
                      .found = [](const Facts& facts) { return Copy(facts.database); },
                      .of_statement = true});
  }
  return Status();
}

Status MatchCompiler::AddOptions() {
  for (const auto& [option, value] : match_.option()) {
    const std::string path = Element(At("option"), option);
    TQL_RETURN_IF_ERROR(CheckOption({option, value}, path));
    const auto find = [name = option](const Facts& facts) -> const OptionValue* {
      const std::span<const OptionValue> set = facts.option_values();
      const auto found = std::ranges::find(set, name, &OptionValue::path);
      return found != set.end() ? &*found : nullptr;
    };
    parts_.push_back({.name = Element("option", option),
                      .expected = Alternatives({value}),
                      .matches =
                          [find, wanted = value](const Facts& facts) {
                            const OptionValue* const set = find(facts);
                            return set != nullptr && set->value == wanted;
                          },
                      .found =
                          [find](const Facts& facts) {
                            const OptionValue* const set = find(facts);
                            return set != nullptr ? set->value : "not set";
                          },
                      .of_statement = true});
  }
  return Status();
}

// Of what is over.
Status MatchCompiler::AddPast() {
  TQL_RETURN_IF_ERROR(
      AddEnums(match_.outcome(), *mockpb::Outcome_descriptor(), "outcome", [](const Facts& facts) {
        return facts.outcome ? std::optional<int>(*facts.outcome) : std::nullopt;
      }).status());
  if (!match_.rule().empty()) {
    TQL_RETURN_IF_ERROR(CheckLength(match_.rule(), At("rule")));
    parts_.push_back({.name = "rule",
                      .expected = match_.rule(),
                      .matches =
                          [rule = match_.rule()](const Facts& facts) {
                            return std::find(facts.rules.begin(), facts.rules.end(), rule) !=
                                   facts.rules.end();
                          },
                      .found =
                          [](const Facts& facts) {
                            if (facts.rules.empty()) return Copy("none");
                            return Alternatives({facts.rules.begin(), facts.rules.end()});
                          }});
  }
  if (match_.error().empty()) return Status();
  TQL_ASSIGN_OR_RETURN(const Regex regex, CompileRegex(match_.error(), At("error"), regexes_));
  parts_.push_back({.name = "error",
                    .expected = match_.error(),
                    .matches =
                        [regex](const Facts& facts) {
                          return RE2::PartialMatch(re2::StringPiece(facts.error), *regex);
                        },
                    .found = [](const Facts& facts) { return Copy(facts.error); }});
  return Status();
}

Status MatchCompiler::AddHeaders() {
  for (const auto& [name, pattern] : match_.header()) {
    const std::string path = Element(At("header"), name);
    if (name.empty()) return ErrorAt(path, "the name of a header is empty");
    TQL_RETURN_IF_ERROR(CheckLength(name, path));
    TQL_ASSIGN_OR_RETURN(const Regex regex, CompileRegex(pattern, path, regexes_));
    const auto value = [name = name](const Facts& facts) {
      return facts.header ? facts.header(name) : std::string_view();
    };
    parts_.push_back({.name = Element("header", name),
                      .expected = pattern,
                      .matches =
                          [regex, value](const Facts& facts) {
                            return RE2::FullMatch(re2::StringPiece(value(facts)), *regex);
                          },
                      .found = [value](const Facts& facts) { return Copy(value(facts)); }});
  }
  return Status();
}

}  // namespace tql::testdouble
