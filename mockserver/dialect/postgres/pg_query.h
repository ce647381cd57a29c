// What is used of libpg_query, in terms of C++.
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

/// An error in PostgreSQL's words.
struct PgFailure {
  std::string message;
  std::size_t offset = 0;  // in bytes; 0 when PostgreSQL names no place
};

/// PostgreSQL's tokens of `text`, comments among them. Of a name or string that begins with U& the
/// range holds the U alone. Never recursive, whatever the text.
///
/// Both functions: `text` is valid UTF-8 without NUL bytes. They may run in any number of threads;
/// what libpg_query allocates is freed when they return.
std::optional<PgFailure> ScanTokens(const std::string& text, std::vector<TokenRange>* out);

/// PostgreSQL's raw parse tree of `text` as JSON: {"version":…,"stmts":[{"stmt":{…}}]}, up to 250
/// bytes for each byte of the text. Recursive: the caller bounds the depth of the tree beforehand.
std::optional<PgFailure> ParseToJson(const std::string& text, std::string* out);

}  // namespace tql::dialect::postgres

#endif  // TQLKIT_MOCKSERVER_DIALECT_POSTGRES_PG_QUERY_H_
