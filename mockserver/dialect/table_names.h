// The tables that a statement refers to.
#ifndef TQLKIT_MOCKSERVER_DIALECT_TABLE_NAMES_H_
#define TQLKIT_MOCKSERVER_DIALECT_TABLE_NAMES_H_

#include <vector>

#include "mockserver/dialect/ast.h"

namespace tql::dialect {

/// The names of tables in the statement, in the order in which they are printed, with repetitions:
/// targets, tables of FROM and INTO, of sub-queries, of references and relationships. Includes the
/// view of SHOW VIEW. The pointers are into the statement.
std::vector<const ObjectName*> TableNamesIn(const Statement& statement);

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_TABLE_NAMES_H_
