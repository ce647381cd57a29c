// The functions of libpg_query that are used, with C++ types.
#ifndef TQLKIT_MOCKSERVER_DIALECT_POSTGRES_PG_QUERY_H_
#define TQLKIT_MOCKSERVER_DIALECT_POSTGRES_PG_QUERY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tql::dialect::postgres {

/// The bytes [begin, end) of a text.
struct TokenRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// An error with PostgreSQL's message.
struct PgFailure {
  std::string message;
  std::size_t offset = 0;  // In bytes; 0 if PostgreSQL reports no position.
};

/// Finds PostgreSQL's tokens of `text`, including comments. The range of a name or string that
/// begins with U& is the U alone. Not recursive.
///
/// Both functions return the error, if any. `text` must be valid UTF-8 without NUL bytes. They are
/// thread-safe, and free what libpg_query allocates.
std::optional<PgFailure> ScanTokens(const std::string& text, std::vector<TokenRange>* out);

/// Writes PostgreSQL's raw parse tree of `text` as JSON: {"version":…,"stmts":[{"stmt":{…}}]}, up
/// to 250 bytes for each byte of the text. Recursive: limit the depth of the tree beforehand.
std::optional<PgFailure> ParseToJson(const std::string& text, std::string* out);

}  // namespace tql::dialect::postgres

#endif  // TQLKIT_MOCKSERVER_DIALECT_POSTGRES_PG_QUERY_H_
