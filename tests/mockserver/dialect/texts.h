// Helpers of parser tests for making and comparing texts.
#ifndef TQLKIT_TESTS_MOCKSERVER_DIALECT_TEXTS_H_
#define TQLKIT_TESTS_MOCKSERVER_DIALECT_TEXTS_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "tql/status.h"

namespace tql::dialect {

/// "line:column message".
inline std::string Describe(const Status& status) {
  if (status.place() == nullptr) return "without a place: " + status.message();
  return std::to_string(status.place()->line) + ":" + std::to_string(status.place()->column) + " " +
         status.message();
}

inline std::string Repeat(std::string_view piece, std::size_t count) {
  std::string out;
  out.reserve(piece.size() * count);
  for (std::size_t i = 0; i < count; ++i) out += piece;
  return out;
}

}  // namespace tql::dialect

#endif  // TQLKIT_TESTS_MOCKSERVER_DIALECT_TEXTS_H_
