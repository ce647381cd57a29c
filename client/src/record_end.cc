#include "client/src/record_end.h"

namespace tql {

std::size_t WholeRecords(std::string_view text, std::optional<char> enclosing,
                         std::optional<char> escape) {
  if (!enclosing && !escape) return text.rfind('\n') + 1;  // npos + 1 is 0
  std::size_t whole = 0;
  bool enclosed = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == escape) {
      ++i;
    } else if (text[i] == enclosing) {
      enclosed = !enclosed;  // a doubled character changes it twice
    } else if (text[i] == '\n' && !enclosed) {
      whole = i + 1;
    }
  }
  return whole;
}

}  // namespace tql
