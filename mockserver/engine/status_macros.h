// Macros that return errors to the caller. Only for .cc files of the engine.
#ifndef TQLKIT_MOCKSERVER_ENGINE_STATUS_MACROS_H_
#define TQLKIT_MOCKSERVER_ENGINE_STATUS_MACROS_H_

#include <utility>

#include "tql/status.h"

#define TQL_MACRO_CONCAT_(a, b) a##b
#define TQL_MACRO_CONCAT(a, b) TQL_MACRO_CONCAT_(a, b)

#define TQL_RETURN_IF_ERROR(expression)                       \
  do {                                                        \
    if (::tql::Status s_ = (expression); !s_.ok()) return s_; \
  } while (false)

#define TQL_ASSIGN_OR_RETURN(declaration, expression) \
  TQL_ASSIGN_OR_RETURN_(TQL_MACRO_CONCAT(result_, __LINE__), declaration, expression)
#define TQL_ASSIGN_OR_RETURN_(result, declaration, expression) \
  auto result = (expression);                                  \
  if (!result.ok()) return result.status();                    \
  declaration = *std::move(result)

#endif  // TQLKIT_MOCKSERVER_ENGINE_STATUS_MACROS_H_
