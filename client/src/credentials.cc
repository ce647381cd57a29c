#include "tql/credentials.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "proto/base/file.h"

namespace tql {
namespace {

constexpr std::size_t kMostPasswordBytes = 4096;
constexpr std::size_t kMostFileBytes = std::size_t{64} << 10;

Status FileError(const std::string& path, const std::string& reason) {
  return FailedPreconditionError("password file " + path + ": " + reason);
}

StatusOr<std::string> FirstLineOf(const std::string& path) {
  StatusOr<std::string> read = base::ReadTrustedFile(path, kMostFileBytes, S_IRWXG | S_IRWXO);
  if (!read) {
    const std::string& reason = read.status().message();
    if (read.status().code() != StatusCode::kNotFound) return FileError(path, reason);
    return NotFoundError("password file " + path + ": " + reason);
  }
  std::string text = *std::move(read);
  text.resize(std::min(text.size(), text.find('\n')));
  if (!text.empty() && text.back() == '\r') text.pop_back();
  if (text.empty()) return FileError(path, "its first line is empty");
  if (text.size() > kMostPasswordBytes) return FileError(path, "its first line is too long");
  return text;
}

}  // namespace

StatusOr<std::string> Credentials::password() const {
  switch (source_) {
    case Source::kNone:
      return FailedPreconditionError("no password is given");
    case Source::kText:
      return value_;
    case Source::kEnvironment:
      if (const char* text = std::getenv(value_.c_str())) return std::string(text);
      return FailedPreconditionError("the environment variable " + value_ + " is not set");
    case Source::kFile:
      return FirstLineOf(value_);
  }
  return InternalError("unknown source of a password");
}

}  // namespace tql
