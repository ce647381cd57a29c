#include "mockserver/service/coverage.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "mockserver/dialect/parser.h"
#include "tql/wire/messages.h"

namespace tql::service {
namespace {

std::vector<std::string> StatementNames() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < dialect::kStatementKindCount; ++i) {
    names.emplace_back(dialect::StatementKindName(static_cast<dialect::StatementKind>(i)));
  }
  return names;
}

/// Adds the paths of all options that are not messages.
void AddPaths(const google::protobuf::Descriptor& message, const std::string& prefix,
              std::multiset<std::string>& paths) {
  for (int i = 0; i < message.field_count(); ++i) {
    const google::protobuf::FieldDescriptor& field = *message.field(i);
    const std::string path = prefix + field.name();
    if (field.message_type() != nullptr) {
      AddPaths(*field.message_type(), path + '.', paths);
    } else {
      paths.insert(path);
    }
  }
}

TEST(CoverageTest, CoversStatements) {
  for (const std::string& name : StatementNames()) {
    EXPECT_TRUE(std::ranges::any_of(StatementsCovered(), [&](const auto& entry) {
      return entry.statement == name;
    })) << name;
  }
}

TEST(CoverageTest, CoversOptions) {
  std::multiset<std::string> paths;
  AddPaths(*pb::TqlOptions::descriptor(), "", paths);
  std::multiset<std::string> covered;
  for (const OptionCoverage& entry : OptionsCovered()) covered.emplace(entry.option);
  EXPECT_EQ(paths, covered);
}

TEST(CoverageTest, ExamplesMatchTheirKind) {
  const std::vector<std::string> names = StatementNames();
  for (const StatementCoverage& entry : StatementsCovered()) {
    const auto parsed = dialect::ParseStatement(entry.example);
    if (entry.support != Support::kRejected) {
      ASSERT_TRUE(parsed.ok()) << entry.example << ": " << parsed.status();
    }
    if (parsed.ok()) {
      EXPECT_EQ(dialect::StatementKindName(parsed->kind()), entry.statement);
    }
    // Statements that TQL does not have can only be rejected.
    if (std::ranges::find(names, entry.statement) == names.end()) {
      EXPECT_EQ(entry.support, Support::kRejected) << entry.statement;
      EXPECT_FALSE(parsed.ok()) << entry.example;
    }
  }
}

TEST(CoverageTest, OptionsNameTheirTests) {
  for (const OptionCoverage& entry : OptionsCovered()) {
    EXPECT_EQ(entry.support == Support::kNoEffect, entry.test.empty()) << entry.option;
    EXPECT_FALSE(entry.effect.empty()) << entry.option;
  }
}

}  // namespace
}  // namespace tql::service
