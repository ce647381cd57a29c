// From the SQL of other people's sqllogictest files to TQL.
#ifndef TQLKIT_TESTS_SQLLOGICTEST_DIALECT_MAP_H_
#define TQLKIT_TESTS_SQLLOGICTEST_DIALECT_MAP_H_

#include <optional>
#include <string>

namespace tql::slt {

/// The statement as TQL spells it; nothing for one without a counterpart that changes no result
/// (indexes; BEGIN and COMMIT, as each statement stands for itself here: what rolls back is passed
/// on and fails). Else only definitions are mapped: a key behind its column becomes a constraint,
/// UNIQUE, which TQL has not, is left out, and the type TEXT is VARCHAR(0).
std::optional<std::string> ToTql(const std::string& sql);

}  // namespace tql::slt

#endif  // TQLKIT_TESTS_SQLLOGICTEST_DIALECT_MAP_H_
