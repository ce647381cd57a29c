#include "tools/tqlconform/report/secrets.h"

#include <re2/re2.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "proto/base/json_writer.h"

namespace tqlconform {
namespace {

constexpr std::size_t kLeastBytes = 8;
constexpr std::string_view kMask = "***";

/// Latin-1, so that any byte is a character.
re2::RE2::Options AnyBytes() {
  re2::RE2::Options options(re2::RE2::Latin1);
  options.set_case_sensitive(false);
  return options;
}

/// The value of a field that is always secret.
const re2::RE2& MarkedSecrets() {
  static const re2::RE2* const kRegex =
      new re2::RE2(R"re((\bpassword"?\s*[=:]\s*"?|jsessionid=|session_?token"?\s*:\s*"?|)re"
                   R"re("(?:auth_?|access_?|refresh_?|)token\\?"\s*:\s*\\?"|)re"
                   R"re(authorization:\s*|cookie:\s*[^=\s]+=)[^&";\r\n]+)re",
                   AnyBytes());
  return *kRegex;
}

/// The same in JSON, whose texts end with a quote that has no backslash before it.
const re2::RE2& QuotedSecrets() {
  static const re2::RE2* const kRegex = new re2::RE2(
      R"re(("password"\s*:\s*"|"session_?token"\s*:\s*")(?:[^"\\\r\n]|\\.)*)re", AnyBytes());
  return *kRegex;
}

/// A token of a session in JSON. Words for completion are shorter.
const re2::RE2& SessionTokens() {
  static const re2::RE2* const kRegex = new re2::RE2(
      R"re("(?:\w*_)?(?:auth|access|refresh|session)?token"\s*:\s*"([^"\\]{16,}))re", AnyBytes());
  return *kRegex;
}

}  // namespace

void Secrets::Add(std::string_view secret) {
  if (secret.size() < kLeastBytes) return;
  std::string quoted;
  tql::base::JsonWriter(&quoted).String(secret);
  // Also as it stands in JSON. The longest one is masked first: another may be a part of it.
  std::string forms[] = {quoted.substr(1, quoted.size() - 2), std::string(secret)};
  const tql::base::MutexLock lock(mutex_);
  for (std::string& form : forms) {
    if (std::ranges::find(secrets_, form) == secrets_.end()) secrets_.push_back(std::move(form));
  }
  std::ranges::stable_sort(secrets_, std::greater<>(), &std::string::size);
}

void Secrets::AddCookies(std::string_view cookies) {
  while (!cookies.empty()) {
    const std::size_t end = std::min(cookies.find(';'), cookies.size());
    const std::string_view pair = cookies.substr(0, end);
    Add(pair.substr(std::min(pair.find('=') + 1, pair.size())));
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
  }
}

void Secrets::AddTokens(std::string_view body) {
  re2::StringPiece rest(body);
  re2::StringPiece token;
  while (re2::RE2::FindAndConsume(&rest, SessionTokens(), &token)) {
    Add({token.data(), token.size()});
  }
}

std::string Secrets::Mask(std::string_view text) const {
  std::string masked(text);
  re2::RE2::GlobalReplace(&masked, QuotedSecrets(), R"(\1***)");
  re2::RE2::GlobalReplace(&masked, MarkedSecrets(), R"(\1***)");
  return MaskKnown(masked);
}

std::string Secrets::MaskKnown(std::string_view text) const {
  std::string masked(text);
  const tql::base::MutexLock lock(mutex_);
  for (const std::string& secret : secrets_) {
    for (std::size_t at = masked.find(secret); at != std::string::npos;
         at = masked.find(secret, at + kMask.size())) {
      masked.replace(at, secret.size(), kMask);
    }
  }
  return masked;
}

}  // namespace tqlconform
