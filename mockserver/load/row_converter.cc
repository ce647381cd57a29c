#include "mockserver/load/row_converter.h"

#include <algorithm>

#include "mockserver/engine/errors.h"
#include "mockserver/values/number_text.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::load {
namespace {

using values::Converted;
using values::Datum;
using values::TypeKind;

Status BadText(std::string_view text) {
  const char bad = text[base::ValidTextPrefix(text)];
  return InvalidArgumentError(bad == '\0' ? "found a NUL byte, expected a text without"
                                          : "invalid UTF-8: the byte " + base::ShownByte(bad));
}

}  // namespace

RowConverter::RowConverter(const plan::TableDef& table, const ValueFormat& format)
    : table_(table),
      format_(format),
      date_time_(format.date_time_format),
      date_(format.date_format),
      time_(format.time_format) {}

Status RowConverter::Append(const Record& record, std::vector<Datum>* cells) {
  if (!record.problem.empty()) return InvalidArgumentError(std::string(record.problem));
  const std::size_t width = table_.columns.size();
  if (record.field_count != width && !format_.flexible) {
    return InvalidArgumentError("found " + std::to_string(record.field_count) +
                                " fields, expected " + std::to_string(width));
  }
  const std::size_t before = cells->size();
  for (std::size_t i = 0; i < width; ++i) {
    const plan::ColumnDef& column = table_.columns[i];
    if (i >= record.fields.size() || record.fields[i] == format_.null_value) {
      cells->push_back(Datum::Null());
      continue;
    }
    const std::string_view text = record.fields[i];
    const Converted converted = Convert(text, column.type.kind);
    if (converted.value) {
      cells->push_back(*converted.value);
      continue;
    }
    cells->resize(before);
    const bool is_text = column.type.kind == TypeKind::kVarchar;
    return engine::errors::OfColumn(
        column.name, is_text                  ? BadText(text)
                     : converted.out_of_range ? engine::errors::OutOfRange(text, column.type.kind)
                                              : engine::errors::CannotConvert(
                                                    text, column.type.kind, converted.problem));
  }
  return Status();
}

Converted RowConverter::Convert(std::string_view text, TypeKind type) {
  if (type == TypeKind::kVarchar) {
    const bool valid = base::ValidTextPrefix(text) == text.size();
    return valid ? Converted{Datum::Text(text)} : Converted{};
  }
  if (type == TypeKind::kBool) return ToBool(text);
  if (values::IsTemporal(type)) return ToTemporal(text, type);
  char buffer[values::kMaxNumberText];
  return values::ConvertValue(Datum::Text(text), TypeKind::kVarchar, type, {}, buffer);
}

Converted RowConverter::ToBool(std::string_view text) const {
  constexpr std::string_view kZero("\0", 1);
  const auto is = [&](std::string_view word, std::string_view digit, std::string_view bit) {
    return format_.bit_values ? text == digit || text == bit || text == "0x" + std::string(digit)
                              : text == word;
  };
  if (is(format_.true_format, "1", "\1")) return {Datum::Integer(1)};
  if (is(format_.false_format, "0", kZero)) return {Datum::Integer(0)};
  return {};
}

const values::TemporalFormat& RowConverter::FormatOf(TypeKind type) const {
  if (type == TypeKind::kDate) return date_;
  return type == TypeKind::kTime ? time_ : date_time_;
}

/// Removes the character that begins a fraction and the digits after it.
std::string_view RowConverter::WithoutFraction(std::string_view text) {
  const std::size_t begin = text.rfind(*format_.skipped_fraction);
  if (begin == std::string_view::npos) return text;
  const std::size_t end = std::min(text.find_first_not_of("0123456789", begin + 1), text.size());
  if (end == begin + 1) return text;
  if (end == text.size()) return text.substr(0, begin);
  scratch_.assign(text.substr(0, begin)).append(text.substr(end));
  return scratch_;
}

Converted RowConverter::ToTemporal(std::string_view text, TypeKind type) {
  using Dates = ValueFormat::Dates;
  if (format_.skipped_fraction && type != TypeKind::kDate) text = WithoutFraction(text);
  if (format_.dates != Dates::kEpoch) {
    const values::TemporalReading reading = FormatOf(type).Read(type, text);
    if (reading.value) return {Datum::Integer(*reading.value)};
    if (format_.dates == Dates::kFormat || reading.bad_value) return {.problem = reading.problem};
  }
  const std::optional<std::int64_t> seconds = values::ParseInteger(text);
  if (!seconds) return {};
  char buffer[values::kMaxNumberText];
  return values::ConvertValue(Datum::Integer(*seconds), TypeKind::kBigInt, type, {}, buffer);
}

}  // namespace tql::load
