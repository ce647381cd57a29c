#include "tools/tqlbench/http_answer.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "proto/base/text.h"

namespace tqlbench {
namespace {

bool ReadNumber(std::string_view text, int base, std::uint64_t* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value, base);
  return error == std::errc() && end != text.data();
}

}  // namespace

std::string AnswerReader::Header(std::string_view name) const {
  std::string_view rest = head_;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find("\r\n"), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 2, rest.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || tql::base::Lower(line.substr(0, colon)) != name)
      continue;
    const std::size_t start = line.find_first_not_of(' ', colon + 1);
    return std::string(start == std::string_view::npos ? "" : line.substr(start));
  }
  return {};
}

void AnswerReader::EndHead() {
  std::uint64_t status = 0;
  if (!head_.starts_with("HTTP/1.1 ") || !ReadNumber(head_.substr(9, 3), 10, &status)) {
    state_ = State::kBad;
    return;
  }
  status_ = static_cast<int>(status);
  if (tql::base::Lower(Header("transfer-encoding")) == "chunked") {
    state_ = State::kChunkSize;
    return;
  }
  state_ = ReadNumber(Header("content-length"), 10, &left_) ? State::kFixed : State::kBad;
  if (state_ == State::kFixed && left_ == 0) state_ = State::kDone;
}

void AnswerReader::TakeBody(std::string_view bytes) {
  left_ -= bytes.size();
  body_bytes_ += bytes.size();
  if (body_ != nullptr) body_->append(bytes);
}

// Handles the end of a line within a chunked body.
void AnswerReader::EndLine() {
  if (state_ == State::kChunkSize) {
    if (!ReadNumber(line_, 16, &left_)) {
      state_ = State::kBad;
    } else {
      state_ = left_ == 0 ? State::kTrailer : State::kChunkData;
    }
  } else if (state_ == State::kChunkEnd) {
    state_ = State::kChunkSize;
  } else if (line_.empty()) {
    state_ = State::kDone;
  }
  line_.clear();
}

void AnswerReader::Feed(std::string_view bytes) {
  while (!bytes.empty()) {
    switch (state_) {
      case State::kHead: {
        const std::size_t before = head_.size();
        head_.append(bytes);
        const std::size_t end = head_.find("\r\n\r\n", before < 3 ? 0 : before - 3);
        if (end == std::string::npos) return;
        bytes.remove_prefix(end + 4 - before);
        head_.resize(end + 2);
        EndHead();
        break;
      }
      case State::kFixed:
      case State::kChunkData: {
        const std::string_view part = bytes.substr(0, left_);
        TakeBody(part);
        bytes.remove_prefix(part.size());
        if (left_ == 0) state_ = state_ == State::kFixed ? State::kDone : State::kChunkEnd;
        break;
      }
      case State::kChunkSize:
      case State::kChunkEnd:
      case State::kTrailer: {
        const char c = bytes.front();
        bytes.remove_prefix(1);
        if (c == '\n') {
          EndLine();
        } else if (c != '\r') {
          line_.push_back(c);
        }
        break;
      }
      case State::kDone:
      case State::kBad:
        state_ = State::kBad;
        return;
    }
  }
}

std::string HttpRequest(std::string_view path, std::string_view cookie,
                        std::string_view content_type, std::string_view body) {
  std::string request(body.empty() ? "GET " : "POST ");
  request.append(path).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
  if (!cookie.empty()) request.append("Cookie: JSESSIONID=").append(cookie).append("\r\n");
  if (!body.empty()) {
    request.append("Content-Type: ").append(content_type).append("\r\nContent-Length: ");
    request.append(std::to_string(body.size())).append("\r\n");
  }
  return request.append("\r\n").append(body);
}

}  // namespace tqlbench
