// Finds line ends at which a text can be cut into chunks.
#ifndef TQLKIT_CLIENT_SRC_RECORD_END_H_
#define TQLKIT_CLIENT_SRC_RECORD_END_H_

#include <cstddef>
#include <optional>
#include <string_view>

namespace tql {

/// Returns the size of the longest part of `text` that consists of whole records; 0 if it contains
/// no end of a record. `text` begins with a record. A line end belongs to a record if it is between
/// two `enclosing` characters.
std::size_t WholeCsvRecords(std::string_view text, std::optional<char> enclosing);

/// The same where a line end belongs to a record if it is after an `escape` character that is not
/// escaped itself.
std::size_t WholeDelimitedRecords(std::string_view text, std::optional<char> escape);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_RECORD_END_H_
