// Features that a case may need of a server, and the headings that cases refer to.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SUITE_FEATURES_H_
#define TQLKIT_TOOLS_TQLCONFORM_SUITE_FEATURES_H_

#include <span>
#include <string>
#include <string_view>

namespace tqlconform {

struct Feature {
  std::string_view name;
  std::string_view meaning;
};

/// Features that a case can name in `needs`.
std::span<const Feature> Features();
bool IsFeature(std::string_view name);

/// The title of a heading of the reference, e.g. of "tql.md#5.4"; empty for an unknown one.
std::string_view TitleOfReference(std::string_view ref);
/// The headings of the document that `ref` names, joined by ", "; empty for another document.
std::string HeadingsOfDocument(std::string_view ref);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SUITE_FEATURES_H_
