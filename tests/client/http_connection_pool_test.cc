#include "client/src/http_connection_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tql {
namespace {

using namespace std::chrono_literals;

/// The behaviour of the connections of a test, and how many exist.
struct World {
  std::mutex mutex;
  std::condition_variable changed;
  int made = 0;
  int alive = 0;
  int most_alive = 0;
  int sending = 0;
  bool held = false;                       // Whether responses are held back.
  std::vector<std::string> refusing = {};  // Hosts that refuse connections.
  Status answer = {};                      // The result of all others.
  std::vector<std::string> log = {};       // "made a", "sent a", "refused a".
};

class FakeConnection : public HttpConnection {
 public:
  FakeConnection(World& world, std::string host) : world_(world), host_(std::move(host)) {
    const std::lock_guard lock(world_.mutex);
    world_.log.push_back("made " + host_);
    ++world_.made;
    world_.most_alive = std::max(world_.most_alive, ++world_.alive);
  }
  ~FakeConnection() override {
    const std::lock_guard lock(world_.mutex);
    --world_.alive;
  }
  Status Send(const HttpRequest&, const HttpReceiver&, Deadline, CancelSignal&) override {
    std::unique_lock lock(world_.mutex);
    connected_ = std::ranges::find(world_.refusing, host_) == world_.refusing.end();
    world_.log.push_back((connected_ ? "sent " : "refused ") + host_);
    if (!connected_) return UnavailableError(host_ + " refuses");
    ++world_.sending;
    world_.changed.notify_all();
    world_.changed.wait(lock, [this] { return !world_.held; });
    --world_.sending;
    return world_.answer;
  }
  bool connected() const override { return connected_; }

 private:
  World& world_;
  const std::string host_;
  bool connected_ = false;
};

class HttpConnectionPoolTest : public ::testing::Test {
 protected:
  HttpConnectionPool Make(std::vector<std::string> hosts, std::size_t idle, std::size_t most = 0) {
    std::vector<Url> urls;
    for (std::string& host : hosts) urls.emplace_back().host = std::move(host);
    Options options;
    options.idle_connections = idle;
    options.max_connections = most;
    return HttpConnectionPool(std::move(urls), options, [this](const Url& url, const Options&) {
      return std::make_unique<FakeConnection>(world_, url.host);
    });
  }
  static Status Send(HttpConnectionPool& pool, Deadline deadline = Deadline::max()) {
    CancelSignal cancel;
    bool sent = false;
    return pool.Send({}, {}, deadline, cancel, sent);
  }
  void Hold() {
    const std::lock_guard lock(world_.mutex);
    world_.held = true;
  }
  void LetGo() {
    const std::lock_guard lock(world_.mutex);
    world_.held = false;
    world_.changed.notify_all();
  }
  void WaitUntilSending(int calls) {
    std::unique_lock lock(world_.mutex);
    world_.changed.wait(lock, [&] { return world_.sending == calls; });
  }
  std::vector<std::string> Log() {
    const std::lock_guard lock(world_.mutex);
    return std::exchange(world_.log, {});
  }

  World world_;
};

TEST_F(HttpConnectionPoolTest, ReusesConnections) {
  HttpConnectionPool pool = Make({"a"}, 1);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Send(pool), Status());
  EXPECT_THAT(Log(), ::testing::ElementsAre("made a", "sent a", "sent a", "sent a"));
}

TEST_F(HttpConnectionPoolTest, UnlimitedConnections) {
  HttpConnectionPool pool = Make({"a"}, 2);
  Hold();
  {
    std::vector<std::jthread> calls;
    for (int i = 0; i < 5; ++i) calls.emplace_back([&] { EXPECT_EQ(Send(pool), Status()); });
    WaitUntilSending(5);
    LetGo();
  }
  EXPECT_EQ(world_.made, 5);
  EXPECT_EQ(world_.alive, 2);
}

TEST_F(HttpConnectionPoolTest, DropsFailedConnections) {
  HttpConnectionPool pool = Make({"a"}, 4);
  world_.refusing = {"a"};
  CancelSignal cancel;
  bool sent = true;
  EXPECT_EQ(pool.Send({}, {}, Deadline::max(), cancel, sent), UnavailableError("a refuses"));
  EXPECT_FALSE(sent);
  EXPECT_EQ(world_.alive, 0);
  // A connection that was lost reconnects by itself.
  world_.refusing = {};
  world_.answer = UnavailableError("lost");
  EXPECT_EQ(pool.Send({}, {}, Deadline::max(), cancel, sent), UnavailableError("lost"));
  EXPECT_TRUE(sent);
  EXPECT_EQ(world_.alive, 1);
}

TEST_F(HttpConnectionPoolTest, FailsOver) {
  HttpConnectionPool pool = Make({"a", "b", "c"}, 4);
  EXPECT_EQ(Send(pool), Status());
  world_.refusing = {"a", "b"};
  EXPECT_EQ(Send(pool), Status());
  EXPECT_EQ(Send(pool), Status());
  EXPECT_THAT(Log(), ::testing::ElementsAre("made a", "sent a", "refused a", "made b", "refused b",
                                            "made c", "sent c", "sent c"));
  // Tries the remaining hosts, then all of them when none is left.
  world_.refusing = {"c"};
  EXPECT_EQ(Send(pool), Status());
  EXPECT_EQ(Log().back(), "sent a");
  world_.refusing = {"a", "b", "c"};
  EXPECT_EQ(Send(pool), UnavailableError("a refuses; b refuses; c refuses"));
}

TEST_F(HttpConnectionPoolTest, DoesNotResendToAnotherHost) {
  HttpConnectionPool pool = Make({"a", "b"}, 4);
  world_.answer = UnavailableError("lost");
  EXPECT_EQ(Send(pool), UnavailableError("lost"));
  EXPECT_THAT(Log(), ::testing::ElementsAre("made a", "sent a"));
}

TEST_F(HttpConnectionPoolTest, ThreadsShareConnections) {
  HttpConnectionPool pool = Make({"a"}, 16, 3);
  std::atomic<int> done = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 12; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 50; ++n) done += Send(pool).ok() ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(done, 600);
  EXPECT_LE(world_.most_alive, 3);
}

TEST_F(HttpConnectionPoolTest, ReplacesIdleConnection) {
  HttpConnectionPool pool = Make({"a", "b"}, 16, 2);
  Hold();
  {
    std::jthread one([&] { (void)Send(pool); });
    std::jthread two([&] { (void)Send(pool); });
    WaitUntilSending(2);
    LetGo();
  }
  world_.refusing = {"a"};
  EXPECT_EQ(Send(pool), Status());
  EXPECT_LE(world_.most_alive, 2);
}

TEST_F(HttpConnectionPoolTest, WaitsForConnection) {
  HttpConnectionPool pool = Make({"a"}, 1, 1);
  Hold();
  std::jthread first([&] { EXPECT_EQ(Send(pool), Status()); });
  WaitUntilSending(1);
  std::jthread second([&] { EXPECT_EQ(Send(pool), Status()); });
  LetGo();
  first.join();
  second.join();
  EXPECT_EQ(world_.made, 1);
}

TEST_F(HttpConnectionPoolTest, WaitEndsAtDeadlineOrCancellation) {
  HttpConnectionPool pool = Make({"a"}, 1, 1);
  Hold();
  std::jthread first([&] { EXPECT_EQ(Send(pool), Status()); });
  WaitUntilSending(1);
  EXPECT_EQ(Send(pool, std::chrono::steady_clock::now() + 10ms),
            DeadlineExceededError("waiting for one of 1 connections took too long"));
  CancelSignal cancel;
  std::jthread canceller([&] { cancel.Set(); });
  bool sent = true;
  EXPECT_EQ(pool.Send({}, {}, Deadline::max(), cancel, sent).code(), StatusCode::kCancelled);
  EXPECT_FALSE(sent);
  LetGo();
  first.join();
  EXPECT_EQ(Send(pool), Status());  // Callers that gave up hold no connection.
  EXPECT_EQ(world_.made, 1);
}

}  // namespace
}  // namespace tql
