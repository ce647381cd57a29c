// Character classes of TQL text. ASCII only, independent of the locale.
#ifndef TQLKIT_MOCKSERVER_DIALECT_CHARS_H_
#define TQLKIT_MOCKSERVER_DIALECT_CHARS_H_

#include "proto/base/text.h"

namespace tql::dialect {

using base::IsBlank;
using base::IsDigit;
using base::IsLetter;
using base::ToLower;
using base::ToUpper;

/// A character of an unquoted name, which does not begin with a digit.
constexpr bool IsWordChar(char c) { return IsLetter(c) || IsDigit(c) || c == '_'; }

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_CHARS_H_
