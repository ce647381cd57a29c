// The features of the language that a statement uses.
#ifndef TQLKIT_MOCKSERVER_DIALECT_FEATURES_H_
#define TQLKIT_MOCKSERVER_DIALECT_FEATURES_H_

#include <cstdint>

#include "mockserver/dialect/ast.h"

namespace tql::dialect {

enum class Feature : std::uint8_t {
  // SHOW, SCRIPT, COMPACT: what the statement is about.
  kOfServer,
  kOfDatabase,
  kOfSchema,
  kOfTable,
  kAllTables,
  // Definitions of tables, in CREATE TABLE and ALTER TABLE.
  kColumns,
  kTableMark,
  kPrimaryKey,
  kForeignKey,
  kRelationship,
  kPartition,
  kLength,  // of a VARCHAR or CHAR, other than 0
  kDefault,
  kParsingHint,
  kNotNull,
  // ALTER TABLE.
  kAddColumn,
  kDropColumn,
  kRenameColumn,
  kModifyColumn,
  kDropPrimaryKey,
  kDropConstraint,
  kDropForeignKey,
  kDropRelationship,
  kSetDimension,
  kSetFact,
  kSetLoadPriority,
  // INSERT.
  kValues,
  kColumnList,
  kSeveralRows,
  kInsertSelect,
  // Queries and expressions, in any statement.
  kTop,  // and LIMIT
  kInto,
  kWhere,  // GROUP BY, ORDER BY
  kAggregate,
  kDateFunction,
  kCommaJoin,
  kFullJoin,
  kOtherJoin,
  kDistinct,  // and HAVING
  kSubquery,
  kSetOperation,
  kEqualsNull,
  kPredicate,  // CASE, CAST, LIKE, IN, BETWEEN, IS NULL
  kWithoutFrom,
};

/// A set of features.
class Features {
 public:
  constexpr Features() = default;
  constexpr Features(Feature feature) { Add(feature); }  // implicit: a set of one
  constexpr void Add(Feature feature) {
    bits_ |= std::uint64_t{1} << static_cast<unsigned>(feature);
  }
  constexpr bool empty() const { return bits_ == 0; }
  friend constexpr Features operator|(Features a, Features b) {
    a.bits_ |= b.bits_;
    return a;
  }
  /// Whether both have a feature in common.
  constexpr bool Meets(const Features& other) const { return (bits_ & other.bits_) != 0; }

 private:
  std::uint64_t bits_ = 0;
};

constexpr Features operator|(Feature a, Feature b) { return Features(a) | Features(b); }

Features FeaturesOf(const Statement& statement);

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_FEATURES_H_
