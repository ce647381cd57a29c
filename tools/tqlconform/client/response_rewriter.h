// Changes of a response of HTTP, as a Wire describes.
#ifndef TQLKIT_TOOLS_TQLCONFORM_CLIENT_RESPONSE_REWRITER_H_
#define TQLKIT_TOOLS_TQLCONFORM_CLIENT_RESPONSE_REWRITER_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tqlconform/client/http_message.h"
#include "tools/tqlconform/suite/messages.h"
#include "tql/status.h"

namespace re2 {
class RE2;
}  // namespace re2

namespace tqlconform {

/// Thread safety: const methods may be called by several threads.
class ResponseRewriter {
 public:
  /// INVALID_ARGUMENT for an invalid RE or replacement.
  static tql::StatusOr<ResponseRewriter> Make(const confpb::Wire& wire);

  /// Whether the responses to requests of this path are changed.
  bool Changes(std::string_view path) const;
  /// The bytes of the changed response.
  std::string Rewritten(const HttpMessage& response, std::string_view path) const;
  /// Whether the connection is closed after the response.
  bool ClosesAfter(std::string_view path) const;

 private:
  struct Replacement {
    std::shared_ptr<const re2::RE2> regex;
    std::string with;
    bool all = false;
  };
  std::string Head(std::string head) const;

  confpb::Wire wire_;
  std::vector<Replacement> replacements_;
};

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_CLIENT_RESPONSE_REWRITER_H_
