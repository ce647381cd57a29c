// Sets the fields of TqlOptions that the table of request options lists, by reflection.
#ifndef TQL_WIRE_REQUEST_OPTION_FIELDS_H_
#define TQL_WIRE_REQUEST_OPTION_FIELDS_H_

#include "proto/base/request_options.h"
#include "tql/wire/messages.h"

namespace tql {

/// Looks the fields up in the descriptor, which otherwise happens on first use.
void PrepareOptionFields();

/// Sets the field of an option. T is bool, std::int64_t or std::string, the type of the field.
template <typename T>
void SetOption(const base::RequestOption& option, const T& value, pb::TqlOptions* options);

}  // namespace tql

#endif  // TQL_WIRE_REQUEST_OPTION_FIELDS_H_
