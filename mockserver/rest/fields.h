// The typed members of an object of REST v2: of the body of a call, or of an element of its lists.
#ifndef TQLKIT_MOCKSERVER_REST_FIELDS_H_
#define TQLKIT_MOCKSERVER_REST_FIELDS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockserver/rest/params.h"
#include "proto/document/document.h"
#include "tql/status.h"

namespace tql::rest {

/// A member that is null counts as absent. Values of another type are INVALID_ARGUMENT with the
/// path of the member: "users[1].email: expected a text".
class Fields {
 public:
  /// Reads the parameters of a call. The first value of a name applies.
  static StatusOr<Fields> Of(const Params& params);

  bool Has(std::string_view name) const { return Find(name) != nullptr; }
  /// The text; empty if it is absent. Texts have at most 4096 bytes.
  StatusOr<std::string> Text(std::string_view name) const;
  /// A text that is neither absent nor empty.
  StatusOr<std::string> Required(std::string_view name) const;
  StatusOr<std::optional<bool>> Flag(std::string_view name) const;
  StatusOr<std::int64_t> Integer(std::string_view name, std::int64_t absent) const;
  /// One of the words; empty if it is absent.
  StatusOr<std::string> Word(std::string_view name, std::span<const std::string_view> words) const;
  /// A list of texts, of which one may stand without a list; empty if it is absent.
  StatusOr<std::vector<std::string>> Texts(std::string_view name) const;
  /// A list of words; empty if it is absent.
  StatusOr<std::vector<std::string>> Words(std::string_view name,
                                           std::span<const std::string_view> words) const;
  /// A list of objects; empty if it is absent.
  StatusOr<std::vector<Fields>> Objects(std::string_view name) const;
  /// An object; without members if it is absent.
  StatusOr<Fields> Object(std::string_view name) const;

  /// INVALID_ARGUMENT "path.name: reason".
  Status Error(std::string_view name, std::string_view reason) const;

 private:
  explicit Fields(document::Node map, std::string path = {})
      : map_(std::move(map)), path_(std::move(path)) {}
  const document::Node* Find(std::string_view name) const;

  document::Node map_;
  std::string path_;  // "" or "users[1]."
};

}  // namespace tql::rest

#endif  // TQLKIT_MOCKSERVER_REST_FIELDS_H_
