// Calls over gRPC. The messages of a response are its lines, as JSON.
#include <google/protobuf/message.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <algorithm>
#include <stop_token>
#include <utility>

#include "proto/base/file.h"
#include "tools/tqlconform/server/target.h"
#include "tools/tqlconform/suite/rpc_messages.h"
#include "tql/wire/json.h"
#include "tql/wire/messages.h"
#include "tqlkit/tql_service.grpc.pb.h"

namespace tqlconform {
namespace {

namespace pb = tqlkit::v1;
using std::chrono::nanoseconds;
using tql::StatusOr;

constexpr char kSessionMetadata[] = "tql-session";
constexpr int kReadAheadBytes = 1 << 20;
constexpr std::size_t kMaxRootsBytes = std::size_t{4} << 20;

std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const Endpoint& endpoint) {
  namespace experimental = grpc::experimental;
  if (!endpoint.tls) return grpc::InsecureChannelCredentials();
  if (endpoint.insecure) {
    experimental::TlsChannelCredentialsOptions options;
    options.set_verify_server_certs(false);
    options.set_check_call_host(false);
    options.set_certificate_verifier(std::make_shared<experimental::NoOpCertificateVerifier>());
    return experimental::TlsCredentials(options);
  }
  grpc::SslCredentialsOptions options;
  if (!endpoint.ca_file.empty()) {
    // Without a readable file no certificate is trusted, and the handshake fails.
    const StatusOr<std::string> roots = tql::base::ReadFile(endpoint.ca_file, kMaxRootsBytes);
    options.pem_root_certs = roots.ok() ? *roots : "unreadable";
  }
  return grpc::SslCredentials(options);
}

std::shared_ptr<grpc::Channel> ChannelTo(const Endpoint& endpoint) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(static_cast<int>(kMaxBodyBytes));
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // Otherwise gRPC buffers ever more of a large response.
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kReadAheadBytes);
  const bool is_v6 = endpoint.host.find(':') != std::string::npos;
  const std::string target = (is_v6 ? "ipv6:" : "dns:///") + endpoint.Authority();
  return grpc::CreateCustomChannel(target, CredentialsOf(endpoint), arguments);
}

/// One call: its context, and what it has received so far.
class GrpcCall {
 public:
  GrpcCall(const Call& call, const Interrupt& interrupt, std::string method,
           const google::protobuf::Message& request)
      : GrpcCall(call, interrupt, std::move(method), tql::ToJson(request)) {}
  /// `json` is what is shown of the request.
  GrpcCall(const Call& call, const Interrupt& interrupt, std::string method,
           const std::string& json)
      : call_(call), on_stop_(interrupt.token(), Cancel{&context_}) {
    answer_.what = std::move(method);
    answer_.sent = json.substr(0, kMaxTraceBytes);
    answer_.sent_bytes = json.size();  // of what is shown
    context_.set_deadline(std::chrono::system_clock::now() + (call.deadline - Clock::now()));
    if (!call.cookie.empty()) context_.AddMetadata(kSessionMetadata, call.cookie);
  }

  grpc::ClientContext* context() { return &context_; }
  Answer& answer() { return answer_; }

  /// Takes one message. False: the call is to be left.
  bool Take(const google::protobuf::Message& message) {
    const nanoseconds at = Clock::now() - begun_;
    if (messages_++ == 0) answer_.first_byte = answer_.first_line = at;
    answer_.received_bytes += message.ByteSizeLong();
    std::string line = tql::ToJson(message);
    if (answer_.body.empty()) {
      answer_.body = std::move(line);
    } else {
      answer_.body += line;
    }
    answer_.body += '\n';
    if (call_.step->has_leave_after() && answer_.received_bytes >= call_.step->leave_after()) {
      return Leave(Answer::End::kLeft, "");
    }
    if (answer_.body.size() > kMaxBodyBytes) {
      return Leave(Answer::End::kTooLarge,
                   "the response has more than " + std::to_string(kMaxBodyBytes) + " bytes");
    }
    if (messages_ > kMostLines) {
      return Leave(Answer::End::kTooLarge,
                   "the response has more than " + std::to_string(kMostLines) + " messages");
    }
    return true;
  }

  Answer End(const grpc::Status& status, const Interrupt& interrupt) {
    answer_.duration = Clock::now() - begun_;
    answer_.received = answer_.body.substr(0, kMaxTraceBytes);
    answer_.received_bytes = answer_.body.size();
    answer_.grpc = tql::StatusCodeName(static_cast<tql::StatusCode>(status.error_code()));
    answer_.error = status.error_message();
    if (answer_.end != Answer::End::kWhole) return std::move(answer_);
    for (const auto& [name, value] : context_.GetServerInitialMetadata()) {
      answer_.headers.emplace_back(std::string(name.data(), name.size()),
                                   std::string(value.data(), value.size()));
    }
    const bool begun = messages_ > 0;
    answer_.why = status.error_message();
    if (interrupt.token().stop_requested()) {
      answer_.end = Answer::End::kInterrupted;
    } else if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
      answer_.end = begun ? Answer::End::kStalled : Answer::End::kSilent;
      answer_.why = begun ? "the response did not end in time" : "no response in time";
    } else if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED &&
               answer_.error.find("larger than max") != std::string::npos) {
      answer_.end = Answer::End::kTooLarge;  // The library of this side has refused it.
    } else if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
      answer_.end = begun ? Answer::End::kCut : Answer::End::kUnreachable;
    } else {
      answer_.why.clear();
    }
    return std::move(answer_);
  }

 private:
  struct Cancel {
    grpc::ClientContext* context;
    void operator()() const { context->TryCancel(); }
  };
  bool Leave(Answer::End end, std::string why) {
    answer_.end = end;
    answer_.why = std::move(why);
    context_.TryCancel();
    return false;
  }

  const Call& call_;
  Answer answer_;
  std::size_t messages_ = 0;
  const Clock::time_point begun_ = Clock::now();
  grpc::ClientContext context_;
  const std::stop_callback<Cancel> on_stop_;
};

class GrpcCaller : public Caller {
 public:
  explicit GrpcCaller(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(pb::TqlService::NewStub(channel)), generic_stub_(channel) {}

  Answer Make(const Call& call, const Interrupt& interrupt) override {
    const confpb::Step& step = *call.step;
    switch (step.call_case()) {
      case confpb::Step::kQuery:
        return Run<pb::ExecuteQueryRequest>(call, interrupt, "Query", &Stub::Query);
      case confpb::Step::kScript:
        return Run<pb::ExecuteSqlScriptRequest>(call, interrupt, "RunScript", &Stub::RunScript);
      case confpb::Step::kLogin:
        return Login(call, interrupt);
      case confpb::Step::kTokens:
        return Tokens(call, interrupt);
      case confpb::Step::kSchemaVersion:
        return SchemaVersion(call, interrupt);
      case confpb::Step::kRpc:
        return Rpc(call, interrupt);
      default:
        return NotSent("bytes cannot be sent over gRPC");
    }
  }

 private:
  using Stub = pb::TqlService::Stub;

  static Answer NotSent(std::string why) {
    Answer answer;
    answer.end = Answer::End::kNotSent;
    answer.why = std::move(why);
    return answer;
  }

  /// Requests and responses may be large: nothing is kept longer than it is needed.
  template <typename Response, typename Request, typename Open>
  Answer Stream(GrpcCall& grpc_call, const Interrupt& interrupt, Request request,
                const Open& open) {
    const auto reader = (stub_.get()->*open)(grpc_call.context(), request);
    Request().Swap(&request);
    for (bool goes_on = true; goes_on;) {
      Response response;
      goes_on = reader->Read(&response) && grpc_call.Take(response);
    }
    return grpc_call.End(reader->Finish(), interrupt);
  }

  template <typename Request, typename Open>
  Answer Run(const Call& call, const Interrupt& interrupt, std::string method, const Open& open) {
    std::string json = RequestBody(call);
    StatusOr<Request> request = tql::FromJson<Request>(json);
    if (!request.ok()) return NotSent("not a request of gRPC: " + request.status().message());
    GrpcCall grpc_call(call, interrupt, std::move(method), json);
    std::string().swap(json);
    return Stream<pb::ExecuteQueryResponse>(grpc_call, interrupt, *std::move(request), open);
  }

  Answer Login(const Call& call, const Interrupt& interrupt) {
    pb::LoginRequest request;
    request.set_username(call.step->login().user());
    request.set_password(call.step->login().password());
    pb::LoginResponse response;
    GrpcCall grpc_call(call, interrupt, "Login", request);
    const grpc::Status status = stub_->Login(grpc_call.context(), request, &response);
    if (status.ok()) grpc_call.Take(response);
    Answer answer = grpc_call.End(status, interrupt);
    answer.cookie = response.session_token();
    return answer;
  }

  Answer Tokens(const Call& call, const Interrupt& interrupt) {
    pb::GetTokensRequest request;
    request.set_kind(call.step->tokens() == confpb::STATIC ? pb::GetTokensRequest::STATIC
                                                           : pb::GetTokensRequest::DYNAMIC);
    if (call.step->tokens() == confpb::STREAMED) {
      GrpcCall grpc_call(call, interrupt, "StreamTokens", request);
      return Stream<pb::GetTokensResponse>(grpc_call, interrupt, request, &Stub::StreamTokens);
    }
    pb::GetTokensResponse response;
    GrpcCall grpc_call(call, interrupt, "GetTokens", request);
    const grpc::Status status = stub_->GetTokens(grpc_call.context(), request, &response);
    if (status.ok()) grpc_call.Take(response);
    return grpc_call.End(status, interrupt);
  }

  Answer SchemaVersion(const Call& call, const Interrupt& interrupt) {
    const pb::GetSchemaVersionRequest request;
    pb::GetSchemaVersionResponse response;
    GrpcCall grpc_call(call, interrupt, "GetSchemaVersion", request);
    const grpc::Status status = stub_->GetSchemaVersion(grpc_call.context(), request, &response);
    if (status.ok()) grpc_call.Take(response);
    return grpc_call.End(status, interrupt);
  }

  /// Sends all requests, and then reads the responses.
  Answer Rpc(const Call& call, const Interrupt& interrupt) {
    const confpb::Rpc& rpc = call.step->rpc();
    const StatusOr<RpcMessages> messages = MessagesOf(rpc);
    if (!messages.ok()) return NotSent(messages.status().message());
    std::string json;
    for (const std::string& request : rpc.request()) json += request + '\n';
    GrpcCall grpc_call(call, interrupt, rpc.method(), json);
    grpc::CompletionQueue queue;
    const auto stream = generic_stub_.PrepareCall(grpc_call.context(), messages->path, &queue);
    // Each operation ends at the deadline of the call at the latest.
    const auto succeeds = [&queue] {
      void* tag = nullptr;
      bool ok = false;
      return queue.Next(&tag, &ok) && ok;
    };
    stream->StartCall(nullptr);
    bool ok = succeeds();
    for (const std::string& request : messages->requests) {
      if (!ok) break;
      grpc::Slice slice(request);
      stream->Write(grpc::ByteBuffer(&slice, 1), nullptr);
      ok = succeeds();
    }
    if (ok) {
      stream->WritesDone(nullptr);
      ok = succeeds();
    }
    const std::unique_ptr<google::protobuf::Message> response = NewMessage(messages->response);
    grpc::ByteBuffer bytes;
    while (ok) {
      stream->Read(&bytes, nullptr);
      ok = succeeds() && Parse(bytes, response.get()) && grpc_call.Take(*response);
    }
    grpc::Status status;
    stream->Finish(&status, nullptr);
    static_cast<void>(succeeds());
    return grpc_call.End(status, interrupt);
  }

  /// False for bytes that are not the message: nothing is read after them.
  static bool Parse(const grpc::ByteBuffer& bytes, google::protobuf::Message* message) {
    grpc::Slice slice;
    return bytes.DumpToSingleSlice(&slice).ok() &&
           message->ParseFromArray(slice.begin(), static_cast<int>(slice.size()));
  }

  const std::unique_ptr<Stub> stub_;
  grpc::GenericStub generic_stub_;
};

class GrpcTarget : public Target {
 public:
  explicit GrpcTarget(Endpoint endpoint)
      : endpoint_(std::move(endpoint)), channel_(ChannelTo(endpoint_)) {}

  confpb::Transport transport() const override { return confpb::GRPC; }
  std::string name() const override { return "grpc"; }
  std::string origin() const override {
    return (endpoint_.tls ? "https://" : "http://") + endpoint_.Authority() + "?transport=grpc";
  }
  std::string host() const override { return endpoint_.Authority(); }
  std::unique_ptr<Caller> NewCaller() const override {
    return std::make_unique<GrpcCaller>(channel_);
  }

 private:
  const Endpoint endpoint_;
  const std::shared_ptr<grpc::Channel> channel_;  // One connection for all callers.
};

}  // namespace

std::unique_ptr<Target> MakeGrpcTarget(Endpoint endpoint) {
  return std::make_unique<GrpcTarget>(std::move(endpoint));
}

}  // namespace tqlconform
