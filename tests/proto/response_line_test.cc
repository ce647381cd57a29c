#include "tql/wire/response_line.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tql/wire/json.h"
#include "tql/wire/row_encoder.h"

namespace tql {
namespace {

using Result = pb::ExecuteQueryResponse::Result;

class ResponseLine : public ::testing::Test {
 protected:
  std::string out_;
  ResponseLineWriter line_{&out_};
};

TEST_F(ResponseLine, MatchesToJson) {
  pb::ExecuteQueryResponse response;
  response.mutable_request()->mutable_query()->set_statement("select \"a\" from t");
  response.set_script_complete(true);
  Result& result = *response.mutable_result();
  result.mutable_final_context()->set_schema("falcon_default_schema");
  result.mutable_final_context()->set_database("");
  result.mutable_final_context()->set_server_schema_version(163);
  Result::TableResult& table = *result.mutable_table();
  auto* header = table.add_headers();
  header->set_name("a<b>");
  header->set_type(Result::TableResult::ColumnHeader::VARCHAR);
  table.add_headers()->set_name("n");
  for (int i = 0; i < 3; ++i) {
    auto* row = table.add_rows();
    row->add_v("x" + std::to_string(i));
    row->add_v("(null)");
  }
  auto* message = result.add_message();
  message->set_type(Result::OutMessage::INFO);
  message->set_value("(3 result rows)\n");
  message = result.add_message();
  message->set_type(Result::OutMessage::ERROR);
  message->set_value("late");
  result.set_complete(true);

  line_.Begin(&response.request(), true);
  line_.Context(ResponseLineWriter::EncodeContext(result.final_context()));
  line_.Header(ResponseLineWriter::EncodeHeader(table));
  for (const auto& row : table.rows()) {
    const std::vector<std::string_view> cells(row.v().begin(), row.v().end());
    line_.Row(cells);
  }
  for (const auto& m : result.message()) line_.Message(m.type(), m.value());
  line_.Complete();
  line_.End();
  EXPECT_EQ(out_, ToJson(response) + "\n");
}

TEST_F(ResponseLine, PrintsTypeOfInfo) {
  line_.Begin();
  line_.Message(Result::OutMessage::INFO, "done \n");
  line_.Complete();
  line_.End();
  EXPECT_EQ(out_,
            "{\"result\":{\"message\":[{\"type\":\"INFO\",\"value\":\"done \\n\"}],"
            "\"complete\":true}}\n");
}

TEST_F(ResponseLine, OmitsEmptyRows) {
  Result::TableResult table;
  table.add_headers()->set_name("a");
  line_.Begin();
  line_.Header(ResponseLineWriter::EncodeHeader(table));
  line_.Complete();
  line_.End();
  EXPECT_EQ(out_, "{\"result\":{\"table\":{\"headers\":[{\"name\":\"a\"}]},\"complete\":true}}\n");
}

TEST_F(ResponseLine, WritesRowsWithoutHeaders) {
  line_.Begin();
  line_.Header(ResponseLineWriter::EncodeHeader({}));
  line_.Row({});
  line_.End();
  EXPECT_EQ(out_, "{\"result\":{\"table\":{\"rows\":[{}]}}}\n");
}

TEST_F(ResponseLine, EncodedRowsAreAsIfWrittenOneByOne) {
  const std::vector<std::vector<std::string_view>> rows = {{"1", "a\"<b>"}, {"2", ""}, {"3", "x"}};
  std::string expected;
  ResponseLineWriter one_by_one(&expected);
  one_by_one.Begin();
  one_by_one.Header({});
  for (const auto& row : rows) one_by_one.Row(row);
  one_by_one.End();
  // After so many rows that were written one by one.
  for (std::size_t before = 0; before <= rows.size(); ++before) {
    out_.clear();
    ResponseLineWriter line(&out_);
    line.Begin();
    line.Header({});
    std::string encoded;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i < before) {
        line.Row(rows[i]);
      } else {
        encoded += ',';
        AppendRow(rows[i], &encoded);
      }
    }
    EXPECT_EQ(line.in_rows(), before > 0);
    line.Rows(encoded);
    EXPECT_TRUE(line.in_rows());
    line.End();
    EXPECT_EQ(out_, expected) << before;
  }
}

TEST_F(ResponseLine, AQuestionStandsAlone) {
  pb::InteractiveQueryQuestion question;
  question.set_question_id("q1");
  question.set_banner("b");
  question.set_prompt("p");
  question.add_options("yes");
  line_.Begin();
  line_.Question(question);
  line_.End();
  pb::ExecuteQueryResponse response;
  *response.mutable_result()->add_interactive_question() = question;
  EXPECT_EQ(out_, ToJson(response) + "\n");
}

TEST_F(ResponseLine, CompleteScript) {
  line_.Begin();
  line_.Complete();
  line_.End(true);
  EXPECT_EQ(out_, "{\"result\":{\"complete\":true},\"script_complete\":true}\n");
}

}  // namespace
}  // namespace tql
