// Load: the calls of a load cycle, over HTTP.
#include "tql/load.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "client/src/chunk_reader.h"
#include "client/src/hosts.h"
#include "client/src/http_call.h"
#include "client/src/http_errors.h"
#include "client/src/proxy.h"
#include "client/src/retry_transport.h"
#include "proto/base/status_macros.h"
#include "tql/profile.h"
#include "tql/wire/json.h"
#include "tql/wire/messages.h"
#include "tqlkit/load.pb.h"

namespace tql {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::string_view kRoot = "/ts_dataservice/v1/public/";
constexpr std::string_view kBoundary = "tql-load-c1e0b5a4d7f2493e";
/// The pause between two looks at the status is this part of the time waited so far, so that the
/// end is not noticed much later than it came.
constexpr int kPollPart = 10;
constexpr milliseconds kShortestPoll{20};
constexpr milliseconds kLongestPoll{2000};

pb::LoadParams ParamsOf(const LoadRequest& request) {
  pb::LoadParams params;
  auto& target = *params.mutable_target();
  target.set_database(request.database);
  if (!request.schema.empty()) target.set_schema(request.schema);
  target.set_table(request.table);
  const LoadFormat& from = request.format;
  auto& format = *params.mutable_format();
  if (from.type) format.set_type(*from.type);
  if (from.field_separator) format.set_field_separator(*from.field_separator);
  if (from.trailing_field_separator) {
    format.set_trailing_field_separator(*from.trailing_field_separator);
  }
  if (from.enclosing_character) format.set_enclosing_character(*from.enclosing_character);
  if (from.escape_character) format.set_escape_character(*from.escape_character);
  if (from.null_value) format.set_null_value(*from.null_value);
  if (from.has_header_row) format.set_has_header_row(*from.has_header_row);
  if (from.flexible) format.set_flexible(*from.flexible);
  pb::LoadParams::DateTime dates;
  if (from.date_converted_to_epoch) dates.set_converted_to_epoch(*from.date_converted_to_epoch);
  if (from.date_time_format) dates.set_date_time_format(*from.date_time_format);
  if (from.date_format) dates.set_date_format(*from.date_format);
  if (from.time_format) dates.set_time_format(*from.time_format);
  if (from.skip_second_fraction) dates.set_skip_second_fraction(*from.skip_second_fraction);
  if (from.second_fraction_start) dates.set_second_fraction_start(*from.second_fraction_start);
  if (dates.ByteSizeLong() > 0) *format.mutable_date_time() = dates;
  pb::LoadParams::Boolean boolean;
  if (from.use_bit_boolean_values) boolean.set_use_bit_values(*from.use_bit_boolean_values);
  if (from.true_format) boolean.set_true_format(*from.true_format);
  if (from.false_format) boolean.set_false_format(*from.false_format);
  if (boolean.ByteSizeLong() > 0) *format.mutable_boolean() = boolean;
  params.mutable_load_options()->set_empty_target(request.empty_target);
  params.mutable_load_options()->set_max_ignored_rows(request.max_ignored_rows);
  if (request.validate_only) params.mutable_advanced_options()->set_validate_only(true);
  if (request.max_reported_parsing_errors) {
    params.mutable_advanced_options()->set_max_reported_parsing_errors(
        *request.max_reported_parsing_errors);
  }
  return params;
}

/// The calls of one load.
class Loading {
 public:
  Loading(Url url, const Options& options, const LoadRequest& request)
      : url_(std::move(url)), options_(options), request_(request) {
    if (request.timeout.count() > 0) deadline_ = steady_clock::now() + request.timeout;
    if (options_.retry.sleep) environment_.sleep = options_.retry.sleep;
  }

  LoadOutcome Run() {
    outcome_.status = RunSteps();
    if (!outcome_.status.ok() && !outcome_.cycle_id.empty() && !committing_) Cancel();
    return std::move(outcome_);
  }

 private:
  Status RunSteps() {
    if (!request_.source) return InvalidArgumentError("LoadRequest::source is not set");
    TQL_ASSIGN_OR_RETURN(password_, options_.credentials.password());
    TQL_RETURN_IF_ERROR(Connect());
    TQL_RETURN_IF_ERROR(Start());
    TQL_RETURN_IF_ERROR(Upload());
    TQL_RETURN_IF_ERROR(Commit());
    const Status result = Wait();
    TQL_RETURN_IF_ERROR(GetBadRecords());
    return result;
  }

  /// Logs in to the node `url_`.
  Status Connect() {
    url_.protocol = Protocol::kHttp;
    TQL_ASSIGN_OR_RETURN(std::vector<Url> hosts, HostsOf(url_, options_));
    const ProxyRules proxies(options_);
    for (const Url& host : hosts) {
      if (const auto proxy = proxies.For(host); !proxy) return proxy.status();
    }
    session_ = std::make_unique<HttpSession>(
        std::move(hosts), options_, [proxies](const Url& host, const Options& options) {
          return HttpConnection::Make(host, options, *proxies.For(host));
        });
    return Login();
  }

  Status Login() {
    HttpRequest request = Request("POST", "session");
    request.content_type = "application/x-www-form-urlencoded";
    request.body = "username=" + FormEncode(options_.user) + "&password=" + FormEncode(password_);
    TQL_ASSIGN_OR_RETURN(const SmallAnswer answer, Repeat(request, /*login=*/false));
    if (session_->Open(answer.head)) return {};
    return InternalError("the response to the login has no session");
  }

  Status Start() {
    HttpRequest request = Request("POST", "loads");
    request.content_type = "application/json";
    request.body = ToJson(ParamsOf(request_));
    TQL_ASSIGN_OR_RETURN(const SmallAnswer answer, Repeat(request));
    auto response = FromJson<pb::StartLoadResponse>(answer.body);
    if (!response || response->cycle_id().empty()) {
      return InternalError("the response to the start of a load has no cycle_id");
    }
    outcome_.cycle_id = response->cycle_id();
    if (!response->has_node_address()) return {};
    return Follow(response->node_address().host(), response->node_address().port());
  }

  /// Continues on the node that the service has named. A loopback address is that of the service
  /// itself, unless it was reached there.
  Status Follow(std::string host, int port) {
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    const bool same = host == url_.host && port == url_.port;
    const bool unusable = host.empty() || port <= 0 || port > 0xFFFF;
    const bool loopback = host == "localhost" || host == "::1" || host.starts_with("127.");
    const bool local =
        url_.host == "localhost" || url_.host == "::1" || url_.host.starts_with("127.");
    if (same || unusable || (loopback && !local)) return {};
    url_.host = host;
    url_.port = static_cast<std::uint16_t>(port);
    url_.more_hosts.clear();
    options_.hosts.clear();
    return Connect();
  }

  Status Upload() {
    const std::string boundary = "--" + std::string(kBoundary);
    const std::string form_end = "\r\n" + boundary + "--\r\n";
    ChunkReader chunks(request_);
    do {
      TQL_ASSIGN_OR_RETURN(const std::string_view text, chunks.Next());
      const bool only = chunks.last() && chunk_count_ == 0;
      if (text.empty() && chunks.last() && !only) break;
      HttpRequest request = Request("POST", CyclePath());
      request.content_type = "multipart/form-data; boundary=" + std::string(kBoundary);
      if (!only) {
        request.headers.emplace_back("X-ts-chunk-id", std::to_string(++chunk_count_));
      }
      request.body = boundary +
                     "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"data\"\r\n"
                     "Content-Type: application/octet-stream\r\n\r\n";
      request.more_body = {text, form_end};
      TQL_RETURN_IF_ERROR(Repeat(request).status());
      progress_.bytes_sent += text.size();
      progress_.stage = "INGESTING";
      Report();
    } while (!chunks.last());
    return {};
  }

  /// A commit whose response was lost is not repeated if the service has begun it.
  Status Commit() {
    HttpRequest request = Request("POST", CyclePath() + "/commit");
    if (chunk_count_ > 0) {
      request.headers.emplace_back("X-ts-chunks", std::to_string(chunk_count_));
    }
    committing_ = true;
    for (int attempt = 1;; ++attempt) {
      const Status status = Call(*session_, request, Limits(options_.call_timeout)).status();
      if (status.ok() || !status.retryable()) return status;
      const StatusOr<pb::LoadStatus> state = GetStatus();
      if (!state) return state.status();
      if (state->internal_stage() == "COMMITTING" || state->internal_stage() == "DONE") return {};
      if (attempt >= options_.retry.max_attempts) return status;
    }
  }

  Status Wait() {
    for (milliseconds waited{0};;) {
      TQL_ASSIGN_OR_RETURN(const pb::LoadStatus state, GetStatus());
      outcome_.rows_written = state.rows_written();
      outcome_.ignored_rows = state.ignored_row_count();
      outcome_.parsing_errors.assign(state.parsing_errors().begin(), state.parsing_errors().end());
      progress_.stage = state.internal_stage();
      progress_.rows_written = state.rows_written();
      progress_.ignored_rows = state.ignored_row_count();
      Report();
      if (state.status().has_code() && state.status().code() != "OK") {
        return FailedPreconditionError(state.status().message());
      }
      if (state.internal_stage() == "DONE") return {};
      if (request_.stop.stop_requested() && !std::exchange(cancelled_, true)) Cancel();
      if (steady_clock::now() >= deadline_) {
        return DeadlineExceededError("the load takes longer than its timeout");
      }
      const milliseconds pause = std::clamp(waited / kPollPart, kShortestPoll, kLongestPoll);
      environment_.sleep(pause, cancelled_ ? std::stop_token() : request_.stop);
      waited += pause;
    }
  }

  StatusOr<pb::LoadStatus> GetStatus() {
    TQL_ASSIGN_OR_RETURN(const SmallAnswer answer,
                         Repeat(Request("GET", CyclePath()), /*login=*/true, /*stops=*/false));
    auto state = FromJson<pb::LoadStatus>(answer.body);
    if (state) return state;
    return InternalError("invalid status of the load: " + state.status().message());
  }

  Status GetBadRecords() {
    if (outcome_.ignored_rows == 0 || !request_.on_bad_records) return {};
    CancelSignal cancel;
    const std::stop_callback on_stop(request_.stop, [&] { cancel.Set(); });
    Status written;
    HttpHead head;
    std::string error;
    HttpReceiver receiver;
    receiver.head = [&](const HttpHead& received) {
      head = received;
      return true;
    };
    receiver.body = [&](const char* data, std::size_t size) {
      if (IsSuccess(head.status)) {
        written = request_.on_bad_records({data, size});
      } else if (error.size() < kMostErrorText) {
        error.append(data, size);
      }
      return written.ok();
    };
    bool sent = false;
    const Status status =
        session_->Send(Request("GET", CyclePath() + "/bad_records_file"), receiver,
                       Limits(options_.query_timeout).deadline, cancel, sent);
    if (!written.ok()) return written;
    if (!status.ok()) return status;
    return IsSuccess(head.status) ? Status() : HttpError(head, error.substr(0, kMostErrorText));
  }

  /// The load has failed already, so an error of this call is of no interest.
  void Cancel() {
    CallLimits limits;
    limits.deadline = steady_clock::now() + options_.call_timeout;
    (void)Call(*session_, Request("POST", CyclePath() + "/cancel"), limits);
  }

  static HttpRequest Request(std::string method, const std::string& path) {
    HttpRequest request{std::move(method), std::string(kRoot) + path, {}, {}, {}};
    request.headers = {{"Accept", "text/plain, */*"}, {"X-Requested-By", "ThoughtSpot"}};
    return request;
  }
  std::string CyclePath() const { return "loads/" + outcome_.cycle_id; }

  CallLimits Limits(milliseconds time, bool stops = true) const {
    CallLimits limits;
    limits.deadline = std::min(deadline_, steady_clock::now() + time);
    if (stops) limits.stop = request_.stop;
    return limits;
  }

  /// Sends a request that may be sent twice. Logs in again, once, if the session has ended.
  StatusOr<SmallAnswer> Repeat(const HttpRequest& request, bool login = true, bool stops = true) {
    std::chrono::duration<double, std::milli> ceiling = options_.retry.initial_backoff;
    for (int attempt = 1;; ++attempt) {
      FailureNote note;
      CallLimits limits = Limits(options_.query_timeout, stops);
      limits.note = &note;
      StatusOr<SmallAnswer> answer = Call(*session_, request, limits);
      if (answer.status().needs_login() && std::exchange(login, false)) {
        TQL_RETURN_IF_ERROR(Login());
        continue;
      }
      if (!answer.status().retryable() || attempt >= options_.retry.max_attempts) return answer;
      const auto pause =
          std::max(std::chrono::duration_cast<milliseconds>(ceiling * environment_.random()),
                   note.retry_after);
      if (steady_clock::now() + pause >= deadline_) return answer;
      environment_.sleep(pause, limits.stop);
      if (limits.stop.stop_requested()) return CancelledError("the load was cancelled");
      ceiling = std::min<std::chrono::duration<double, std::milli>>(
          ceiling * options_.retry.multiplier, options_.retry.max_backoff);
    }
  }

  void Report() const {
    if (request_.on_progress) request_.on_progress(progress_);
  }

  Url url_;
  Options options_;
  const LoadRequest& request_;
  Deadline deadline_ = Deadline::max();
  RetryEnvironment environment_ = SystemRetryEnvironment();
  std::string password_;
  std::unique_ptr<HttpSession> session_;
  std::uint64_t chunk_count_ = 0;
  bool committing_ = false;
  bool cancelled_ = false;
  LoadProgress progress_;
  LoadOutcome outcome_;
};

}  // namespace

LoadOutcome Load(const Url& url, const Options& options, const LoadRequest& request) {
  return Loading(url, options, request).Run();
}

LoadOutcome Load(std::string_view url, Options options, const LoadRequest& request) {
  StatusOr<Target> target = ResolveTarget(url, std::move(options));
  if (target) return Load(target->url, target->options, request);
  LoadOutcome outcome;
  outcome.status = target.status();
  return outcome;
}

}  // namespace tql
