// What a server reports at its end: the rules of its namespaces, and what was unexpected.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_REPORT_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_REPORT_H_

#include <string>
#include <string_view>

#include "mockserver/testdouble/double.h"
#include "mockserver/testdouble/messages.h"

namespace tql::testdouble {

/// Statements that the report of a namespace lists, of each kind.
inline constexpr int kMostReported = 1000;

/// The uses of rules, the statements that no rule matched where the plan requires one, and the
/// entries of the journal with a warning: what the empty verification looks at.
mockpb::Report::Space ReportOf(std::string_view name, const Double& space);

/// The report in the format of JUnit: a test suite for each namespace, with a test case for each
/// rule, and one for the comparison.
std::string ToJunit(const mockpb::Report& report);

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_REPORT_H_
