#include "mockserver/service/session.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "mockserver/service/bearer_token.h"

namespace tql::service {
namespace {

using std::chrono::seconds;

class FakeClock : public engine::Clock {
 public:
  TimePoint Now() const override { return now_; }
  std::chrono::system_clock::time_point WallTime() const override { return {}; }
  void Advance(seconds time) { now_ += time; }

 private:
  TimePoint now_{std::chrono::hours(1)};
};

class SessionStoreTest : public ::testing::Test {
 protected:
  SessionStoreTest() {
    EXPECT_EQ(store_.AddUser("ann", "secret", true), Status());
    EXPECT_EQ(store_.AddUser("bob", "hidden", false), Status());
  }
  std::string Login() {
    const auto login = store_.Login("ann", "secret", "127.0.0.1");
    EXPECT_TRUE(login.ok()) << login.status();
    return login.ok() ? login->token : "";
  }
  StatusCode Guess(const std::string& user, const std::string& password, const char* peer) {
    return store_.Login(user, password, peer).status().code();
  }

  FakeClock clock_;
  SessionStore store_{{.idle_timeout = seconds(60),
                       .absolute_timeout = seconds(150),
                       .max_sessions = 3,
                       .hash_rounds = 1},
                      clock_};
};

TEST_F(SessionStoreTest, LoginOpensSession) {
  const auto login = store_.Login("bob", "hidden", "127.0.0.1");
  ASSERT_TRUE(login.ok());
  const auto session = store_.Authenticate(login->token);
  ASSERT_TRUE(session.ok());
  EXPECT_EQ(session->user->name, "bob");
  EXPECT_FALSE(session->user->can_manage_data);
  EXPECT_EQ(session->user->guid.size(), 36U);
}

TEST_F(SessionStoreTest, TrustNeedsNoPassword) {
  const auto login = store_.Trust("ann", space::kMain);
  ASSERT_TRUE(login.ok()) << login.status();
  EXPECT_EQ(store_.Authenticate(login->token)->user->name, "ann");
  EXPECT_EQ(store_.Trust("nobody", space::kMain).status().code(), StatusCode::kUnauthenticated);
}

TEST_F(SessionStoreTest, TrustsUsersWithoutAPassword) {
  const auto login = store_.Trust(User{"guest", "guid", false}, space::kMain);
  ASSERT_TRUE(login.ok());
  const auto session = store_.Authenticate(login->token);
  ASSERT_TRUE(session.ok());
  EXPECT_EQ(session->user->name, "guest");
  EXPECT_FALSE(session->user->can_manage_data);
  EXPECT_FALSE(store_.HasUser("guest"));
}

TEST_F(SessionStoreTest, ARememberedSessionLastsAWeek) {
  constexpr seconds kWeek = std::chrono::hours(24 * 7);
  const auto login = store_.Trust("ann", space::kMain);
  const auto expires = login->session.expires;
  store_.Remember(login->token);
  store_.Remember("unknown");
  clock_.Advance(kWeek - seconds(1));
  const auto session = store_.Authenticate(login->token);
  ASSERT_TRUE(session.ok());
  EXPECT_EQ(session->expires - expires, kWeek - seconds(150));
  clock_.Advance(seconds(1));
  EXPECT_FALSE(store_.Authenticate(login->token).ok());
}

TEST_F(SessionStoreTest, ABearerTokenIsThatOfItsSession) {
  const auto login = store_.Trust("ann", space::kMain);
  ASSERT_TRUE(login.ok());
  const std::string bearer = BearerTokenOf(login->token);
  EXPECT_TRUE(store_.Authenticate(bearer).ok());
  store_.Logout(bearer);
  EXPECT_FALSE(store_.Authenticate(login->token).ok());
}

TEST_F(SessionStoreTest, TokensAreUnique) {
  std::set<std::string> tokens;
  for (int i = 0; i < 10; ++i) tokens.insert(Login());
  EXPECT_EQ(tokens.size(), 10U);
  EXPECT_EQ(tokens.begin()->size(), 64U);
}

TEST_F(SessionStoreTest, SameErrorForWrongNameAndPassword) {
  const Status wrong_password = store_.Login("ann", "guess", "p").status();
  EXPECT_EQ(wrong_password.code(), StatusCode::kUnauthenticated);
  EXPECT_EQ(store_.Login("nobody", "guess", "p").status(), wrong_password);
  EXPECT_EQ(store_.Login("ann", std::string(100'000, 'x'), "p").status(), wrong_password);
  EXPECT_EQ(store_.Login("", "", "p").status(), wrong_password);
}

TEST_F(SessionStoreTest, RejectsUnknownTokens) {
  Login();
  for (const char* token : {"", "x", "00000000"}) {
    EXPECT_EQ(store_.Authenticate(token).status().code(), StatusCode::kUnauthenticated);
  }
}

TEST_F(SessionStoreTest, IdleTimeout) {
  const std::string token = Login();
  clock_.Advance(seconds(59));
  EXPECT_TRUE(store_.Authenticate(token).ok());
  clock_.Advance(seconds(59));
  EXPECT_TRUE(store_.Authenticate(token).ok());
  clock_.Advance(seconds(60));
  EXPECT_EQ(store_.Authenticate(token).status().code(), StatusCode::kUnauthenticated);
  EXPECT_EQ(store_.size(), 0U);
}

TEST_F(SessionStoreTest, AbsoluteTimeout) {
  const std::string token = Login();
  for (int i = 0; i < 4; ++i) {
    clock_.Advance(seconds(37));
    EXPECT_TRUE(store_.Authenticate(token).ok());
  }
  clock_.Advance(seconds(37));
  EXPECT_FALSE(store_.Authenticate(token).ok());
}

TEST_F(SessionStoreTest, LogoutEndsOneSession) {
  const std::string first = Login();
  const std::string second = Login();
  store_.Logout(first);
  store_.Logout("unknown");
  EXPECT_FALSE(store_.Authenticate(first).ok());
  EXPECT_TRUE(store_.Authenticate(second).ok());
}

TEST_F(SessionStoreTest, EvictsLongestIdleSession) {
  const std::string a = Login();
  const std::string b = Login();
  const std::string c = Login();
  EXPECT_TRUE(store_.Authenticate(a).ok());
  const std::string d = Login();
  EXPECT_FALSE(store_.Authenticate(b).ok());
  for (const std::string& token : {a, c, d}) EXPECT_TRUE(store_.Authenticate(token).ok());
}

TEST_F(SessionStoreTest, SlowsGuessingOnly) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Guess("ann", "x", "p"), StatusCode::kUnauthenticated);
  // The right password has to wait as well, otherwise guessing would not be slowed down.
  EXPECT_EQ(Guess("ann", "secret", "p"), StatusCode::kResourceExhausted);
  EXPECT_EQ(Guess("ann", "secret", "another peer"), StatusCode::kOk);
  EXPECT_EQ(Guess("bob", "hidden", "p"), StatusCode::kOk);
  clock_.Advance(seconds(1));
  EXPECT_EQ(Guess("ann", "x", "p"), StatusCode::kUnauthenticated);
  clock_.Advance(seconds(1));
  EXPECT_EQ(Guess("ann", "secret", "p"), StatusCode::kResourceExhausted);  // Now two seconds.
  clock_.Advance(seconds(30));
  EXPECT_EQ(Guess("ann", "secret", "p"), StatusCode::kOk);
  EXPECT_EQ(Guess("ann", "x", "p"), StatusCode::kUnauthenticated);
  EXPECT_EQ(Guess("ann", "secret", "p"), StatusCode::kOk);
}

TEST_F(SessionStoreTest, LoginsDoNotEndSessionsOfOthers) {
  const auto bob = store_.Login("bob", "hidden", "p");
  ASSERT_TRUE(bob.ok());
  for (int i = 0; i < 10; ++i) Login();
  EXPECT_TRUE(store_.Authenticate(bob->token).ok());
  EXPECT_EQ(store_.size(), 4U);
}

TEST_F(SessionStoreTest, ChecksCachedAndUncachedPasswordsAlike) {
  EXPECT_EQ(Guess("ann", "secre", "p"), StatusCode::kUnauthenticated);
  EXPECT_EQ(Guess("ann", "secrets", "p"), StatusCode::kUnauthenticated);
  EXPECT_EQ(Guess("ann", "", "p"), StatusCode::kUnauthenticated);
  EXPECT_EQ(Guess("ann", "secret", "p"), StatusCode::kOk);
  EXPECT_EQ(Guess("ann", "secret", "p"), StatusCode::kOk);
  EXPECT_EQ(Guess("ann", "hidden", "p"), StatusCode::kUnauthenticated);
  EXPECT_EQ(Guess("bob", "hidden", "p"), StatusCode::kOk);
  EXPECT_EQ(Guess("bob", "secret", "p"), StatusCode::kUnauthenticated);
}

/// OpenSSL refuses a hash of no rounds.
TEST_F(SessionStoreTest, FailedHashRejectsPasswords) {
  SessionStore store({.hash_rounds = 0}, clock_);
  ASSERT_EQ(store.AddUser("ann", "secret", true), Status());
  for (int i = 0; i < 2; ++i) {
    for (const char* password : {"secret", "guess", ""}) {
      EXPECT_EQ(store.Login("ann", password, "p").status().code(), StatusCode::kInternal);
      EXPECT_EQ(store.Login("nobody", password, "p").status().code(), StatusCode::kInternal);
    }
  }
}

TEST_F(SessionStoreTest, CountsConcurrentGuesses) {
  std::atomic<int> wrong = 0;
  std::atomic<int> blocked = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 32; ++i) {
    threads.emplace_back([&] {
      const StatusCode code = Guess("ann", "x", "p");
      if (code == StatusCode::kUnauthenticated) ++wrong;
      if (code == StatusCode::kResourceExhausted) ++blocked;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 5);
  EXPECT_EQ(blocked, 27);
}

TEST_F(SessionStoreTest, ManyUsersDoNotEvictBlocks) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Guess("ann", "x", "p"), StatusCode::kUnauthenticated);
  for (int i = 0; i < 9'999; ++i) Guess("u" + std::to_string(i), "x", "p");
  EXPECT_EQ(Guess("ann", "secret", "p"), StatusCode::kResourceExhausted);
  // Further guesses share one count.
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Guess("v" + std::to_string(i), "x", "p"), StatusCode::kUnauthenticated);
  }
  EXPECT_EQ(Guess("w", "x", "p"), StatusCode::kResourceExhausted);
  clock_.Advance(seconds(61));
  EXPECT_EQ(Guess("ann", "secret", "p"), StatusCode::kOk);
  EXPECT_EQ(Guess("w", "x", "p"), StatusCode::kUnauthenticated);
  EXPECT_EQ(Guess("bob", "hidden", "p"), StatusCode::kOk);
}

TEST_F(SessionStoreTest, Ipv6NetworkIsOnePeer) {
  for (const char* peer : {"2001:db8::1", "2001:db8::2", "2001:db8::3:4",
                           "2001:db8:0:0:f::", "2001:0db8:0000:0000:ffff:ffff:ffff:ffff"}) {
    EXPECT_EQ(Guess("ann", "x", peer), StatusCode::kUnauthenticated);
  }
  EXPECT_EQ(Guess("ann", "secret", "2001:db8::5"), StatusCode::kResourceExhausted);
  EXPECT_EQ(Guess("ann", "secret", "2001:db8:0:1::1"), StatusCode::kOk);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Guess("bob", "x", "::ffff:10.0.0.1"), StatusCode::kUnauthenticated);
  }
  EXPECT_EQ(Guess("bob", "hidden", "::ffff:10.0.0.1"), StatusCode::kResourceExhausted);
  EXPECT_EQ(Guess("bob", "hidden", "::ffff:10.0.0.2"), StatusCode::kOk);
  EXPECT_EQ(Guess("bob", "hidden", "::1"), StatusCode::kOk);
}

/// Sessions of the namespaces "main" and "t1".
class NamespaceSessionsTest : public SessionStoreTest {
 protected:
  NamespaceSessionsTest() {
    store_.UseEnvironments([this](std::string_view space) -> std::shared_ptr<space::Environment> {
      return space == "main" ? main_ : space == "t1" ? t1_ : nullptr;
    });
  }
  StatusOr<SessionStore::LoginResult> LoginTo(std::string_view space,
                                              const std::string& password = "secret") {
    return store_.Login("ann", password, "p", space);
  }

  std::shared_ptr<space::Environment> main_ = std::make_shared<space::Environment>("main", clock_);
  std::shared_ptr<space::Environment> t1_ = std::make_shared<space::Environment>("t1", clock_, 7);
};

TEST_F(NamespaceSessionsTest, ExpireByTheClockOfTheirNamespace) {
  const auto main = LoginTo("main");
  const auto other = LoginTo("t1");
  ASSERT_TRUE(main.ok() && other.ok());
  ASSERT_EQ(t1_->clock.Adjust({.advance = seconds(61)}), Status());
  EXPECT_TRUE(store_.Authenticate(main->token).ok());
  EXPECT_EQ(store_.Authenticate(other->token).status(),
            UnauthenticatedError("the session has expired"));
}

TEST_F(NamespaceSessionsTest, DoNotExpireWhileTheClockStandsStill) {
  ASSERT_EQ(t1_->clock.Adjust({.frozen = true}), Status());
  const auto login = LoginTo("t1");
  ASSERT_TRUE(login.ok());
  clock_.Advance(seconds(1000));
  EXPECT_TRUE(store_.Authenticate(login->token).ok());
}

TEST_F(NamespaceSessionsTest, GuessesAreBlockedInTheirNamespaceByItsClock) {
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(LoginTo("t1", "x").ok());
  EXPECT_EQ(LoginTo("t1").status().code(), StatusCode::kResourceExhausted);
  EXPECT_TRUE(LoginTo("main").ok());
  ASSERT_EQ(t1_->clock.Adjust({.advance = seconds(2)}), Status());
  EXPECT_TRUE(LoginTo("t1").ok());
  // Setting the clock back does not make a block longer.
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(LoginTo("t1", "x").ok());
  ASSERT_EQ(t1_->clock.Adjust({.advance = std::chrono::hours(9000)}), Status());
  EXPECT_FALSE(LoginTo("t1", "x").ok());
  ASSERT_EQ(t1_->clock.Adjust({.real = true}), Status());
  EXPECT_TRUE(LoginTo("t1").ok());
}

TEST_F(NamespaceSessionsTest, UnknownNamespacesAreNoWayAroundABlock) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(LoginTo("n" + std::to_string(i), "x").status().code(), StatusCode::kUnauthenticated);
  }
  EXPECT_EQ(LoginTo("n5").status().code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(LoginTo("main").status().code(), StatusCode::kResourceExhausted);
  clock_.Advance(seconds(2));
  EXPECT_EQ(LoginTo("n5").status(), UnauthenticatedError("unknown namespace \"n5\""));
}

TEST_F(NamespaceSessionsTest, ASeedDeterminesTokensAndNumbers) {
  const auto first = LoginTo("t1");
  const auto main = LoginTo("main");
  const auto second = LoginTo("t1");
  ASSERT_TRUE(first.ok() && main.ok() && second.ok());
  EXPECT_EQ(first->session.number, 1U);
  EXPECT_EQ(second->session.number, 2U);
  EXPECT_EQ(main->session.number, 1U);
  EXPECT_EQ(first->token, *space::Identifiers("t1", 7).TokenOf(1));
  EXPECT_EQ(second->token, *space::Identifiers("t1", 7).TokenOf(2));

  // After a reset the token is given again; it then belongs to the new session.
  t1_ = std::make_shared<space::Environment>("t1", clock_, 7);
  const auto again = store_.Login("bob", "hidden", "p", "t1");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->token, first->token);
  EXPECT_EQ(store_.Authenticate(again->token)->user->name, "bob");
  EXPECT_EQ(store_.size(), 3U);
}

TEST_F(NamespaceSessionsTest, EndWithTheirNamespace) {
  const auto login = LoginTo("t1");
  ASSERT_TRUE(login.ok());
  t1_ = nullptr;
  EXPECT_EQ(store_.Authenticate(login->token).status(),
            UnauthenticatedError("unknown namespace \"t1\""));
}

TEST_F(SessionStoreTest, RejectsDuplicateUsers) {
  EXPECT_EQ(store_.AddUser("ann", "x", true).code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(store_.AddUser("", "x", true).code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace tql::service
