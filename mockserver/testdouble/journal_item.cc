#include "mockserver/testdouble/journal_item.h"

#include <google/protobuf/util/time_util.h>

#include <chrono>
#include <string>
#include <utility>

#include "proto/base/utf8.h"

namespace tql::testdouble {
namespace {

using google::protobuf::util::TimeUtil;

/// A literal as Match.literal has it.
std::string TextOf(const dialect::Literal& literal) {
  switch (literal.kind) {
    case dialect::LiteralKind::kNull:
      return "NULL";
    case dialect::LiteralKind::kTrue:
      return "TRUE";
    case dialect::LiteralKind::kFalse:
      return "FALSE";
    default:
      return literal.text;
  }
}

}  // namespace

JournalItem::JournalItem(RecordPtr record) : record_(std::move(record)) {
  if (record_->options) options_ = OptionsSet(*record_->options);
  facts_.call = record_->call;
  facts_.transport = record_->transport;
  facts_.user = record_->user;
  facts_.path = record_->path;
  facts_.method = record_->method;
  facts_.text = record_->text;
  facts_.database = record_->database;
  facts_.schema = record_->schema;
  facts_.index = record_->index;
  facts_.options = [this] { return std::span<const OptionValue>(options_); };
  facts_.known = record_->facts.get();
  facts_.outcome = record_->outcome;
  facts_.error = record_->error;
  facts_.rules = record_->rules;
}

mockpb::Entry JournalItem::ToEntry() const {
  mockpb::Entry entry;
  const Record& from = *record_;
  entry.set_seq(from.seq);
  *entry.mutable_time() = TimeUtil::NanosecondsToTimestamp(
      std::chrono::nanoseconds(from.time.time_since_epoch()).count());
  entry.set_call(from.call);
  entry.set_transport(from.transport);
  entry.set_user(from.user);
  entry.set_session(from.session);
  entry.set_path(from.path);
  entry.set_method(from.method);
  entry.set_request_id(from.request_id);
  entry.set_index(from.index);
  entry.set_text(base::SanitizeUtf8(from.text));
  if (facts_.is_statement()) {
    entry.set_shape(facts_.shape().text);
    for (const auto& literal : facts_.shape().literals) entry.add_literal(TextOf(literal));
    entry.set_kind(std::string(facts_.kind()));
    for (const TableName& table : facts_.tables()) entry.add_table(table.ToString());
  }
  for (const OptionValue& option : options_) {
    (*entry.mutable_option())[option.path] = option.value;
  }
  entry.set_database(from.database);
  entry.set_database_after(from.database_after);
  entry.set_outcome(from.outcome);
  entry.set_error(from.error);
  entry.set_rows(from.rows);
  entry.set_bytes(from.bytes);
  entry.set_from_cache(from.from_cache);
  *entry.mutable_first_byte() = TimeUtil::NanosecondsToDuration(from.first_byte.count());
  *entry.mutable_duration() = TimeUtil::NanosecondsToDuration(from.duration.count());
  entry.mutable_rule()->Assign(from.rules.begin(), from.rules.end());
  entry.mutable_warning()->Assign(from.warnings.begin(), from.warnings.end());
  return entry;
}

}  // namespace tql::testdouble
