#include "proto/document/document.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace tql::document {
namespace {

/// The tree on one line: "text" in quotes if it was written as a string, bare otherwise.
std::string Shown(const Node& node) {
  std::string shown;
  switch (node.kind) {
    case Node::Kind::kNull:
      return "null";
    case Node::Kind::kScalar:
      return node.is_string ? '"' + node.text + '"' : node.text;
    case Node::Kind::kList:
      for (const Node& item : node.items) shown += (shown.empty() ? "" : ", ") + Shown(item);
      return '[' + shown + ']';
    case Node::Kind::kMap:
      for (const auto& [key, value] : node.entries) {
        shown += (shown.empty() ? "" : ", ") + key.text + ": " + Shown(value);
      }
      return '{' + shown + '}';
  }
  return shown;
}

/// The peak of the memory of this process.
std::size_t PeakBytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

std::string Parsed(std::string_view text, const Limits& limits = {}) {
  const StatusOr<Node> node = Parse(text, limits);
  return node.ok() ? Shown(*node) : node.status().message();
}

TEST(DocumentTest, ScalarsStayTexts) {
  EXPECT_EQ(Parsed("id: 007\nuser: no\nlike: 2024-01-01\noption: {a: true}\n"),
            "{id: 007, user: no, like: 2024-01-01, option: {a: true}}");
  EXPECT_EQ(Parsed("a: '1'\nb: \"x\\ty\"\nc: !!str 2\nd: |\n  text\n"),
            "{a: \"1\", b: \"x\ty\", c: \"2\", d: \"text\n\"}");
  EXPECT_EQ(Parsed("{like: \"insert into t values (?, ?)\"}"),
            "{like: \"insert into t values (?, ?)\"}");
}

TEST(DocumentTest, NullsAreKept) {
  EXPECT_EQ(Parsed("match: {like: }"), "{match: {like: null}}");
  EXPECT_EQ(Parsed("kind: [~]\nrows: [1, null, 3]\nerror: "),
            "{kind: [null], rows: [1, null, 3], error: null}");
}

TEST(DocumentTest, ExactlyOneDocument) {
  for (const char* const text : {"{a: 1} x", "{a: 1}\nb: 2", "a: 1\n---\nb: 2\n"}) {
    EXPECT_FALSE(Parse(text).ok()) << text << ": " << Parsed(text);
  }
  EXPECT_EQ(Parsed(""), "the document is empty");
  EXPECT_EQ(Parsed("# only a comment\n"), "the document is empty");
}

TEST(DocumentTest, KeysOccurOnceAndAreNames) {
  EXPECT_EQ(Parsed("a: {skip: 1, skip: 2}"), "line 1, column 14: the key \"skip\" occurs twice");
  EXPECT_EQ(Parsed("rule: []\nrule: []\n"), "line 2, column 1: the key \"rule\" occurs twice");
  EXPECT_EQ(Parsed("{\"a\": 1, \"a\": 2}"), "line 1, column 10: the key \"a\" occurs twice");
  EXPECT_EQ(Parsed("? [a]\n: 1\n"), "line 1, column 3: expected a name as key");
  EXPECT_EQ(Parsed("base: &b {a: 1}\nmore:\n  <<: *b\n"),
            "line 3, column 3: merge keys (<<) are not supported");
}

TEST(DocumentTest, TagsAreRefused) {
  EXPECT_EQ(
      Parsed("header: {X-A: !foo.*}"),
      "line 1, column 15: the tag !foo.* is not supported; quote a text that begins with '!'");
  EXPECT_EQ(Parsed("a: !!set {b}"),
            "line 1, column 4: the tag tag:yaml.org,2002:set is not supported; quote a text that "
            "begins with '!'");
  const StatusOr<Node> binary = Parse("!!binary AQ==");
  ASSERT_TRUE(binary.ok()) << binary.status();
  EXPECT_TRUE(binary->is_binary);
}

// YAML 1.2, section 5.7: \N is U+0085 and \_ is U+00A0.
TEST(DocumentTest, EscapesThatYamlCppReadsWrongAreRefused) {
  EXPECT_EQ(Parsed(R"(a: "x\N")"),
            R"(line 1, column 4: the escape \N is not supported; write \u0085)");
  EXPECT_EQ(Parsed(R"(a: "x\_y")"),
            R"(line 1, column 4: the escape \_ is not supported; write \u00A0)");
  EXPECT_EQ(Parsed(R"(a: "\0")"), "line 1, column 4: a text with a NUL or with invalid UTF-8");
  EXPECT_EQ(Parsed(R"(a: "\u0085\u00A0\L")"), "{a: \"\u0085\u00A0\u2028\"}");
}

TEST(DocumentTest, AliasesAreExpandedAndCounted) {
  EXPECT_EQ(Parsed("a: &x [1, 2]\nb: *x\n"), "{a: [1, 2], b: [1, 2]}");
  EXPECT_EQ(Parsed("&a [*a]"), "line 1, column 5: an alias of a node that contains it");
  std::string laughs = "a0: &a0 x\n";
  for (int level = 1; level <= 9; ++level) {
    const std::string below = "*a" + std::to_string(level - 1);
    laughs += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [";
    for (int i = 0; i < 9; ++i) laughs += (i == 0 ? "" : ", ") + below;
    laughs += "]\n";
  }
  EXPECT_NE(Parsed(laughs).find("more than 200000 nodes, aliases expanded"), std::string::npos);
}

TEST(DocumentTest, BoundsSizeAndDepth) {
  EXPECT_EQ(Parse("[1, 2]", {.max_bytes = 5}).status().code(), StatusCode::kResourceExhausted);
  const std::string nested(100'000, '[');
  EXPECT_EQ(Parsed(nested), "line 1, column 65: nested more than 64 levels deep");
  EXPECT_NE(Parsed("a: " + nested).find(": nested more than 64 levels deep"), std::string::npos);
  EXPECT_EQ(Parsed("[{\"a\":\n [1]}]", {.max_depth = 2}),
            "line 2, column 2: nested more than 2 levels deep");
  EXPECT_EQ(Parsed("[[], [], [[]]]", {.max_depth = 3}), "[[], [], [[]]]");
  EXPECT_EQ(Parsed("[1, 2, 3]", {.max_nodes = 3}), "line 1, column 8: more than 3 nodes");
  EXPECT_EQ(Parsed("- 1\n- 2\n- 3\n", {.max_nodes = 3}),
            "line 1, column 1: more than 3 nodes, aliases expanded");
}

// yaml-cpp reads the tokens of nested lists in advance, up to the first that cannot be a key.
TEST(DocumentTest, NestedListsAreRefusedBeforeTheirTokensAreRead) {
  constexpr std::size_t kSize = 3'000'000;
  for (const std::string_view nested : {"[", "[a, ", "[{a: ", "{a: ", "!t ", "&a [", "? ["}) {
    for (const std::string_view begin : {"", "a: ", "- ", "[a, ", "# x\n"}) {
      std::string text(begin);
      while (text.size() < kSize) text += nested;
      const StatusOr<Node> refused = Parse(text);
      ASSERT_FALSE(refused.ok()) << begin << nested;
      EXPECT_LT(refused.status().message().size(), 200U);
    }
  }
// Sanitizers need more memory.
#if !defined(__SANITIZE_ADDRESS__) && !defined(TQLKIT_TSAN)
  EXPECT_LT(PeakBytes(), std::size_t{300} << 20U);
#endif
  std::string brackets = "a: |\n";
  for (int i = 0; i < 10'000; ++i) brackets += " x[[[[\n";
  EXPECT_NE(Parsed(brackets).find("x[[[["), std::string::npos) << "text, not lists";
}

TEST(DocumentTest, BadTextIsRefused) {
  using std::string_literals::operator""s;
  EXPECT_EQ(Parsed("a: 1\nb: \xff\n"), "line 2, column 1: a NUL or invalid UTF-8");
  EXPECT_EQ(Parsed("a: b\0c"s), "line 1, column 1: a NUL or invalid UTF-8");
  EXPECT_EQ(Parsed("a: \"x\\0y\""), "line 1, column 4: a text with a NUL or with invalid UTF-8");
  EXPECT_EQ(Parsed("{\"a\": \"x\\u0000y\"}"), "line 1, column 7: a text with a NUL");
}

TEST(DocumentTest, JsonIsReadAsJsonFirst) {
  EXPECT_EQ(Parsed("{\"a\": \"\\ud83d\\ude00\", \"b\": [1, true, null]}"),
            "{a: \"\U0001F600\", b: [1, true, null]}");
  const std::string key(2000, 'k');  // YAML ends an implicit key after 1,024 characters
  EXPECT_EQ(Parsed("{\"" + key + "\": 1}"), "{" + key + ": 1}");
  // The error is that of JSON when the text is neither.
  EXPECT_EQ(Parsed("{\"a\": 1,}x"), Parsed("{\"a\": 1,}x"));
  EXPECT_NE(Parsed("[1, 2").find("line 1"), std::string::npos);
}

TEST(DocumentTest, PlacesCountCharacters) {
  const StatusOr<Node> yaml = Parse("\u00e4\u00f6: x\nb: [\u00fc, y]\n");
  ASSERT_TRUE(yaml.ok()) << yaml.status();
  EXPECT_EQ(yaml->entries[0].value.column, 5U);
  EXPECT_EQ(yaml->entries[1].value.items[1].line, 2U);
  EXPECT_EQ(yaml->entries[1].value.items[1].column, 8U);
  const StatusOr<Node> json = Parse("{\n \"\u00e4\": \"\u00f6\", \"b\": 1}");
  ASSERT_TRUE(json.ok()) << json.status();
  EXPECT_EQ(json->entries[1].value.line, 2U);
  EXPECT_EQ(json->entries[1].value.column, 17U);
}

TEST(DocumentTest, LongLinesTakeLinearTime) {
  std::string yaml = "a: [";
  std::string json = "{\"a\": [";
  for (int i = 0; i < 90'000; ++i) {
    yaml += "1,";
    json += "1,";
  }
  EXPECT_TRUE(Parse(yaml + "1]").ok());
  EXPECT_TRUE(Parse(json + "1]}").ok());
}

}  // namespace
}  // namespace tql::document
