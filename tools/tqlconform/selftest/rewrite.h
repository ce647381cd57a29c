// What the proxy of the self-test changes of exchanges over HTTP, to make a right server a wrong
// one.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SELFTEST_REWRITE_H_
#define TQLKIT_TOOLS_TQLCONFORM_SELFTEST_REWRITE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tqlconform/suite/messages.h"
#include "tql/status.h"

namespace re2 {
class RE2;
}  // namespace re2

namespace tqlconform {

/// Replacements of texts, in their order.
class Replacements {
 public:
  using Messages = google::protobuf::RepeatedPtrField<tqlkit::mock::v1::Action::Replace>;

  /// INVALID_ARGUMENT for an invalid regular expression or replacement.
  static tql::StatusOr<Replacements> Compile(const Messages& messages);

  bool empty() const { return items_.empty(); }
  void Apply(std::string* text) const;

 private:
  struct Item {
    std::shared_ptr<const re2::RE2> regex;
    std::string with;
    std::uint32_t times = 0;
  };
  std::vector<Item> items_;
};

/// A compiled message Rewrite.
///
/// Thread safety: const methods may be called by several threads.
class RewriteRule {
 public:
  /// INVALID_ARGUMENT with the path of the wrong field.
  static tql::StatusOr<RewriteRule> Compile(const confpb::Rewrite& message);

  /// Whether the rule acts on the request, whose head and body are given. Counts those that match.
  bool Takes(std::string_view request) const;

  const confpb::Rewrite& message() const { return message_; }
  /// Whether the response is changed, not only the request.
  bool changes_response() const;

  /// Of the body of the request.
  const Replacements& request() const { return request_; }
  /// Of the head of the response, "HTTP/1.1 200 OK\r\nname: value\r\n".
  const Replacements& head() const { return head_; }
  /// Of each line of the response, with its line end.
  const Replacements& line() const { return line_; }
  /// Of the whole body of the response.
  const Replacements& body() const { return body_; }

 private:
  confpb::Rewrite message_;
  Replacements request_;
  Replacements head_;
  Replacements line_;
  Replacements body_;
  std::shared_ptr<const re2::RE2> when_;
  std::shared_ptr<const re2::RE2> unless_;
  std::shared_ptr<std::atomic<std::uint32_t>> seen_;
};

/// The rules of one mutant. The first that takes a request acts.
using RewriteRules = std::vector<RewriteRule>;

/// Compiles the rules. INVALID_ARGUMENT.
tql::StatusOr<RewriteRules> CompileRewrites(
    const google::protobuf::RepeatedPtrField<confpb::Rewrite>& messages);

/// The body of a response on its way through the proxy.
class BodyRewriter {
 public:
  explicit BodyRewriter(const RewriteRule& rule) : rule_(rule) {}

  /// Takes bytes, and returns those that can be sent on.
  std::string Take(std::string_view bytes);
  /// The rest, at the end of the body.
  std::string Finish();

 private:
  std::string Rewritten(std::string line) const;

  const RewriteRule& rule_;
  std::string held_;      // The whole body, or the beginning of a line.
  std::string line_end_;  // Of the last line, with LATE_LINE_ENDS.
};

/// The bytes as chunks of HTTP, of at most `most` bytes each; not the last chunk.
std::string Chunked(std::string_view bytes, std::size_t most);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SELFTEST_REWRITE_H_
