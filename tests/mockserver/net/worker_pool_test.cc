#include "mockserver/net/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <new>
#include <vector>

namespace tql::net {
namespace {

TEST(WorkerPoolTest, LimitsConcurrentTasks) {
  std::atomic<int> now{0};
  std::atomic<int> most{0};
  {
    WorkerPool pool(3);
    for (int i = 0; i < 200; ++i) {
      pool.Submit([&] {
        const int here = ++now;
        for (int seen = most; here > seen && !most.compare_exchange_weak(seen, here);) {
        }
        std::this_thread::yield();
        --now;
      });
    }
  }
  EXPECT_EQ(now, 0);
  EXPECT_LE(most, 3);
}

TEST(WorkerPoolTest, TasksMayUsePoolDuringFinish) {
  std::atomic<int> done{0};
  WorkerPool pool(2);
  for (int i = 0; i < 50; ++i) {
    pool.Submit([&] {
      (void)pool.Busy();
      ++done;
    });
  }
  pool.Finish();
  EXPECT_EQ(done, 50);
}

TEST(WorkerPoolTest, OutlivesTasksThatThrow) {
  std::atomic<int> done{0};
  WorkerPool pool(2);
  for (int i = 0; i < 10; ++i) {
    pool.Submit([] { throw std::bad_alloc(); });
    pool.Submit([] { throw 7; });
    pool.Submit([&] { ++done; });
  }
  pool.Finish();
  EXPECT_EQ(done, 10);
}

TEST(WorkerPoolTest, WaitingTasksDoNotOccupyThreads) {
  std::promise<void> outside;
  const std::shared_future<void> happened = outside.get_future().share();
  std::promise<void> worked;
  {
    WorkerPool pool(2);
    for (int i = 0; i < 50; ++i) {
      pool.Submit([&pool, happened] {
        const WorkerPool::Waiting waiting(pool);
        happened.wait();
      });
    }
    pool.Submit([&] { worked.set_value(); });
    worked.get_future().wait();  // Never returns if the waiting tasks occupy both threads.
    outside.set_value();
  }
}

TEST(WorkerPoolTest, WaitingStartsQueuedTask) {
  std::promise<void> may_wait;
  std::promise<void> worked;
  WorkerPool pool(1);
  pool.Submit([&] {
    may_wait.get_future().wait();
    const WorkerPool::Waiting waiting(pool);
    worked.get_future().wait();
  });
  pool.Submit([&] { worked.set_value(); });
  may_wait.set_value();
}

}  // namespace
}  // namespace tql::net
