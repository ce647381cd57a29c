// Alternative forms of responses, where public sources about the service contradict each other.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_WIRE_VARIANT_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_WIRE_VARIANT_H_

#include <span>
#include <string>

#include "tql/status.h"

namespace tql::frontend {

/// The content type of responses to /query and /script. It must be one for which python-requests
/// detects no encoding; otherwise the vendor's client cannot read them.
inline constexpr const char* kLinesType = "application/octet-stream";

/// The defaults are the documented forms.
struct WireVariant {
  bool date_time = false;          // the type of a column is DATE_TIME, not DATETIME
  bool cell_objects = false;       // a cell is {"s":"x"}, not "x"
  bool lowercase_strings = false;  // strings are returned in lower case (ASCII letters)
  bool late_load_status = false;   // a load has a status only when it is done
  std::string content_type = kLinesType;
};

/// Parses "date-time", "cell-objects", "lowercase-strings", "late-load-status" and
/// "content-type=TYPE".
StatusOr<WireVariant> ParseWireVariant(std::span<const std::string> names);

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_WIRE_VARIANT_H_
