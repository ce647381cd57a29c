// Options of a request as paths and texts.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_OPTION_VALUES_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_OPTION_VALUES_H_

#include <string>
#include <string_view>
#include <vector>

#include "tql/status.h"
#include "tql/wire/messages.h"

namespace tql::testdouble {

/// An option that the client set: its path in TqlOptions and its value as text, e.g.
/// {"adv_options.allow_unsafe", "true"}.
struct OptionValue {
  std::string path;
  std::string value;
  friend bool operator==(const OptionValue&, const OptionValue&) = default;
};

/// The options that are set, in the order of the fields.
std::vector<OptionValue> OptionsSet(const pb::TqlOptions& options);

/// An error with the place `path` if TqlOptions has no such option, or no such value of it.
Status CheckOption(const OptionValue& option, std::string_view path);

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_OPTION_VALUES_H_
