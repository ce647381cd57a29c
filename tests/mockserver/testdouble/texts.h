// Helpers that make the messages and facts of tests from texts.
#ifndef TQLKIT_TESTS_MOCKSERVER_TESTDOUBLE_TEXTS_H_
#define TQLKIT_TESTS_MOCKSERVER_TESTDOUBLE_TEXTS_H_

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "mockserver/testdouble/checks.h"
#include "mockserver/testdouble/facts.h"
#include "mockserver/testdouble/messages.h"

namespace tql::testdouble {

/// A message from protobuf's text format, e.g. `kind: "SELECT" table: "sales"`.
template <typename T>
T Message(const std::string& text) {
  T message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

/// A query in the database "shop".
inline Facts Query(std::string_view text) {
  Facts facts;
  facts.call = mockpb::QUERY;
  facts.text = text;
  facts.database = "shop";
  return facts;
}

/// A new budget, valid until the next call in this thread.
inline RegexBudget& Regexes() {
  thread_local RegexBudget budget;
  return budget = RegexBudget();
}

}  // namespace tql::testdouble

#endif  // TQLKIT_TESTS_MOCKSERVER_TESTDOUBLE_TEXTS_H_
