// Client::Connect and MakeTransport: validation of options, and the choice of the transport.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <utility>

#include "client/src/duration.h"
#include "client/src/messages.h"
#include "client/src/wire_log.h"
#include "tql/client.h"
#include "tql/profile.h"

namespace tql {
namespace {

Status CheckTime(const char* name, std::chrono::milliseconds time) {
  if (time.count() > 0) return {};
  return InvalidArgumentError(std::string(name) + " must be more than zero: found " +
                              std::to_string(time.count()) + " ms");
}

Status CheckNotNegative(const char* name, std::chrono::milliseconds time) {
  if (time.count() >= 0) return {};
  return InvalidArgumentError(std::string(name) + " must not be negative: found " +
                              std::to_string(time.count()) + " ms");
}

Status CheckRetry(const RetryOptions& retry) {
  if (retry.max_attempts < 1) {
    return InvalidArgumentError("retry.max_attempts must be 1 or more: found " +
                                std::to_string(retry.max_attempts));
  }
  if (!std::isfinite(retry.multiplier) || retry.multiplier < 1) {
    return InvalidArgumentError("retry.multiplier must be a finite number of 1 or more: found " +
                                std::to_string(retry.multiplier));
  }
  for (const Status& status : {CheckNotNegative("retry.initial_backoff", retry.initial_backoff),
                               CheckNotNegative("retry.max_backoff", retry.max_backoff),
                               CheckNotNegative("retry.max_elapsed", retry.max_elapsed)}) {
    if (!status.ok()) return status;
  }
  return {};
}

Status CheckOptions(const Options& options) {
  // A line break would allow the caller to inject headers.
  const bool printable =
      std::ranges::all_of(options.application, [](char c) { return c >= ' ' && c < 0x7f; });
  if (!printable) return InvalidArgumentError("application must be printable ASCII");
  for (const Status& status : {CheckTime("connect_timeout", options.connect_timeout),
                               CheckTime("call_timeout", options.call_timeout),
                               CheckTime("query_timeout", options.query_timeout)}) {
    if (!status.ok()) return status;
  }
  return CheckRetry(options.retry);
}

}  // namespace

StatusOr<std::shared_ptr<Transport>> MakeTransport(const Url& url, const Options& options) {
  if (Status status = CheckOptions(options); !status.ok()) return status;
  Options limited = options;
  for (std::chrono::milliseconds* time : {&limited.connect_timeout, &limited.retry.initial_backoff,
                                          &limited.retry.max_backoff, &limited.retry.max_elapsed}) {
    *time = std::min(*time, kLongestTime);
  }
  PrepareMessages();
  if (url.protocol == Protocol::kHttp) return MakeHttpTransport(url, limited);
  StatusOr<std::shared_ptr<Transport>> transport = MakeGrpcTransport(url, limited);
  if (!transport || !options.wire_log) return transport;
  return LogCalls(*std::move(transport), url, options.wire_log);
}

StatusOr<Client> Client::Connect(std::string_view url, Options options) {
  StatusOr<Target> target = ResolveTarget(url, std::move(options));
  if (!target) return target.status();
  const Options& resolved = target->options;
  StatusOr<std::shared_ptr<Transport>> transport = MakeTransport(target->url, resolved);
  if (!transport) return transport.status();
  Client client(*std::move(transport), resolved);
  if (resolved.user.empty() || resolved.credentials.empty()) return client;
  StatusOr<std::string> password = resolved.credentials.password();
  if (!password) return password.status();
  if (Status status = client.Login(resolved.user, *password); !status.ok()) return status;
  return client;
}

}  // namespace tql
