#include "tools/tql/connect/token_loader.h"

#include <condition_variable>
#include <thread>
#include <utility>

#include "proto/base/mutex.h"

namespace tql::shell {

/// Shared by the prompt and the thread, whichever ends later.
struct TokenLoader::State {
  Completer completer;
  base::Mutex mutex;
  std::condition_variable changed;
  std::optional<Client> wanted TQL_GUARDED_BY(mutex);  // the client whose tokens must be loaded
  bool ending TQL_GUARDED_BY(mutex) = false;

  void Run() {
    for (;;) {
      base::MutexLock lock(mutex);
      changed.wait(lock, [&]() TQL_REQUIRES(mutex) { return ending || wanted.has_value(); });
      if (ending) return;
      std::optional<Client> client = std::exchange(wanted, std::nullopt);
      lock.unlock();
      if (auto words = client->GetTokens(TokenKind::kStatic); words.ok()) {
        if (!words->tokens.empty()) completer.SetWords(std::move(words->tokens));
      }
      if (auto names = client->GetTokens(TokenKind::kDynamic); names.ok()) {
        completer.SetNames(std::move(names->tokens));
      }
    }
  }
};

TokenLoader::TokenLoader() : state_(std::make_shared<State>()) {
  std::thread([state = state_] { state->Run(); }).detach();
}

TokenLoader::~TokenLoader() {
  const base::MutexLock lock(state_->mutex);
  state_->ending = true;
  state_->changed.notify_one();
}

void TokenLoader::Refresh(const Client& client, const std::string& service) {
  const std::int64_t version = client.context().server_schema_version;
  if (version_ == version && service_ == service) return;
  version_ = version;
  service_ = service;
  const base::MutexLock lock(state_->mutex);
  state_->wanted.emplace(client);
  state_->changed.notify_one();
}

const Completer& TokenLoader::completer() const { return state_->completer; }

}  // namespace tql::shell
