#include "tools/tqlmockd/private_files.h"

#include <sys/stat.h>

#include <sstream>
#include <utility>

#include "proto/base/file.h"
#include "tools/tqlmockd/values.h"

namespace tqlmockd {
namespace {

using tql::InvalidArgumentError;
using tql::Status;
using tql::StatusOr;

constexpr std::size_t kMostBytes = std::size_t{1} << 20;

Status Refuse(const std::string& path, const std::string& why) {
  return InvalidArgumentError(path + ": " + why);
}

StatusOr<std::string> ReadPrivateFile(const std::string& path) {
  StatusOr<std::string> text = tql::base::ReadTrustedFile(path, kMostBytes, S_IRWXG | S_IRWXO);
  if (!text.ok()) return Refuse(path, text.status().message());
  return text;
}

}  // namespace

StatusOr<std::vector<tql::mock::User>> ReadUserFile(const std::string& path) {
  StatusOr<std::string> text = ReadPrivateFile(path);
  if (!text.ok()) return text.status();
  std::vector<tql::mock::User> users;
  std::istringstream lines(*std::move(text));
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    StatusOr<tql::mock::User> user = ParseUser(line);
    if (!user.ok()) return Refuse(path + ':' + std::to_string(number), user.status().message());
    users.push_back(*std::move(user));
  }
  if (users.empty()) return Refuse(path, "it has no user");
  return users;
}

StatusOr<std::string> ReadTokenFile(const std::string& path) {
  StatusOr<std::string> token = ReadPrivateFile(path);
  if (!token.ok()) return token;
  if (token->ends_with('\n')) token->pop_back();
  if (token->ends_with('\r')) token->pop_back();
  if (Status status = CheckToken(*token); !status.ok()) {
    return Refuse(path, status.message());
  }
  return token;
}

}  // namespace tqlmockd
