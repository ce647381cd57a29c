// Sets the fields of TqlOptions that the table of request options lists, by reflection.
#ifndef TQL_WIRE_REQUEST_OPTION_FIELDS_H_
#define TQL_WIRE_REQUEST_OPTION_FIELDS_H_

#include "proto/base/request_options.h"
#include "tql/wire/messages.h"

namespace tql {

/// Looks up the fields and the messages that contain them, which SetOption() otherwise does on
/// first use, under a lock of protobuf: a child of fork() would wait for it forever if another
/// thread of its parent held it.
void PrepareOptionFields();

/// Sets the field of an option. T is bool, std::int64_t or std::string, the type of the field.
template <typename T>
void SetOption(const base::RequestOption& option, const T& value, pb::TqlOptions* options);

}  // namespace tql

#endif  // TQL_WIRE_REQUEST_OPTION_FIELDS_H_
