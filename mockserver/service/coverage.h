// The support of each clause of each statement, and the evidence that the real service behaves so.
// Served as JSON together with the table of request options (proto/base/request_options.h) and that
// of calls (frontend/http/tql_handler.cc), and printed in mockserver/README.md. Tests run every
// example and compare the result.
#ifndef TQLKIT_MOCKSERVER_SERVICE_COVERAGE_H_
#define TQLKIT_MOCKSERVER_SERVICE_COVERAGE_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "mockserver/dialect/features.h"

namespace tql::service {

enum class Support : std::uint8_t {
  kWorks,
  kNoEffect,  // accepted and ignored
  kRejected,  // an error
};

/// The source of our knowledge about the real service.
enum class Evidence : std::uint8_t {
  kDocumented,
  kClient,    // a public client sends it or depends on it
  kSample,    // seen in output of the real service
  kInferred,  // our reading, or our decision
};

struct StatementCoverage {
  std::string_view
      statement;            // a name of StatementKindName, or of a statement that TQL does not have
  std::string_view clause;  // empty: its plain form
  Support support;
  Evidence evidence;
  /// One statement, without its semicolon. It runs on the tables that coverage_test.py makes.
  std::string_view example;
  std::string_view note;
  /// A statement uses the clause if it has one of these. Empty: the plain form, or rejected.
  dialect::Features features = {};
};

/// A parameter of a call of another service than TQL: a key of its body, or of its query.
struct ParameterCoverage {
  std::string_view name;
  Support support;
  Evidence evidence;
  std::string_view note;
};

/// The vendor's documentation lists every option of TqlOptions.
inline constexpr Evidence kOptionEvidence = Evidence::kDocumented;

std::span<const StatementCoverage> StatementsCovered();
/// The rows for the clauses of a statement. Those of queries and expressions are among the rows of
/// SELECT, also for the other statements that have them.
std::vector<const StatementCoverage*> CoverageOf(const dialect::Statement& statement);
/// "works", "no effect", "rejected".
std::string_view SupportName(Support support);
/// "documented", "client", "sample", "inferred".
std::string_view EvidenceName(Evidence evidence);

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_COVERAGE_H_
