// How a Match message becomes the conditions of a Matcher. Included only by the match*.cc files.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_MATCH_COMPILER_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_MATCH_COMPILER_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/testdouble/checks.h"
#include "mockserver/testdouble/facts.h"
#include "mockserver/testdouble/like_pattern.h"
#include "mockserver/testdouble/match.h"

namespace tql::testdouble {

/// Longer texts are cut in messages.
inline constexpr std::size_t kExcerpt = 200;

inline std::string Copy(std::string_view text) { return std::string(text); }

/// "a, b or c"; an empty text is ''.
std::string Alternatives(const std::vector<std::string>& texts);

/// Adds a part that differs.
void AddDifference(std::string_view part, std::string_view expected, std::string_view found,
                   MatchDifference* out);

/// One condition.
struct MatchPart {
  std::string name;           // as in the message, e.g. "kind"
  std::string expected = {};  // for messages
  std::function<bool(const Facts&)> matches;
  std::function<std::string(const Facts&)> found = nullptr;
  bool of_statement = false;
  /// Instead of `expected` and `found`. May be null.
  std::function<void(const Facts&, MatchDifference*)> explain = nullptr;
};

/// Adds the parts of one message, from the cheapest to the most expensive.
class MatchCompiler {
 public:
  MatchCompiler(const mockpb::Match& match, std::string_view path, Matcher::Use use,
                RegexBudget& regexes)
      : match_(match), path_(path), use_(use), regexes_(regexes) {}

  struct Result {
    std::vector<MatchPart> parts;
    MayMatch may_match;
  };
  StatusOr<Result> Compile();

 private:
  std::string At(std::string_view field) const { return path_ + "." + Copy(field); }

  // match_compiler.cc
  Status CheckUse() const;
  /// Adds a part for a list of values of an enum, whose value 0 is any. Returns the mask of values.
  template <typename Get>
  StatusOr<std::uint32_t> AddEnums(const google::protobuf::RepeatedField<int>& values,
                                   const google::protobuf::EnumDescriptor& type, const char* field,
                                   Get get);
  Status AddCalls();
  Status AddKinds();
  Status AddContext();
  Status AddOptions();
  Status AddPast();
  Status AddHeaders();
  // match_text.cc
  Status AddTables();
  Status AddText();
  Status AddLike(const std::vector<LiteralPattern>& literals);

  const mockpb::Match& match_;
  const std::string path_;
  const Matcher::Use use_;
  RegexBudget& regexes_;
  std::vector<MatchPart> parts_;
  MayMatch may_match_;
};

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_MATCH_COMPILER_H_
