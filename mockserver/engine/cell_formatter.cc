#include "mockserver/engine/cell_formatter.h"

#include "mockserver/engine/errors.h"
#include "mockserver/plan/number_text.h"
#include "mockserver/plan/temporal.h"

namespace tql::engine {

StatusOr<RowFormatter> RowFormatter::Create(std::span<const plan::Query::Column> columns,
                                            const FormatOptions& options) {
  const FormatOptions defaults;
  const std::string* formats[] = {&options.date_format, &options.date_time_format,
                                  &options.time_format};
  const std::string* usual[] = {&defaults.date_format, &defaults.date_time_format,
                                &defaults.time_format};
  RowFormatter out(options);
  for (const std::string* format : formats) {
    if (format->size() > plan::TemporalFormat::kMaxLength) {
      return errors::FormatTooLong(plan::TemporalFormat::kMaxLength);
    }
    out.formats_.emplace_back(*format);
  }
  out.buffers_ = std::make_unique<char[]>(columns.size() * plan::kMaxNumberText);
  out.cells_.resize(columns.size());
  out.texts_.resize(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    Cell& cell = out.cells_[i];
    cell.buffer = out.buffers_.get() + i * plan::kMaxNumberText;
    const plan::TypeKind type = columns[i].type.kind;
    if (type == plan::TypeKind::kBool) cell.kind = Kind::kBool;
    if (type == plan::TypeKind::kFloat) cell.kind = Kind::kFloat;
    if (!plan::IsTemporal(type) || options.format_date_as_epoch) continue;
    const int which = type == plan::TypeKind::kDate ? 0 : type == plan::TypeKind::kDateTime ? 1 : 2;
    if (*formats[which] == *usual[which]) {
      cell.kind = which == 0 ? Kind::kDate : which == 1 ? Kind::kDateTime : Kind::kTime;
    } else {
      cell.kind = Kind::kCustom;
      cell.format = static_cast<std::int8_t>(which);
    }
  }
  return out;
}

std::string_view RowFormatter::FormatInteger(Cell& cell, std::int64_t value) {
  switch (cell.kind) {
    case Kind::kBool:
      return value != 0 ? "true" : "false";
    case Kind::kDate:
      return {cell.buffer, plan::FormatTemporal(plan::TypeKind::kDate, value, cell.buffer)};
    case Kind::kDateTime:
      return {cell.buffer, plan::FormatTemporal(plan::TypeKind::kDateTime, value, cell.buffer)};
    case Kind::kTime:
      return {cell.buffer, plan::FormatTemporal(plan::TypeKind::kTime, value, cell.buffer)};
    case Kind::kCustom:
      cell.text.clear();
      formats_[static_cast<std::size_t>(cell.format)].Append(value, cell.text);
      return cell.text;
    case Kind::kPlain:
    case Kind::kFloat:
      break;
  }
  return {cell.buffer, plan::FormatInteger(value, cell.buffer)};
}

std::span<const std::string_view> RowFormatter::Format(std::span<const plan::Datum> row) {
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    Cell& cell = cells_[i];
    const plan::Datum& value = row[i];
    switch (value.kind()) {
      case plan::Datum::Kind::kText:
        texts_[i] = value.text();
        break;
      case plan::Datum::Kind::kInteger:
        texts_[i] = FormatInteger(cell, value.integer());
        break;
      case plan::Datum::Kind::kReal:
        texts_[i] = {cell.buffer,
                     cell.kind == Kind::kFloat
                         ? plan::FormatFloat(static_cast<float>(value.real()), cell.buffer)
                         : plan::FormatDouble(value.real(), cell.buffer)};
        break;
      case plan::Datum::Kind::kNull:
        texts_[i] = options_->null_string;
        break;
    }
  }
  return texts_;
}

}  // namespace tql::engine
