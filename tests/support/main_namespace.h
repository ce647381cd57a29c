// The namespaces of a server that was just started, for tests of what stands on them.
#ifndef TQLKIT_TESTS_SUPPORT_MAIN_NAMESPACE_H_
#define TQLKIT_TESTS_SUPPORT_MAIN_NAMESPACE_H_

#include <memory>
#include <stop_token>
#include <string>
#include <utility>

#include "mockserver/space/namespaces.h"

namespace tql::testing {

/// "main" alone, over `engine`.
inline std::unique_ptr<space::Namespaces> MainNamespace(std::unique_ptr<engine::Engine> engine,
                                                        space::Attachments attachments = {}) {
  return std::make_unique<space::Namespaces>(std::make_shared<space::Namespace>(
      std::string(space::kMain), std::move(engine),
      std::make_shared<space::Environment>(space::kMain, engine::SystemClock()),
      space::Namespace::Settings(), std::stop_token(), std::move(attachments)));
}

}  // namespace tql::testing

#endif  // TQLKIT_TESTS_SUPPORT_MAIN_NAMESPACE_H_
