// Values of CSV as literals of TQL.
#ifndef TQLKIT_TOOLS_TQL_COPY_VALUE_H_
#define TQLKIT_TOOLS_TQL_COPY_VALUE_H_

#include <string>
#include <string_view>

#include "tools/tql/csv_reader.h"
#include "tql/result_stream.h"

namespace tql::shell {

/// Appends the literal for a column of that type. A field without quotes that is `null_text` is
/// NULL. Texts, dates and times become strings, which the service reads by the column's rules.
/// Empty, or what is wrong; then nothing is appended.
std::string AppendLiteral(const CsvField& field, ColumnType type, std::string_view null_text,
                          std::string* out);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COPY_VALUE_H_
