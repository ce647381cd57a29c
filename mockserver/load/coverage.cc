#include "mockserver/load/coverage.h"

#include <google/protobuf/message.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>
#include <string>

#include "tql/wire/json.h"
#include "tql/wire/messages.h"
#include "tqlkit/load.pb.h"

namespace tql::load {
namespace {

using enum service::Evidence;
using enum service::Support;

constexpr CallCoverage kCalls[] = {
    {"GET", "/ts_dataservice/v1/public/ping", kDocumented, ""},
    {"POST", "/ts_dataservice/v1/public/session", kDocumented,
     "JSON or a form; the sessions are those of the other services"},
    {"GET", "/ts_dataservice/v1/public/sessions", kInferred,
     "documented without the form of its response"},
    {"POST", "/ts_dataservice/v1/public/loads", kDocumented, "starts a cycle; any Content-Type"},
    {"GET", "/ts_dataservice/v1/public/loads", kDocumented, "the cycles of all users"},
    {"POST", "/ts_dataservice/v1/public/loads/{cycle}", kDocumented,
     "uploads: a form with parts of any names, or the data as the body; gzip with "
     "Content-Encoding"},
    {"GET", "/ts_dataservice/v1/public/loads/{cycle}", kDocumented, "the status"},
    {"GET", "/ts_dataservice/v1/loads/{cycle}", kDocumented, "the status; printed so once"},
    {"POST", "/ts_dataservice/v1/public/loads/{cycle}/commit", kDocumented,
     "returns before the rows are stored"},
    {"POST", "/ts_dataservice/v1/public/loads/{cycle}/cancel", kDocumented, ""},
    {"GET", "/ts_dataservice/v1/public/loads/{cycle}/input_summary", kClient, ""},
    {"GET", "/ts_dataservice/v1/public/loads/{cycle}/bad_records_file", kDocumented, ""},
};

constexpr service::ParameterCoverage kParameters[] = {
    {"target.database", kWorks, kDocumented, "required"},
    {"target.schema", kWorks, kDocumented, "falcon_default_schema if absent"},
    {"target.table", kWorks, kDocumented, "required; looked up by uploads and the commit"},
    {"format.type", kWorks, kDocumented,
     "CSV or DELIMITED, in any case; others (INTERNAL, parquet) are rejected"},
    {"format.field_separator", kWorks, kDocumented,
     "one ASCII character; \\t may be written as two"},
    {"format.trailing_field_separator", kWorks, kDocumented,
     "every line must end with a separator"},
    {"format.enclosing_character", kWorks, kDocumented,
     "of CSV; doubled within a field; empty: none"},
    {"format.escape_character", kWorks, kDocumented,
     "of DELIMITED: the next character belongs to the field, also a line end"},
    {"format.null_value", kWorks, kDocumented, "also if the field is enclosed"},
    {"format.has_header_row", kWorks, kDocumented,
     "the first line of the first upload, and the same line at the start of others"},
    {"format.flexible", kWorks, kDocumented, "drops surplus fields; missing ones are NULL"},
    {"format.date_time.converted_to_epoch", kWorks, kDocumented,
     "of CSV: seconds since 1970; without it and without a format, a text in the default format, "
     "or else seconds"},
    {"format.date_time.date_time_format", kWorks, kDocumented, "no other format is tried"},
    {"format.date_time.date_format", kWorks, kDocumented, "as above"},
    {"format.date_time.time_format", kWorks, kDocumented, "as above"},
    {"format.date_time.skip_second_fraction", kWorks, kDocumented,
     "without it a fraction does not match the format"},
    {"format.date_time.second_fraction_start", kWorks, kClient, "a dot if absent"},
    {"format.boolean.use_bit_values", kWorks, kDocumented,
     "1, 0x1 and the byte 1; 0, 0x0 and the byte 0"},
    {"format.boolean.true_format", kWorks, kDocumented, "no other word is accepted"},
    {"format.boolean.false_format", kWorks, kDocumented, "as above"},
    {"load_options.empty_target", kWorks, kDocumented,
     "deletes all rows in the transaction of the commit"},
    {"load_options.max_ignored_rows", kWorks, kDocumented,
     "one more fails the load, and the table is unchanged"},
    {"advanced_options.validate_only", kWorks, kClient,
     "rows_written is then the number of valid rows"},
    {"advanced_options.file_target_dir", kRejected, kClient, "loads into files are not supported"},
    {"advanced_options.max_reported_parsing_errors", kWorks, kClient, "at most 1000"},
    {"target_database", kWorks, kDocumented, "an older spelling of target.database"},
    {"target_schema", kWorks, kDocumented, "as above"},
    {"target_table", kWorks, kDocumented, "as above"},
    {"field_separator", kWorks, kDocumented, "an older spelling of format.field_separator"},
    {"empty_target", kWorks, kDocumented, "an older spelling of load_options.empty_target"},
};

/// Adds the names of the fields that are set, with the names of the fields around them.
void AddNames(const google::protobuf::Message& message, const std::string& path,
              std::set<std::string, std::less<>>* names) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const auto* const field : fields) {
    const std::string name = path + field->name();
    if (field->message_type() == nullptr) {
      names->insert(name);
    } else {
      AddNames(message.GetReflection()->GetMessage(message, field), name + '.', names);
    }
  }
}

}  // namespace

std::span<const CallCoverage> CallsCovered() { return kCalls; }
std::span<const service::ParameterCoverage> ParametersCovered() { return kParameters; }

std::vector<service::ParameterCoverage> ParametersOf(std::string_view body) {
  const auto message = FromJson<pb::LoadParams>(body);
  std::set<std::string, std::less<>> names;
  if (message.ok()) AddNames(*message, "", &names);
  std::vector<service::ParameterCoverage> used;
  std::ranges::copy_if(kParameters, std::back_inserter(used),
                       [&](const auto& row) { return names.contains(row.name); });
  return used;
}

}  // namespace tql::load
