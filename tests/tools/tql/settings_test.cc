#include "tools/tql/settings.h"

#include <gtest/gtest.h>

#include <string>

#include "proto/base/request_options.h"

namespace tql::shell {
namespace {

std::string Set(const std::string& name, const std::string& value, Settings* settings) {
  const Setting* setting = FindSetting(name);
  return setting == nullptr ? "no such setting" : SetSetting(*setting, value, settings);
}

std::string Get(const std::string& name, const Settings& settings) {
  const Setting* setting = FindSetting(name);
  return setting == nullptr ? "no such setting" : ValueOf(*setting, settings);
}

TEST(SettingsTest, RequestOptionsHaveSettings) {
  std::size_t of_shell = 0;
  for (const base::RequestOption& option : base::kRequestOptions) {
    const Setting* setting = FindSetting(option.name);
    ASSERT_NE(setting, nullptr) << option.name;
    EXPECT_EQ(setting->group == Setting::Group::kShell, option.help.empty()) << option.name;
    of_shell += option.help.empty();
    EXPECT_EQ(FindSetting(option.field_name()), setting);
  }
  EXPECT_EQ(of_shell, 4U);  // --null, --field-separator, --row-separator and --top
}

TEST(SettingsTest, SettingsHaveDistinctFields) {
  Settings settings;
  for (const Setting& setting : AllSettings()) {
    ASSERT_EQ(FindSetting(setting.name), &setting);
    const std::string name(setting.name);
    const bool is_on =
        name == "header" || name == "progress" || name == "highlight" || name == "autocomplete";
    const std::string value = is_on                  ? "false"
                              : setting.takes_bool() ? "true"
                              : name == "format"     ? "csv"
                              : name == "color"      ? "never"
                              : name == "answer"     ? "no"
                              : setting.value == "N" ? "4711"
                                                     : "<" + name + ">";
    const std::string before = ValueOf(setting, settings);
    EXPECT_TRUE(before.empty() || before == (is_on ? "true" : "false") || name == "format" ||
                name == "color")
        << name;
    EXPECT_EQ(SetSetting(setting, value, &settings), "") << name;
    EXPECT_EQ(ValueOf(setting, settings), value) << name;
  }
}

TEST(SettingsTest, MistakesSetNothing) {
  Settings settings;
  EXPECT_EQ(Set("use_jit", "maybe", &settings), "found 'maybe', expected true or false");
  EXPECT_EQ(Set("color", "red", &settings), "found 'red', expected one of auto, always, never");
  EXPECT_EQ(Set("size", "10k", &settings), "found '10k', expected a whole number");
  EXPECT_EQ(Set("size", "9223372036854775808", &settings),
            "found '9223372036854775808', expected a whole number");
  EXPECT_EQ(Set("answer", "perhaps", &settings), "found 'perhaps', expected yes or no");
  for (const char* name : {"use_jit", "size", "answer"}) EXPECT_EQ(Get(name, settings), "") << name;
}

TEST(SettingsTest, SeparatorsHaveEscapes) {
  Settings settings;
  EXPECT_EQ(Set("row_separator", "a\\t\\n\\\\n", &settings), "");
  EXPECT_EQ(settings.style.row_separator, "a\t\n\\n");
  EXPECT_EQ(Get("row_separator", settings), "a\\t\\n\\\\n");
}

}  // namespace
}  // namespace tql::shell
