// The JSON of a parse tree, as a tree to walk.
#ifndef TQLKIT_MOCKSERVER_DIALECT_POSTGRES_JSON_TREE_H_
#define TQLKIT_MOCKSERVER_DIALECT_POSTGRES_JSON_TREE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tql::dialect::postgres {

class JsonTree;

/// One value of a JsonTree, or nothing. A handle: valid as long as the tree stays where it is.
/// Nothing answers every question with nothing, zero or false, so that a missing member needs no
/// question of its own.
class JsonValue {
 public:
  JsonValue() = default;
  explicit operator bool() const { return tree_ != nullptr; }

  /// The member of an object; nothing when there is none. Linear in its members.
  JsonValue operator[](std::string_view key) const;
  /// A node of a parse tree is an object of one member, named as the node's type.
  std::string_view type() const;  // e.g. "A_Const"; empty for what is no node
  JsonValue body() const;         // its member
  bool is(std::string_view node_type) const { return type() == node_type; }

  std::string Text() const;         // of a string, its escapes undone
  bool Is(std::string_view) const;  // a string that has no escapes and is this
  std::int64_t Number() const;
  bool True() const;

  /// The items of a list.
  class Iterator {
   public:
    Iterator(const JsonTree* tree, std::uint32_t index) : tree_(tree), index_(index) {}
    JsonValue operator*() const { return {tree_, index_}; }
    Iterator& operator++();
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    const JsonTree* tree_;
    std::uint32_t index_;
  };
  Iterator begin() const;
  Iterator end() const;
  JsonValue front() const;   // nothing when the list is empty
  std::size_t size() const;  // linear

  /// The smallest number >= 0 that a member `key` has anywhere within; nullopt when there is none.
  std::optional<std::int64_t> LeastWithin(std::string_view key) const;

 private:
  friend class JsonTree;
  JsonValue(const JsonTree* tree, std::uint32_t index) : tree_(tree), index_(index) {}

  const JsonTree* tree_ = nullptr;
  std::uint32_t index_ = 0;
};

/// Owns the text and an entry of 16 bytes for each value and each key in it.
class JsonTree {
 public:
  /// Never recursive. `text` comes from libpg_query: of what is no JSON only that which would lead
  /// beyond the text is refused.
  static std::optional<JsonTree> Parse(std::string text);
  JsonValue root() const { return {this, 0}; }

 private:
  friend class JsonValue;
  enum class Kind : std::uint8_t { kObject, kList, kString, kOther };
  struct Entry {
    std::uint32_t begin = 0;  // of a string: behind its quote
    std::uint32_t end = 0;
    std::uint32_t next = 0;  // the entry behind this one and what it holds
    Kind kind = Kind::kOther;
  };

  bool Scan();
  std::size_t ScanString(std::size_t pos);
  std::size_t ScanOther(std::size_t pos);
  std::string_view Raw(std::uint32_t index) const {
    const Entry& entry = entries_[index];
    return std::string_view(text_).substr(entry.begin, entry.end - entry.begin);
  }

  std::string text_;
  std::vector<Entry> entries_;
};

}  // namespace tql::dialect::postgres

#endif  // TQLKIT_MOCKSERVER_DIALECT_POSTGRES_JSON_TREE_H_
