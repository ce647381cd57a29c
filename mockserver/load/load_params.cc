#include "mockserver/load/load_params.h"

#include <algorithm>
#include <utility>

#include "mockserver/values/temporal_format.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"
#include "tql/wire/json.h"
#include "tql/wire/messages.h"
#include "tqlkit/load.pb.h"

namespace tql::load {
namespace {

Status Mistake(const std::string& key, std::string_view found, const std::string& expected) {
  constexpr std::size_t kMostShown = 80;
  return InvalidArgumentError(key + ": found \"" + base::Excerpt(found, kMostShown) +
                              "\", expected " + expected);
}

/// A character, or none for an empty text. "\t" may be written as two characters, because a shell
/// passes it so.
StatusOr<std::optional<char>> CharacterOf(const std::string& key, const std::string& text) {
  if (text.empty()) return std::optional<char>();
  const char c = text == "\\t" ? '\t' : text.front();
  const bool one = text == "\\t" || text.size() == 1;
  if (!one || static_cast<unsigned char>(c) >= 0x80 || c == '\n' || c == '\r' || c == '\0') {
    return Mistake(key, text, "one ASCII character");
  }
  return std::optional(c);
}

/// Moves the settings of the flat form to where the nested form has them.
void Nest(pb::LoadParams& params) {
  if (params.has_target_database()) {
    params.mutable_target()->set_database(params.target_database());
  }
  if (params.has_target_schema()) params.mutable_target()->set_schema(params.target_schema());
  if (params.has_target_table()) params.mutable_target()->set_table(params.target_table());
  if (params.has_field_separator()) {
    params.mutable_format()->set_field_separator(params.field_separator());
  }
  if (params.has_empty_target()) {
    params.mutable_load_options()->set_empty_target(params.empty_target());
  }
  params.clear_target_database();
  params.clear_target_schema();
  params.clear_target_table();
  params.clear_field_separator();
  params.clear_empty_target();
}

/// An empty schema or date format counts as absent.
void ClearEmpty(pb::LoadParams& params) {
  if (params.target().schema().empty()) params.mutable_target()->clear_schema();
  if (!params.format().has_date_time()) return;
  pb::LoadParams::DateTime& dates = *params.mutable_format()->mutable_date_time();
  if (dates.date_time_format().empty()) dates.clear_date_time_format();
  if (dates.date_format().empty()) dates.clear_date_format();
  if (dates.time_format().empty()) dates.clear_time_format();
}

bool IsCsv(const pb::LoadParams::Format& format) {
  return base::EqualsIgnoreCase(format.type(), "CSV");
}

StatusOr<TextFormat> TextFormatOf(const pb::LoadParams::Format& format) {
  TextFormat text;
  const bool csv = IsCsv(format);
  if (!csv && !base::EqualsIgnoreCase(format.type(), "DELIMITED")) {
    return Mistake("format.type", format.type(), "CSV or DELIMITED");
  }
  TQL_ASSIGN_OR_RETURN(const std::optional<char> separator,
                       CharacterOf("format.field_separator", format.field_separator()));
  if (!separator) {
    return Mistake("format.field_separator", "", "one ASCII character");
  }
  text.separator = *separator;
  text.trailing_separator = format.trailing_field_separator();
  if (csv) {
    TQL_ASSIGN_OR_RETURN(text.enclosing,
                         CharacterOf("format.enclosing_character", format.enclosing_character()));
  } else {
    TQL_ASSIGN_OR_RETURN(text.escape,
                         CharacterOf("format.escape_character", format.escape_character()));
  }
  if (text.enclosing == text.separator || text.escape == text.separator) {
    return Mistake("format.field_separator", format.field_separator(),
                   "another character than the enclosing or escape character");
  }
  return text;
}

Status CheckDateFormat(const std::string& key, const std::string& format) {
  const auto problem = values::TemporalFormat(format).problem();
  if (!problem) return Status();
  return Mistake(key, format, "a format of strptime: " + problem->text);
}

Status ReadDates(const pb::LoadParams::Format& format, ValueFormat* values) {
  using Dates = ValueFormat::Dates;
  const pb::LoadParams::DateTime& dates = format.date_time();
  const bool has_format =
      dates.has_date_time_format() || dates.has_date_format() || dates.has_time_format();
  if (IsCsv(format) && dates.has_converted_to_epoch()) {
    values->dates = dates.converted_to_epoch() ? Dates::kEpoch : Dates::kFormat;
  } else {
    values->dates = has_format ? Dates::kFormat : Dates::kFormatOrEpoch;
  }
  values->date_time_format = dates.date_time_format();
  values->date_format = dates.date_format();
  values->time_format = dates.time_format();
  TQL_RETURN_IF_ERROR(
      CheckDateFormat("format.date_time.date_time_format", values->date_time_format));
  TQL_RETURN_IF_ERROR(CheckDateFormat("format.date_time.date_format", values->date_format));
  TQL_RETURN_IF_ERROR(CheckDateFormat("format.date_time.time_format", values->time_format));
  if (!dates.skip_second_fraction()) return Status();
  TQL_ASSIGN_OR_RETURN(
      values->skipped_fraction,
      CharacterOf("format.date_time.second_fraction_start", dates.second_fraction_start()));
  return Status();
}

/// Sets every field that has a default to its value, so that the summary has all of them.
void FillIn(pb::LoadParams& params, const ValueFormat& values) {
  auto& format = *params.mutable_format();
  auto& target = *params.mutable_target();
  target.set_schema(target.schema());
  format.set_type(base::Upper(format.type()));
  format.set_field_separator(format.field_separator());
  format.set_trailing_field_separator(format.trailing_field_separator());
  format.set_enclosing_character(format.enclosing_character());
  format.set_escape_character(format.escape_character());
  format.set_null_value(format.null_value());
  format.set_has_header_row(format.has_header_row());
  format.set_flexible(format.flexible());
  auto& dates = *format.mutable_date_time();
  dates.set_converted_to_epoch(values.dates == ValueFormat::Dates::kEpoch);
  dates.set_date_time_format(dates.date_time_format());
  dates.set_date_format(dates.date_format());
  dates.set_time_format(dates.time_format());
  dates.set_second_fraction_start(dates.second_fraction_start());
  dates.set_skip_second_fraction(dates.skip_second_fraction());
  auto& boolean = *format.mutable_boolean();
  boolean.set_use_bit_values(boolean.use_bit_values());
  boolean.set_true_format(boolean.true_format());
  boolean.set_false_format(boolean.false_format());
  auto& load = *params.mutable_load_options();
  load.set_empty_target(load.empty_target());
  load.set_max_ignored_rows(load.max_ignored_rows());
  auto& advanced = *params.mutable_advanced_options();
  advanced.set_validate_only(advanced.validate_only());
  advanced.set_max_reported_parsing_errors(advanced.max_reported_parsing_errors());
}

}  // namespace

StatusOr<LoadParams> ParseLoadParams(std::string_view json) {
  TQL_ASSIGN_OR_RETURN(pb::LoadParams message, FromJson<pb::LoadParams>(json));
  Nest(message);
  ClearEmpty(message);
  LoadParams params;
  params.database = message.target().database();
  params.schema = message.target().schema();
  params.table = message.target().table();
  if (params.database.empty()) return Mistake("target.database", "", "the name of a database");
  if (params.table.empty()) return Mistake("target.table", "", "the name of a table");
  const auto& format = message.format();
  TQL_ASSIGN_OR_RETURN(params.text, TextFormatOf(format));
  params.has_header_row = format.has_header_row();
  params.values.null_value = format.null_value();
  params.values.flexible = format.flexible();
  TQL_RETURN_IF_ERROR(ReadDates(format, &params.values));
  params.values.bit_values = format.boolean().use_bit_values();
  params.values.true_format = format.boolean().true_format();
  params.values.false_format = format.boolean().false_format();
  if (params.values.true_format == params.values.false_format) {
    return Mistake("format.boolean.false_format", params.values.false_format,
                   "another text than that of true_format");
  }
  params.empty_target = message.load_options().empty_target();
  params.max_ignored_rows = message.load_options().max_ignored_rows();
  if (params.max_ignored_rows < 0) {
    return Mistake("load_options.max_ignored_rows", std::to_string(params.max_ignored_rows),
                   "a number of rows");
  }
  const auto& advanced = message.advanced_options();
  params.validate_only = advanced.validate_only();
  if (!advanced.file_target_dir().empty()) {
    return Mistake("advanced_options.file_target_dir", advanced.file_target_dir(),
                   "nothing: loads into files are not supported");
  }
  if (advanced.max_reported_parsing_errors() < 0) {
    return Mistake("advanced_options.max_reported_parsing_errors",
                   std::to_string(advanced.max_reported_parsing_errors()), "a number of errors");
  }
  params.max_reported_errors = std::min(
      kMostReportedErrors, static_cast<std::size_t>(advanced.max_reported_parsing_errors()));
  FillIn(message, params.values);
  pb::LoadParamsSummary summary;
  summary.mutable_load_params()->Swap(&message);
  params.summary = ToJson(summary);
  return params;
}

}  // namespace tql::load
