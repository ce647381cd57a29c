// Macros that return an error from the function that uses them.
#ifndef TQLKIT_PROTO_BASE_STATUS_MACROS_H_
#define TQLKIT_PROTO_BASE_STATUS_MACROS_H_

#include <utility>

#include "tql/status.h"

#define TQL_MACRO_CONCAT_(a, b) a##b
#define TQL_MACRO_CONCAT(a, b) TQL_MACRO_CONCAT_(a, b)

/// Returns the Status `expression` unless it is OK.
#define TQL_RETURN_IF_ERROR(expression)                       \
  do {                                                        \
    if (::tql::Status s_ = (expression); !s_.ok()) return s_; \
  } while (false)

/// Initializes `declaration`, or assigns to it if it is a variable, with the value of the StatusOr
/// `expression`; returns its Status if it has no value. Expands to several statements, so it
/// needs braces after `if`, `else` and loops. A declaration or type with a comma needs an alias.
#define TQL_ASSIGN_OR_RETURN(declaration, expression) \
  TQL_ASSIGN_OR_RETURN_(TQL_MACRO_CONCAT(result_, __LINE__), declaration, expression)
#define TQL_ASSIGN_OR_RETURN_(result, declaration, expression) \
  auto result = (expression);                                  \
  if (!result.ok()) return result.status();                    \
  declaration = *std::move(result)

#endif  // TQLKIT_PROTO_BASE_STATUS_MACROS_H_
