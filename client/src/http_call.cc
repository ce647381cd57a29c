#include "client/src/http_call.h"

#include <memory>
#include <utility>
#include <vector>

#include "client/src/hosts.h"
#include "client/src/http_errors.h"
#include "proto/base/text.h"

namespace tql {
namespace {

// Limit on responses that are held in memory as a whole.
constexpr std::size_t kMostSmallBody = std::size_t{64} << 20;

}  // namespace

StatusOr<SmallAnswer> CallAnyStatus(HttpSession& session, HttpRequest request,
                                    const CallLimits& limits) {
  CancelSignal cancel;
  std::stop_callback on_stop(limits.stop, [&] { cancel.Set(); });
  SmallAnswer answer;
  bool too_long = false;
  HttpReceiver receiver;
  receiver.head = [&](const HttpHead& head) {
    answer.head = head;
    return true;
  };
  receiver.body = [&](const char* data, std::size_t size) {
    too_long = answer.body.size() + size > kMostSmallBody;
    if (!too_long) answer.body.append(data, size);
    return !too_long;
  };
  bool sent = false;
  Status status = session.Send(std::move(request), receiver, limits.deadline, cancel, sent);
  if (limits.note) *limits.note = {!sent, RetryAfterOf(answer.head)};
  if (too_long) {
    return InternalError("the response has more than " + std::to_string(kMostSmallBody >> 20) +
                         " MiB, the limit for responses of this kind");
  }
  if (!status.ok()) return status;
  return answer;
}

StatusOr<SmallAnswer> Call(HttpSession& session, HttpRequest request, const CallLimits& limits) {
  StatusOr<SmallAnswer> answer = CallAnyStatus(session, std::move(request), limits);
  if (!answer) return answer;
  if (!IsSuccess(answer->head.status) || IsPage(answer->head, answer->body)) {
    return HttpError(answer->head, answer->body.substr(0, kMostErrorText));
  }
  return answer;
}

std::string FormEncode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (base::IsLetter(c) || base::IsDigit(c)) {
      out += c;
    } else {
      out += '%';
      base::AppendHex(c, &out, base::kUpperHex);
    }
  }
  return out;
}

StatusOr<std::shared_ptr<HttpSession>> MakeHttpSession(const Url& url, const Options& options) {
  StatusOr<std::vector<Url>> hosts = HostsOf(url, options);
  if (!hosts) return hosts.status();
  const ProxyRules proxies(options);
  for (const Url& host : *hosts) {
    if (const auto proxy = proxies.For(host); !proxy) return proxy.status();
  }
  const auto make = [proxies](const Url& host, const Options& its_options) {
    return HttpConnection::Make(host, its_options, *proxies.For(host));
  };
  return std::make_shared<HttpSession>(*std::move(hosts), options, make);
}

}  // namespace tql
