#include "mockserver/frontend/http/response_writer.h"

#include <charconv>

#include "proto/base/json_writer.h"

namespace tql::frontend {
namespace {

constexpr std::chrono::seconds kFarewell{1};

std::string_view Reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Status";
  }
}

}  // namespace

void ResponseWriter::AddHeader(std::string_view name, std::string_view value) {
  extra_.append(name).append(": ").append(value).append("\r\n");
}

std::string ResponseWriter::Head(int status, std::string_view content_type) const {
  std::string head;
  head.reserve(256 + extra_.size());
  head.append("HTTP/1.1 ").append(std::to_string(status)).append(" ").append(Reason(status));
  head.append("\r\n");
  if (!content_type.empty()) head.append("Content-Type: ").append(content_type).append("\r\n");
  head.append(extra_);
  if (!keep_alive_) {
    head.append("Connection: close\r\n");
  } else if (connection_.request().http_1_0) {
    head.append("Connection: keep-alive\r\n");
  }
  return head;
}

void ResponseWriter::Send(int status, std::string_view content_type, std::string_view body) {
  started_ = finished_ = true;
  std::string head = Head(status, content_type);
  head.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n");
  if (head_only()) body = {};
  gone_ = !connection_.Write(head, body);
  keep_alive_ = keep_alive_ && !gone_;
}

void ResponseWriter::SendError(int status, std::string_view message) {
  std::string body;
  base::JsonWriter json(&body);
  json.BeginObject().Key("error").BeginObject().Key("code").Integer(status);
  json.Key("message").String(message).EndObject().EndObject();
  body += '\n';
  Send(status, kJsonType, body);
}

bool ResponseWriter::Start(int status, std::string_view content_type) {
  started_ = true;
  chunked_ = !connection_.request().http_1_0;
  if (!chunked_) keep_alive_ = false;
  head_ = Head(status, content_type);
  head_.append(chunked_ ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n");
  return true;
}

bool ResponseWriter::Write(std::string_view piece) {
  if (gone_) return false;
  if (piece.empty() || head_only()) return true;  // an empty chunk would be the end
  bool sent = false;
  if (chunked_) {
    char size[20];
    const auto end = std::to_chars(size, size + sizeof(size), piece.size(), 16);
    // The line end behind a chunk goes out in front of the next thing sent.
    head_.append(size, end.ptr).append("\r\n");
    sent = connection_.Write(head_, piece, write_deadline_);
    head_ = "\r\n";
  } else {
    sent = connection_.Write(head_, piece, write_deadline_);
    head_.clear();
  }
  if (!sent) {
    gone_ = true;
    keep_alive_ = false;
  }
  return sent;
}

bool ResponseWriter::Finish() {
  if (gone_ || finished_) return !gone_;
  if (chunked_ && !head_only()) head_.append("0\r\n\r\n");
  gone_ = !connection_.Write(head_, {}, write_deadline_);
  head_.clear();
  finished_ = !gone_;
  return finished_;
}

bool ResponseWriter::ClientGone() {
  if (gone_) return true;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_look_) return false;
  next_look_ = now + std::chrono::milliseconds(1);
  switch (connection_.LookForClient()) {
    case Connection::Client::kThere:
      return false;
    case Connection::Client::kSentAll:
      if (sent_all_ == Connection::TimePoint()) sent_all_ = now;
      return gone_ = now - sent_all_ >= kFarewell;
    case Connection::Client::kGone:
      break;
  }
  return gone_ = true;
}

}  // namespace tql::frontend
