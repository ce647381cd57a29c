#include "mockserver/engine/scope.h"

#include <algorithm>

#include "mockserver/dialect/foreign_sql.h"
#include "mockserver/engine/errors.h"
#include "proto/base/text.h"

namespace tql::engine {
namespace {

using errors::Thing;
using Match = ScopeRelation::Match;

/// Lookups that scan the columns before an index of them is built.
constexpr int kScans = 8;

/// Selects a candidate: exact matches precede folded ones; two of the same rank are ambiguous.
template <typename T>
class Best {
 public:
  void Offer(Match match, T candidate) {
    if (match == Match::kNone || match < match_) return;
    count_ = match > match_ ? 1 : count_ + 1;
    match_ = match;
    candidate_ = candidate;
  }
  bool found() const { return count_ > 0; }
  bool ambiguous() const { return count_ > 1; }
  void MakeAmbiguous(Match match) {
    Offer(match, candidate_);
    Offer(match, candidate_);
  }
  Match match() const { return match_; }
  const T& candidate() const { return candidate_; }

 private:
  Match match_ = Match::kNone;
  int count_ = 0;
  T candidate_{};
};

std::string ColumnText(const dialect::ObjectName& name) {
  std::string text;
  for (const dialect::Name& part : name.parts) {
    if (!text.empty()) text += '.';
    text += part.text;
  }
  return text;
}

}  // namespace

ScopeRelation::ScopeRelation(plan::RelationId id, std::vector<std::string> qualifiers,
                             plan::TablePtr table)
    : id_(id), qualifiers_(std::move(qualifiers)), table_(std::move(table)) {}

ScopeRelation::ScopeRelation(plan::RelationId id, std::vector<std::string> qualifiers,
                             std::vector<plan::Query::Column> columns)
    : id_(id), qualifiers_(std::move(qualifiers)), columns_(std::move(columns)) {}

Match ScopeRelation::MatchQualifier(const dialect::Name* names, std::size_t count) const {
  if (count > qualifiers_.size()) return Match::kNone;
  Match match = Match::kExact;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string& written = names[count - 1 - i].text;
    if (written == qualifiers_[i]) continue;
    if (!base::EqualsIgnoreCase(written, qualifiers_[i])) return Match::kNone;
    match = Match::kFolded;
  }
  return match;
}

ScopeRelation::Found ScopeRelation::Find(std::string_view column) const {
  // Most statements look up few names, for which the index costs more than it saves.
  if (!index_ && lookups_++ < kScans) return Scan(column);
  if (!index_) {
    index_.emplace();
    for (std::size_t i = 0; i < size(); ++i) {
      index_->Add(column_name(i), static_cast<std::int32_t>(i));
    }
  }
  const auto found = index_->Find(column);
  const bool exact = index_->FindExact(column) != nullptr;
  if (found.ambiguous) {
    return {.match = exact ? Match::kExact : Match::kFolded, .ambiguous = true, .column = 0};
  }
  if (found.value == nullptr) return {};
  return {
      .match = exact ? Match::kExact : Match::kFolded, .ambiguous = false, .column = *found.value};
}

ScopeRelation::Found ScopeRelation::Scan(std::string_view column) const {
  Best<std::int32_t> best;
  for (std::size_t i = 0; i < size(); ++i) {
    const std::string& name = column_name(i);
    if (name.size() != column.size()) continue;
    const Match match = name == column                         ? Match::kExact
                        : base::EqualsIgnoreCase(name, column) ? Match::kFolded
                                                               : Match::kNone;
    best.Offer(match, static_cast<std::int32_t>(i));
  }
  if (best.ambiguous()) return {.match = best.match(), .ambiguous = true, .column = 0};
  if (!best.found()) return {};
  return {.match = best.match(), .ambiguous = false, .column = best.candidate()};
}

const ScopeRelation* Scope::FindRelation(plan::RelationId id) const {
  const auto it = std::find_if(relations.begin(), relations.end(),
                               [id](const ScopeRelation& r) { return r.id() == id; });
  return it == relations.end() ? nullptr : &*it;
}

StatusOr<Scope::Column> Scope::ResolveHere(const dialect::ObjectName& name) const {
  const std::size_t qualifiers = name.parts.size() - 1;
  Best<Column> best;
  for (std::size_t i = first_visible; i < relations.size(); ++i) {
    const ScopeRelation& relation = relations[i];
    const Match table = relation.MatchQualifier(name.parts.data(), qualifiers);
    if (table == Match::kNone) continue;
    const ScopeRelation::Found found = relation.Find(name.last().text);
    const Match match = std::min(table, found.match);
    if (found.ambiguous) {
      best.MakeAmbiguous(match);
    } else {
      best.Offer(match, {&relation, found.column});
    }
  }
  if (best.ambiguous()) return errors::Ambiguous(Thing::kColumn, ColumnText(name));
  return best.found() ? best.candidate() : Column();
}

bool Scope::Has(const dialect::ObjectName& name) const {
  const StatusOr<Column> found = ResolveHere(name);
  return !found.ok() || found->relation != nullptr;
}

StatusOr<Scope::Column> Scope::Resolve(const dialect::ObjectName& name) const {
  for (const Scope* scope = this; scope != nullptr; scope = scope->outer) {
    StatusOr<Column> found = scope->ResolveHere(name);
    if (!found.ok() || found->relation != nullptr) return found;
  }
  if (name.parts.size() == 1 && !name.last().quoted) {
    if (const auto value = dialect::NoSuchValue(name.last().text)) return NotFoundError(*value);
  }
  const bool no_from = relations.empty() && outer == nullptr;
  return no_from ? errors::ColumnWithoutFrom(ColumnText(name))
                 : errors::NotFound(Thing::kColumn, ColumnText(name));
}

StatusOr<const ScopeRelation*> Scope::ResolveStar(const dialect::ObjectName& qualifier) const {
  Best<const ScopeRelation*> best;
  for (const ScopeRelation& relation : relations) {
    best.Offer(relation.MatchQualifier(qualifier.parts.data(), qualifier.parts.size()), &relation);
  }
  if (best.ambiguous()) return errors::Ambiguous(Thing::kTable, ColumnText(qualifier));
  if (!best.found()) return errors::NotFound(Thing::kTable, ColumnText(qualifier));
  return best.candidate();
}

}  // namespace tql::engine
