#include "client/src/record_end.h"

namespace tql {
namespace {

// Compilers vectorise this loop. It takes the same time however many such characters there are,
// unlike repeated searches, which are slow if every field is enclosed.
bool HasOddNumberOf(char c, std::string_view text) {
  unsigned char odd = 0;
  for (const char other : text) odd ^= static_cast<unsigned char>(other == c);
  return odd != 0;
}

}  // namespace

// The number of enclosing characters tells whether the end of the text is enclosed, so the last
// record end is found from there. A doubled character changes nothing.
std::size_t WholeCsvRecords(std::string_view text, std::optional<char> enclosing) {
  bool enclosed = enclosing && HasOddNumberOf(*enclosing, text);
  for (; !text.empty(); text.remove_suffix(1)) {
    if (text.back() == enclosing) {
      enclosed = !enclosed;
    } else if (text.back() == '\n' && !enclosed) {
      break;
    }
  }
  return text.size();
}

// An even number of escape characters before a line end escape each other.
std::size_t WholeDelimitedRecords(std::string_view text, std::optional<char> escape) {
  if (escape == '\n') return 0;
  for (; !text.empty(); text.remove_suffix(1)) {
    if (text.back() != '\n') continue;
    const std::string_view line = text.substr(0, text.size() - 1);
    // npos + 1 is 0.
    const std::size_t unescaped = escape ? line.find_last_not_of(*escape) + 1 : line.size();
    if ((line.size() - unescaped) % 2 == 0) break;
  }
  return text.size();
}

}  // namespace tql
