// The other readings of the service's answers, where the public material contradicts itself
// (reference §2, §5.4).
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_WIRE_VARIANT_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_WIRE_VARIANT_H_

#include <span>
#include <string>

#include "tql/status.h"

namespace tql::frontend {

/// The content type of the answers to /query and /script. One for which python-requests finds no
/// encoding: with any other, the vendor's client cannot read them.
inline constexpr const char* kLinesType = "application/octet-stream";

/// The defaults are the documented readings.
struct WireVariant {
  bool date_time = false;          // a header's type is DATE_TIME, not DATETIME
  bool cell_objects = false;       // a cell is {"s":"x"}, not "x"
  bool lowercase_strings = false;  // texts are shown in lower case (ASCII letters)
  std::string content_type = kLinesType;
};

/// From "date-time", "cell-objects", "lowercase-strings" and "content-type=TYPE".
StatusOr<WireVariant> ParseWireVariant(std::span<const std::string> names);

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_WIRE_VARIANT_H_
