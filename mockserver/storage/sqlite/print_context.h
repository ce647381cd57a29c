// The surroundings of the part of a statement that is being printed.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_PRINT_CONTEXT_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_PRINT_CONTEXT_H_

#include <set>

#include "mockserver/plan/plan.h"
#include "mockserver/storage/sqlite/sql_output.h"
#include "tql/status.h"

namespace tql::storage::sqlite {

/// SQLite's limit for the depth of expressions. A nested query counts as kQueryDepth levels.
inline constexpr int kDeepest = 1000;
inline constexpr int kQueryDepth = 20;

/// What the printers find in a query itself, outside its sub-queries.
struct QueryFindings {
  bool has_aggregate = false;
};

/// What the printers find in a term of a join condition.
struct JoinTermFindings {
  const std::set<plan::RelationId>& from;  // The relations of the FROM of the join.
  bool reads_row = false;                  // Whether the term refers to a column of one of them.
};

/// Each printer changes its own copy for the parts that it contains.
struct PrintContext {
  SqlOutput& out;
  int depth = 0;
  bool in_constant_list = false;     // Within the list of IN or VALUES, at any depth.
  QueryFindings* query = nullptr;    // Of the innermost query; null outside queries.
  JoinTermFindings* term = nullptr;  // Of the innermost such term; null outside of them.

  /// Adds to the depth. Returns false after any error, including too large a depth.
  bool Enter(int levels) {
    depth += levels;
    if (depth > kDeepest) out.Fail(InvalidArgumentError("the statement is nested too deeply"));
    return out.ok();
  }
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_PRINT_CONTEXT_H_
