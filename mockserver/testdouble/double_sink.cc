#include "mockserver/testdouble/double_sink.h"

#include <algorithm>
#include <chrono>

#include "mockserver/engine/row_encoder.h"
#include "mockserver/testdouble/canned_answer.h"
#include "mockserver/testdouble/strict.h"

namespace tql::testdouble {
namespace {

using mockpb::Action;
using mockpb::Position;

/// Rows that are reordered together; a larger result is reordered in pieces.
constexpr std::size_t kMostReordered = 100'000;
constexpr std::size_t kMostReorderedBytes = std::size_t{16} << 20;

bool IsAtEnd(const RuleAction& rule_action) {
  const Action& action = rule_action.message;
  return (action.has_cut() && action.cut().at().has_end()) ||
         (action.has_edit() && action.edit().at().has_end());
}

bool ChangesARow(const RuleAction& rule_action) {
  const Action& action = rule_action.message;
  return (action.has_cut() && action.cut().at().has_row()) ||
         (action.has_edit() && action.edit().at().has_row());
}

bool CutsAtEnd(const Rule& rule) {
  return std::ranges::any_of(rule.actions(), [](const RuleAction& action) {
    return action.message.has_cut() && IsAtEnd(action);
  });
}

}  // namespace

DoubleSink::DoubleSink(service::ResponseSink& wrapped, const DoubledCall& call,
                       DoubledStatement first)
    : ResponseSinkWrapper(wrapped), call_(call) {
  taken_.push_back(std::move(first));
}

const std::vector<RuleAction>& DoubleSink::actions() const {
  static const std::vector<RuleAction> none;
  return current_.rule ? current_.rule->actions() : none;
}

const Action::Answer* DoubleSink::canned() const {
  for (const RuleAction& rule_action : actions()) {
    const Action& action = rule_action.message;
    if (action.has_answer()) return &action.answer();
  }
  return nullptr;
}

// ---- Before a statement -------------------------------------------------------------------------

bool DoubleSink::Answers(const PendingStatement& pending) {
  const bool is_taken = !taken_.empty() && taken_.back().index == pending.info.index;
  if (!is_taken) taken_.push_back(call_.Take(pending));
  const DoubledStatement& taken = taken_.back();
  return taken.unmatched || !taken.objection.empty() || (taken.rule && !taken.rule->runs());
}

service::ResponseSink::Answered DoubleSink::Answer(const PendingStatement& pending) {
  const engine::Context context = pending.context;
  context_ = context;
  Take(pending.info);
  if (current_.unmatched) {
    WriteCanned(ErrorAnswer("No rule of the plan matches this statement.\n"), context);
  } else if (!current_.objection.empty() && (!current_.rule || current_.rule->runs())) {
    WriteCanned(ErrorAnswer("Strict mode: " + current_.objection + ".\n"), context);
  } else {
    const Action::Answer* const answer = canned();
    WriteCanned(answer != nullptr ? *answer : SuccessAnswer(), context);
  }
  return {.status = status_, .last = asked_ || cut_, .context = context_};
}

engine::StatementSink& DoubleSink::BeginStatement(const StatementInfo& info) {
  Take(info);
  replaced_ = canned() != nullptr;
  return *this;
}

void DoubleSink::Take(const StatementInfo& info) {
  ResponseSinkWrapper::BeginStatement(info);
  current_ = std::move(taken_.front());
  taken_.pop_front();
  open_ = true;
  entered_ = replaced_ = asked_ = false;
  status_ = Status();
  rows_ = messages_ = received_rows_ = 0;
  is_cut_ = false;
  call_.ResetWasCut();
  reordered_.clear();
  if (current_.record) current_.record->from_cache = info.from_cache;
  if (current_.reorder) random_.emplace(current_.seed);
  held_row_.reset();
  held_message_.reset();
  if (!current_.rule) return;
  SetFilters();
  if (std::ranges::any_of(actions(), IsAtEnd)) at_end_.push_back(current_.rule);
}

/// Filters stay until the end of the answer: lines and bytes count from the statement on.
void DoubleSink::SetFilters() {
  const bool has_bytes = call_.context().protocol == service::Protocol::kHttp;
  for (const RuleAction& rule_action : actions()) {
    const Action& action = rule_action.message;
    if (NeedsBytes(action) && !has_bytes) {
      current_.Warn("an action needs the bytes of an HTTP response and was left out");
    }
    if (action.has_status() && current_.index > 0) {
      current_.Warn("a status needs the first statement of a call and was left out");
    }
  }
  service::AnswerControl* const front_end = control();
  if (front_end == nullptr) return;
  const FilterEnvironment environment{
      .released = call_.Released(current_.rule),
      .pause = [this, rule = current_.rule](
                   std::chrono::nanoseconds time) { return call_.Wait(rule, time); },
      .on_cut =
          [this] {
            cut_ = true;
            AddRecord();
          },
      .on_long_line = [this] { (filtered_ ? *filtered_ : current_).Warn(kLongLine); }};
  auto body = has_bytes ? MakeBodyFilter(actions(), environment) : nullptr;
  auto lines = has_bytes ? nullptr : MakeMessageFilter(actions(), environment);
  if (!body && !lines) return;
  if (body_filter_ || message_filter_) {
    current_.Warn("an action on lines or bytes was left out, because another rule has one");
    return;
  }
  body_filter_ = std::move(body);
  message_filter_ = std::move(lines);
  if (body_filter_) front_end->FilterBody(body_filter_.get());
  if (message_filter_) front_end->FilterMessages(message_filter_.get());
  current_.filtered = true;
}

// ---- The answer of a statement ------------------------------------------------------------------

bool DoubleSink::Enter() {
  if (stopped()) return false;
  if (std::exchange(entered_, true)) return true;
  current_.MarkFirstByte(call_.clock().Now());
  for (const RuleAction& rule_action : actions()) {
    const Action& action = rule_action.message;
    if (action.has_delay() && !call_.Wait(current_.rule, rule_action.duration)) {
      return Passed(false);
    }
    if (action.has_cut() && action.cut().at().at_case() == Position::AT_NOT_SET) {
      return Cut(action.cut(), current_.rule, /*drop_unsent=*/current_.index == 0);
    }
    if (action.has_edit() && action.edit().at().at_case() == Position::AT_NOT_SET) {
      Insert(action.edit());
    }
  }
  return true;
}

bool DoubleSink::OnProgress(std::span<const engine::Progress> stages) {
  // Delays apply to the answer, not to the progress before it.
  return replaced_ || (!stopped() && Passed(ResponseSinkWrapper::OnProgress(stages)));
}

bool DoubleSink::OnQuestion(const engine::Question& question) {
  if (replaced_) return true;
  asked_ = true;
  return Enter() && Passed(ResponseSinkWrapper::OnQuestion(question));
}

bool DoubleSink::Begin(const engine::Context& final_context) {
  context_ = final_context;
  if (replaced_) return true;
  current_.SetDatabaseAfter(final_context.database);
  return Enter() && Passed(ResponseSinkWrapper::Begin(final_context));
}

bool DoubleSink::Header(std::span<const engine::Column> columns) {
  return replaced_ || (!stopped() && Passed(ResponseSinkWrapper::Header(columns)));
}

bool DoubleSink::Row(std::span<const std::string_view> cells) {
  if (replaced_) return true;
  if (stopped()) return false;
  ++received_rows_;
  if (!current_.reorder) return PassRow(cells);
  for (const std::string_view cell : cells) reordered_bytes_ += cell.size();
  reordered_.emplace_back(cells.begin(), cells.end());
  const bool full = reordered_.size() >= kMostReordered || reordered_bytes_ >= kMostReorderedBytes;
  return !full || ReleaseReordered();
}

const engine::RowEncoder* DoubleSink::row_encoder() {
  const bool needs_cells =
      replaced_ || current_.reorder || std::ranges::any_of(actions(), ChangesARow);
  return needs_cells ? nullptr : ResponseSinkWrapper::row_encoder();
}

bool DoubleSink::Rows(engine::EncodedRows& rows) {
  if (stopped()) return false;
  received_rows_ += rows.rows;
  rows_ += rows.rows;
  current_.CountRows(rows.rows, rows.cell_bytes);
  return Passed(ResponseSinkWrapper::Rows(rows));
}

bool DoubleSink::ReleaseReordered() {
  std::vector<std::vector<std::string>> rows = std::exchange(reordered_, {});
  reordered_bytes_ = 0;
  if (current_.reorder == mockpb::Settings::REVERSED) {
    std::ranges::reverse(rows);
  } else {
    for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[(*random_)() % i]);
  }
  for (const std::vector<std::string>& row : rows) {
    if (!PassRow({std::vector<std::string_view>(row.begin(), row.end())})) return false;
  }
  return true;
}

bool DoubleSink::PassRow(std::span<const std::string_view> cells) {
  current_.CountRow(cells);
  if (!current_.rule) return Passed(ResponseSinkWrapper::Row(cells));
  return PassUnit(
      Position::kRow, rows_++, [&] { return ResponseSinkWrapper::Row(cells); },
      [&] { held_row_.emplace(cells.begin(), cells.end()); }, [this] { return ReleaseRow(); });
}

bool DoubleSink::Message(engine::MessageType type, std::string_view text) {
  if (replaced_) return true;
  if (stopped()) return false;
  if (!current_.has_default_limit || !call_.was_cut()) return PassMessage(type, text);
  const bool first = !std::exchange(is_cut_, true);
  const std::string objection = ObjectionToCut(received_rows_);
  if (first) current_.Object(objection);
  if (!current_.fails_if_cut) return PassMessage(type, text);
  // An error takes the place of the messages of success.
  return !first || PassMessage(engine::MessageType::kError, "Strict mode: " + objection + ".\n");
}

bool DoubleSink::PassMessage(engine::MessageType type, std::string_view text) {
  if (type == engine::MessageType::kError) status_ = UnknownError(std::string(text));
  if (!reordered_.empty() && !ReleaseReordered()) return false;
  current_.CountMessage(text);
  if (!current_.rule) return Passed(ResponseSinkWrapper::Message(type, text));
  if (!Passed(ReleaseRow())) return false;
  return PassUnit(
      Position::kMessage, messages_++, [&] { return ResponseSinkWrapper::Message(type, text); },
      [&] { held_message_.emplace(type, text); }, [this] { return ReleaseMessage(); });
}

bool DoubleSink::PassUnit(Position::AtCase unit, std::uint64_t index,
                          const std::function<bool()>& emit, const std::function<void()>& hold,
                          const std::function<bool()>& release) {
  const UnitActions here = ActionsAt(actions(), unit, index);
  if (here.cut != nullptr) return Cut(*here.cut, current_.rule);
  for (const std::string_view bytes : here.inserted) {
    if (service::AnswerControl* const front_end = control()) front_end->Insert(bytes);
  }
  if (here.swap && here.copies > 0) {
    hold();
    return true;
  }
  for (std::uint64_t i = 0; i < here.copies; ++i) {
    if (!Passed(emit())) return false;
  }
  return Passed(release());
}

bool DoubleSink::ReleaseRow() {
  if (!held_row_) return true;
  const std::vector<std::string> row = *std::exchange(held_row_, std::nullopt);
  const std::vector<std::string_view> cells(row.begin(), row.end());
  return ResponseSinkWrapper::Row(cells);
}

bool DoubleSink::ReleaseMessage() {
  if (!held_message_) return true;
  const auto [type, text] = *std::exchange(held_message_, std::nullopt);
  return ResponseSinkWrapper::Message(type, text);
}

void DoubleSink::End() {
  if (replaced_) {
    replaced_ = false;
    return WriteCanned(*canned(), context_);
  }
  const bool whole = Enter() && (reordered_.empty() || ReleaseReordered()) &&
                     Passed(ReleaseRow()) && Passed(ReleaseMessage());
  for (const RuleAction& rule_action : actions()) {
    const Action& action = rule_action.message;
    if (!whole || cut_) break;
    if (action.has_cut() && action.cut().at().has_complete()) Cut(action.cut(), current_.rule);
    if (action.has_edit() && action.edit().at().has_complete()) {
      if (action.edit().drop() > 0 && control() != nullptr) control()->OmitComplete();
      Insert(action.edit());
    }
  }
  open_ = false;
  AddRecord();
  ResponseSinkWrapper::End();
}

void DoubleSink::WriteCanned(const Action::Answer& answer, const engine::Context& context) {
  current_.has_default_limit = false;
  service::AnswerControl* const front_end = control();
  if (answer.piece_size() > 0 && Enter()) {
    bool inserted = front_end != nullptr;
    for (const Action::Piece& piece : answer.piece()) {
      inserted = inserted && front_end->Insert(piece.has_data() ? piece.data() : piece.text());
      if (inserted) (void)front_end->Flush();  // the next Insert notices that the client has left
    }
    if (!inserted) WriteAnswer(SuccessAnswer(), context, call_.null_string(), *this);
  } else {
    WriteAnswer(answer, context, call_.null_string(), *this);
    if (!IsComplete(answer) && front_end != nullptr) front_end->OmitComplete();
  }
  End();
}

void DoubleSink::Insert(const Action::Edit& edit) {
  const std::string* const bytes = Inserted(edit);
  service::AnswerControl* const front_end = control();
  if (bytes != nullptr && front_end != nullptr) front_end->Insert(*bytes);
}

// ---- The end ------------------------------------------------------------------------------------

bool DoubleSink::Passed(bool accepted) {
  if (!accepted && !cut_) gone_ = true;
  return accepted;
}

bool DoubleSink::Cut(const Action::Cut& cut, const std::shared_ptr<const Rule>& rule,
                     bool drop_unsent) {
  cut_ = true;
  AddRecord();
  if (service::AnswerControl* const front_end = control()) {
    net::Cut end = CutOf(cut, call_.Released(rule));
    end.drop_unsent = drop_unsent;
    front_end->End(end);
  }
  return false;
}

void DoubleSink::AddRecord() {
  if (filtered_ && cut_) AddFiltered(mockpb::CUT);
  if (!current_.record) return;
  if (current_.instead) {
    current_.SetOutcome(*current_.instead);
  } else if (cut_ || (current_.rule && CutsAtEnd(*current_.rule))) {
    current_.SetOutcome(mockpb::CUT);
  } else if (gone_) {
    current_.SetOutcome(mockpb::CANCELLED);
  } else if (asked_) {
    current_.SetOutcome(mockpb::ASKED);
  } else if (!status_.ok()) {
    current_.SetOutcome(mockpb::FAILED, status_.message());
  }
  if (current_.filtered && !cut_) {
    filtered_.emplace(DoubledStatement{.index = current_.index,
                                       .rule = current_.rule,
                                       .record = std::move(current_.record),
                                       .began = current_.began});
  } else {
    call_.Add(current_);
  }
}

void DoubleSink::AddFiltered(std::optional<mockpb::Outcome> outcome) {
  if (!filtered_) return;
  if (outcome) filtered_->SetOutcome(*outcome);
  call_.Add(*filtered_);
  filtered_.reset();
}

void DoubleSink::Finish() {
  if (!cut_) ResponseSinkWrapper::Finish();
  for (const auto& rule : at_end_) {
    for (const RuleAction& rule_action : rule->actions()) {
      const Action& action = rule_action.message;
      if (cut_) break;
      if (action.has_edit() && action.edit().at().has_end()) Insert(action.edit());
      if (action.has_cut() && action.cut().at().has_end()) Cut(action.cut(), rule);
    }
  }
}

void DoubleSink::Close(const Status& status) {
  AddFiltered();
  if (open_) {
    gone_ = true;
    AddRecord();
  }
  for (DoubledStatement& taken : taken_) {  // they did not begin
    if (taken.instead) {
      taken.SetOutcome(*taken.instead);
    } else if (!status.ok()) {
      taken.SetOutcome(status);
    } else {
      taken.SetOutcome(mockpb::CANCELLED);
    }
    call_.Add(taken);
  }
  taken_.clear();
}

}  // namespace tql::testdouble
