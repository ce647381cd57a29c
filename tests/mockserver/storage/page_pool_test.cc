// Pages for files in memory: reuse, release, threads, and what happens when memory runs out.
#include "mockserver/storage/sqlite/page_pool.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <new>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "mockserver/storage/sqlite/memory_file.h"

namespace tql::storage::sqlite {
namespace {

// The first page of a slab has its administration.
constexpr std::size_t kPagesPerSlab = PagePool::kSlabBytes / sizeof(Page) - 1;

std::vector<Page*> Take(PagePool& pool, std::size_t count) {
  std::vector<Page*> pages(count);
  for (Page*& page : pages) page = pool.Take();
  return pages;
}

void Return(PagePool& pool, const std::vector<Page*>& pages) {
  for (Page* page : pages) pool.Return(page);
}

TEST(PagePool, PagesAreAlignedAndDistinct) {
  PagePool pool;
  const std::vector<Page*> pages = Take(pool, 3 * kPagesPerSlab);
  EXPECT_EQ(pool.slabs(), 3U);
  EXPECT_EQ(std::set<Page*>(pages.begin(), pages.end()).size(), pages.size());
  for (std::size_t i = 0; i < pages.size(); ++i) {
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(pages[i]) % 4096, 0U);
    std::memset(pages[i], static_cast<int>(i % 251), sizeof(Page));
  }
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const auto mark = static_cast<std::byte>(i % 251);
    ASSERT_TRUE(std::ranges::all_of(pages[i]->bytes, [&](std::byte b) { return b == mark; })) << i;
  }
  Return(pool, pages);
}

TEST(PagePool, OfTheFirstSlabsOnlyUsedPagesAreResident) {
  PagePool pool;
  const std::vector<Page*> unused = Take(pool, kPagesPerSlab * PagePool::kOrdinarySlabs - 10);
  std::vector<Page*> pages = Take(pool, 10);
  for (Page* page : pages) page->bytes[0] = std::byte{1};
  void* const slab = reinterpret_cast<std::byte*>(pages[0]) -
                     reinterpret_cast<std::uintptr_t>(pages[0]) % PagePool::kSlabBytes;
  std::array<unsigned char, kPagesPerSlab + 1> resident{};
  ASSERT_EQ(mincore(slab, PagePool::kSlabBytes, resident.data()), 0);
  EXPECT_EQ(std::ranges::count(resident, 1), 11);  // With that of the administration.
  Return(pool, pages);
  Return(pool, unused);
}

TEST(PagePool, ReturnedPagesAreTakenAgain) {
  PagePool pool;
  std::vector<Page*> pages = Take(pool, 2 * kPagesPerSlab);
  const std::set<Page*> before(pages.begin(), pages.end());
  std::mt19937 random(1);
  for (int round = 0; round < 100; ++round) {
    std::ranges::shuffle(pages, random);
    for (std::size_t i = 0; i < 100; ++i) pool.Return(pages[i]);
    for (std::size_t i = 0; i < 100; ++i) pages[i] = pool.Take();
    EXPECT_EQ(pool.slabs(), 2U);
  }
  EXPECT_EQ(std::set<Page*>(pages.begin(), pages.end()), before);
  Return(pool, pages);
}

TEST(PagePool, EmptySlabsAreUnmappedExceptOne) {
  PagePool pool;
  const std::vector<Page*> few = Take(pool, 10);
  std::vector<Page*> many = Take(pool, 10 * kPagesPerSlab);
  EXPECT_EQ(pool.slabs(), 11U);
  std::ranges::shuffle(many, std::mt19937(1));
  Return(pool, many);
  EXPECT_EQ(pool.slabs(), 2U);
  // A page taken and returned at the limit of a slab.
  const std::vector<Page*> rest = Take(pool, kPagesPerSlab - 10);
  for (int i = 0; i < 10; ++i) {
    pool.Return(pool.Take());
    EXPECT_EQ(pool.slabs(), 2U);
  }
  Return(pool, rest);
  Return(pool, few);
  EXPECT_EQ(pool.slabs(), 1U);
}

/// Pages are taken from the slabs that have the fewest free ones, so that the others become empty.
TEST(PagePool, ASlabThatWasFullIsFilledFirst) {
  PagePool pool;
  const std::vector<Page*> full = Take(pool, kPagesPerSlab);
  const std::vector<Page*> others = Take(pool, 1);
  pool.Return(full[7]);
  EXPECT_EQ(pool.Take(), full[7]);
  Return(pool, others);
  Return(pool, full);
}

TEST(PagePool, ThreadsShareIt) {
  PagePool pool;
  std::vector<std::jthread> threads;
  for (unsigned seed = 0; seed < 4; ++seed) {
    threads.emplace_back([&pool, seed] {
      std::mt19937 random(seed);
      std::vector<Page*> mine;
      const auto mark = static_cast<std::byte>(seed + 1);
      for (int i = 0; i < 20'000; ++i) {
        if (mine.size() < 2'000 && random() % 5 < 3) {
          mine.push_back(pool.Take());
          mine.back()->bytes.front() = mine.back()->bytes.back() = mark;
          continue;
        }
        if (mine.empty()) continue;
        std::swap(mine[random() % mine.size()], mine.back());
        ASSERT_EQ(mine.back()->bytes.front(), mark);
        ASSERT_EQ(mine.back()->bytes.back(), mark);
        pool.Return(mine.back());
        mine.pop_back();
      }
      Return(pool, mine);
    });
  }
  threads.clear();
  EXPECT_EQ(pool.slabs(), 1U);
}

TEST(SharedPage, IsZeroUntilItIsWritten) {
  for (int i = 0; i < 3; ++i) {  // The page of the last round is taken again.
    SharedPage page = SharedPage::Make();
    for (const std::byte byte : page->bytes) ASSERT_EQ(byte, std::byte{0});
    EXPECT_TRUE(page.alone());
    page.Mutable().bytes.fill(std::byte{0xff});
    const SharedPage copy = page;
    EXPECT_FALSE(page.alone());
    EXPECT_EQ(&*page, &*copy);
    page.Mutable().bytes[7] = std::byte{1};
    EXPECT_NE(&*page, &*copy);
    EXPECT_EQ(copy->bytes[7], std::byte{0xff});
    EXPECT_EQ(page->bytes[8], std::byte{0xff});
  }
}

TEST(MemoryBytes, TruncationReturnsThePages) {
  const std::size_t before = PagePool::Instance().slabs();
  MemoryBytes bytes;
  const std::string data(64 << 20, 'x');
  ASSERT_TRUE(bytes.Write(data.data(), data.size(), 0));
  EXPECT_GE(PagePool::Instance().slabs(), before + 31);
  ASSERT_TRUE(bytes.Truncate(1 << 20));
  EXPECT_LE(PagePool::Instance().slabs(), before + 2);
}

// Sanitizers reserve more address space than any limit admits.
#if !defined(__SANITIZE_ADDRESS__) && !defined(TQLKIT_TSAN)
/// Limits the address space of this process to what it uses and 32 MiB.
void LimitMemory() {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const rlimit limit{pages * 4096 + (32 << 20), RLIM_INFINITY};
  if (setrlimit(RLIMIT_AS, &limit) != 0) std::exit(2);
}

TEST(PagePoolDeathTest, TakeThrowsWhenMemoryRunsOut) {
  const auto take_all = [] {
    PagePool pool;
    std::vector<Page*> pages;
    pages.reserve(100'000);
    LimitMemory();
    try {
      while (pages.size() < 100'000) pages.push_back(pool.Take());
    } catch (const std::bad_alloc&) {
      const bool many = pages.size() >= 10 * kPagesPerSlab;
      Return(pool, pages);
      std::exit(many && pool.slabs() == 1 && pool.Take() != nullptr ? 0 : 3);
    }
    std::exit(4);
  };
  EXPECT_EXIT(take_all(), ::testing::ExitedWithCode(0), "");
}

TEST(PagePoolDeathTest, AFileKeepsItsBytesWhenMemoryRunsOut) {
  const auto write_all = [] {
    MemoryBytes bytes;
    const std::string data(1 << 20, 'x');
    LimitMemory();
    std::uint64_t at = 0;
    while (at < 1 << 30 && bytes.Write(data.data(), data.size(), at)) at += data.size();
    if (at < 16 << 20 || at == 1 << 30 || bytes.size() != at) std::exit(3);
    std::string out(10, ' ');
    if (!bytes.Read(out.data(), out.size(), at - 10) || out != "xxxxxxxxxx") std::exit(4);
    if (!bytes.Truncate(0) || !bytes.Write(data.data(), data.size(), 0)) std::exit(5);
    std::exit(0);
  };
  EXPECT_EXIT(write_all(), ::testing::ExitedWithCode(0), "");
}
#endif

}  // namespace
}  // namespace tql::storage::sqlite
