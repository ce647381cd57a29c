#include "mockserver/dialect/postgres/json_tree.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace tql::dialect::postgres {
namespace {

// Returns the character that a backslash and `c` stand for; not for \u.
char Unescape(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
  }
}

}  // namespace

std::optional<JsonTree> JsonTree::Parse(std::string text) {
  JsonTree tree;
  tree.text_ = std::move(text);
  if (!tree.Scan()) return std::nullopt;
  return tree;
}

// Lists keys and values in the order of the text; Entry::next skips the contents of a value.
bool JsonTree::Scan() {
  std::vector<std::uint32_t> open;
  for (std::size_t pos = 0; pos < text_.size();) {
    const char c = text_[pos];
    if (c == '{' || c == '[') {
      open.push_back(static_cast<std::uint32_t>(entries_.size()));
      entries_.push_back({.kind = c == '{' ? Kind::kObject : Kind::kList});
      ++pos;
    } else if (c == '}' || c == ']') {
      if (open.empty()) return false;
      entries_[open.back()].next = static_cast<std::uint32_t>(entries_.size());
      open.pop_back();
      ++pos;
    } else if (c == ',' || c == ':' || c == ' ' || c == '\n') {
      ++pos;
    } else {
      pos = c == '"' ? ScanString(pos + 1) : ScanOther(pos);
    }
  }
  return open.empty() && !entries_.empty();
}

// ScanString() and ScanOther() append an entry and return the position after it.
std::size_t JsonTree::ScanString(std::size_t pos) {
  const std::size_t begin = pos;
  while (pos < text_.size() && text_[pos] != '"') pos += text_[pos] == '\\' ? 2 : 1;
  pos = std::min(pos, text_.size());
  entries_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(pos),
                      static_cast<std::uint32_t>(entries_.size() + 1), Kind::kString});
  return pos + 1;
}

std::size_t JsonTree::ScanOther(std::size_t pos) {
  const std::size_t end = std::min(text_.find_first_of(",]}", pos + 1), text_.size());
  entries_.push_back({static_cast<std::uint32_t>(pos), static_cast<std::uint32_t>(end),
                      static_cast<std::uint32_t>(entries_.size() + 1), Kind::kOther});
  return end;
}

JsonValue JsonValue::operator[](std::string_view key) const {
  if (tree_ == nullptr || tree_->entries_[index_].kind != JsonTree::Kind::kObject) return {};
  const std::uint32_t end = tree_->entries_[index_].next;
  for (std::uint32_t i = index_ + 1; i + 1 < end; i = tree_->entries_[i + 1].next) {
    if (tree_->Raw(i) == key) return {tree_, i + 1};
  }
  return {};
}

std::string_view JsonValue::type() const { return body() ? tree_->Raw(index_ + 1) : ""; }

JsonValue JsonValue::body() const {
  if (tree_ == nullptr) return {};
  const JsonTree::Entry& entry = tree_->entries_[index_];
  if (entry.kind != JsonTree::Kind::kObject || entry.next < index_ + 3) return {};
  return {tree_, index_ + 2};
}

std::string JsonValue::Text() const {
  std::string out;
  if (tree_ == nullptr) return out;
  const std::string_view raw = tree_->Raw(index_);
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\' || i + 1 == raw.size()) {
      out += raw[i];
    } else if (raw[++i] != 'u') {
      out += Unescape(raw[i]);
    } else {  // libpg_query escapes only ASCII characters this way.
      unsigned code = 0;
      const std::string_view digits = raw.substr(i + 1, 4);
      std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
      out += static_cast<char>(code & 0x7FU);
      i += digits.size();
    }
  }
  return out;
}

bool JsonValue::Is(std::string_view text) const {
  return tree_ != nullptr && tree_->Raw(index_) == text;
}

std::int64_t JsonValue::Number() const {
  std::int64_t number = 0;
  if (tree_ == nullptr) return number;
  const std::string_view raw = tree_->Raw(index_);
  std::from_chars(raw.data(), raw.data() + raw.size(), number);
  return number;
}

bool JsonValue::True() const { return Is("true"); }

JsonValue::Iterator& JsonValue::Iterator::operator++() {
  index_ = tree_->entries_[index_].next;
  return *this;
}

JsonValue::Iterator JsonValue::begin() const {
  const bool list = tree_ != nullptr && tree_->entries_[index_].kind == JsonTree::Kind::kList;
  return list ? Iterator(tree_, index_ + 1) : end();
}

JsonValue::Iterator JsonValue::end() const {
  return {tree_, tree_ == nullptr ? 0 : tree_->entries_[index_].next};
}

JsonValue JsonValue::front() const { return begin() == end() ? JsonValue() : *begin(); }

std::size_t JsonValue::size() const {
  std::size_t count = 0;
  for (Iterator i = begin(); i != end(); ++i) ++count;
  return count;
}

std::optional<std::int64_t> JsonValue::LeastWithin(std::string_view key) const {
  std::optional<std::int64_t> least;
  if (tree_ == nullptr) return least;
  for (std::uint32_t i = index_; i + 1 < tree_->entries_[index_].next; ++i) {
    if (tree_->Raw(i) != key) continue;
    const JsonValue value(tree_, i + 1);
    const bool number = tree_->entries_[i + 1].kind == JsonTree::Kind::kOther;
    if (number && value.Number() >= 0)
      least = std::min(least.value_or(value.Number()), value.Number());
  }
  return least;
}

}  // namespace tql::dialect::postgres
