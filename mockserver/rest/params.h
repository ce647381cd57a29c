// The parameters of a REST call: of its query, its form and its JSON object.
#ifndef TQLKIT_MOCKSERVER_REST_PARAMS_H_
#define TQLKIT_MOCKSERVER_REST_PARAMS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tql/status.h"

namespace tql::rest {

/// The first value of a name applies. Values of another form are INVALID_ARGUMENT with the name.
class Params {
 public:
  struct Value {
    std::string name;
    std::string text;
    bool is_compound = false;  // the text is that of a list or an object of JSON
  };

  void Add(std::string name, std::string value) {
    values_.push_back({.name = std::move(name), .text = std::move(value)});
  }
  /// Adds the members of a JSON object. Objects and lists are added as their text, nulls are not
  /// added. INVALID_ARGUMENT with the place if the text is not an object.
  Status AddJson(std::string_view object);

  /// Views into this object; a name may occur more than once.
  std::vector<std::string_view> Names() const;
  /// Returns the value of a parameter, or null if it has none. An empty text is a value.
  const std::string* Find(std::string_view name) const;
  /// The text; empty without a value.
  std::string_view Text(std::string_view name) const;
  StatusOr<bool> Bool(std::string_view name, bool absent) const;
  StatusOr<std::int64_t> Integer(std::string_view name, std::int64_t absent) const;
  /// See ParseList; empty without a value.
  StatusOr<std::vector<std::string>> List(std::string_view name) const;

  /// All values in the order in which they were added.
  std::span<const Value> all() const { return values_; }

 private:
  std::vector<Value> values_;
};

/// Parses a list in one of the spellings of clients: ["a","b"], ['a','b'], [a, b], or one word
/// without brackets. An empty text is an empty list.
StatusOr<std::vector<std::string>> ParseList(std::string_view text);

/// The part of a list that a call asks for.
struct Page {
  std::size_t offset = 0;
  std::size_t size = static_cast<std::size_t>(-1);
};
/// Reads an offset (-1: from the start) and a size (-1: everything; 0 is an error, because a client
/// would never reach the last page).
StatusOr<Page> PageOf(const Params& params, std::string_view offset, std::string_view size);

/// Whether the name matches a pattern, in any case; '%' is any text.
bool MatchesPattern(std::string_view name, std::string_view pattern);

}  // namespace tql::rest

#endif  // TQLKIT_MOCKSERVER_REST_PARAMS_H_
