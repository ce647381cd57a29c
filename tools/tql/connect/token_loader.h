// Loads the service's keywords and names for completion in the background.
#ifndef TQLKIT_TOOLS_TQL_CONNECT_TOKEN_LOADER_H_
#define TQLKIT_TOOLS_TQL_CONNECT_TOKEN_LOADER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "tools/tql/edit/completion.h"
#include "tql/client.h"

namespace tql::shell {

/// Thread safety: one thread. Loading uses a thread of its own.
class TokenLoader {
 public:
  TokenLoader();
  /// Does not wait for a load in progress, which is abandoned.
  ~TokenLoader();
  TokenLoader(const TokenLoader&) = delete;
  TokenLoader& operator=(const TokenLoader&) = delete;

  /// Starts loading the tokens if the schema version in the client's context or the `service` has
  /// changed. Returns immediately. If loading fails, the old tokens are kept.
  void Refresh(const Client& client, const std::string& service);

  const Completer& completer() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
  std::optional<std::int64_t> version_;
  std::string service_;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_CONNECT_TOKEN_LOADER_H_
