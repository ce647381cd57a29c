#include "mockserver/testdouble/answer_filters.h"

#include <re2/re2.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tql::testdouble {
namespace {

using mockpb::Action;
using mockpb::Position;
using service::BodyFilter;
using service::BodyOutput;
using service::MessageFilter;
using service::MessageOutput;

/// The longest line that is held back. A longer one passes unchanged.
constexpr std::size_t kMostHeld = std::size_t{16} << 20;

/// Passes bytes on line by line. A line that Whole() asks for is held back until its end; others
/// pass in the pieces in which they come.
class LineStage : public BodyFilter {
 public:
  explicit LineStage(const FilterEnvironment& environment)
      : on_long_line_(environment.on_long_line) {}

  bool Pass(std::string_view bytes, BodyOutput& out) override {
    while (!bytes.empty()) {
      const std::size_t end = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
      if (!Piece(bytes.substr(0, end), out)) return false;
      bytes.remove_prefix(end);
    }
    return true;
  }
  bool Finish(BodyOutput& out) override {
    return held_.empty() || Line(index_, std::exchange(held_, {}), out);
  }

 protected:
  /// Whether Line() needs the line as a whole.
  virtual bool Whole(std::uint64_t index) const = 0;
  /// Writes a whole line, with its line end.
  virtual bool Line(std::uint64_t index, std::string line, BodyOutput& out) = 0;
  /// Writes a piece of another line; `begins` at its beginning.
  virtual bool Part(std::uint64_t /*index*/, bool /*begins*/, std::string_view piece,
                    BodyOutput& out) {
    return out.Write(piece);
  }

 private:
  bool Piece(std::string_view piece, BodyOutput& out) {
    const bool ends = piece.ends_with('\n');
    bool go_on = true;
    if (begins_) whole_ = Whole(index_);
    if (whole_ && held_.size() + piece.size() > kMostHeld) {
      whole_ = false;
      if (on_long_line_) on_long_line_();
      go_on = Part(index_, true, std::exchange(held_, {}), out);
      begins_ = false;
    }
    if (whole_) {
      held_ += piece;
      if (ends) go_on = Line(index_, std::exchange(held_, {}), out);
    } else {
      go_on = go_on && Part(index_, begins_, piece, out);
    }
    begins_ = ends;
    if (ends) ++index_;
    return go_on;
  }

  const std::function<void()> on_long_line_;
  std::uint64_t index_ = 0;
  bool begins_ = true;
  bool whole_ = false;
  std::string held_;
};

/// The units from `first` on that an edit drops.
std::uint64_t Dropped(const Action::Edit& edit) {
  return edit.edit_case() == Action::Edit::kDrop ? edit.drop() : 0;
}

/// Inserts before a line, or drops, repeats or exchanges lines.
class LineEdit : public LineStage {
 public:
  LineEdit(const Action::Edit& edit, const FilterEnvironment& environment)
      : LineStage(environment), edit_(edit), at_(edit.at().line()) {}

  bool Finish(BodyOutput& out) override {
    return LineStage::Finish(out) && (first_.empty() || out.Write(std::exchange(first_, {})));
  }

 private:
  bool swaps() const { return edit_.edit_case() == Action::Edit::kSwap && edit_.swap(); }
  bool repeats() const { return edit_.edit_case() == Action::Edit::kRepeat; }

  bool Whole(std::uint64_t index) const override {
    return (index == at_ && (repeats() || swaps())) || (index == at_ + 1 && swaps());
  }
  bool Line(std::uint64_t index, std::string line, BodyOutput& out) override {
    if (repeats()) {
      for (std::uint64_t i = 0; i <= edit_.repeat(); ++i) {
        if (!out.Write(line)) return false;
      }
      return true;
    }
    if (index == at_) {
      first_ = std::move(line);
      return true;
    }
    return out.Write(line) && out.Write(std::exchange(first_, {}));
  }
  bool Part(std::uint64_t index, bool begins, std::string_view piece, BodyOutput& out) override {
    if (index >= at_ && index - at_ < Dropped(edit_)) return true;
    const std::string* const inserted = Inserted(edit_);
    if (index == at_ && begins && inserted != nullptr && !out.Write(*inserted)) return false;
    return out.Write(piece);
  }

  const Action::Edit& edit_;
  const std::uint64_t at_;
  std::string first_;  // of two lines that change places
};

/// Replaces what a pattern matches in every line.
class Replacement : public LineStage {
 public:
  Replacement(const RuleAction& action, const FilterEnvironment& environment)
      : LineStage(environment), replace_(action.message.edit().replace()), regex_(*action.regex) {}

 private:
  bool Whole(std::uint64_t /*index*/) const override {
    return replace_.times() == 0 || done_ < replace_.times();
  }
  bool Line(std::uint64_t /*index*/, std::string line, BodyOutput& out) override {
    const bool had_end = line.ends_with('\n');
    if (had_end) line.pop_back();
    if (replace_.times() == 0) {
      RE2::GlobalReplace(&line, regex_, replace_.with());
    } else {
      ReplaceSome(line);
    }
    if (had_end) line += '\n';
    return out.Write(line);
  }
  void ReplaceSome(std::string& line) {
    std::string replaced;
    re2::StringPiece rest(line);
    std::vector<re2::StringPiece> groups(
        static_cast<std::size_t>(1 + RE2::MaxSubmatch(replace_.with())));
    while (done_ < replace_.times() &&
           regex_.Match(rest, 0, rest.size(), RE2::UNANCHORED, groups.data(),
                        static_cast<int>(groups.size()))) {
      const auto before = static_cast<std::size_t>(groups[0].data() - rest.data());
      replaced.append(rest.data(), before);
      (void)regex_.Rewrite(&replaced, replace_.with(), groups.data(),
                           static_cast<int>(groups.size()));
      ++done_;
      std::size_t consumed = before + groups[0].size();
      if (groups[0].empty()) {  // continues after the next character
        if (consumed == rest.size()) break;
        replaced += rest[consumed++];
      }
      rest.remove_prefix(consumed);
    }
    line = std::move(replaced.append(rest.data(), rest.size()));
  }

  const Action::Replace& replace_;
  const RE2& regex_;
  std::uint32_t done_ = 0;
};

/// Inserts before a byte, or drops, repeats or exchanges bytes.
class ByteEdit : public BodyFilter {
 public:
  explicit ByteEdit(const Action::Edit& edit) : edit_(edit), at_(edit.at().byte()) {}

  bool Pass(std::string_view bytes, BodyOutput& out) override {
    if (offset_ < at_) {
      const std::string_view before = bytes.substr(0, at_ - offset_);
      if (!Copy(before, out)) return false;
      bytes.remove_prefix(before.size());
    }
    if (bytes.empty()) return true;
    if (offset_ == at_ && !done_) {
      done_ = true;
      const std::string* const inserted = Inserted(edit_);
      if (inserted != nullptr && !out.Write(*inserted)) return false;
      if (edit_.edit_case() == Action::Edit::kRepeat) {
        ++offset_;
        const std::string byte(bytes.substr(0, 1));
        bytes.remove_prefix(1);
        for (std::uint64_t i = 0; i <= edit_.repeat(); ++i) {
          if (!out.Write(byte)) return false;
        }
      } else if (edit_.edit_case() == Action::Edit::kSwap && edit_.swap()) {
        ++offset_;
        first_ = bytes.substr(0, 1);
        bytes.remove_prefix(1);
      }
    }
    if (!first_.empty() && !bytes.empty()) {
      if (!Copy(bytes.substr(0, 1), out) || !out.Write(std::exchange(first_, {}))) return false;
      bytes.remove_prefix(1);
    }
    if (offset_ < at_ + Dropped(edit_)) {
      const std::size_t dropped =
          std::min<std::uint64_t>(at_ + Dropped(edit_) - offset_, bytes.size());
      offset_ += dropped;
      bytes.remove_prefix(dropped);
    }
    return Copy(bytes, out);
  }
  bool Finish(BodyOutput& out) override {
    return first_.empty() || out.Write(std::exchange(first_, {}));
  }

 private:
  bool Copy(std::string_view bytes, BodyOutput& out) {
    offset_ += bytes.size();
    return bytes.empty() || out.Write(bytes);
  }

  const Action::Edit& edit_;
  const std::uint64_t at_;
  std::uint64_t offset_ = 0;
  bool done_ = false;
  std::string first_;  // of two bytes that change places
};

/// Ends the answer before a line or a byte.
class CutStage : public BodyFilter {
 public:
  CutStage(const Action::Cut& cut, const FilterEnvironment& environment)
      : cut_(cut), environment_(environment) {}

  bool Pass(std::string_view bytes, BodyOutput& out) override {
    const std::size_t before = Before(bytes);
    if (before > 0 && !out.Write(bytes.substr(0, before))) return false;
    if (!reached_) return true;
    environment_.on_cut();
    out.End(CutOf(cut_, environment_.released));
    return false;
  }
  bool Finish(BodyOutput& /*out*/) override { return true; }

 private:
  /// How many of the bytes are sent.
  std::size_t Before(std::string_view bytes) {
    if (cut_.at().has_byte()) {
      reached_ = bytes.size() > cut_.at().byte() - count_;
      const std::size_t sent = reached_ ? cut_.at().byte() - count_ : bytes.size();
      count_ += sent;
      return sent;
    }
    std::size_t sent = 0;
    while (sent < bytes.size() && count_ < cut_.at().line()) {
      const std::size_t end = bytes.find('\n', sent);
      if (end == bytes.npos) return bytes.size();
      ++count_;
      sent = end + 1;
    }
    reached_ = sent < bytes.size();
    return sent;
  }

  const Action::Cut& cut_;
  const FilterEnvironment environment_;
  std::uint64_t count_ = 0;  // bytes or line ends that were sent
  bool reached_ = false;
};

/// Sends a few bytes at a time.
class DripStage : public BodyFilter {
 public:
  DripStage(const RuleAction& action, const FilterEnvironment& environment)
      : drip_(action.message.drip()), every_(action.duration), pause_(environment.pause) {}

  bool Pass(std::string_view bytes, BodyOutput& out) override {
    const std::size_t before = Before(bytes);
    if (before > 0 && !out.Write(bytes.substr(0, before))) return false;
    bytes.remove_prefix(before);
    while (!bytes.empty()) {
      const std::string_view piece = bytes.substr(0, std::max(drip_.bytes(), 1U));
      if (!out.Write(piece) || !out.Flush() || out.Gone() || !pause_(every_)) return false;
      bytes.remove_prefix(piece.size());
    }
    return true;
  }
  bool Finish(BodyOutput& /*out*/) override { return true; }

 private:
  /// How many of the bytes are sent at once.
  std::size_t Before(std::string_view bytes) {
    const Position& from = drip_.from();
    if (from.has_byte()) {
      const std::size_t sent = std::min<std::uint64_t>(from.byte() - count_, bytes.size());
      count_ += sent;
      return sent;
    }
    std::size_t sent = 0;
    while (from.has_line() && count_ < from.line()) {
      const std::size_t end = bytes.find('\n', sent);
      if (end == bytes.npos) return bytes.size();
      ++count_;
      sent = end + 1;
    }
    return sent;
  }

  const Action::Drip& drip_;
  const std::chrono::nanoseconds every_;
  const std::function<bool(std::chrono::nanoseconds)> pause_;
  std::uint64_t count_ = 0;
};

/// One filter behind the other.
class BodyFilters : public BodyFilter {
 public:
  explicit BodyFilters(std::vector<std::unique_ptr<BodyFilter>> stages)
      : stages_(std::move(stages)) {}
  bool Pass(std::string_view bytes, BodyOutput& out) override {
    return Behind(0, out).Write(bytes);
  }
  bool Finish(BodyOutput& out) override {
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      Output behind = Behind(i + 1, out);
      if (!stages_[i]->Finish(behind)) return false;
    }
    return true;
  }

 private:
  /// Receives what the stages before `next` write.
  class Output : public BodyOutput {
   public:
    Output(BodyFilters& filters, std::size_t next, BodyOutput& out)
        : filters_(filters), next_(next), out_(out) {}
    bool Write(std::string_view bytes) override {
      if (next_ == filters_.stages_.size()) return out_.Write(bytes);
      Output behind(filters_, next_ + 1, out_);
      return filters_.stages_[next_]->Pass(bytes, behind);
    }
    bool Flush() override { return out_.Flush(); }
    void End(const net::Cut& cut) override { out_.End(cut); }
    bool Gone() override { return out_.Gone(); }

   private:
    BodyFilters& filters_;
    const std::size_t next_;
    BodyOutput& out_;
  };
  Output Behind(std::size_t next, BodyOutput& out) { return {*this, next, out}; }

  const std::vector<std::unique_ptr<BodyFilter>> stages_;
};

/// Drops, repeats or exchanges messages, and cuts before one.
class MessageEdits : public MessageFilter {
 public:
  MessageEdits(const std::vector<RuleAction>& actions, const FilterEnvironment& environment)
      : actions_(actions), environment_(environment) {}

  bool Pass(pb::ExecuteQueryResponse& message, std::string& rows, MessageOutput& out) override {
    const UnitActions here = ActionsAt(actions_, Position::kLine, index_++);
    if (here.cut != nullptr) {
      environment_.on_cut();
      out.End(CutOf(*here.cut, environment_.released));
      return false;
    }
    if (here.swap && here.copies > 0) {
      held_.emplace(std::move(message), std::move(rows));
      message.Clear();
      rows.clear();
      return true;
    }
    for (std::uint64_t i = 1; i < here.copies; ++i) {
      pb::ExecuteQueryResponse copy = message;
      std::string rows_copy = rows;
      if (!out.Write(copy, rows_copy)) return false;
    }
    return (here.copies == 0 || out.Write(message, rows)) && Finish(out);
  }
  bool Finish(MessageOutput& out) override {
    if (!held_) return true;
    auto held = *std::exchange(held_, std::nullopt);
    return out.Write(held.first, held.second);
  }

 private:
  const std::vector<RuleAction>& actions_;
  const FilterEnvironment environment_;
  std::uint64_t index_ = 0;
  std::optional<std::pair<pb::ExecuteQueryResponse, std::string>> held_;
};

bool IsAt(const Position& position, Position::AtCase unit, std::uint64_t* index) {
  if (position.at_case() != unit) return false;
  switch (unit) {
    case Position::kLine:
      *index = position.line();
      return true;
    case Position::kRow:
      *index = position.row();
      return true;
    case Position::kMessage:
      *index = position.message();
      return true;
    default:
      *index = 0;
      return true;
  }
}

}  // namespace

const std::string* Inserted(const Action::Edit& edit) {
  switch (edit.edit_case()) {
    case Action::Edit::kInsert:
      return &edit.insert();
    case Action::Edit::kInsertData:
      return &edit.insert_data();
    default:
      return nullptr;
  }
}

UnitActions ActionsAt(const std::vector<RuleAction>& actions, Position::AtCase unit,
                      std::uint64_t index) {
  UnitActions here;
  std::uint64_t at = 0;
  for (const RuleAction& rule_action : actions) {
    const Action& action = rule_action.message;
    if (action.has_cut()) {
      if (IsAt(action.cut().at(), unit, &at) && at == index) here.cut = &action.cut();
      continue;
    }
    if (!action.has_edit() || !IsAt(action.edit().at(), unit, &at)) continue;
    const Action::Edit& edit = action.edit();
    if (index >= at && index - at < Dropped(edit)) here.copies = 0;
    if (index != at) continue;
    if (const std::string* const inserted = Inserted(edit)) here.inserted.push_back(*inserted);
    if (edit.edit_case() == Action::Edit::kRepeat) here.copies += edit.repeat();
    if (edit.edit_case() == Action::Edit::kSwap && edit.swap()) here.swap = true;
  }
  return here;
}

net::Cut CutOf(const Action::Cut& cut, std::function<bool()> released) {
  net::Cut::How how = net::Cut::How::kClose;
  if (cut.how() == Action::Cut::RESET) how = net::Cut::How::kReset;
  if (cut.how() == Action::Cut::STALL) how = net::Cut::How::kStall;
  return {.how = how, .released = std::move(released)};
}

bool ChangesBody(const Action& action) {
  const auto counts = [](const Position& at) {
    return at.has_line() || at.has_byte() || at.has_end();
  };
  switch (action.action_case()) {
    case Action::kCut:
      return counts(action.cut().at());
    case Action::kEdit:
      return counts(action.edit().at()) || action.edit().at().at_case() == Position::AT_NOT_SET;
    case Action::kDrip:
      return true;
    case Action::kAnswer:
      return action.answer().piece_size() > 0;
    default:
      return false;
  }
}

bool NeedsBytes(const Action& action) {
  switch (action.action_case()) {
    case Action::kCut:
      return action.cut().at().has_byte();
    case Action::kEdit:
      return action.edit().at().has_byte() || action.edit().has_replace() ||
             Inserted(action.edit()) != nullptr;
    case Action::kDrip:
    case Action::kHead:
      return true;
    case Action::kAnswer:
      return action.answer().piece_size() > 0;
    case Action::kDelay:
    case Action::kStatus:
    case Action::kSession:
    case Action::ACTION_NOT_SET:
      break;
  }
  return false;
}

std::unique_ptr<BodyFilter> MakeBodyFilter(const std::vector<RuleAction>& actions,
                                           const FilterEnvironment& environment) {
  std::vector<std::unique_ptr<BodyFilter>> stages;
  for (const RuleAction& rule_action : actions) {
    const Action& action = rule_action.message;
    if (action.has_edit()) {
      const Action::Edit& edit = action.edit();
      if (edit.has_replace()) {
        stages.push_back(std::make_unique<Replacement>(rule_action, environment));
      } else if (edit.at().has_line()) {
        stages.push_back(std::make_unique<LineEdit>(edit, environment));
      } else if (edit.at().has_byte()) {
        stages.push_back(std::make_unique<ByteEdit>(edit));
      }
    } else if (action.has_cut() && (action.cut().at().has_line() || action.cut().at().has_byte())) {
      stages.push_back(std::make_unique<CutStage>(action.cut(), environment));
    } else if (action.has_drip()) {
      stages.push_back(std::make_unique<DripStage>(rule_action, environment));
    }
  }
  if (stages.empty()) return nullptr;
  return std::make_unique<BodyFilters>(std::move(stages));
}

std::unique_ptr<MessageFilter> MakeMessageFilter(const std::vector<RuleAction>& actions,
                                                 const FilterEnvironment& environment) {
  const bool used = std::ranges::any_of(actions, [](const RuleAction& rule_action) {
    const Action& action = rule_action.message;
    return (action.has_edit() && action.edit().at().has_line() && !NeedsBytes(action)) ||
           (action.has_cut() && action.cut().at().has_line());
  });
  return used ? std::make_unique<MessageEdits>(actions, environment) : nullptr;
}

}  // namespace tql::testdouble
