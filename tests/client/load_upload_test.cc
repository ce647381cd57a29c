// The uploads of a load, against servers that respond incorrectly.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <string>
#include <vector>

#include "tests/support/hostile_server.h"
#include "tql/load.h"

namespace tql {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::HostileServer;
using testing::HttpAnswer;
using testing::Peer;

constexpr std::string_view kLoggedIn =
    "HTTP/1.1 204 No Content\r\nSet-Cookie: JSESSIONID=1\r\n\r\n";

bool IsUpload(const std::string& request) {
  return request.starts_with("POST /ts_dataservice/v1/public/loads/c HTTP");
}

/// Answers every call but an upload.
void Answer(Peer& peer, const std::string& request) {
  if (request.find("/session HTTP") != request.npos) {
    peer.Send(kLoggedIn);
  } else if (request.find("/loads HTTP") != request.npos) {
    peer.Send(HttpAnswer(R"({"cycle_id":"c"})"));
  } else if (request.starts_with("GET")) {
    peer.Send(HttpAnswer(R"({"internal_stage":"DONE","rows_written":"3"})"));
  } else {
    peer.Send(HttpAnswer(""));
  }
}

LoadOutcome LoadText(const HostileServer& server, std::string text, std::size_t chunk_bytes,
                     int attempts) {
  Options options;
  options.retry.max_attempts = attempts;
  options.retry.initial_backoff = 1ms;
  options.user = "u";
  options.credentials = Credentials::Password("p");
  LoadRequest load;
  load.database = "d";
  load.table = "t";
  load.chunk_bytes = chunk_bytes;
  load.source = [&](char* into, std::size_t size) -> StatusOr<std::size_t> {
    const std::size_t count = text.copy(into, size);
    text.erase(0, count);
    return count;
  };
  return Load(server.url(), options, load);
}

// RFC 7578 defines the form; RFC 2046, section 5.1.1, its boundaries.
TEST(LoadUploadTest, AChunkIsAFormAndIsRepeated) {
  std::mutex mutex;
  std::vector<std::string> uploads;
  HostileServer server([&](Peer& peer) {
    for (std::string request; !(request = peer.ReadRequest()).empty();) {
      if (!IsUpload(request)) {
        Answer(peer, request);
        continue;
      }
      const std::lock_guard lock(mutex);
      uploads.push_back(request);
      peer.Send(uploads.size() == 1
                    ? "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
                    : HttpAnswer(""));
    }
  });
  const LoadOutcome outcome = LoadText(server, "1,a\n2,b\n3,c\n", 9, 3);
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.rows_written, 3);
  const std::lock_guard lock(mutex);
  ASSERT_EQ(uploads.size(), 3u);
  EXPECT_EQ(uploads[1], uploads[0]);
  for (std::size_t i = 1; i < uploads.size(); ++i) {
    const std::size_t body = uploads[i].find("\r\n\r\n") + 4;
    const std::string text = i == 1 ? "1,a\n2,b\n" : "3,c\n";
    const std::string form = uploads[i].substr(body);
    const std::string boundary = form.substr(0, form.find("\r\n"));
    EXPECT_THAT(uploads[i].substr(0, body),
                AllOf(HasSubstr("\r\nX-ts-chunk-id: " + std::to_string(i) + "\r\n"),
                      HasSubstr("\r\nContent-Type: multipart/form-data; boundary=" +
                                boundary.substr(2) + "\r\n"),
                      HasSubstr("\r\nContent-Length: " + std::to_string(form.size()) + "\r\n")));
    EXPECT_EQ(form, boundary +
                        "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"data\"\r\n"
                        "Content-Type: application/octet-stream\r\n\r\n" +
                        text + "\r\n" + boundary + "--\r\n");
  }
}

// A connection that is lost while the body is written is not reported as a cancellation.
TEST(LoadUploadTest, AResetDuringAnUploadIsALostConnection) {
  HostileServer server([&](Peer& peer) {
    if (peer.number() > 0) return peer.Reset();
    Answer(peer, peer.ReadRequest());
    Answer(peer, peer.ReadRequest());
    peer.WaitForBytes();
    peer.Reset();
  });
  const LoadOutcome outcome = LoadText(server, std::string(32 << 20, 'x'), 32 << 20, 1);
  EXPECT_EQ(outcome.status.code(), StatusCode::kUnavailable) << outcome.status;
  EXPECT_THAT(outcome.status.message(), EndsWith(": the connection was lost"));
}

}  // namespace
}  // namespace tql
