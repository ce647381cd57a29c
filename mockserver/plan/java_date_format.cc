#include "mockserver/plan/java_date_format.h"

#include <algorithm>

namespace tql::plan {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// One run of one letter of a Java pattern, in strptime's codes; empty: not understood.
std::string_view JavaField(char letter, std::size_t count) {
  switch (letter) {
    case 'y':
    case 'u':
      return count == 2 ? "%y" : "%Y";
    case 'M':
    case 'L':
      return count >= 4 ? "%B" : count == 3 ? "%b" : "%m";
    case 'd':
      return "%d";
    case 'D':
      return "%j";
    case 'E':
      return count >= 4 ? "%A" : "%a";
    case 'H':
      return "%H";
    case 'h':
      return "%I";
    case 'm':
      return "%M";
    case 's':
      return "%S";
    case 'a':
      return "%p";
    default:
      return {};
  }
}

}  // namespace

bool LooksLikeJavaDateFormat(std::string_view format) {
  return format.find('%') == std::string_view::npos &&
         std::any_of(format.begin(), format.end(), IsLetter);
}

std::string FromJavaDateFormat(std::string_view format) {
  std::string out;
  for (std::size_t i = 0; i < format.size();) {
    const char c = format[i];
    if (c == '\'') {  // quoted text; '' is a quote
      const std::size_t close = format.find('\'', i + 1);
      if (close == i + 1) out += '\'';
      const std::size_t end = close == std::string_view::npos ? format.size() : close;
      out += format.substr(i + 1, end - i - 1);
      i = end + 1;
      continue;
    }
    const std::size_t end = std::min(format.find_first_not_of(c, i), format.size());
    const std::string_view field = JavaField(c, end - i);
    out += field.empty() ? format.substr(i, end - i) : field;
    i = end;
  }
  return out;
}

}  // namespace tql::plan
