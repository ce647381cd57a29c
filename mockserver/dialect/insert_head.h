// Reads INSERTs of literals that have the same beginning as an earlier one, up to VALUES, without
// parsing them: a script has thousands of them.
#ifndef TQLKIT_MOCKSERVER_DIALECT_INSERT_HEAD_H_
#define TQLKIT_MOCKSERVER_DIALECT_INSERT_HEAD_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "mockserver/dialect/ast.h"
#include "mockserver/dialect/value_rows.h"

namespace tql::dialect {

/// The beginning of an INSERT … VALUES, as text and as tree. Immutable.
class InsertHead {
 public:
  /// `insert` was parsed from `text` by TQL's grammar. nullopt for an INSERT without values, or
  /// with a comment before the first of them.
  static std::optional<InsertHead> Of(std::string_view text, const Insert& insert);

  /// The rows of an INSERT that begins like this one, as the parser would read them. nullopt if it
  /// begins differently, has anything but literals, or an error.
  std::optional<ValueRows> RowsOf(std::string_view text) const;

  /// The INSERT without rows.
  const Statement& statement() const { return statement_; }

 private:
  InsertHead(std::string text, Statement statement, std::size_t values)
      : text_(std::move(text)), statement_(std::move(statement)), values_(values) {}

  std::string text_;  // up to the bracket of the first row
  Statement statement_;
  std::size_t values_;  // of the earlier INSERT; this one probably has as many
};

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_INSERT_HEAD_H_
