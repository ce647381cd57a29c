// The ids of objects: ObjectIds of MongoDB as 24 lower-case hexadecimal digits.
#ifndef TQLKIT_MOCKSERVER_THENA_OBJECT_ID_H_
#define TQLKIT_MOCKSERVER_THENA_OBJECT_ID_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tql::thena {

/// The parts of an ObjectId: 4, 5 and 3 bytes. Higher bits are ignored.
struct ObjectId {
  std::uint32_t seconds = 0;  // since 1970
  std::uint64_t source = 0;   // a random number of the process that made it
  std::uint32_t counter = 0;

  std::string ToString() const;
};

/// Returns nullopt for any other text.
std::optional<ObjectId> ParseObjectId(std::string_view text);

}  // namespace tql::thena

#endif  // TQLKIT_MOCKSERVER_THENA_OBJECT_ID_H_
