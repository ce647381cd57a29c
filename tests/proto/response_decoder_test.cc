#include "tql/wire/response_decoder.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tql/wire/json.h"
#include "tql/wire/response_line.h"

namespace tql {
namespace {

using Event = ResponseDecoder::Event;
using Result = pb::ExecuteQueryResponse::Result;

/// All results of the decoder for a body, as text.
struct Reading {
  std::string log;
  std::string rows;  // The part of the log from rows.
  Status status;
  std::size_t ends = 0;
};

Reading Read(const std::vector<std::string>& blocks, const DecoderLimits& limits = {}) {
  ResponseDecoder decoder(limits);
  Reading reading;
  std::size_t next = 0;
  std::string row;
  for (;;) {
    switch (decoder.Next()) {
      case Event::kNeedMore:
        if (next < blocks.size()) {
          decoder.Feed(blocks[next++]);
        } else {
          decoder.Finish();
        }
        break;
      case Event::kRequest:
        reading.log += "request " + decoder.request().query().statement() + "\n";
        break;
      case Event::kContext:
        reading.log += "context " + ToJson(decoder.context()) + "\n";
        break;
      case Event::kQuestion:
        reading.log += "question " + ToJson(decoder.question()) + "\n";
        break;
      case Event::kProgress:
        reading.log += "progress " + ToJson(decoder.progress()) + "\n";
        break;
      case Event::kHeader:
        reading.log += "header " + ToJson(decoder.table()) + "\n";
        break;
      case Event::kRow:
        row = "row";
        for (const std::string_view cell : decoder.row()) {
          row += cell.data() == nullptr ? "|NULL" : "|" + std::string(cell);
        }
        row += "\n";
        reading.log += row;
        reading.rows += row;
        break;
      case Event::kMessage:
        reading.log += "message " + ToJson(decoder.message()) + "\n";
        break;
      case Event::kScriptComplete:
        reading.log += "script complete\n";
        break;
      case Event::kStatementEnd:
        reading.log += decoder.complete() ? "end complete\n" : "end\n";
        ++reading.ends;
        break;
      case Event::kEnd:
        return reading;
      case Event::kError:
        reading.status = decoder.status();
        return reading;
    }
  }
}

std::string LogOf(const std::string& body) {
  const Reading reading = Read({body});
  EXPECT_TRUE(reading.status.ok()) << reading.status << "\n" << body;
  return reading.log;
}
Status ErrorOf(const std::string& body, const DecoderLimits& limits = {}) {
  return Read({body}, limits).status;
}

constexpr const char* kTable =
    R"({"result":{"final_context":{"schema":"falcon_default_schema","database":"d","server_schema_version":"163"},"table":{"headers":[{"name":"a","type":"INT"},{"name":"b","type":"VARCHAR"}],"rows":[{"v":["1","x"]},{"v":["2","\u003c\"\u2028\ud83d\ude00\n"]},{"v":["3","é"]},{"v":["",""]}]},"message":[{"type":"INFO","value":"(4 result rows)\n"}],"complete":true}})"
    "\n";
constexpr const char* kTableLog =
    "context {\"schema\":\"falcon_default_schema\",\"database\":\"d\",\"server_schema_version\":"
    "\"163\"}\n"
    "header {\"headers\":[{\"name\":\"a\",\"type\":\"INT\"},{\"name\":\"b\",\"type\":\"VARCHAR\"}]}"
    "\n"
    "row|1|x\nrow|2|<\"\xE2\x80\xA8\xF0\x9F\x98\x80\n\nrow|3|\xC3\xA9\nrow||\n"
    "message {\"type\":\"INFO\",\"value\":\"(4 result rows)\\n\"}\nend complete\n";

TEST(ResponseDecoder, ReadsATable) { EXPECT_EQ(LogOf(kTable), kTableLog); }

TEST(ResponseDecoder, InputMayBeSplitAnywhere) {
  const std::string body =
      std::string(kTable) +
      R"({"request":{"query":{"statement":"use d;"}},"script_complete":true,"result":{"progress":[{"id":"1","label":"l","percentage":3}],"interactive_question":[{"question_id":"q"}]}})"
      "\n";
  const std::string log = LogOf(body);
  for (std::size_t cut = 0; cut <= body.size(); ++cut) {
    ASSERT_EQ(Read({body.substr(0, cut), body.substr(cut)}).log, log) << "cut at " << cut;
  }
  std::vector<std::string> bytes;
  for (const char c : body) bytes.emplace_back(1, c);
  EXPECT_EQ(Read(bytes).log, log);
}

TEST(ResponseDecoder, AcceptsKeysInAnyOrderAndSpelling) {
  EXPECT_EQ(LogOf(R"({"result":{"complete":true,"message":[],"finalContext":{"schema":"s"},)"
                  R"("table":{"rows":[{"v":["1"]}],"headers":[]}},"scriptComplete":true})"),
            "context {\"schema\":\"s\"}\nrow|1\nheader {}\nscript complete\nend complete\n");
}

TEST(ResponseDecoder, AcceptsSeveralObjects) {
  EXPECT_EQ(LogOf("{}{}"), "end\nend\n");
  EXPECT_EQ(LogOf("[{}, {\"result\":{\"complete\":true}}]"), "end\nend complete\n");
  EXPECT_EQ(LogOf("\n\n"), "");
}

TEST(ResponseDecoder, SkipsUnknownKeys) {
  EXPECT_EQ(LogOf(R"({"x":{"rows":[1,[2]]},"result":{"y":"\"}","table":{"z":null,"rows":[]}}})"),
            "end\n");
}

TEST(ResponseDecoder, AcceptsUnusualFormsOfRows) {
  EXPECT_EQ(LogOf(R"({"result":{"table":{"rows":[ {"v" : ["a", {"s":"b"}, null, 1.5, true] },)"
                  R"({"w":1,"v":["c"]},{},{"v":[]},{"v":["d"]}]}}})"),
            "row|a|b|NULL|1.5|true\nrow|c\nrow\nrow\nrow|d\nend\n");
}

TEST(ResponseDecoder, NullIsAbsent) {
  EXPECT_EQ(
      LogOf(R"({"request":null,"result":{"final_context":null,"table":null,"message":null}})"),
      "end\n");
}

TEST(ResponseDecoder, EarlyEndIsAnError) {
  const std::string body = kTable;
  const std::size_t end = body.size() - 1;  // The newline is not part of the object.
  for (std::size_t size = 1; size < end; ++size) {
    ASSERT_EQ(ErrorOf(body.substr(0, size)).code(), StatusCode::kDataLoss) << size;
  }
}

TEST(ResponseDecoder, ErrorsNameTheByte) {
  const Status status = ErrorOf("{\"result\":5}");
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  ASSERT_NE(status.place(), nullptr);
  EXPECT_EQ(status.place()->offset, 10U);
  EXPECT_EQ(ErrorOf("<html>").message(),
            "the server's response, byte 0: found '<', expected a response object");
  for (const char* body :
       {"{\"result\":{\"table\":{\"rows\":[{\"v\":[\"a\"}]}}}", "{\"result\":{},}", "{\"a\" 1}",
        "{\"result\":{\"table\":{\"rows\":[{\"v\":[\"\\x\"]}]}}}",
        "{\"result\":{\"table\":{\"rows\":[{\"v\":[\"\\ud800\"]}]}}}",
        "{\"result\":{\"table\":{\"rows\":[{\"v\":[\"\xFF\"]}]}}}",
        "{\"result\":{\"table\":{\"rows\":[{\"v\":[\"a\nb\"]}]}}}",
        "{\"result\":{\"table\":{\"rows\":[{\"v\":[\"a\"]},]}}}",
        "{\"result\":{\"table\":{\"rows\":[{\"v\":[\"a\"]}}]}}}", "{\"x\":nul}", "{\"x\":\"\\q\"}",
        "]", "{\"complete\":tru}"}) {
    EXPECT_EQ(ErrorOf(body).code(), StatusCode::kInvalidArgument) << body;
  }
}

TEST(ResponseDecoder, HoldsItsLimits) {
  const auto code = [](const std::string& body, const DecoderLimits& limits) {
    return ErrorOf(body, limits).code();
  };
  DecoderLimits limits;
  limits.max_row_bytes = 50;
  const auto row = [](std::size_t size) {
    return R"({"result":{"table":{"rows":[{"v":[")" + std::string(size, 'x') + R"("]}]}}})";
  };
  EXPECT_EQ(code(row(40), limits), StatusCode::kOk);
  EXPECT_EQ(code(row(45), limits), StatusCode::kResourceExhausted);
  EXPECT_EQ(Read({row(1000).substr(0, 500)}, limits).status.code(), StatusCode::kResourceExhausted);
  limits = {};
  limits.max_columns = 3;
  EXPECT_EQ(code(R"({"result":{"table":{"rows":[{"v":["1","2","3"]}]}}})", limits),
            StatusCode::kOk);
  EXPECT_EQ(code(R"({"result":{"table":{"rows":[{"v":["1","2","3","4"]}]}}})", limits),
            StatusCode::kResourceExhausted);
  limits = {};
  limits.max_value_bytes = 20;
  EXPECT_EQ(code(R"({"x":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})", limits),
            StatusCode::kResourceExhausted);
  limits = {};
  EXPECT_EQ(code("{\"x\":" + std::string(100'000, '['), limits), StatusCode::kResourceExhausted);
}

TEST(ResponseDecoder, LongCellsSpanBlocks) {
  std::string cell;
  while (cell.size() < 300'000) cell += "abc\\\\\\\"\\u00e9";
  const std::string body = R"({"result":{"table":{"rows":[{"v":[")" + cell + R"(","z"]}]}}})";
  const std::string log = LogOf(body);
  std::vector<std::string> blocks;
  for (std::size_t at = 0; at < body.size(); at += 997) blocks.push_back(body.substr(at, 997));
  EXPECT_EQ(Read(blocks).log, log);
}

/// The rows of the message that FromJson() makes of the same line.
std::string RowsOf(const pb::ExecuteQueryResponse& response) {
  std::string rows;
  for (const auto& row : response.result().table().rows()) {
    rows += "row";
    for (const std::string& cell : row.v()) rows += "|" + cell;
    rows += "\n";
  }
  return rows;
}

TEST(ResponseDecoder, MutatedLinesMatchFromJson) {
  const std::string good =
      R"({"result":{"table":{"headers":[{"name":"a","type":"INT"}],"rows":[{"v":["1","x\u00e9"]},{"v":["22","<y>"]},{"v":["","\\"]}]},"complete":true}})";
  const std::string alphabet = "{}[]\",:\\v1n u";
  JsonLimits tolerant;
  tolerant.skip_unknown_enum_values = true;
  std::mt19937 random(11);
  std::size_t accepted = 0;
  for (int i = 0; i < 60'000; ++i) {
    std::string line = good;
    for (unsigned changes = 1 + random() % 2; changes > 0; --changes) {
      const std::size_t at = random() % line.size();
      switch (random() % 3) {
        case 0:
          line.erase(at, 1 + random() % 3);
          break;
        case 1:
          line.insert(at, 1, alphabet[random() % alphabet.size()]);
          break;
        default:
          line[at] = alphabet[random() % alphabet.size()];
      }
      if (line.empty()) line = "{";
    }
    const Reading reading = Read({line});
    const auto message = FromJson<pb::ExecuteQueryResponse>(line, tolerant);
    if (reading.status.ok() && reading.ends == 1 &&
        reading.log.find("|NULL") == std::string::npos) {
      ASSERT_TRUE(message.ok()) << message.status() << "\n" << line;
      ASSERT_EQ(reading.rows, RowsOf(*message)) << line;
      ++accepted;
    } else if (!reading.status.ok()) {
      ASSERT_FALSE(message.ok()) << reading.status << "\n" << line;
    }
  }
  EXPECT_GT(accepted, 1000U);
}

}  // namespace
}  // namespace tql
