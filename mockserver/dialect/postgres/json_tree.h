// The JSON of a parse tree in a form that can be traversed.
#ifndef TQLKIT_MOCKSERVER_DIALECT_POSTGRES_JSON_TREE_H_
#define TQLKIT_MOCKSERVER_DIALECT_POSTGRES_JSON_TREE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tql::dialect::postgres {

class JsonTree;

/// One value of a JsonTree, or no value. A handle that is valid while the tree exists and is not
/// moved. Without a value, every method returns no value, zero or false, so that callers need not
/// check for missing members.
class JsonValue {
 public:
  JsonValue() = default;
  explicit operator bool() const { return tree_ != nullptr; }

  /// The member of an object, or no value. Linear in the number of members.
  JsonValue operator[](std::string_view key) const;
  /// A node of a parse tree is an object with one member, whose name is the node's type.
  std::string_view type() const;  // E.g. "A_Const"; empty if this is not a node.
  JsonValue body() const;         // The value of that member.
  bool is(std::string_view node_type) const { return type() == node_type; }

  std::string Text() const;         // The value of a string, unescaped.
  bool Is(std::string_view) const;  // Whether this is that string, which needs no escapes.
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
  JsonValue front() const;   // No value if the list is empty.
  std::size_t size() const;  // Linear.

  /// The smallest non-negative number of a member `key` at any depth, or nullopt.
  std::optional<std::int64_t> LeastWithin(std::string_view key) const;

 private:
  friend class JsonTree;
  JsonValue(const JsonTree* tree, std::uint32_t index) : tree_(tree), index_(index) {}

  const JsonTree* tree_ = nullptr;
  std::uint32_t index_ = 0;
};

/// Owns the text and an entry of 16 bytes for each key and value.
class JsonTree {
 public:
  /// Not recursive. Expects the output of libpg_query: rejects invalid JSON only where it would
  /// read past the text.
  static std::optional<JsonTree> Parse(std::string text);
  JsonValue root() const { return {this, 0}; }

 private:
  friend class JsonValue;
  enum class Kind : std::uint8_t { kObject, kList, kString, kOther };
  struct Entry {
    std::uint32_t begin = 0;  // For a string: after the opening quote.
    std::uint32_t end = 0;
    std::uint32_t next = 0;  // The index of the first entry after this value's contents.
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
