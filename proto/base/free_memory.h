// Frees the memory of a text.
#ifndef TQLKIT_PROTO_BASE_FREE_MEMORY_H_
#define TQLKIT_PROTO_BASE_FREE_MEMORY_H_

#include <string>

namespace tql::base {

/// Empties the text. `text = std::string()` and `text.clear()` keep its memory for the next one
/// (findings/libstdcxx_assigning_an_empty_string_keeps_memory.sh).
inline void FreeMemory(std::string* text) { std::string().swap(*text); }

}  // namespace tql::base

#endif  // TQLKIT_PROTO_BASE_FREE_MEMORY_H_
