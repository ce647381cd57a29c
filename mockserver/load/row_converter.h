// Converts the fields of records to the values of a table's rows.
#ifndef TQLKIT_MOCKSERVER_LOAD_ROW_CONVERTER_H_
#define TQLKIT_MOCKSERVER_LOAD_ROW_CONVERTER_H_

#include <string>
#include <string_view>
#include <vector>

#include "mockserver/load/load_params.h"
#include "mockserver/load/record_scanner.h"
#include "mockserver/plan/schema.h"
#include "mockserver/values/datum.h"
#include "mockserver/values/temporal_format.h"
#include "mockserver/values/value_conversion.h"
#include "tql/status.h"

namespace tql::load {

/// Thread safety: one thread. The table and the format must outlive the converter.
class RowConverter {
 public:
  RowConverter(const plan::TableDef& table, const ValueFormat& format);

  /// Appends a value for each column of the table; a text points into the record. If the record is
  /// not a valid row, returns the reason and appends nothing.
  Status Append(const Record& record, std::vector<values::Datum>* cells);

 private:
  values::Converted Convert(std::string_view text, values::TypeKind type);
  values::Converted ToBool(std::string_view text) const;
  values::Converted ToTemporal(std::string_view text, values::TypeKind type);
  std::string_view WithoutFraction(std::string_view text);
  const values::TemporalFormat& FormatOf(values::TypeKind type) const;

  const plan::TableDef& table_;
  const ValueFormat& format_;
  const values::TemporalFormat date_time_;
  const values::TemporalFormat date_;
  const values::TemporalFormat time_;
  std::string scratch_;
};

}  // namespace tql::load

#endif  // TQLKIT_MOCKSERVER_LOAD_ROW_CONVERTER_H_
