// The parts of a Match that look at the tables and the text of a statement.
#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "mockserver/testdouble/match_compiler.h"
#include "mockserver/testdouble/table_glob.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::testdouble {
namespace {

/// The part of a text in which `regex` searches: an expression may need a thousand instructions for
/// each character.
constexpr std::size_t kMostSearched = std::size_t{64} << 10U;

}  // namespace

Status MatchCompiler::AddTables() {
  std::vector<TableGlob> globs;
  std::vector<std::string> patterns;
  std::size_t parts = 1;
  bool any_name = false;
  for (int i = 0; i < match_.table_size(); ++i) {
    TQL_ASSIGN_OR_RETURN(TableGlob glob,
                         TableGlob::Compile(match_.table(i), Element(At("table"), i)));
    parts = std::max(parts, glob.part_count());
    if (const auto key = glob.table_key()) {
      may_match_.tables.push_back(*key);
    } else {
      any_name = true;
    }
    patterns.push_back(glob.pattern());
    globs.push_back(std::move(glob));
  }
  if (globs.empty()) return Status();
  if (any_name) may_match_.tables.clear();
  parts_.push_back({.name = "table",
                    .expected = Alternatives(patterns),
                    .matches =
                        [globs = std::move(globs)](const Facts& facts) {
                          for (const TableName& table : facts.tables()) {
                            for (const TableGlob& glob : globs) {
                              if (glob.Matches(table)) return true;
                            }
                          }
                          return false;
                        },
                    .found =
                        [parts](const Facts& facts) {
                          std::string names;
                          for (const TableName& table : facts.tables()) {
                            if (!names.empty()) names += ", ";
                            names += LastParts(table, parts);
                            if (names.size() > kExcerpt) break;
                          }
                          return names.empty() ? "no table" : names;
                        },
                    .of_statement = true});
  return Status();
}

Status MatchCompiler::AddText() {
  std::vector<LiteralPattern> literals;
  for (int i = 0; i < match_.literal_size(); ++i) {
    TQL_RETURN_IF_ERROR(CheckLength(match_.literal(i), Element(At("literal"), i)));
    literals.emplace_back(match_.literal(i));
  }
  if (!literals.empty() && !match_.has_like()) {
    return ErrorAt(At("literal"), "stands for the ?s of `like`, which is not set");
  }
  if (match_.has_like()) return AddLike(literals);
  if (match_.has_exact()) {
    TQL_RETURN_IF_ERROR(CheckLength(match_.exact(), At("exact")));
    may_match_.text = TextKey(match_.exact());
    parts_.push_back({.name = "exact",
                      .expected = base::Excerpt(match_.exact(), kExcerpt),
                      .matches = [text = Copy(BareText(match_.exact()))](
                                     const Facts& facts) { return BareText(facts.text) == text; },
                      .found = [](const Facts& facts) { return Copy(facts.text); },
                      .of_statement = true});
  }
  if (!match_.has_regex()) return Status();
  TQL_ASSIGN_OR_RETURN(const Regex regex, CompileRegex(match_.regex(), At("regex"), regexes_));
  parts_.push_back({.name = "regex",
                    .expected = base::Excerpt(match_.regex(), kExcerpt),
                    .matches =
                        [regex](const Facts& facts) {
                          const std::size_t end = std::min(facts.text.size(), kMostSearched);
                          // Unlike a part of the text, this end does not match $.
                          return regex->Match(re2::StringPiece(facts.text), 0, end, RE2::UNANCHORED,
                                              nullptr, 0);
                        },
                    .found = [](const Facts& facts) { return Copy(facts.text); },
                    .of_statement = true});
  return Status();
}

Status MatchCompiler::AddLike(const std::vector<LiteralPattern>& literals) {
  TQL_ASSIGN_OR_RETURN(LikePattern compiled,
                       LikePattern::Compile(match_.like(), literals, At("like"), At("literal")));
  const auto like = std::make_shared<const LikePattern>(std::move(compiled));
  may_match_.calls_and_kinds.kinds &= like->kind_bit();
  if (!like->tables().empty()) may_match_.tables = {TableKey(like->tables().front().table)};
  parts_.push_back({.name = "like",
                    .matches = [like](const Facts& facts) { return like->Matches(facts); },
                    .of_statement = true,
                    .explain =
                        [like](const Facts& facts, MatchDifference* out) {
                          for (const auto& d : like->Differences(facts)) {
                            AddDifference(d.part, d.expected, d.found, out);
                          }
                        }});
  return Status();
}

}  // namespace tql::testdouble
