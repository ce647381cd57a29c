#include "tools/tql/edit/history.h"

#include <algorithm>
#include <utility>

#include "proto/base/text.h"

namespace tql::shell {
namespace {

std::size_t FindIn(std::string_view entry, std::string_view text) {
  const auto found =
      std::search(entry.begin(), entry.end(), text.begin(), text.end(),
                  [](char a, char b) { return base::ToLower(a) == base::ToLower(b); });
  const bool any = found != entry.end() || text.empty();
  return any ? static_cast<std::size_t>(found - entry.begin()) : entry.npos;
}

}  // namespace

void History::Add(const std::string& entry) {
  if (entry.empty()) return;
  const bool repeated = !entries_.empty() && entries_.back() == entry;
  if (repeated) return;
  std::erase(entries_, entry);
  entries_.push_back(entry);
  if (entries_.size() > kMost) entries_.erase(entries_.begin());
  file_.Append(entry);
}

std::optional<History::Found> History::Find(std::string_view text, std::size_t from,
                                            bool older) const {
  // A decrement of zero wraps around and ends the loop as well.
  for (std::size_t i = from; i < entries_.size(); i += older ? std::size_t{0} - 1 : 1) {
    const std::size_t at = FindIn(entries_[i], text);
    if (at != std::string_view::npos) return Found{i, at};
  }
  return std::nullopt;
}

std::string HistoryWalk::At(std::size_t place) const {
  const auto changed = changed_.find(place);
  if (changed != changed_.end()) return changed->second;
  return place < history_.entries().size() ? history_.entries()[place] : "";
}

void HistoryWalk::GoTo(std::size_t entry, const std::string& text) {
  changed_[place_] = text;
  place_ = entry;
}

std::optional<std::string> HistoryWalk::Step(bool older, const std::string& text) {
  if (older ? place_ == 0 : place_ == history_.entries().size()) return std::nullopt;
  GoTo(older ? place_ - 1 : place_ + 1, text);
  return At(place_);
}

std::optional<std::string> HistoryWalk::Leap(bool older, const std::string& text) {
  const std::size_t place = older ? 0 : history_.entries().size();
  if (place_ == place) return std::nullopt;
  GoTo(place, text);
  return At(place_);
}

}  // namespace tql::shell
