#include "mockserver/storage/sqlite/scan_order.h"

#include <string>
#include <string_view>

namespace tql::storage::sqlite {
namespace {

/// The column of EXPLAIN QUERY PLAN that describes a step.
constexpr int kDetail = 3;

/// "SCAN r1", but not "SCAN r1 USING COVERING INDEX k7".
bool IsPlainScan(std::string_view step) {
  constexpr std::string_view kScan = "SCAN ";
  return step.starts_with(kScan) && step.find(' ', kScan.size()) == std::string_view::npos;
}

}  // namespace

bool ReadsInOrder(Connection& reader, const PrintedSql& sql) {
  StatusOr<Statement> explained = reader.Prepare("EXPLAIN QUERY PLAN " + sql.text);
  if (!explained) return false;
  int scans = 0;
  for (;;) {
    const StatusOr<bool> row = explained->Step();
    if (!row) return false;
    if (!*row) return scans == 1;
    const std::string step = explained->Text(kDetail);
    if (IsPlainScan(step)) {
      ++scans;
    } else if (!step.starts_with("USE TEMP B-TREE FOR ")) {  // sorts the rows that it has read
      return false;
    }
  }
}

}  // namespace tql::storage::sqlite
