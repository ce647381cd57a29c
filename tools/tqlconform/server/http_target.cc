// Calls over HTTP and HTTPS.
#include <algorithm>
#include <map>
#include <utility>

#include "proto/base/json_writer.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"
#include "tools/tqlconform/server/http_exchange.h"
#include "tools/tqlconform/server/target.h"

namespace tqlconform {
namespace {

constexpr std::string_view kQueryPath = "/ts_dataservice/v1/public/tql/query";
constexpr std::string_view kScriptPath = "/ts_dataservice/v1/public/tql/script";
constexpr std::string_view kTokensPath = "/ts_dataservice/v1/public/tql/tokens/";
constexpr std::string_view kVersionPath = "/ts_tqlservice/v1/public/schema_version";

/// What is to be sent, before it is made bytes.
struct Request {
  std::string method = "POST";
  std::string path;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  void Add(std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
  }
  /// Replaces the header of that name; "-" removes it.
  void Set(const std::string& name, const std::string& value) {
    std::erase_if(headers, [&name](const auto& header) {
      return tql::base::EqualsIgnoreCase(header.first, name);
    });
    if (value != "-") Add(name, value);
  }
  std::string Bytes() const {
    std::string bytes = method + ' ' + path + " HTTP/1.1\r\n";
    for (const auto& [name, value] : headers) bytes.append(name + ": " + value + "\r\n");
    return bytes + "\r\n" + body;
  }
};

std::string PercentEncoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (tql::base::IsLetter(c) || tql::base::IsDigit(c) || c == '-' || c == '_' || c == '.') {
      encoded += c;
    } else {
      encoded += '%';
      tql::base::AppendHex(c, &encoded, tql::base::kUpperHex);
    }
  }
  return encoded;
}

void SetLogin(const confpb::Login& login, Request* request) {
  const std::string form =
      "username=" + PercentEncoded(login.user()) + "&password=" + PercentEncoded(login.password());
  std::string json;
  tql::base::JsonWriter(&json)
      .BeginObject()
      .Key("username")
      .String(login.user())
      .Key("password")
      .String(login.password())
      .EndObject();
  constexpr std::string_view kFormType = "application/x-www-form-urlencoded";
  constexpr std::string_view kJsonType = "application/json";
  struct Style {
    std::string_view path;
    std::string_view type;
    std::string body;
  };
  Style style;
  switch (login.form()) {
    case confpb::Login::JSON:
      style = {"/callosum/v1/session/login", kJsonType, json};
      break;
    case confpb::Login::PUBLIC_FORM:
      style = {"/callosum/v1/tspublic/v1/session/login", kFormType, form + "&rememberme=false"};
      break;
    case confpb::Login::LOAD:
      style = {"/ts_dataservice/v1/public/session", kJsonType, json};
      break;
    case confpb::Login::LOAD_FORM:
      style = {"/ts_dataservice/v1/public/session", kFormType, form};
      break;
    case confpb::Login::REST_V2:
      style = {"/api/rest/2.0/auth/session/login", kJsonType, json};
      break;
    default:
      style = {"/callosum/v1/session/login", kFormType, form};
  }
  request->path = style.path;
  request->Add("Content-Type", std::string(style.type));
  request->body = style.body;
}

Request MakeRequest(const Call& call, const std::string& authority) {
  const confpb::Step& step = *call.step;
  Request request;
  request.Add("Host", authority);
  request.Add("User-Agent", "tqlconform");
  request.Add("Accept", "*/*");
  request.Add("X-Requested-By", "ThoughtSpot");
  switch (step.call_case()) {
    case confpb::Step::kQuery:
    case confpb::Step::kScript:
      // As the vendor's client sends it: JSON under the name of plain text.
      request.path = step.has_script() ? kScriptPath : kQueryPath;
      request.Add("Content-Type", "text/plain");
      request.body = RequestBody(call);
      break;
    case confpb::Step::kLogin:
      SetLogin(step.login(), &request);
      break;
    case confpb::Step::kTokens:
      request.method = "GET";
      request.path = kTokensPath;
      request.path += step.tokens() == confpb::STATIC ? "static" : "dynamic";
      break;
    case confpb::Step::kSchemaVersion:
      request.method = "GET";
      request.path = kVersionPath;
      break;
    default: {
      const confpb::Http& http = step.http();
      request.method = http.method();
      if (request.method.empty()) request.method = http.body().empty() ? "GET" : "POST";
      request.path = http.path();
      request.body = http.body();
      if (!request.body.empty()) request.Add("Content-Type", "application/json");
    }
  }
  if (!call.cookie.empty()) request.Add("Cookie", call.cookie);
  if (request.method != "GET" || !request.body.empty()) {
    request.Add("Content-Length", std::to_string(request.body.size()));
  }
  const std::map<std::string, std::string> headers(step.http().header().begin(),
                                                   step.http().header().end());
  for (const auto& [name, value] : headers) request.Set(name, value);
  return request;
}

class HttpCaller : public Caller {
 public:
  explicit HttpCaller(const Endpoint& endpoint) : endpoint_(endpoint) {}

  Answer Make(const Call& call, const Interrupt& interrupt) override {
    const bool raw = call.step->has_raw();
    if (call.step->tokens() == confpb::STREAMED) return NotSent("HTTP has no streamed tokens");
    if (call.step->has_rpc()) return NotSent("calls of gRPC cannot be sent over HTTP");
    const Request request = raw ? Request() : MakeRequest(call, endpoint_.Authority());
    const std::string what = raw ? "raw bytes" : request.method + ' ' + request.path;
    Answer answer = Perform(call, raw ? call.step->raw() : request.Bytes(),
                            request.method == "HEAD", interrupt);
    answer.what = what;
    return answer;
  }

 private:
  Answer Perform(const Call& call, const std::string& bytes, bool no_body,
                 const Interrupt& interrupt) {
    if (connection_ != nullptr && (call.step->has_raw() || !connection_->IsIdle())) {
      connection_.reset();
    }
    if (connection_ == nullptr) {
      auto opened = Connection::Open(endpoint_, call.deadline, interrupt);
      if (!opened.ok()) return NotConnected(opened.status());
      connection_ = *std::move(opened);
    }
    HttpExchange exchange(connection_.get(), call, interrupt, no_body);
    Answer answer = exchange.Perform(bytes);
    if (call.step->has_raw() || !exchange.keeps_alive()) connection_.reset();
    return answer;
  }

  static Answer NotSent(std::string why) {
    Answer answer;
    answer.end = Answer::End::kNotSent;
    answer.why = std::move(why);
    return answer;
  }

  static Answer NotConnected(const tql::Status& status) {
    Answer answer;
    answer.why = status.message();
    answer.end = status.code() == tql::StatusCode::kCancelled ? Answer::End::kInterrupted
                 : status.code() == tql::StatusCode::kFailedPrecondition
                     ? Answer::End::kForeign
                     : Answer::End::kUnreachable;
    return answer;
  }

  const Endpoint endpoint_;
  std::unique_ptr<Connection> connection_;
};

class HttpTarget : public Target {
 public:
  explicit HttpTarget(Endpoint endpoint) : endpoint_(std::move(endpoint)) {}

  confpb::Transport transport() const override {
    return endpoint_.tls ? confpb::HTTPS : confpb::HTTP;
  }
  std::string name() const override { return endpoint_.tls ? "https" : "http"; }
  std::string origin() const override { return name() + "://" + endpoint_.Authority(); }
  std::string host() const override { return endpoint_.Authority(); }
  std::unique_ptr<Caller> NewCaller() const override {
    return std::make_unique<HttpCaller>(endpoint_);
  }

 private:
  const Endpoint endpoint_;
};

}  // namespace

std::unique_ptr<Target> MakeHttpTarget(Endpoint endpoint) {
  return std::make_unique<HttpTarget>(std::move(endpoint));
}

}  // namespace tqlconform
