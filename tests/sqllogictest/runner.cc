#include "tests/sqllogictest/runner.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "tests/sqllogictest/dialect_map.h"

namespace tql::slt {
namespace {

std::string Joined(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += "\n  " + value;
  return text;
}

}  // namespace

std::string ValueText(char type, const Row& row, std::size_t column) {
  if (row.is_null(column)) return "NULL";
  std::string text(row.text(column));
  if (type == 'T') {
    if (text.empty()) return "(empty)";
    std::ranges::replace_if(
        text, [](char c) { return c < ' ' || c > '~'; }, '@');
    return text;
  }
  const auto number = row.get<double>(column);
  if (!number) {
    if (text == "true" || text == "false") return text == "true" ? "1" : "0";
    return type == 'I' ? std::to_string(std::strtoll(text.c_str(), nullptr, 10)) : text;
  }
  char buffer[400];
  if (type == 'R') {
    std::snprintf(buffer, sizeof buffer, "%.3f", *number);
  } else if (text.find_first_of(".eE") == std::string::npos) {
    return text;
  } else {
    std::snprintf(buffer, sizeof buffer, "%lld", static_cast<long long>(*number));
  }
  return buffer;
}

void Sort(SortMode mode, std::size_t columns, std::vector<std::string>& values) {
  if (mode == SortMode::kValues) std::ranges::sort(values);
  if (mode != SortMode::kRows || columns == 0) return;
  std::vector<std::vector<std::string>> rows;
  for (auto at = values.begin(); at != values.end(); at += static_cast<std::ptrdiff_t>(columns)) {
    rows.emplace_back(at, at + static_cast<std::ptrdiff_t>(columns));
  }
  std::ranges::sort(rows);
  values.clear();
  for (const auto& row : rows) values.insert(values.end(), row.begin(), row.end());
}

std::string HashText(const std::vector<std::string>& values) {
  std::string bytes;
  for (const std::string& value : values) bytes += value + '\n';
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_md5(), nullptr);
  std::string text = std::to_string(values.size()) + " values hashing to ";
  for (unsigned int i = 0; i < size; ++i) {
    char hex[3];
    std::snprintf(hex, sizeof hex, "%02x", digest[i]);
    text += hex;
  }
  return text;
}

Status Runner::Run(const Record& record) {
  const std::optional<std::string> sql = ToTql(record.sql);
  if (!sql) return {};
  if (record.kind == Record::Kind::kQuery) return RunQuery(record, *sql);
  const Status status = client_.Execute(*sql + ';').status;
  if (record.kind == Record::Kind::kStatementOk) return status;
  if (!status.ok() && status.code() != StatusCode::kUnavailable) return {};
  return FailedPreconditionError("expected an error, found " +
                                 (status.ok() ? "success" : status.message()));
}

Status Runner::RunQuery(const Record& record, const std::string& sql) {
  std::vector<std::string> values;
  for (auto& row : client_.Query(sql + ';')) {
    if (!row) return row.status();
    if (row->size() != record.types.size()) {
      return FailedPreconditionError("expected " + std::to_string(record.types.size()) +
                                     " columns, found " + std::to_string(row->size()));
    }
    for (std::size_t i = 0; i < row->size(); ++i) {
      values.push_back(ValueText(record.types[i], *row, i));
    }
  }
  Sort(record.sort, record.types.size(), values);
  const std::string hash = HashText(values);
  if (!record.label.empty()) {
    const auto [known, first] = labels_.emplace(record.label, hash);
    if (!first && known->second != hash) {
      return FailedPreconditionError("the result differs from that of the same label before");
    }
  }
  const bool hashed = record.expected.size() == 1 &&
                      record.expected[0].find(" values hashing to ") != std::string::npos;
  if (hashed ? record.expected[0] == hash : record.expected == values) return {};
  return FailedPreconditionError("expected" + Joined(record.expected) + "\nfound" +
                                 (hashed ? "\n  " + hash : Joined(values)));
}

}  // namespace tql::slt
