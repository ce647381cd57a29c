#include "mockserver/frontend/http/request_parser.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace tql::frontend {
namespace {

constexpr std::size_t kMaxHeaders = 256;
constexpr std::size_t kMaxChunkLine = 1024;

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// The characters of a header's name and of a method.
bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

/// What was found, fit to be shown: cut, and in ASCII.
std::string Found(std::string_view text) {
  constexpr std::size_t kMost = 60;
  std::string shown = "found '";
  for (const char c : text.substr(0, kMost)) shown += c >= 0x20 && c < 0x7f ? c : '?';
  return shown + (text.size() > kMost ? "...'" : "'");
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return Lower(x) == Lower(y); });
}

std::string_view HttpRequest::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (EqualsIgnoreCase(key, name)) return value;
  }
  return {};
}

void RequestParser::Reset() {
  request_.head.clear();
  request_.method = request_.path = {};
  request_.headers.clear();
  // A large body's memory is not kept for the small ones that usually follow.
  if (request_.body.capacity() > (std::size_t{64} << 10)) {
    request_.body = std::string();
  } else {
    request_.body.clear();
  }
  request_.http_1_0 = false;
  request_.keep_alive = true;
  state_ = State::kHead;
  chunk_ = Chunk::kSize;
  chunked_ = expect_continue_ = false;
  allowance_.reset();
  remaining_ = trailer_bytes_ = 0;
  line_.clear();
  error_status_ = 0;
  error_.clear();
}

bool RequestParser::Fail(int status, std::string why) {
  state_ = State::kError;
  error_status_ = status;
  error_ = std::move(why);
  request_.keep_alive = false;
  return false;
}

std::size_t RequestParser::Feed(std::string_view bytes) {
  std::size_t used = 0;
  while (used < bytes.size()) {
    const std::string_view rest = bytes.substr(used);
    if (state_ == State::kHead) {
      used += FeedHead(rest);
    } else if (state_ == State::kBody && chunked_) {
      used += FeedChunked(rest);
    } else if (state_ == State::kBody) {
      const std::size_t n = std::min(rest.size(), remaining_);
      request_.body.append(rest.substr(0, n));
      remaining_ -= n;
      used += n;
      if (remaining_ == 0) state_ = State::kComplete;
    } else {
      break;
    }
  }
  return used;
}

std::size_t RequestParser::FeedHead(std::string_view bytes) {
  std::string& head = request_.head;
  std::size_t skipped = 0;
  if (head.empty()) {  // empty lines before a request are allowed
    while (skipped < bytes.size() && (bytes[skipped] == '\r' || bytes[skipped] == '\n')) ++skipped;
    bytes.remove_prefix(skipped);
  }
  const std::size_t before = head.size();
  const std::size_t most = limits_.max_header_bytes + 4;  // with the empty line behind them
  const std::size_t taken = std::min(bytes.size(), most - before);
  head.append(bytes.substr(0, taken));
  const std::size_t end = head.find("\r\n\r\n", before < 3 ? 0 : before - 3);
  if (!CheckStart(before, std::min(end, head.size()))) return skipped + taken;
  if (end == std::string::npos) {
    if (head.size() == most) {
      Fail(431, "The headers of the request exceed " + std::to_string(limits_.max_header_bytes) +
                    " bytes.");
    }
    return skipped + taken;
  }
  const std::size_t surplus = head.size() - (end + 4);
  head.resize(end + 2);  // every line keeps its end
  if (ParseHead()) {
    state_ = chunked_ || remaining_ > 0 ? State::kBody : State::kComplete;
    if (state_ != State::kBody) expect_continue_ = false;
  }
  return skipped + taken - surplus;
}

/// What can be told of bytes that are no HTTP before a head's end is there to be waited for.
bool RequestParser::CheckStart(std::size_t begin, std::size_t end) {
  const std::string_view head = request_.head;
  if (begin == 0 && end > 0 && !IsToken(head.substr(0, 1))) {
    return Fail(400, head[0] == '\x16' ? "Found a TLS handshake: this port speaks plain HTTP."
                                       : "Bad request line: " + Found(head.substr(0, 1)) +
                                             ", expected a method.");
  }
  for (std::size_t at = begin; (at = head.find('\n', at)) < end; ++at) {
    if (at == 0 || head[at - 1] != '\r') {
      return Fail(400, "Bad line end: found a line feed alone, expected a carriage return before.");
    }
  }
  return true;
}

bool RequestParser::ParseHead() {
  const std::string_view head = request_.head;
  const std::size_t end = head.find("\r\n");
  return ParseRequestLine(head.substr(0, end)) && ParseHeaders(head.substr(end + 2)) &&
         ParseConnection() && ChooseFraming();
}

bool RequestParser::ParseRequestLine(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  const auto bad = [&] {
    return Fail(400, "Bad request line: " + Found(line) + ", expected METHOD /PATH HTTP/1.1.");
  };
  if (first == std::string_view::npos || first == last) return bad();
  request_.method = line.substr(0, first);
  std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (version == "HTTP/1.0") {
    request_.http_1_0 = true;
  } else if (version != "HTTP/1.1") {
    return version.starts_with("HTTP/") ? Fail(505, "Only HTTP/1.0 and HTTP/1.1 are spoken here.")
                                        : bad();
  }
  if (target.starts_with("http://") || target.starts_with("https://")) {  // as proxies write it
    const std::size_t slash = target.find('/', target.find("//") + 2);
    target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
  }
  const bool whole_server = target == "*" && request_.method == "OPTIONS";
  if (!IsToken(request_.method) || (!target.starts_with('/') && !whole_server) ||
      HasControl(target) || target.find_first_of(" \t") != std::string_view::npos) {
    return bad();
  }
  request_.path = target.substr(0, target.find_first_of("?#"));
  return true;
}

bool RequestParser::ParseHeaders(std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = lines.find("\r\n");
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end + 2);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !IsToken(line.substr(0, colon)) || HasControl(line)) {
      return Fail(400, "Bad header: " + Found(line) + ", expected NAME: VALUE.");
    }
    if (request_.headers.size() == kMaxHeaders) return Fail(431, "Too many headers.");
    request_.headers.emplace_back(line.substr(0, colon), Trim(line.substr(colon + 1)));
  }
  return true;
}

bool RequestParser::ParseConnection() {
  bool close = false;
  bool keep = false;
  std::size_t hosts = 0;
  for (const auto& [name, value] : request_.headers) {
    if (EqualsIgnoreCase(name, "Host")) ++hosts;
    if (!EqualsIgnoreCase(name, "Connection")) continue;
    std::string_view list = value;
    while (!list.empty()) {
      const std::size_t comma = std::min(list.find(','), list.size());
      const std::string_view option = Trim(list.substr(0, comma));
      close |= EqualsIgnoreCase(option, "close");
      keep |= EqualsIgnoreCase(option, "keep-alive");
      list.remove_prefix(std::min(comma + 1, list.size()));
    }
  }
  request_.keep_alive = !close && (!request_.http_1_0 || keep);
  if (hosts > 1 || (hosts == 0 && !request_.http_1_0)) {
    return Fail(400, "Found " + std::to_string(hosts) + " Host headers, expected one.");
  }
  return true;
}

bool RequestParser::ChooseFraming() {
  bool has_length = false;
  std::size_t length = 0;
  for (const auto& [name, value] : request_.headers) {
    if (EqualsIgnoreCase(name, "Content-Length")) {
      std::size_t number = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
      if (error == std::errc::result_out_of_range) return Fail(413, "The body is too long.");
      if (error != std::errc() || end != value.data() + value.size() ||
          (has_length && number != length)) {
        return Fail(400, "Bad Content-Length: " + Found(value) + ", expected a number of bytes" +
                             (has_length ? ", the same as before." : "."));
      }
      has_length = true;
      length = number;
    } else if (EqualsIgnoreCase(name, "Transfer-Encoding")) {
      if (chunked_ || request_.http_1_0) {
        return Fail(400, chunked_ ? "Found two Transfer-Encodings, expected one."
                                  : "Found a Transfer-Encoding in a request of HTTP/1.0.");
      }
      if (!EqualsIgnoreCase(value, "chunked")) {
        return Fail(501, "The only transfer encoding understood here is chunked.");
      }
      chunked_ = true;
    } else if (EqualsIgnoreCase(name, "Content-Encoding")) {
      if (!value.empty() && !EqualsIgnoreCase(value, "identity")) {
        return Fail(415, "Compressed bodies are not understood here.");
      }
    } else if (EqualsIgnoreCase(name, "Expect")) {
      if (!EqualsIgnoreCase(value, "100-continue")) return Fail(417, "Unknown expectation.");
      expect_continue_ = !request_.http_1_0;
    }
  }
  // Both would let two readers of the connection see different requests.
  if (chunked_ && has_length) return Fail(400, "Content-Length beside Transfer-Encoding.");
  remaining_ = length;
  return Allows(length);
}

bool RequestParser::Allows(std::size_t body_bytes) {
  if (body_bytes <= std::min(limits_.unasked_body_bytes, limits_.max_body_bytes)) return true;
  if (!allowance_) {
    if (limits_.body_allowance) allowance_ = limits_.body_allowance(request_);
    if (!allowance_) allowance_ = {.bytes = limits_.max_body_bytes, .refusal = ""};
  }
  if (body_bytes <= allowance_->bytes) return true;
  return Fail(allowance_->status,
              allowance_->refusal.empty()
                  ? "The body exceeds " + std::to_string(allowance_->bytes) + " bytes."
                  : allowance_->refusal);
}

std::size_t RequestParser::FeedLine(std::string_view bytes, bool* complete) {
  const std::size_t newline = bytes.find('\n');
  const std::size_t taken = newline == std::string_view::npos ? bytes.size() : newline + 1;
  if (line_.size() + taken > kMaxChunkLine) {
    Fail(400, "Bad chunk: found a line of more than " + std::to_string(kMaxChunkLine) + " bytes.");
    return taken;
  }
  line_.append(bytes.substr(0, taken));
  *complete = line_.ends_with("\r\n");
  if (!*complete && line_.ends_with('\n')) {
    Fail(400, "Bad chunk: found a line feed alone, expected a carriage return before.");
  }
  return taken;
}

bool RequestParser::ParseChunkSize() {
  std::string_view size = std::string_view(line_).substr(0, line_.size() - 2);
  size = Trim(size.substr(0, size.find(';')));
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), number, 16);
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
  if (error == std::errc::result_out_of_range) return Allows(kMost);
  if (error != std::errc() || end != size.data() + size.size()) {
    return Fail(400, "Bad chunk: " + Found(size) + ", expected its size in hexadecimal.");
  }
  const std::size_t whole = request_.body.size() + std::min(number, kMost - request_.body.size());
  if (!Allows(whole)) return false;
  remaining_ = number;
  chunk_ = number == 0 ? Chunk::kTrailer : Chunk::kData;
  return true;
}

std::size_t RequestParser::FeedChunked(std::string_view bytes) {
  if (chunk_ == Chunk::kData) {
    const std::size_t n = std::min(bytes.size(), remaining_);
    request_.body.append(bytes.substr(0, n));
    remaining_ -= n;
    if (remaining_ == 0) chunk_ = Chunk::kDataEnd;
    return n;
  }
  bool complete = false;
  const std::size_t taken = FeedLine(bytes, &complete);
  if (!complete || state_ == State::kError) return taken;
  if (chunk_ == Chunk::kSize) {
    ParseChunkSize();
  } else if (chunk_ == Chunk::kDataEnd) {
    if (line_ == "\r\n") {
      chunk_ = Chunk::kSize;
    } else {
      Fail(400, "Bad chunk: " + Found(line_) + ", expected its end.");
    }
  } else if (line_ == "\r\n") {  // the end of the trailers, which are ignored
    state_ = State::kComplete;
  } else if ((trailer_bytes_ += line_.size()) > limits_.max_header_bytes) {
    Fail(431, "The trailers of the request are too long.");
  }
  line_.clear();
  return taken;
}

}  // namespace tql::frontend
