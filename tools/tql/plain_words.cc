#include "tools/tql/plain_words.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "tools/tql/settings.h"

namespace tql::shell {
namespace {

/// The options of the vendor's program that are not settings, and those of ours that with one dash
/// would be parsed as -c or -o with a text.
constexpr std::array<std::string_view, 10> kOneDashFlags = {
    "command",  "debug",  "file",          "host",  "output",
    "password", "schema", "server_script", "usage", "username"};

/// Those of them that require true or false after them in the vendor's program.
bool IsVendorSwitch(std::string_view name) { return name == "debug" || name == "server_script"; }

/// Returns the setting that --noNAME switches off; null if there is none.
const Setting* TurnedOff(std::string_view name) {
  if (!name.starts_with("no")) return nullptr;
  const Setting* setting = FindSetting(name.substr(2));
  return setting != nullptr && setting->takes_bool() ? setting : nullptr;
}

bool IsBool(const Setting& setting, const std::string& text) {
  Settings scratch;
  return SetSetting(setting, text, &scratch).empty();
}

bool TakesText(std::string_view word) {
  return word == "-c" || word == "--command" || word == "-f" || word == "--file";
}

}  // namespace

std::vector<std::string> PlainWords(int argc, const char* const* argv) {
  const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  std::vector<std::string> plain;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string word = words[i];
    if (word == "--") {
      plain.insert(plain.end(), words.begin() + static_cast<std::ptrdiff_t>(i), words.end());
      break;
    }
    const std::size_t dashes = word.starts_with("--") ? 2 : word.starts_with('-') ? 1 : 0;
    const std::size_t equal = std::min(word.find('='), word.size());
    const std::string name = dashes > 0 ? word.substr(dashes, equal - dashes) : "";
    const bool has_value = equal < word.size();
    const bool last = i + 1 == words.size();
    if (const Setting* setting = FindSetting(name); setting != nullptr) {
      plain.push_back("--" + name);
      if (has_value) {
        plain.push_back(word.substr(equal + 1));
      } else if (setting->takes_bool() && (last || !IsBool(*setting, words[i + 1]))) {
        plain.emplace_back("true");
      } else if (!last) {
        plain.push_back(words[++i]);
      }
    } else if (IsVendorSwitch(name)) {
      const bool followed = !has_value && !last && IsBool(*FindSetting("echo"), words[i + 1]);
      plain.push_back("--" + name + (followed ? "=" + words[++i] : word.substr(equal)));
    } else if (const Setting* off = TurnedOff(name); off != nullptr && !has_value) {
      plain.push_back("--" + std::string(off->name));
      plain.emplace_back("false");
    } else {
      if (dashes == 1 && std::ranges::count(kOneDashFlags, name) > 0) word.insert(0, 1, '-');
      plain.push_back(word);
      if (TakesText(word) && !last) plain.push_back(words[++i]);
    }
  }
  return plain;
}

}  // namespace tql::shell
