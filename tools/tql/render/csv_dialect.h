// The characters of a CSV file that mean something.
#ifndef TQLKIT_TOOLS_TQL_RENDER_CSV_DIALECT_H_
#define TQLKIT_TOOLS_TQL_RENDER_CSV_DIALECT_H_

namespace tql::shell {

/// Each is ASCII and none is '\r' or '\n'. The delimiter is not the quote. Within quotes, `escape`
/// before `quote` or `escape` takes the next character as text; before any other it is text
/// itself, as in PostgreSQL.
struct CsvDialect {
  char delimiter = ',';
  char quote = '"';
  char escape = '"';
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_CSV_DIALECT_H_
