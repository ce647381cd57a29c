// Loads the service's words and names for completion, beside what the prompt does.
#ifndef TQLKIT_TOOLS_TQL_CONNECT_TOKEN_LOADER_H_
#define TQLKIT_TOOLS_TQL_CONNECT_TOKEN_LOADER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "tools/tql/edit/completion.h"
#include "tql/client.h"

namespace tql::shell {

/// Thread safety: none; it has a thread of its own.
class TokenLoader {
 public:
  TokenLoader();
  /// Waits for nobody: what still loads is abandoned.
  ~TokenLoader();
  TokenLoader(const TokenLoader&) = delete;
  TokenLoader& operator=(const TokenLoader&) = delete;

  /// Loads the tokens again if the catalog has changed since, by the client's context, or `service`
  /// is another one. Returns at once; failures leave the old tokens.
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
