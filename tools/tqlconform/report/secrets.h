// Keeps passwords and sessions out of reports and traces.
#ifndef TQLKIT_TOOLS_TQLCONFORM_REPORT_SECRETS_H_
#define TQLKIT_TOOLS_TQLCONFORM_REPORT_SECRETS_H_

#include <string>
#include <string_view>
#include <vector>

#include "proto/base/mutex.h"

namespace tqlconform {

/// Thread safety: all methods may be called from any thread.
class Secrets {
 public:
  /// Texts of less than eight bytes are masked only where they are marked as secrets, because they
  /// occur by chance.
  void Add(std::string_view secret);

  /// Adds the values of "NAME=VALUE; NAME=VALUE".
  void AddCookies(std::string_view cookies);

  /// Adds the tokens of sessions in a body of JSON: later they can occur without their key.
  void AddTokens(std::string_view body);

  /// Replaces the secrets: for texts of cases, in which patterns look like marked values.
  std::string MaskKnown(std::string_view text) const;
  /// Replaces the secrets, and each value of a password, JSESSIONID, cookie, token of a
  /// session or Authorization header.
  std::string Mask(std::string_view text) const;

 private:
  mutable tql::base::Mutex mutex_;
  std::vector<std::string> secrets_ TQL_GUARDED_BY(mutex_);
};

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_REPORT_SECRETS_H_
