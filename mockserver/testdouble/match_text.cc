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

/// The text without blanks around it and without semicolons at its end.
std::string_view Bare(std::string_view text) {
  return base::Trim(base::Trim(text), " \t\n\v\f\r;");
}

}  // namespace

Status MatchCompiler::AddTables() {
  std::vector<TableGlob> globs;
  std::vector<std::string> patterns;
  std::size_t parts = 1;
  std::uint64_t bits = 0;
  for (int i = 0; i < match_.table_size(); ++i) {
    TQL_ASSIGN_OR_RETURN(TableGlob glob,
                         TableGlob::Compile(match_.table(i), Element(At("table"), i)));
    parts = std::max(parts, glob.part_count());
    bits |= glob.table_bits();
    patterns.push_back(glob.pattern());
    globs.push_back(std::move(glob));
  }
  if (globs.empty()) return Status();
  may_match_.tables = bits;
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
    parts_.push_back({.name = "exact",
                      .expected = base::Excerpt(match_.exact(), kExcerpt),
                      .matches = [text = Copy(Bare(match_.exact()))](
                                     const Facts& facts) { return Bare(facts.text) == text; },
                      .found = [](const Facts& facts) { return Copy(facts.text); },
                      .of_statement = true});
  }
  if (!match_.has_regex()) return Status();
  TQL_ASSIGN_OR_RETURN(const Regex regex, CompileRegex(match_.regex(), At("regex")));
  parts_.push_back({.name = "regex",
                    .expected = base::Excerpt(match_.regex(), kExcerpt),
                    .matches =
                        [regex](const Facts& facts) {
                          return RE2::PartialMatch(re2::StringPiece(facts.text), *regex);
                        },
                    .found = [](const Facts& facts) { return Copy(facts.text); },
                    .of_statement = true});
  return Status();
}

Status MatchCompiler::AddLike(const std::vector<LiteralPattern>& literals) {
  TQL_ASSIGN_OR_RETURN(LikePattern compiled,
                       LikePattern::Compile(match_.like(), literals, At("like"), At("literal")));
  const auto like = std::make_shared<const LikePattern>(std::move(compiled));
  may_match_.kinds &= like->kind_bit();
  if (!like->tables().empty()) may_match_.tables = TableBits(like->tables());
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
