#include "mockserver/engine/cell_formatter.h"

#include "mockserver/engine/errors.h"
#include "mockserver/values/number_text.h"
#include "mockserver/values/temporal.h"

namespace tql::engine {

StatusOr<RowFormatter> RowFormatter::Create(std::span<const Column> columns,
                                            const FormatOptions& options) {
  static const FormatOptions defaults;
  const std::string* formats[] = {&options.date_format, &options.date_time_format,
                                  &options.time_format};
  const std::string* usual[] = {&defaults.date_format, &defaults.date_time_format,
                                &defaults.time_format};
  RowFormatter out(options);
  for (const std::string* format : formats) {
    if (format->size() > values::TemporalFormat::kMaxLength) {
      return errors::FormatTooLong(values::TemporalFormat::kMaxLength);
    }
  }
  out.buffers_ = std::make_unique<char[]>(columns.size() * values::kMaxNumberText);
  out.cells_.resize(columns.size());
  out.texts_.resize(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    Cell& cell = out.cells_[i];
    cell.buffer = out.buffers_.get() + i * values::kMaxNumberText;
    const values::TypeKind type = columns[i].type.kind;
    if (type == values::TypeKind::kBool) cell.kind = Kind::kBool;
    if (type == values::TypeKind::kFloat) cell.kind = Kind::kFloat;
    if (!values::IsTemporal(type) || options.format_date_as_epoch) continue;
    const int which = type == values::TypeKind::kDate       ? 0
                      : type == values::TypeKind::kDateTime ? 1
                                                            : 2;
    if (*formats[which] == *usual[which]) {
      cell.kind = which == 0 ? Kind::kDate : which == 1 ? Kind::kDateTime : Kind::kTime;
    } else {
      cell.kind = Kind::kCustom;
      cell.format = static_cast<std::uint8_t>(which);
      cell.text = static_cast<std::uint32_t>(out.custom_texts_.size());
      out.custom_texts_.emplace_back();
      // Few results have such columns, and a format takes longer to compile than a row to print.
      if (!out.formats_[cell.format]) out.formats_[cell.format].emplace(*formats[which]);
    }
  }
  return out;
}

std::string_view RowFormatter::FormatInteger(Cell& cell, std::int64_t value) {
  switch (cell.kind) {
    case Kind::kBool:
      return value != 0 ? "true" : "false";
    case Kind::kDate:
      return {cell.buffer, values::FormatTemporal(values::TypeKind::kDate, value, cell.buffer)};
    case Kind::kDateTime:
      return {cell.buffer, values::FormatTemporal(values::TypeKind::kDateTime, value, cell.buffer)};
    case Kind::kTime:
      return {cell.buffer, values::FormatTemporal(values::TypeKind::kTime, value, cell.buffer)};
    case Kind::kCustom:
      custom_texts_[cell.text].clear();
      formats_[cell.format]->Append(value, custom_texts_[cell.text]);
      return custom_texts_[cell.text];
    case Kind::kPlain:
    case Kind::kFloat:
      break;
  }
  return {cell.buffer, values::FormatInteger(value, cell.buffer)};
}

std::span<const std::string_view> RowFormatter::Format(std::span<const values::Datum> row) {
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    Cell& cell = cells_[i];
    const values::Datum& value = row[i];
    switch (value.kind()) {
      case values::Datum::Kind::kText:
        texts_[i] = value.text();
        break;
      case values::Datum::Kind::kInteger:
        texts_[i] = FormatInteger(cell, value.integer());
        break;
      case values::Datum::Kind::kReal:
        texts_[i] = {cell.buffer,
                     cell.kind == Kind::kFloat
                         ? values::FormatFloat(static_cast<float>(value.real()), cell.buffer)
                         : values::FormatDouble(value.real(), cell.buffer)};
        break;
      case values::Datum::Kind::kNull:
        texts_[i] = options_->null_string;
        break;
    }
  }
  return texts_;
}

}  // namespace tql::engine
