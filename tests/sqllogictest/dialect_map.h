// Translates the SQL of other projects' sqllogictest files into TQL.
#ifndef TQLKIT_TESTS_SQLLOGICTEST_DIALECT_MAP_H_
#define TQLKIT_TESTS_SQLLOGICTEST_DIALECT_MAP_H_

#include <optional>
#include <string>

namespace tql::slt {

/// Returns the statement in TQL, or nullopt for a statement that has no counterpart and affects no
/// result (indexes; BEGIN and COMMIT, because each statement is a transaction; a ROLLBACK is passed
/// on and fails). Otherwise changes definitions only: a key after its column becomes a constraint,
/// UNIQUE, which TQL lacks, is omitted, and the type TEXT is VARCHAR(0). UNIQUE, which TQL has not,
/// is left out, and the type TEXT is VARCHAR(0).
std::optional<std::string> ToTql(const std::string& sql);

}  // namespace tql::slt

#endif  // TQLKIT_TESTS_SQLLOGICTEST_DIALECT_MAP_H_
