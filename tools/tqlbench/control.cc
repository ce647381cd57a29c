#include "tools/tqlbench/control.h"

namespace tqlbench {
namespace {

std::string Request(std::string_view method, std::string_view path, std::string_view body) {
  std::string request(method);
  request.append(" /mock").append(path).append(" HTTP/1.1\r\nHost: localhost\r\nContent-Length: ");
  return request.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
}

std::string PathOf(std::string_view name) { return "/namespaces/" + std::string(name); }

}  // namespace

std::string ForkRequest(std::string_view name) {
  return Request("PUT", PathOf(name), R"({"from":"main"})");
}

tql::StatusOr<Control> Control::Connect(std::uint16_t port) {
  auto socket = Socket::Connect(port);
  if (!socket) return socket.status();
  return Control(*std::move(socket));
}

tql::Status Control::Send(const std::string& request) {
  if (tql::Status sent = socket_.Send(request); !sent.ok()) return sent;
  std::string body;
  AnswerReader reader(&body);
  if (tql::Status status = socket_.Receive(&reader); !status.ok()) return status;
  if (reader.status() / 100 == 2) return {};
  return tql::InternalError(request.substr(0, request.find('\r')) + ": " + body);
}

tql::Status Control::Call(std::string_view method, std::string_view path, std::string_view body) {
  return Send(Request(method, path, body));
}

tql::Status Control::Fork(std::string_view name) { return Send(ForkRequest(name)); }

tql::Status Control::Remove(std::string_view name) { return Call("DELETE", PathOf(name), ""); }

tql::Status Control::VerifyInserts(std::string_view name, int count) {
  return Call(
      "POST", PathOf(name) + "/verify",
      R"({"expect":[{"match":{"kind":["INSERT"]},"exactly":)" + std::to_string(count) + "}]}");
}

}  // namespace tqlbench
