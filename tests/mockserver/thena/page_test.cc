#include "mockserver/thena/page.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

#include "mockserver/thena/messages.h"

namespace tql::thena {
namespace {

std::string IdAt(int index) {
  const std::string digits = std::to_string(index);
  return std::string(24 - digits.size(), '0') + digits;
}

class PageTest : public testing::Test {
 protected:
  explicit PageTest(int size = 250) {
    for (int i = 0; i < size; ++i) {
      auto user = std::make_shared<mockpb::ThenaWorld::User>();
      user->set_id(IdAt(i));
      EXPECT_TRUE(list_.Add(user->id(), user));
    }
  }
  Page Get(const PageRequest& request) {
    const StatusOr<Page> page = PageOf(list_, request);
    EXPECT_EQ(page.status(), Status());
    return page.ok() ? *page : Page();
  }

  ObjectList list_;
};

TEST_F(PageTest, CursorIsBase64OfTheLastId) {
  // printf 'id:65a1f0c2e4b0a1b2c3d4e5f6' | base64
  EXPECT_EQ(CursorAfter("65a1f0c2e4b0a1b2c3d4e5f6"), "aWQ6NjVhMWYwYzJlNGIwYTFiMmMzZDRlNWY2");
}

TEST_F(PageTest, FirstPageHasTheDefaultLimit) {
  const Page page = Get({});
  EXPECT_EQ(page.begin, 0U);
  EXPECT_EQ(page.end, 100U);
  EXPECT_EQ(page.next_cursor, CursorAfter(IdAt(99)));
}

TEST_F(PageTest, CursorsVisitEveryObjectOnce) {
  for (const std::string limit : {"1", "7", "100", "249", "250", "251", "1000"}) {
    std::size_t next = 0;
    PageRequest request{.limit = limit};
    do {
      const Page page = Get(request);
      EXPECT_EQ(page.begin, next) << limit;
      next = page.end;
      request.cursor = page.next_cursor;
    } while (request.cursor && next <= list_.size());
    EXPECT_EQ(next, list_.size()) << limit;
  }
}

TEST_F(PageTest, EmptyCursorIsThatOfTheFirstPage) { EXPECT_EQ(Get({.cursor = ""}).begin, 0U); }

TEST_F(PageTest, CursorAfterTheLastObjectGivesAnEmptyPage) {
  const Page page = Get({.cursor = CursorAfter(IdAt(249))});
  EXPECT_EQ(page.begin, page.end);
  EXPECT_FALSE(page.next_cursor);
}

TEST_F(PageTest, RejectsLimitsThatAreNotFromOneToTheMaximum) {
  for (const std::string limit : {"", "0", "-1", "1001", "1000000000", "99999999999999999999999",
                                  "ten", "10.5", " 10", "10 ", "+10", "0x10"}) {
    EXPECT_EQ(
        PageOf(list_, {.limit = limit}).status(),
        InvalidArgumentError("limit: found \"" + limit + "\", expected a number from 1 to 1000"));
  }
}

TEST_F(PageTest, RejectsCursorsOfOtherLists) {
  for (const std::string& cursor :
       {CursorAfter(IdAt(250)), CursorAfter(""), CursorAfter("x"), std::string("aWQ6"),
        std::string("2"), std::string(36, 'A'), std::string(36, '!'), "eA==" + CursorAfter(IdAt(1)),
        CursorAfter(IdAt(1)) + "="}) {
    EXPECT_EQ(PageOf(list_, {.cursor = cursor}).status(),
              InvalidArgumentError("cursor: found \"" + cursor +
                                   "\", expected the next_cursor of a page"));
  }
}

TEST_F(PageTest, ShowsTheBeginningOfALongCursor) {
  const Status status = PageOf(list_, {.cursor = std::string(100'000, 'A')}).status();
  EXPECT_EQ(status, InvalidArgumentError("cursor: found \"" + std::string(60, 'A') +
                                         "...\", expected the next_cursor of a page"));
}

TEST(EmptyPageTest, AnEmptyListHasOneEmptyPage) {
  const StatusOr<Page> page = PageOf(ObjectList(), {});
  ASSERT_EQ(page.status(), Status());
  EXPECT_EQ(page->end, 0U);
  EXPECT_FALSE(page->next_cursor);
}

}  // namespace
}  // namespace tql::thena
