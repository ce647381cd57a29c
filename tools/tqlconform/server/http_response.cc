#include "tools/tqlconform/server/http_response.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tqlconform {
namespace {

constexpr std::size_t kMaxHeadBytes = std::size_t{64} << 10;
constexpr std::size_t kMaxLineBytes = std::size_t{8} << 10;
/// Of interim responses and trailers in all.
constexpr std::size_t kMaxExtraBytes = std::size_t{1} << 20;
constexpr std::size_t kMostShown = 80;

template <typename Number>
bool ParseNumber(std::string_view text, int base, Number* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number, base);
  return !text.empty() && error == std::errc() && end == text.data() + text.size();
}

std::string Shown(std::string_view text) {
  return '"' + tql::base::Excerpt(text, kMostShown) + '"';
}

}  // namespace

std::string FieldOf(const HeaderFields& fields, std::string_view name, bool* found) {
  std::string joined;
  *found = false;
  for (const auto& [key, value] : fields) {
    if (key != name) continue;
    if (*found) joined += ", ";
    joined += value;
    *found = true;
  }
  return joined;
}

bool HasNoBody(int status) {
  constexpr int kNoContent = 204;
  constexpr int kNotModified = 304;
  return status == kNoContent || status == kNotModified;
}

void HttpResponseReader::Fail(std::string error) {
  if (error_.empty()) error_ = std::move(error);
}

void HttpResponseReader::CountExtra(std::size_t bytes, const char* error) {
  extra_bytes_ += bytes;
  if (extra_bytes_ > kMaxExtraBytes) Fail(error);
}

void HttpResponseReader::Feed(std::string* bytes) {
  while (error_.empty() && state_ != State::kDone && !bytes->empty()) {
    const std::size_t before = bytes->size();
    const State state = state_;
    switch (state_) {
      case State::kHead:
        TakeHead(bytes);
        break;
      case State::kLength:
      case State::kUntilClose:
      case State::kChunk:
        TakeBody(bytes);
        break;
      default: {
        std::string line;
        if (!TakeLine(bytes, &line)) return;
        if (state_ == State::kChunkSize) {
          ParseChunkSize(line);
        } else if (state_ == State::kChunkEnd) {
          if (!line.empty()) Fail("expected the end of a chunk, found " + Shown(line));
          state_ = State::kChunkSize;
        } else if (line.empty()) {
          state_ = State::kDone;
        } else {
          CountExtra(line.size(), "the trailer is too long");
        }
      }
    }
    if (bytes->size() == before && state == state_) return;
  }
}

void HttpResponseReader::Close() {
  if (state_ == State::kUntilClose) state_ = State::kDone;
}

bool HttpResponseReader::TakeLine(std::string* bytes, std::string* line) {
  const std::size_t end = bytes->find("\r\n");
  if (end == std::string::npos || end > kMaxLineBytes) {
    if (bytes->size() > kMaxLineBytes) Fail("a line of the framing is too long");
    return false;
  }
  line->assign(*bytes, 0, end);
  bytes->erase(0, end + 2);
  return true;
}

void HttpResponseReader::TakeHead(std::string* bytes) {
  constexpr std::string_view kBegin = "HTTP/1.";
  if (!std::string_view(*bytes).starts_with(kBegin.substr(0, bytes->size()))) {
    Fail("expected a response of HTTP/1, found " + Shown(*bytes));
    return;
  }
  const std::size_t end = bytes->find("\r\n\r\n");
  if (end == std::string::npos) {
    if (bytes->size() > kMaxHeadBytes) Fail("the head of the response is too long");
    return;
  }
  ParseHead(std::string_view(*bytes).substr(0, end));
  bytes->erase(0, end + 4);
  if (!error_.empty()) return;
  constexpr int kFirstFinalStatus = 200;
  if (status_ < kFirstFinalStatus) {  // 100 Continue: the response follows.
    CountExtra(end, "no response after many interim responses");
    headers_.clear();
    status_ = 0;
    return;
  }
  ChooseFraming();
}

void HttpResponseReader::ParseHead(std::string_view head) {
  const std::size_t end = std::min(head.find("\r\n"), head.size());
  const std::string_view status_line = head.substr(0, end);
  // "HTTP/1.1 200 OK"
  constexpr std::size_t kStatusAt = 9;
  const bool is_status_line =
      status_line.size() >= kStatusAt + 3 && status_line[kStatusAt - 1] == ' ' &&
      ParseNumber(status_line.substr(kStatusAt, 3), 10, &status_) && status_ >= 100;
  if (!is_status_line) {
    status_ = 0;
    Fail("invalid status line " + Shown(status_line));
    return;
  }
  keeps_alive_ = status_line.substr(0, kStatusAt - 1) != "HTTP/1.0";
  head.remove_prefix(std::min(end + 2, head.size()));
  while (!head.empty()) {
    const std::size_t line_end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, line_end);
    head.remove_prefix(std::min(line_end + 2, head.size()));
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    const bool valid =
        colon != line.npos && !name.empty() &&
        std::ranges::none_of(name, [](char c) { return c == ' ' || tql::base::IsControl(c); });
    if (!valid) {
      Fail("invalid header " + Shown(line));
      return;
    }
    headers_.emplace_back(tql::base::Lower(name), tql::base::Trim(line.substr(colon + 1), " \t"));
  }
}

void HttpResponseReader::ChooseFraming() {
  bool has_length = false;
  bool has_encoding = false;
  bool has_connection = false;
  const std::string length = FieldOf(headers_, "content-length", &has_length);
  const std::string encoding = FieldOf(headers_, "transfer-encoding", &has_encoding);
  const std::string connection = tql::base::Lower(FieldOf(headers_, "connection", &has_connection));
  if (connection.find("close") != std::string::npos) keeps_alive_ = false;
  if (has_no_body_ || HasNoBody(status_)) {
    state_ = State::kDone;
  } else if (has_encoding && has_length) {
    Fail("the response has both Content-Length and Transfer-Encoding");
  } else if (has_encoding) {
    if (tql::base::Lower(encoding) != "chunked") Fail("unknown Transfer-Encoding " + encoding);
    state_ = State::kChunkSize;
  } else if (has_length) {
    if (!ParseNumber(length, 10, &left_)) Fail("invalid Content-Length " + Shown(length));
    state_ = left_ == 0 ? State::kDone : State::kLength;
  } else {
    keeps_alive_ = false;
    state_ = State::kUntilClose;
  }
}

void HttpResponseReader::TakeBody(std::string* bytes) {
  const std::uint64_t most = state_ == State::kUntilClose ? bytes->size() : left_;
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(most, bytes->size()));
  body_.append(*bytes, 0, count);
  bytes->erase(0, count);
  if (state_ == State::kUntilClose) return;
  left_ -= count;
  if (left_ > 0) return;
  state_ = state_ == State::kLength ? State::kDone : State::kChunkEnd;
}

void HttpResponseReader::ParseChunkSize(std::string_view line) {
  const std::string_view digits = tql::base::Trim(line.substr(0, line.find(';')), " \t");
  if (!ParseNumber(digits, 16, &left_)) {
    Fail("invalid size of a chunk " + Shown(line));
    return;
  }
  state_ = left_ == 0 ? State::kTrailer : State::kChunk;
}

}  // namespace tqlconform
