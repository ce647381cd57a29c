// Compiled plans never change an answer: every SELECT of tests/data/engine, with other literals in
// the place of its own, is answered as without use_jit.
#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/request_options.h"
#include "tests/integration/transports.h"
#include "tests/support/engine_cases.h"

namespace tql::testing {
namespace {

/// What replaces a number or a string: values of one kind and of others, at the borders of types,
/// and texts that need quotes, that are patterns, numbers and dates.
const std::string_view kNumbers[] = {"2", "1",   "0",  "999999999",  "2147483648",
                                     "3", "1.5", "20", "1000000000", "0.25"};
const std::string_view kStrings[] = {"'be'",         "'Ann'", "''",           "'O''Brien'", "'b%'",
                                     "'2020-01-01'", "'7'",   "'2019-06-30'", "'\xC3\xA4'", "'x'"};
constexpr std::size_t kVariants = std::size(kNumbers);

bool IsWordChar(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Replaces the literals of the text, each by the variant with this number, or by the one after it.
std::string WithOtherLiterals(std::string_view text, std::size_t variant) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = i;
    if (text[i] == '\'') {
      for (++i; i < text.size() && (text[i] != '\'' || text.substr(i).starts_with("''"));) {
        i += text[i] == '\'' ? 2 : 1;
      }
      ++i;
      out += kStrings[variant++ % kVariants];
    } else if (text[i] == '"') {
      i = std::min(text.find('"', i + 1), text.size() - 1) + 1;
      out += text.substr(begin, i - begin);
    } else if (IsWordChar(text[i])) {
      while (i < text.size() && (IsWordChar(text[i]) || text[i] == '.')) ++i;
      const std::string_view word = text.substr(begin, i - begin);
      const bool number = std::isdigit(static_cast<unsigned char>(word[0])) != 0;
      out += number ? kNumbers[variant++ % kVariants] : word;
    } else {
      out += text[i++];
    }
  }
  return out;
}

RequestOptions OptionsOf(const EngineCase& c, bool use_jit) {
  RequestOptions request;
  for (const std::string& setting : c.settings) {
    const std::size_t equals = setting.find('=');
    const std::string name = setting.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : setting.substr(equals + 1);
    base::VisitMembers<StatementOptions>([&](const base::RequestOption& option, auto member) {
      if (option.name == name) ReadValue(value, &(request.statement.*member).emplace());
    });
  }
  request.statement.skip_cache = true;
  request.statement.use_jit = use_jit;
  return request;
}

bool IsSelect(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" (\n");
  return begin != text.npos &&
         (text.substr(begin).starts_with("select") || text.substr(begin).starts_with("SELECT"));
}

class CompiledPlansTest : public ::testing::TestWithParam<std::string> {};

TEST_P(CompiledPlansTest, AnswerTheSame) {
  Service service(Way::kInProcess);
  Client client = service.Login();
  for (const EngineCase& c : ReadCases(GetParam())) {
    (void)Record(client.Stream(c.statement, OptionsOf(c, true)));
    if (!IsSelect(c.statement) || c.statement.find(" into ") != std::string::npos) continue;
    for (std::size_t variant = 0; variant < kVariants; ++variant) {
      const std::string text = WithOtherLiterals(c.statement, variant);
      const auto expected = Record(client.Stream(text, OptionsOf(c, false)));
      EXPECT_EQ(Record(client.Stream(text, OptionsOf(c, true))), expected)
          << GetParam() << ':' << c.line << "\n"
          << text;
      // The second of a shape makes the plan, so that the third may use it.
      EXPECT_EQ(Record(client.Stream(text, OptionsOf(c, true))), expected) << text;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Files, CompiledPlansTest, ::testing::ValuesIn(EngineCaseFiles()),
                         [](const auto& file) {
                           return std::filesystem::path(file.param).stem().string();
                         });

/// As AnswerTheSame, for a script of INSERTs, which are read without parsing them.
TEST(InsertHeadsTest, ScriptsAnswerTheSame) {
  const std::string_view values[] = {
      "(1, 'a', 1.5, '2020-01-01')",
      "(2, null, -2.5e3, '2020-01-02')",
      "(3, 'O''Brien', .5, null), (4, '', 0, '2020-02-30')",
      "(99999999999, 'too large', 0, null)",
      "(5, 'x', 1.5, 'no date')",
      "(6, 'too few')",
      "(7, 'computed', 1 + 1, null)",
      "(8, true, FALSE, null)",
      "( 10 ,\n 'blanks' , 1. , null )",
      "(11, 'comment' /* here */, 1, null)",
      "(12, 'x', 1, null) -- end",
      "((13), 'brackets', 1, null)",
      "(-14, 'negative', - 1, null)",
      "(15, 'x', 1, null",
      "(16, 'x', 1, null))",
      "(17, x, 1, null)",
      "(18, 'x', 1e, null)",
      "(19, 1, '1', 0)",
      "(),()",
  };
  std::string script =
      "create database d; use d; create table t (a int, b varchar(0), c double, d date, primary "
      "key "
      "(a)); create table u (a int, b varchar(0), c double, d date);\n";
  for (const std::string_view a : values) {
    for (const std::string_view b : values) {
      for (const std::string_view row : {a, b}) {
        script.append("insert into t values ").append(row).append(";\n");
      }
      for (const std::string_view row : {b, a}) {
        script.append("insert into u (a, b, c, d)\nVALUES").append(row).append("; ");
      }
    }
  }
  script += "select * from t; select * from u;";
  std::vector<std::vector<std::string>> answers;
  for (const bool use_jit : {false, true}) {
    Service service(Way::kInProcess);
    const std::shared_ptr<Transport> transport = service.NewTransport();
    ASSERT_TRUE(transport->Login({"tsadmin", "admin", {}}).ok());
    ScriptParams params;
    params.script = script;
    params.options.use_jit = use_jit;
    params.options.continue_execution_on_error = true;
    answers.push_back(Record(transport->RunScript(params)));
  }
  ASSERT_EQ(answers[0].size(), answers[1].size());
  for (std::size_t i = 0; i < answers[0].size(); ++i) ASSERT_EQ(answers[0][i], answers[1][i]);
  EXPECT_GT(answers[0].size(), 2000U);
}

}  // namespace
}  // namespace tql::testing
