// The groups of a SELECT, and the groups of a part of its rows.
#ifndef TQLKIT_MOCKSERVER_ENGINE_GROUP_TABLE_H_
#define TQLKIT_MOCKSERVER_ENGINE_GROUP_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mockserver/engine/accumulator.h"
#include "mockserver/values/datum.h"

namespace tql::engine {

/// What is computed of rows whose first columns are the keys of their groups.
struct GroupSpec {
  std::size_t keys = 0;
  std::vector<AggregateSpec> aggregates;
};

/// Groups by their keys, in the order in which they were added. Keys are integers, texts and NULL;
/// NULLs are equal.
class GroupTable {
 public:
  explicit GroupTable(const GroupSpec& spec) : spec_(spec) {}
  GroupTable(const GroupTable&) = delete;
  GroupTable& operator=(const GroupTable&) = delete;

  /// Returns the number of the group with these keys. Adds the group if the table lacks it.
  std::size_t FindOrAdd(std::span<const values::Datum> keys);

  const GroupSpec& spec() const { return spec_; }
  std::size_t size() const { return spec_.keys == 0 ? added_ : by_key_.size(); }
  std::span<const values::Datum> keys(std::size_t group) const {
    return std::span(keys_).subspan(group * spec_.keys, spec_.keys);
  }
  const Accumulator& at(std::size_t group, std::size_t aggregate) const {
    return accumulators_[group * spec_.aggregates.size() + aggregate];
  }
  /// Changes an accumulator; returns what `change` returns.
  template <typename Change>
  auto With(std::size_t group, std::size_t aggregate, const Change& change) {
    Accumulator& accumulator = accumulators_[group * spec_.aggregates.size() + aggregate];
    const std::size_t before = accumulator.bytes();
    const auto result = change(accumulator);
    bytes_ += accumulator.bytes() - before;
    return result;
  }
  /// The memory of all groups, about.
  std::size_t bytes() const { return bytes_; }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::size_t Add(std::size_t group);

  const GroupSpec spec_;
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> by_key_;
  std::string key_;                        // of the last search
  std::vector<values::Datum> keys_;        // texts are views of the keys of by_key_
  std::vector<Accumulator> accumulators_;  // row by row
  std::size_t added_ = 0;
  std::size_t bytes_ = 0;
};

/// The groups of a part of the rows. Values that have to be added in the order of the rows are kept
/// until the part is merged.
class PartOfGroups {
 public:
  explicit PartOfGroups(const GroupSpec& spec);

  /// False if a value is not of the expected kind, so that the result is not certain.
  bool Add(std::span<const values::Datum> row);
  /// Adds the groups to those of the rows before. False if a value is not of the expected kind.
  bool MergeInto(GroupTable& whole) const;
  std::size_t bytes() const { return groups_.bytes() + values_.size() * sizeof(values::Datum); }

 private:
  const GroupSpec spec_;
  std::vector<std::size_t> in_order_;  // aggregates whose values are kept
  GroupTable groups_;
  std::vector<std::uint32_t> rows_;    // the group of each row, if values are kept
  std::vector<values::Datum> values_;  // kept values, row by row
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_GROUP_TABLE_H_
