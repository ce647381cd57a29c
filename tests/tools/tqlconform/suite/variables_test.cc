#include "tools/tqlconform/suite/variables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace tqlconform {
namespace {

using testing::HasSubstr;

tql::StatusOr<std::string> LookUp(std::string_view name) {
  if (name == "db") return std::string("d.1");
  if (name == "nested") return std::string("${db}");
  if (name == "quote") return std::string("a\"b");
  return tql::InvalidArgumentError("unknown variable");
}

std::string Expanded(std::string_view text, Quoting quoting = Quoting::kNone) {
  const auto expanded = Expand(text, LookUp, quoting);
  return expanded.ok() ? *expanded : "ERROR: " + expanded.status().message();
}

TEST(VariablesTest, Replacement) {
  EXPECT_EQ("", Expanded(""));
  EXPECT_EQ("use d.1;", Expanded("use ${db};"));
  EXPECT_EQ("$ {x} $5 ${db}", Expanded("$ {x} $5 $${db}"));
  EXPECT_EQ("^d\\.1$", Expanded("^${db}$", Quoting::kRegex));
  EXPECT_EQ(R"({"a":"a\"b"})", Expanded(R"({"a":"${quote}"})", Quoting::kJsonString));
}

TEST(VariablesTest, ValuesAreNotExpandedAgain) { EXPECT_EQ("${db}", Expanded("${nested}")); }

TEST(VariablesTest, Functions) {
  EXPECT_EQ("xyxyxy", Expanded("${repeat:3:xy}"));
  EXPECT_EQ("", Expanded("${repeat:0:xy}"));
  EXPECT_EQ("(0, 'n0'),(1, 'n1')", Expanded("${seq:2:(#, 'n#'):,}"));
  EXPECT_EQ(std::string("\0\xff", 2), Expanded("${byte:00fF}"));
}

TEST(VariablesTest, Errors) {
  EXPECT_THAT(Expanded("${unknown}"), HasSubstr("${unknown}: unknown variable"));
  EXPECT_THAT(Expanded("a ${db"), HasSubstr("no closing brace"));
  EXPECT_THAT(Expanded("${repeat:x:y}"), HasSubstr("expected a number"));
  EXPECT_THAT(Expanded("${byte:0}"), HasSubstr("hexadecimal"));
  EXPECT_THAT(Expanded("${repeat:99999999999999999999:x}"), HasSubstr("expected a number"));
}

TEST(VariablesTest, SizeIsBounded) {
  EXPECT_THAT(Expanded("${repeat:16777216:xx}"), HasSubstr("more than"));
  EXPECT_THAT(Expanded("${seq:16777216:##########:,}"), HasSubstr("more than"));
  std::string text;
  for (int i = 0; i < 20; ++i) text += "${repeat:1000000:x}";
  EXPECT_THAT(Expanded(text), HasSubstr("more than"));
}

}  // namespace
}  // namespace tqlconform
