#include "mockserver/engine/group_table.h"

#include <cstring>
#include <utility>

namespace tql::engine {
namespace {

using values::Datum;

/// The memory of a group besides its key and its accumulators, about.
constexpr std::size_t kGroupBytes = 96;

/// Appends the kind and the value, so that different keys have different bytes.
void AppendKey(std::string& bytes, const Datum& key) {
  bytes += static_cast<char>(key.kind());
  const auto append_integer = [&](std::int64_t value) {
    char raw[sizeof(value)];
    std::memcpy(raw, &value, sizeof(raw));
    bytes.append(raw, sizeof(raw));
  };
  if (key.kind() == Datum::Kind::kInteger) append_integer(key.integer());
  if (key.kind() != Datum::Kind::kText) return;
  append_integer(static_cast<std::int64_t>(key.text().size()));
  bytes += key.text();
}

}  // namespace

std::size_t GroupTable::FindOrAdd(std::span<const Datum> keys) {
  if (spec_.keys == 0) return added_ > 0 ? 0 : Add(0);
  key_.clear();
  for (const Datum& key : keys) AppendKey(key_, key);
  if (const auto found = by_key_.find(std::string_view(key_)); found != by_key_.end()) {
    return found->second;
  }
  const auto [added, is_new] = by_key_.emplace(key_, by_key_.size());
  // Texts are views of the key that is kept, which does not move.
  const char* at = added->first.data();
  for (Datum key : keys) {
    ++at;
    if (!key.is_null()) at += sizeof(std::int64_t);
    if (key.kind() == Datum::Kind::kText) {
      const std::size_t size = key.text().size();
      key = Datum::Text({at, size});
      at += size;
    }
    keys_.push_back(key);
  }
  return Add(added->second);
}

std::size_t GroupTable::Add(std::size_t group) {
  ++added_;
  for (const AggregateSpec& aggregate : spec_.aggregates) accumulators_.emplace_back(aggregate);
  bytes_ += kGroupBytes + key_.size() + spec_.keys * sizeof(Datum) +
            spec_.aggregates.size() * sizeof(Accumulator);
  return group;
}

PartOfGroups::PartOfGroups(const GroupSpec& spec) : spec_(spec), groups_(spec) {
  for (std::size_t i = 0; i < spec.aggregates.size(); ++i) {
    if (spec.aggregates[i].in_order()) in_order_.push_back(i);
  }
}

bool PartOfGroups::Add(std::span<const Datum> row) {
  const std::span<const Datum> keys = row.first(spec_.keys);
  for (const Datum& key : keys) {
    if (key.kind() == Datum::Kind::kReal) return false;
  }
  const std::size_t group = groups_.FindOrAdd(keys);
  for (std::size_t i = 0; i < spec_.aggregates.size(); ++i) {
    const AggregateSpec& spec = spec_.aggregates[i];
    if (spec.in_order()) continue;
    const bool added = groups_.With(group, i, [&](Accumulator& accumulator) {
      return accumulator.Add(spec, row[spec.argument]);
    });
    if (!added) return false;
  }
  if (in_order_.empty()) return true;
  rows_.push_back(static_cast<std::uint32_t>(group));
  for (const std::size_t i : in_order_) {
    const Datum& value = row[spec_.aggregates[i].argument];
    if (value.kind() == Datum::Kind::kText) return false;
    values_.push_back(value);
  }
  return true;
}

bool PartOfGroups::MergeInto(GroupTable& whole) const {
  std::vector<std::size_t> to(groups_.size());
  for (std::size_t group = 0; group < to.size(); ++group) {
    to[group] = whole.FindOrAdd(groups_.keys(group));
    for (std::size_t i = 0; i < spec_.aggregates.size(); ++i) {
      const AggregateSpec& spec = spec_.aggregates[i];
      if (spec.in_order()) continue;
      whole.With(to[group], i, [&](Accumulator& accumulator) {
        accumulator.Merge(spec, groups_.at(group, i));
        return true;
      });
    }
  }
  const Datum* value = values_.data();
  for (const std::uint32_t group : rows_) {
    for (const std::size_t i : in_order_) {
      const Datum& next = *value++;
      const bool added = whole.With(to[group], i, [&](Accumulator& accumulator) {
        return accumulator.Add(spec_.aggregates[i], next);
      });
      if (!added) return false;
    }
  }
  return true;
}

}  // namespace tql::engine
