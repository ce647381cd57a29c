// The guids, session tokens and session numbers of a namespace.
#ifndef TQLKIT_MOCKSERVER_SPACE_IDENTIFIERS_H_
#define TQLKIT_MOCKSERVER_SPACE_IDENTIFIERS_H_

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mockserver/engine/environment.h"
#include "proto/base/mutex.h"

namespace tql::space {

/// Random identifiers, or those that a seed determines: then a guid depends on the seed and on the
/// id of its object, a token on the seed, the name of the namespace and the number of its session.
/// So neither other namespaces nor statements that failed have an influence, an object has the same
/// guid in each namespace where the same statements ran, and no two sessions share a token.
///
/// Tokens of a seed can be computed by anybody who knows the seed.
///
/// Thread safety: every method may be called from any thread.
class Identifiers : public engine::GuidSource {
 public:
  /// `space` is the name of the namespace.
  explicit Identifiers(std::string_view space, std::optional<std::uint64_t> seed = std::nullopt);

  std::optional<std::uint64_t> seed() const;
  /// Applies to later identifiers. With another seed than before, sessions are numbered from 1
  /// again.
  void SetSeed(std::optional<std::uint64_t> seed);

  std::string NewGuid(std::int64_t id) override;
  /// Numbers of sessions begin with 1.
  std::uint32_t NewSessionNumber() { return last_session_.fetch_add(1) + 1; }
  /// The token of a session, 64 hexadecimal digits; nullopt without a seed, because its caller has
  /// better random numbers.
  std::optional<std::string> TokenOf(std::uint32_t session) const;
  /// Continues the numbers of the sessions of `other`.
  void ContinueAfter(const Identifiers& other) { last_session_ = other.last_session_.load(); }

 private:
  const std::uint64_t space_;  // a hash of its name
  mutable base::Mutex mutex_;
  std::optional<std::uint64_t> seed_ TQL_GUARDED_BY(mutex_);
  std::atomic<std::uint32_t> last_session_ = 0;
};

}  // namespace tql::space

#endif  // TQLKIT_MOCKSERVER_SPACE_IDENTIFIERS_H_
