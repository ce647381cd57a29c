// Guids that are derived from names.
#ifndef TQLKIT_MOCKSERVER_SPACE_NAME_GUID_H_
#define TQLKIT_MOCKSERVER_SPACE_NAME_GUID_H_

#include <string>
#include <string_view>

namespace tql::space {

/// Returns a version 5 UUID of an object, which is the same in every run: "user" and "tsadmin".
std::string NameGuid(std::string_view kind, std::string_view name);

}  // namespace tql::space

#endif  // TQLKIT_MOCKSERVER_SPACE_NAME_GUID_H_
