/// \file
/// The source of a password.
#ifndef TQL_CREDENTIALS_H_
#define TQL_CREDENTIALS_H_

#include "tql/cxx20.h"

#include <string>
#include <utility>

#include "tql/status.h"

namespace tql {

/// The source of a password: a string, an environment variable or a file. The source is read when
/// password() is called, i.e. when the client connects. The library never prints or logs the
/// password.
///
/// Thread safety: a value type; different objects may be used by different threads. password() of
/// an environment variable requires that no thread changes the environment at the same time.
class Credentials {
 public:
  /// No source. Client::Connect then uses TQL_PASSWORD or the profile (tql/profile.h), and does not
  /// log in if neither provides a password.
  Credentials() = default;

  /// The given string.
  static Credentials Password(std::string password) {
    return Credentials(Source::kText, std::move(password));
  }
  /// The value of an environment variable.
  static Credentials FromEnvironment(std::string variable = "TQL_PASSWORD") {
    return Credentials(Source::kEnvironment, std::move(variable));
  }
  /// The first line of a file, without its line end. The file must be a regular file that only its
  /// owner can read and write (mode 0600).
  static Credentials FromFile(std::string path) {
    return Credentials(Source::kFile, std::move(path));
  }

  /// Whether no source is set.
  bool empty() const { return source_ == Source::kNone; }

  /// Reads the password from its source.
  ///
  /// Errors: FAILED_PRECONDITION if no source is set, the variable is not set, other users have
  /// access to the file, or its first line is empty or longer than 4096 bytes; NOT_FOUND if the
  /// file cannot be opened.
  StatusOr<std::string> password() const;

 private:
  enum class Source { kNone, kText, kEnvironment, kFile };
  Credentials(Source source, std::string value) : source_(source), value_(std::move(value)) {}

  Source source_ = Source::kNone;
  std::string value_;
};

}  // namespace tql

#endif  // TQL_CREDENTIALS_H_
