#include "mockserver/plan_messages.h"

#include <google/protobuf/util/time_util.h>

#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "mockserver/testdouble/checks.h"
#include "proto/base/status_macros.h"
#include "tql/wire/messages.h"

namespace tql::mock {
namespace {

using testdouble::Element;
using testdouble::ErrorAt;

google::protobuf::Duration ToDuration(std::chrono::nanoseconds time) {
  return google::protobuf::util::TimeUtil::NanosecondsToDuration(time.count());
}

mockpb::Settings::Strict ToMessage(Strictness strict) {
  switch (strict) {
    case Strictness::kOff:
      return mockpb::Settings::OFF;
    case Strictness::kWarn:
      return mockpb::Settings::WARN;
    case Strictness::kError:
      break;
  }
  return mockpb::Settings::ERROR;
}

mockpb::Settings::Evidence ToMessage(Evidence evidence) {
  switch (evidence) {
    case Evidence::kInferred:
      return mockpb::Settings::INFERRED;
    case Evidence::kSample:
      return mockpb::Settings::SAMPLE;
    case Evidence::kClient:
      return mockpb::Settings::CLIENT;
    case Evidence::kDocumented:
      break;
  }
  return mockpb::Settings::DOCUMENTED;
}

mockpb::Settings::Rows ToMessage(RowOrder order) {
  switch (order) {
    case RowOrder::kInsertion:
      return mockpb::Settings::INSERTION;
    case RowOrder::kReversed:
      return mockpb::Settings::REVERSED;
    case RowOrder::kShuffled:
      break;
  }
  return mockpb::Settings::SHUFFLED;
}

mockpb::Action::Run ToMessage(Run run) {
  switch (run) {
    case Run::kDefault:
      return mockpb::Action::DEFAULT;
    case Run::kNot:
      return mockpb::Action::NOT;
    case Run::kFirst:
      break;
  }
  return mockpb::Action::FIRST;
}

mockpb::Action::Cut::How ToMessage(Cut::How how) {
  switch (how) {
    case Cut::How::kClose:
      return mockpb::Action::Cut::CLOSE;
    case Cut::How::kReset:
      return mockpb::Action::Cut::RESET;
    case Cut::How::kStall:
      break;
  }
  return mockpb::Action::Cut::STALL;
}

template <typename Texts>
void AddTexts(const Texts& from, google::protobuf::RepeatedPtrField<std::string>* to) {
  to->Assign(from.begin(), from.end());
}

/// The enums of Match have the numbers of the protocol.
template <typename Enums>
void AddEnums(const Enums& from, google::protobuf::RepeatedField<int>* to) {
  for (const auto value : from) to->Add(static_cast<int>(value));
}

StatusOr<mockpb::Match> ToMessage(const Match& match, const std::string& path) {
  if (match.like.has_value() + match.exact.has_value() + match.regex.has_value() > 1) {
    return ErrorAt(path, "at most one of like, exact and regex can be set");
  }
  mockpb::Match message;
  AddEnums(match.call, message.mutable_call());
  AddEnums(match.transport, message.mutable_transport());
  AddEnums(match.outcome, message.mutable_outcome());
  message.set_user(match.user);
  message.mutable_header()->insert(match.header.begin(), match.header.end());
  AddTexts(match.path, message.mutable_path());
  message.set_method(match.method);
  AddTexts(match.kind, message.mutable_kind());
  AddTexts(match.table, message.mutable_table());
  if (match.like) message.set_like(*match.like);
  if (match.exact) message.set_exact(*match.exact);
  if (match.regex) message.set_regex(*match.regex);
  AddTexts(match.literal, message.mutable_literal());
  if (match.index) message.set_index(*match.index);
  message.mutable_option()->insert(match.option.begin(), match.option.end());
  message.set_database(match.database);
  message.set_error(match.error);
  message.set_rule(match.rule);
  return message;
}

StatusOr<mockpb::Position> ToMessage(const Position& position, const std::string& path) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  if (position.unit != Position::Unit::kByte && position.number > kMost) {
    return ErrorAt(path, "found " + std::to_string(position.number) + ", expected at most " +
                             std::to_string(kMost));
  }
  const auto number = static_cast<std::uint32_t>(position.number);
  mockpb::Position message;
  switch (position.unit) {
    case Position::Unit::kStart:
      break;
    case Position::Unit::kLine:
      message.set_line(number);
      break;
    case Position::Unit::kRow:
      message.set_row(number);
      break;
    case Position::Unit::kMessage:
      message.set_message(number);
      break;
    case Position::Unit::kByte:
      message.set_byte(position.number);
      break;
    case Position::Unit::kComplete:
      message.set_complete(true);
      break;
    case Position::Unit::kEnd:
      message.set_end(true);
      break;
  }
  return message;
}

Status Fill(const Answer::Result& from, const std::string& path,
            pb::ExecuteQueryResponse::Result& to) {
  using Result = pb::ExecuteQueryResponse::Result;
  using Header = Result::TableResult::ColumnHeader;
  if (!from.database.empty()) to.mutable_final_context()->set_database(from.database);
  for (const Answer::Question& question : from.questions) {
    pb::InteractiveQueryQuestion& message = *to.add_interactive_question();
    message.set_question_id(question.id);
    message.set_banner(question.banner);
    message.set_prompt(question.prompt);
    AddTexts(question.options, message.mutable_options());
  }
  for (const Answer::Progress& progress : from.progress) {
    Result::Progress& message = *to.add_progress();
    message.set_id(progress.id);
    message.set_label(progress.label);
    message.set_percentage(progress.percentage);
    message.set_details(progress.details);
  }
  for (std::size_t i = 0; i < from.columns.size(); ++i) {
    Header::Type type = Header::UNKNOWN;
    if (!Header::Type_Parse(from.columns[i].type, &type)) {
      return ErrorAt(Element(path + ".table.headers", static_cast<int>(i)) + ".type",
                     "unknown type '" + from.columns[i].type + "'");
    }
    Header& header = *to.mutable_table()->add_headers();
    header.set_name(from.columns[i].name);
    header.set_type(type);
  }
  for (const std::vector<std::string>& row : from.rows) {
    AddTexts(row, to.mutable_table()->add_rows()->mutable_v());
  }
  for (const Answer::Message& message : from.messages) {
    Result::OutMessage& out = *to.add_message();
    out.set_type(message.type == Answer::Message::Type::kInfo      ? Result::OutMessage::INFO
                 : message.type == Answer::Message::Type::kWarning ? Result::OutMessage::WARNING
                                                                   : Result::OutMessage::ERROR);
    out.set_value(message.text);
  }
  return Status();
}

/// Fills the message of one action.
struct Filler {
  const std::string& path;
  mockpb::Action& to;

  Status operator()(const Delay& delay) const {
    *to.mutable_delay() = ToDuration(delay.time);
    return Status();
  }
  Status operator()(const Answer& answer) const {
    to.set_run(ToMessage(answer.run));
    mockpb::Action::Answer& message = *to.mutable_answer();
    for (std::size_t i = 0; i < answer.results.size(); ++i) {
      TQL_RETURN_IF_ERROR(Fill(answer.results[i],
                               Element(path + ".answer.result", static_cast<int>(i)),
                               *message.add_result()));
    }
    if (!answer.results.empty() && answer.complete && answer.results.back().questions.empty()) {
      message.mutable_result()->rbegin()->set_complete(true);
    }
    message.set_error(answer.error);
    for (const std::string& piece : answer.pieces) message.add_piece()->set_data(piece);
    if (answer.null_string) message.set_null_string(*answer.null_string);
    return Status();
  }
  Status operator()(const Refusal& refusal) const {
    if (refusal.http < 0) return ErrorAt(path + ".status.http", "the status is negative");
    to.set_run(ToMessage(refusal.run));
    mockpb::Action::Status& message = *to.mutable_status();
    message.set_http(static_cast<std::uint32_t>(refusal.http));
    message.set_grpc(refusal.grpc);
    message.set_message(refusal.message);
    message.set_content_type(refusal.content_type);
    message.set_body(refusal.body);
    return Status();
  }
  Status operator()(const Cut& cut) const {
    to.set_run(ToMessage(cut.run));
    to.mutable_cut()->set_how(ToMessage(cut.how));
    return SetPosition(cut.at, ".cut.at", [this] { return to.mutable_cut()->mutable_at(); });
  }
  Status operator()(const Edit& edit) const {
    if (edit.insert.has_value() + (edit.drop > 0) + (edit.repeat > 0) + edit.swap != 1) {
      return ErrorAt(path + ".edit", "expected one of insert, drop, repeat and swap");
    }
    mockpb::Action::Edit& message = *to.mutable_edit();
    if (edit.insert) message.set_insert_data(*edit.insert);
    if (edit.drop > 0) message.set_drop(edit.drop);
    if (edit.repeat > 0) message.set_repeat(edit.repeat);
    if (edit.swap) message.set_swap(true);
    return SetPosition(edit.at, ".edit.at", [&] { return message.mutable_at(); });
  }
  Status operator()(const Replace& replace) const {
    mockpb::Action::Replace& message = *to.mutable_edit()->mutable_replace();
    message.set_regex(replace.regex);
    message.set_with(replace.with);
    message.set_times(replace.times);
    return Status();
  }
  Status operator()(const Drip& drip) const {
    to.mutable_drip()->set_bytes(drip.bytes);
    *to.mutable_drip()->mutable_every() = ToDuration(drip.every);
    return SetPosition(drip.from, ".drip.from",
                       [this] { return to.mutable_drip()->mutable_from(); });
  }
  Status operator()(const Head& head) const {
    to.mutable_head()->mutable_set()->insert(head.set.begin(), head.set.end());
    AddTexts(head.remove, to.mutable_head()->mutable_remove());
    return Status();
  }
  Status operator()(const Expire& expire) const {
    to.mutable_session()->set_what(expire.all ? mockpb::Action::Session::EXPIRE_ALL
                                              : mockpb::Action::Session::EXPIRE);
    return Status();
  }

  /// Sets the field that `mutable_field` returns, unless the position is the start.
  template <typename MutableField>
  Status SetPosition(const Position& from, std::string_view field,
                     const MutableField& mutable_field) const {
    if (from.unit == Position::Unit::kStart) return Status();
    TQL_ASSIGN_OR_RETURN(*mutable_field(), ToMessage(from, path + std::string(field)));
    return Status();
  }
};

StatusOr<mockpb::Rule> ToMessage(const Rule& rule, const std::string& path) {
  mockpb::Rule message;
  message.set_id(rule.id);
  TQL_ASSIGN_OR_RETURN(*message.mutable_match(), ToMessage(rule.match, path + ".match"));
  message.set_skip(rule.skip);
  message.set_times(rule.times);
  message.set_may_stay_unused(rule.may_stay_unused);
  for (std::size_t i = 0; i < rule.actions.size(); ++i) {
    const std::string at = Element(path + ".do", static_cast<int>(i));
    TQL_RETURN_IF_ERROR(std::visit(Filler{at, *message.add_do_()}, rule.actions[i]));
  }
  return message;
}

}  // namespace

mockpb::Settings ToMessage(const Settings& settings) {
  mockpb::Settings message;
  if (settings.fail_unmatched) {
    message.set_unmatched(*settings.fail_unmatched ? mockpb::Settings::FAIL
                                                   : mockpb::Settings::RUN);
  }
  if (settings.unordered_rows) message.set_unordered_rows(ToMessage(*settings.unordered_rows));
  if (settings.seed) message.set_seed(*settings.seed);
  if (settings.strict) message.set_strict(ToMessage(*settings.strict));
  if (settings.evidence) message.set_evidence(ToMessage(*settings.evidence));
  return message;
}

StatusOr<mockpb::Plan> ToMessage(const Plan& plan) {
  mockpb::Plan message;
  *message.mutable_settings() = ToMessage(plan.settings);
  for (std::size_t i = 0; i < plan.rules.size(); ++i) {
    TQL_ASSIGN_OR_RETURN(*message.add_rule(),
                         ToMessage(plan.rules[i], Element("rule", static_cast<int>(i))));
  }
  return message;
}

StatusOr<mockpb::VerifyRequest> ToMessage(const Verification& verification) {
  mockpb::VerifyRequest message;
  for (std::size_t i = 0; i < verification.expect.size(); ++i) {
    const Expectation& from = verification.expect[i];
    mockpb::VerifyRequest::Expectation& to = *message.add_expect();
    TQL_ASSIGN_OR_RETURN(*to.mutable_match(),
                         ToMessage(from.match, Element("expect", static_cast<int>(i)) + ".match"));
    if (from.exactly) to.set_exactly(*from.exactly);
    if (from.at_least) to.set_at_least(*from.at_least);
    if (from.at_most) to.set_at_most(*from.at_most);
  }
  message.set_in_order(verification.in_order);
  message.set_nothing_else(verification.nothing_else);
  if (verification.within.count() != 0) *message.mutable_within() = ToDuration(verification.within);
  message.set_after(verification.after);
  return message;
}

}  // namespace tql::mock
