// Values by name: an exact match or else the only match that differs in case.
#ifndef TQLKIT_MOCKSERVER_ENGINE_NAME_INDEX_H_
#define TQLKIT_MOCKSERVER_ENGINE_NAME_INDEX_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockserver/engine/persistent_map.h"
#include "proto/base/text.h"

namespace tql::engine {

/// Names may repeat. Lookups and changes take logarithmic time, apart from names that differ in
/// case only; a copy takes constant time.
template <typename T>
class NameIndex {
 public:
  struct Found {
    const T* value = nullptr;  // Null if there is none or several.
    bool ambiguous = false;
  };

  void Add(std::string_view name, T value) {
    by_fold_.Mutable(base::Lower(name)).push_back({std::string(name), std::move(value)});
  }
  /// Removes the first entry with exactly this name.
  void Remove(std::string_view name) {
    const std::string fold = base::Lower(name);
    if (!by_fold_.contains(fold)) return;
    std::vector<Entry>& entries = by_fold_.Mutable(fold);
    for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
      if (entry->name != name) continue;
      entries.erase(entry);
      break;
    }
    if (entries.empty()) by_fold_.Erase(fold);
  }
  Found Find(std::string_view name) const {
    const std::vector<Entry>* const entries = by_fold_.Find(base::Lower(name));
    if (entries == nullptr) return {};
    Found exact;
    for (const Entry& entry : *entries) {
      if (entry.name != name) continue;
      if (exact.value != nullptr) return {.value = nullptr, .ambiguous = true};
      exact.value = &entry.value;
    }
    if (exact.value != nullptr) return exact;
    if (entries->size() > 1) return {.value = nullptr, .ambiguous = true};
    return {.value = &entries->front().value, .ambiguous = false};
  }
  /// Returns a value with exactly this name, or null.
  const T* FindExact(std::string_view name) const {
    const std::vector<Entry>* const entries = by_fold_.Find(base::Lower(name));
    if (entries == nullptr) return nullptr;
    for (const Entry& entry : *entries) {
      if (entry.name == name) return &entry.value;
    }
    return nullptr;
  }

 private:
  struct Entry {
    std::string name;
    T value;
  };
  PersistentMap<std::string, std::vector<Entry>> by_fold_;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_NAME_INDEX_H_
