#include "tools/tql/flags.h"

#include <gtest/gtest.h>

#include <vector>

namespace tql::shell {
namespace {

ParsedFlags Parse(std::vector<const char*> words) {
  words.insert(words.begin(), "tql");
  return ParseFlags(static_cast<int>(words.size()), words.data());
}

TEST(FlagsTest, Defaults) {
  const ParsedFlags parsed = Parse({});
  ASSERT_TRUE(parsed.flags);
  EXPECT_EQ(parsed.flags->url, "https://127.0.0.1:8443");
  EXPECT_TRUE(parsed.flags->inputs.empty());
  EXPECT_FALSE(parsed.flags->format);
  EXPECT_FALSE(parsed.flags->top);
  EXPECT_FALSE(parsed.flags->insecure);
  EXPECT_FALSE(parsed.flags->timeout);
}

TEST(FlagsTest, InputsKeepTheirOrder) {
  const ParsedFlags parsed =
      Parse({"-c", "a;", "http://h:1", "-f", "x.tql", "-f", "-", "--command", "b;"});
  ASSERT_TRUE(parsed.flags);
  EXPECT_EQ(parsed.flags->url, "http://h:1");
  const auto& inputs = parsed.flags->inputs;
  ASSERT_EQ(inputs.size(), 4U);
  const std::vector<std::string> values = {"a;", "x.tql", "-", "b;"};
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(inputs[i].value, values[i]);
    EXPECT_EQ(inputs[i].kind, i == 0 || i == 3 ? Input::Kind::kText : Input::Kind::kFile);
  }
}

TEST(FlagsTest, Values) {
  const ParsedFlags parsed =
      Parse({"--format", "jsonl", "--top", "7", "--database", "d", "--user", "u", "--cacert", "c",
             "--password-file", "p", "--insecure", "--timeout", "1.5"});
  ASSERT_TRUE(parsed.flags);
  EXPECT_EQ(parsed.flags->format, Format::kJsonl);
  EXPECT_EQ(parsed.flags->top, 7);
  EXPECT_EQ(parsed.flags->database, "d");
  EXPECT_EQ(parsed.flags->user, "u");
  EXPECT_EQ(parsed.flags->ca_file, "c");
  EXPECT_EQ(parsed.flags->password_file, "p");
  EXPECT_TRUE(parsed.flags->insecure);
  EXPECT_EQ(parsed.flags->timeout, std::chrono::milliseconds(1500));
}

TEST(FlagsTest, MistakesEndWithOne) {
  const std::vector<std::vector<const char*>> mistakes = {{"--format", "xml"},
                                                          {"--top", "many"},
                                                          {"--nonsense"},
                                                          {"-c"},
                                                          {"--top", "-1"},
                                                          {"--top", "1.5"},
                                                          {"--top", "9223372036854775808"},
                                                          {"--top", ""},
                                                          {"--timeout", "0"},
                                                          {"--timeout", "nan"},
                                                          {"--timeout", "inf"},
                                                          {"--timeout", "1s"},
                                                          {"http://a", "http://b"},
                                                          {"--top"},
                                                          {"--user", "a", "--user", "b"},
                                                          {"--password", "secret"}};
  for (const auto& words : mistakes) {
    const ParsedFlags parsed = Parse(words);
    EXPECT_FALSE(parsed.flags) << words[0];
    EXPECT_EQ(parsed.exit_status, 1) << words[0];
  }
}

TEST(FlagsTest, HelpAndVersionEndWithZero) {
  for (const char* word : {"--help", "--version"}) {
    const ParsedFlags parsed = Parse({word});
    EXPECT_FALSE(parsed.flags);
    EXPECT_EQ(parsed.exit_status, 0);
  }
}

}  // namespace
}  // namespace tql::shell
