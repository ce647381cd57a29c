/// \file
/// Where a password comes from.
#ifndef TQL_CREDENTIALS_H_
#define TQL_CREDENTIALS_H_

#include "tql/cxx20.h"

#include <string>
#include <utility>

#include "tql/status.h"

namespace tql {

/// Where a password comes from. It is read when the client connects, and never printed. Thread
/// safety: a value.
class Credentials {
 public:
  /// No password: Client::Connect logs in if a profile or TQL_PASSWORD has one (tql/profile.h).
  Credentials() = default;

  /// This very text.
  static Credentials Password(std::string password) {
    return Credentials(Source::kText, std::move(password));
  }
  /// The value of an environment variable.
  static Credentials FromEnvironment(std::string variable = "TQL_PASSWORD") {
    return Credentials(Source::kEnvironment, std::move(variable));
  }
  /// The first line of a file that nobody but its owner may read or write.
  static Credentials FromFile(std::string path) {
    return Credentials(Source::kFile, std::move(path));
  }

  /// Whether there is no source.
  bool empty() const { return source_ == Source::kNone; }

  /// The password. FAILED_PRECONDITION when there is none, when the variable is not set, or when
  /// others may read the file; NOT_FOUND when the file cannot be opened.
  StatusOr<std::string> password() const;

 private:
  enum class Source { kNone, kText, kEnvironment, kFile };
  Credentials(Source source, std::string value) : source_(source), value_(std::move(value)) {}

  Source source_ = Source::kNone;
  std::string value_;
};

}  // namespace tql

#endif  // TQL_CREDENTIALS_H_
