#include "tools/tqlconform/selftest/rewrite.h"

#include <re2/re2.h>

#include <array>
#include <charconv>
#include <utility>

#include "proto/base/status_macros.h"
#include "tools/tqlconform/suite/json_pattern.h"

namespace tqlconform {
namespace {

using tql::Status;
using tql::StatusOr;

StatusOr<std::shared_ptr<const re2::RE2>> CompileRegex(const std::string& pattern,
                                                       const std::string& path) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto regex = std::make_shared<const re2::RE2>(pattern, options);
  if (regex->ok()) return std::shared_ptr<const re2::RE2>(std::move(regex));
  return tql::InvalidArgumentError(path + ": " + regex->error());
}

std::string Hex(std::size_t number) {
  std::array<char, 2 * sizeof(number)> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
  return {digits.data(), end};
}

}  // namespace

StatusOr<Replacements> Replacements::Compile(const Messages& messages) {
  Replacements replacements;
  for (const auto& message : messages) {
    TQL_ASSIGN_OR_RETURN(auto regex, CompileRegex(message.regex(), "regex"));
    std::string error;
    if (!regex->CheckRewriteString(message.with(), &error)) {
      return tql::InvalidArgumentError("with: " + error);
    }
    replacements.items_.push_back({std::move(regex), message.with(), message.times()});
  }
  return replacements;
}

void Replacements::Apply(std::string* text) const {
  for (const Item& item : items_) {
    if (item.times == 0) {
      re2::RE2::GlobalReplace(text, *item.regex, item.with);
      continue;
    }
    for (std::uint32_t i = 0; i < item.times; ++i) re2::RE2::Replace(text, *item.regex, item.with);
  }
}

StatusOr<RewriteRule> RewriteRule::Compile(const confpb::Rewrite& message) {
  RewriteRule rule;
  rule.message_ = message;
  rule.seen_ = std::make_shared<std::atomic<std::uint32_t>>(0);
  if (!message.when().empty()) {
    TQL_ASSIGN_OR_RETURN(rule.when_, CompileRegex(message.when(), "when"));
  }
  if (!message.unless().empty()) {
    TQL_ASSIGN_OR_RETURN(rule.unless_, CompileRegex(message.unless(), "unless"));
  }
  TQL_ASSIGN_OR_RETURN(rule.request_, Replacements::Compile(message.request()));
  TQL_ASSIGN_OR_RETURN(rule.head_, Replacements::Compile(message.head()));
  TQL_ASSIGN_OR_RETURN(rule.line_, Replacements::Compile(message.line()));
  TQL_ASSIGN_OR_RETURN(rule.body_, Replacements::Compile(message.body()));
  return rule;
}

bool RewriteRule::Takes(std::string_view request) const {
  const re2::StringPiece text(request.data(), request.size());
  if (when_ && !re2::RE2::PartialMatch(text, *when_)) return false;
  if (unless_ && re2::RE2::PartialMatch(text, *unless_)) return false;
  const std::uint32_t index = (*seen_)++;
  if (index < message_.skip()) return false;
  return message_.times() == 0 || index - message_.skip() < message_.times();
}

bool RewriteRule::changes_response() const {
  return !head_.empty() || !line_.empty() || !body_.empty() || message_.json() ||
         message_.framing() != confpb::Rewrite::AS_RECEIVED;
}

StatusOr<RewriteRules> CompileRewrites(
    const google::protobuf::RepeatedPtrField<confpb::Rewrite>& messages) {
  RewriteRules rules;
  for (int i = 0; i < messages.size(); ++i) {
    StatusOr<RewriteRule> rule = RewriteRule::Compile(messages.Get(i));
    if (!rule.ok()) {
      return Status(rule.status().code(),
                    "rewrite[" + std::to_string(i) + "]." + rule.status().message());
    }
    rules.push_back(*std::move(rule));
  }
  return rules;
}

std::string BodyRewriter::Take(std::string_view bytes) {
  held_ += bytes;
  const auto framing = rule_.message().framing();
  if (!rule_.body().empty() || framing == confpb::Rewrite::LATE ||
      framing == confpb::Rewrite::LENGTH) {
    return "";
  }
  std::string out;
  std::size_t begin = 0;
  for (std::size_t end = held_.find('\n'); end != held_.npos; end = held_.find('\n', begin)) {
    out += std::exchange(line_end_, "");
    out += Rewritten(held_.substr(begin, end + 1 - begin));
    begin = end + 1;
    if (framing == confpb::Rewrite::LATE_LINE_ENDS && out.ends_with('\n')) {
      out.pop_back();
      line_end_ = "\n";
    }
  }
  held_.erase(0, begin);
  return out;
}

std::string BodyRewriter::Finish() {
  std::string out = std::exchange(line_end_, "");
  std::string_view rest = held_;
  while (!rest.empty()) {
    const std::size_t size = std::min(rest.find('\n'), rest.size() - 1) + 1;
    out += Rewritten(std::string(rest.substr(0, size)));
    rest.remove_prefix(size);
  }
  rule_.body().Apply(&out);
  held_.clear();
  return out;
}

std::string BodyRewriter::Rewritten(std::string line) const {
  if (rule_.message().json()) {
    const std::string_view end = line.ends_with('\n') ? "\n" : "";
    const StatusOr<JsonValue> value =
        ParseResponseJson(std::string_view(line).substr(0, line.size() - end.size()));
    if (value.ok() && value->kind == JsonValue::Kind::kMap) line = TextOf(*value).append(end);
  }
  rule_.line().Apply(&line);
  return line;
}

std::string Chunked(std::string_view bytes, std::size_t most) {
  std::string chunks;
  while (!bytes.empty()) {
    const std::string_view chunk = bytes.substr(0, most);
    chunks.append(Hex(chunk.size())).append("\r\n").append(chunk).append("\r\n");
    bytes.remove_prefix(chunk.size());
  }
  return chunks;
}

}  // namespace tqlconform
