#include "mockserver/service/proto_text.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tql/wire/messages.h"

namespace tql::service {
namespace {

using google::protobuf::TextFormat;
using Table = pb::ExecuteQueryResponse::Result::TableResult;

/// Records the calls and the texts of the messages.
class Kept : public engine::StatementSink {
 public:
  std::string calls;
  std::string text;
  bool open = true;

  bool OnProgress(std::span<const engine::Progress>) override { return Note("progress "); }
  bool OnQuestion(const engine::Question&) override { return Note("question "); }
  bool Begin(const engine::Context&) override { return Note("begin "); }
  bool Header(std::span<const engine::Column>) override { return Note("header "); }
  bool Row(std::span<const std::string_view>) override { return Note("row "); }
  bool Message(engine::MessageType type, std::string_view value) override {
    text += value;
    return Note(type == engine::MessageType::kInfo ? "info " : "error ");
  }
  void End() override { Note("end"); }

 private:
  bool Note(const char* call) {
    calls += call;
    return open;
  }
};

std::vector<engine::Column> Columns(std::initializer_list<values::TypeKind> kinds) {
  std::vector<engine::Column> columns;
  for (const values::TypeKind kind : kinds) {
    columns.push_back({.name = "c\"" + std::to_string(columns.size()), .type = {.kind = kind}});
  }
  return columns;
}

bool AddRow(engine::StatementSink& sink, std::initializer_list<std::string_view> cells) {
  return sink.Row({cells.begin(), cells.size()});
}

TEST(ProtoTextTest, HeaderAndRows) {
  Kept kept;
  ProtoTextSink sink(kept, ProtoTextSink::Form::kTable);
  sink.Header(Columns({values::TypeKind::kInt, values::TypeKind::kDateTime}));
  const std::string odd = "\"'\\\n\t\x01\x7f ü € } # \xf0\x9f\x98\x80";
  const std::string_view nul("a\0b", 3);
  AddRow(sink, {"1", odd});
  AddRow(sink, {"", nul});
  Table table;
  ASSERT_TRUE(TextFormat::ParseFromString(kept.text, &table)) << kept.text;
  ASSERT_EQ(table.headers_size(), 2);
  EXPECT_EQ(table.headers(1).name(), "c\"1");
  EXPECT_EQ(table.headers(0).type(), Table::ColumnHeader::INT);
  EXPECT_EQ(table.headers(1).type(), Table::ColumnHeader::DATETIME);
  ASSERT_EQ(table.rows_size(), 2);
  EXPECT_EQ(table.rows(0).v(0), "1");
  EXPECT_EQ(table.rows(0).v(1), odd);
  EXPECT_EQ(table.rows(1).v(0), "");
  EXPECT_EQ(table.rows(1).v(1), nul);
  EXPECT_NE(kept.text.find("€"), std::string::npos) << kept.text;  // Readable by people.
}

TEST(ProtoTextTest, ScriptIsRequest) {
  Kept kept;
  ProtoTextSink sink(kept, ProtoTextSink::Form::kScript);
  sink.Header(Columns({values::TypeKind::kVarchar}));
  pb::ExecuteSqlScriptRequest request;
  ASSERT_TRUE(TextFormat::ParseFromString(kept.text, &request)) << kept.text;
  EXPECT_TRUE(request.has_script());
  AddRow(sink, {"create database \"d\";\n"});
  AddRow(sink, {"\n\nuse \"d\";\n"});
  ASSERT_TRUE(TextFormat::ParseFromString(kept.text, &request)) << kept.text;
  EXPECT_EQ(request.script(), "create database \"d\";\n\n\nuse \"d\";\n");
  EXPECT_EQ(request.script_type(), pb::ExecuteSqlScriptRequest::TQL_SCRIPT);
}

TEST(ProtoTextTest, PassesOtherCalls) {
  Kept kept;
  ProtoTextSink sink(kept, ProtoTextSink::Form::kTable);
  sink.OnProgress({});
  sink.OnQuestion({});
  sink.Begin({});
  sink.Header(Columns({values::TypeKind::kBool}));
  AddRow(sink, {"true"});
  sink.Message(engine::MessageType::kError, "it failed\n");
  sink.End();
  EXPECT_EQ(kept.calls, "progress question begin info info error end");
  EXPECT_TRUE(kept.text.ends_with("it failed\n"));
}

TEST(ProtoTextTest, StopsWhenSinkStops) {
  Kept kept;
  kept.open = false;
  ProtoTextSink sink(kept, ProtoTextSink::Form::kTable);
  EXPECT_FALSE(sink.Header(Columns({values::TypeKind::kBool})));
  EXPECT_FALSE(AddRow(sink, {"true"}));
}

}  // namespace
}  // namespace tql::service
