#include "tools/tqlconform/client/response_rewriter.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <utility>

#include "proto/base/text.h"

namespace tqlconform {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

bool IsStatements(std::string_view path) {
  return path.ends_with("/tql/query") || path.ends_with("/tql/script");
}
bool IsLogin(std::string_view path) { return path.ends_with("/login"); }

std::string WithoutFields(std::string_view head, std::string_view name) {
  std::string kept;
  while (!head.empty()) {
    const std::size_t end = std::min(head.find(kLineEnd), head.size() - kLineEnd.size());
    const std::string_view line = head.substr(0, end + kLineEnd.size());
    if (!tql::base::StartsWithIgnoreCase(line, std::string(name) + ":")) kept += line;
    head.remove_prefix(line.size());
  }
  return kept;
}

void AddField(std::string_view field, std::string* head) {
  head->insert(head->size() - kLineEnd.size(), std::string(field) + std::string(kLineEnd));
}

std::string Chunks(std::string_view body, std::size_t size, const std::string& extension,
                   const google::protobuf::RepeatedPtrField<std::string>& trailer) {
  std::string chunks;
  const auto add_size = [&](std::size_t bytes) {
    char text[24];
    std::snprintf(text, sizeof text, "%zx", bytes);
    chunks.append(text).append(extension).append(kLineEnd);
  };
  while (!body.empty()) {
    const std::string_view chunk = body.substr(0, size == 0 ? body.npos : size);
    add_size(chunk.size());
    chunks.append(chunk).append(kLineEnd);
    body.remove_prefix(chunk.size());
  }
  add_size(0);
  for (const std::string& field : trailer) chunks.append(field).append(kLineEnd);
  return chunks.append(kLineEnd);
}

}  // namespace

tql::StatusOr<ResponseRewriter> ResponseRewriter::Make(const confpb::Wire& wire) {
  ResponseRewriter rewriter;
  rewriter.wire_ = wire;
  for (const auto& replace : wire.head()) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_dot_nl(false);
    auto regex = std::make_shared<const re2::RE2>(replace.regex(), options);
    std::string error = regex->error();
    if (!regex->ok() || !regex->CheckRewriteString(replace.with(), &error)) {
      return tql::InvalidArgumentError("wire.head: " + error);
    }
    rewriter.replacements_.push_back({std::move(regex), replace.with(), replace.times() == 0});
  }
  return rewriter;
}

bool ResponseRewriter::Changes(std::string_view path) const {
  if (IsLogin(path)) return !replacements_.empty();
  return IsStatements(path) &&
         (!replacements_.empty() || wire_.framing() != confpb::Wire::AS_SENT ||
          !wire_.before().empty() || wire_.close_after());
}

bool ResponseRewriter::ClosesAfter(std::string_view path) const {
  return IsStatements(path) &&
         (wire_.close_after() || wire_.framing() == confpb::Wire::UNTIL_CLOSE);
}

std::string ResponseRewriter::Head(std::string head) const {
  for (const Replacement& replacement : replacements_) {
    if (replacement.all) {
      re2::RE2::GlobalReplace(&head, *replacement.regex, replacement.with);
    } else {
      re2::RE2::Replace(&head, *replacement.regex, replacement.with);
    }
  }
  return head;
}

std::string ResponseRewriter::Rewritten(const HttpMessage& response, std::string_view path) const {
  const bool was_chunked = FieldOf(response.head, "transfer-encoding").has_value();
  confpb::Wire::Framing framing = wire_.framing();
  if (framing == confpb::Wire::AS_SENT || IsLogin(path)) {
    framing = was_chunked ? confpb::Wire::CHUNKED : confpb::Wire::LENGTH;
  }
  std::string head =
      WithoutFields(WithoutFields(response.head, "transfer-encoding"), "content-length");
  std::string body = response.body;
  if (framing == confpb::Wire::CHUNKED) {
    AddField("Transfer-Encoding: chunked", &head);
    body = Chunks(response.body, wire_.chunk(), wire_.chunk_extension(), wire_.trailer());
  } else if (framing == confpb::Wire::LENGTH) {
    AddField("Content-Length: " + std::to_string(body.size()), &head);
  } else {
    head = WithoutFields(WithoutFields(head, "connection"), "keep-alive");
    AddField("Connection: close", &head);
  }
  const std::string before = IsStatements(path) ? wire_.before() : std::string();
  return before + Head(std::move(head)) + body;
}

}  // namespace tqlconform
