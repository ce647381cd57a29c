// The table of the options of a request. The flags and settings of the shell, the conversions to
// and from TqlOptions, the page on coverage and the tests are made from it.
#ifndef TQLKIT_PROTO_BASE_REQUEST_OPTIONS_H_
#define TQLKIT_PROTO_BASE_REQUEST_OPTIONS_H_

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace tql::base {

/// A field of TqlOptions, or of one of its sub-messages, that is not a message itself: a row of
/// request_options.inc, which describes the members.
struct RequestOption {
  std::string_view name;
  std::string_view field;
  std::string_view value;
  std::string_view help;
  std::string_view effect;
  std::string_view test;
  std::size_t index = 0;  // in kRequestOptions

  /// "query_options.pagination.start"
  std::string path() const {
    std::string text(field);
    std::erase_if(text, [](char c) { return c == '(' || c == ')'; });
    return text;
  }
  /// "start"
  constexpr std::string_view field_name() const {
    const std::string_view last = field.substr(field.rfind('.') + 1);
    return last.substr(0, last.find('('));
  }
};

inline constexpr auto kRequestOptions = [] {
#define REQUEST_OPTION(name, field, ...) RequestOption{#name, #field, __VA_ARGS__},
  std::array options{
#include "proto/base/request_options.inc"
  };
#undef REQUEST_OPTION
  for (std::size_t i = 0; i < options.size(); ++i) options[i].index = i;
  return options;
}();

/// Calls `visit(option, &Options::member)` for each option of which the struct has a member, which
/// has the option's name.
template <typename Options, typename Visitor>
void VisitMembers(const Visitor& visit) {
  std::size_t index = 0;
#define REQUEST_OPTION(name, ...)                  \
  if constexpr (requires { &Options::name; }) {    \
    visit(kRequestOptions[index], &Options::name); \
  }                                                \
  ++index;
#include "proto/base/request_options.inc"
#undef REQUEST_OPTION
}

}  // namespace tql::base

#endif  // TQLKIT_PROTO_BASE_REQUEST_OPTIONS_H_
