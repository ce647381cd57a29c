#include "mockserver/testdouble/call_body.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "mockserver/testdouble/answer_filters.h"

namespace tql::testdouble {
namespace {

using mockpb::Action;
using mockpb::Position;
using service::BodyOutput;

service::CallContext ContextWhileSending(const service::CallContext& context) {
  service::CallContext kept;
  kept.protocol = context.protocol;
  kept.session = context.session;
  kept.client_gone = context.client_gone;
  kept.run_waiting = context.run_waiting;
  return kept;
}

}  // namespace

CallBody::CallBody(const DoubledCall& call, DoubledStatement taken)
    : context_(ContextWhileSending(call.context())),
      call_(call.With(context_)),
      taken_(std::move(taken)) {
  for (const RuleAction& action : taken_.rule->actions()) {
    if (taken_.replaced && action.message.has_answer()) pieces_ = &action.message.answer();
  }
  filter_ = MakeBodyFilter(
      taken_.rule->actions(),
      {.released = call_.Released(taken_.rule),
       .pause = [this](std::chrono::nanoseconds time) { return call_.Wait(taken_.rule, time); },
       .on_cut = [this] { AddCut(); },
       .on_long_line = [this] { taken_.Warn(kLongLine); }});
}

CallBody::~CallBody() {
  try {
    if (!begun_) taken_.Warn("no body was sent, so an action on it was left out");
    Add();
  } catch (const std::exception&) {  // no memory
  }
}

bool CallBody::Begin(BodyOutput& out) {
  begun_ = true;
  for (const RuleAction& rule_action : taken_.rule->actions()) {
    const Action& action = rule_action.message;
    if (!action.has_edit() || action.edit().at().at_case() != Position::AT_NOT_SET) continue;
    const std::string* const bytes = Inserted(action.edit());
    if (bytes != nullptr && !Send(*bytes, out)) return false;
  }
  if (pieces_ == nullptr) return true;
  return std::ranges::all_of(pieces_->piece(), [&](const Action::Piece& piece) {
    return Send(piece.has_data() ? piece.data() : piece.text(), out) && Sent(out.Flush());
  });
}

bool CallBody::Pass(std::string_view bytes, BodyOutput& out) { return Send(bytes, out); }

bool CallBody::Finish(BodyOutput& out) {
  if (filter_ && !gone_ && !cut_) Sent(filter_->Finish(out));
  for (const RuleAction& rule_action : taken_.rule->actions()) {
    const Action& action = rule_action.message;
    if (gone_ || cut_) break;
    if (action.has_edit() && action.edit().at().has_end()) {
      if (const std::string* const bytes = Inserted(action.edit())) Sent(out.Write(*bytes));
    } else if (action.has_cut() && action.cut().at().has_end()) {
      AddCut();
      out.End(CutOf(action.cut(), call_.Released(taken_.rule)));
    }
  }
  Add();
  return !gone_ && !cut_;
}

bool CallBody::Send(std::string_view bytes, BodyOutput& out) {
  if (gone_ || cut_) return false;
  return Sent(filter_ ? filter_->Pass(bytes, out) : out.Write(bytes));
}

bool CallBody::Sent(bool accepted) {
  if (!accepted && !cut_) gone_ = true;
  return accepted;
}

void CallBody::AddCut() {
  cut_ = true;
  taken_.SetOutcome(mockpb::CUT);
  Add();
}

void CallBody::Add() {
  if (gone_ && !cut_) taken_.SetOutcome(mockpb::CANCELLED);
  call_.Add(taken_);
}

}  // namespace tql::testdouble
