#include "mockserver/frontend/http/forms.h"

#include <algorithm>
#include <string>

#include "mockserver/frontend/http/request_head.h"
#include "proto/base/text.h"

namespace tql::frontend {
namespace {

constexpr std::size_t kMaxBoundary = 200;
constexpr std::size_t kMaxParts = 100;
constexpr std::size_t kMostUnparsed = std::size_t{256} << 10;
/// What is kept of both ends of a form, for its errors.
constexpr std::size_t kFormEnd = 60;

/// More than RFC 2046 permits, without what cpp-httplib would cut off.
bool IsBoundaryCharacter(char c) {
  return c >= ' ' && c < 0x7f && c != ';' && c != '"' && c != '\\';
}

std::string_view Trim(std::string_view text) { return base::Trim(text, kHeaderBlanks); }

/// Takes the piece up to `separator` off the front of `text`.
std::string_view TakePiece(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view piece = text.substr(0, end);
  text = end == text.npos ? std::string_view() : text.substr(end + 1);
  return piece;
}

/// Takes a parameter of a header off the front of `text`. Quotes may enclose semicolons.
std::string_view TakeParameter(std::string_view& text) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < text.size() && (quoted || text[end] != ';'); ++end) {
    if (text[end] == '"') quoted = !quoted;
  }
  const std::string_view parameter = Trim(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return parameter;
}

std::string_view Unquote(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

}  // namespace

std::string PercentDecode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? base::HexDigit(text[i + 1]) : -1;
    const int low = high >= 0 ? base::HexDigit(text[i + 2]) : -1;
    if (low >= 0) {
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      decoded += text[i] == '+' && plus_is_space ? ' ' : text[i];
    }
  }
  return decoded;
}

FormType FormTypeOf(std::string_view content_type) {
  FormType type;
  type.is_form = base::EqualsIgnoreCase(TakeParameter(content_type), "multipart/form-data");
  if (!type.is_form) return type;
  type.problem =
      "Bad Content-Type: found no boundary, expected multipart/form-data; boundary=NAME.";
  while (!content_type.empty()) {
    std::string_view value = TakeParameter(content_type);
    if (!base::EqualsIgnoreCase(Trim(TakePiece(value, '=')), "boundary")) continue;
    value = Unquote(Trim(value));
    if (value.empty()) return type;
    if (value.size() > kMaxBoundary) {
      type.problem = "Bad Content-Type: found a boundary of " + std::to_string(value.size()) +
                     " characters, expected at most " + std::to_string(kMaxBoundary) + ".";
    } else if (!std::ranges::all_of(value, IsBoundaryCharacter)) {
      type.problem = "Bad Content-Type: " + Found(value) +
                     " as the boundary, expected letters, digits and other printable ASCII "
                     "characters except ; \" and \\.";
    } else {
      type.problem.clear();
      type.boundary = value;
    }
    return type;
  }
  return type;
}

void FormProgress::AddBytes(std::string_view bytes) {
  unparsed_ += bytes.size();
  first_ += bytes.substr(0, kFormEnd - std::min(kFormEnd, first_.size()));
  last_ += bytes.substr(bytes.size() - std::min(bytes.size(), kFormEnd));
  last_.erase(0, last_.size() - std::min(last_.size(), kFormEnd));
}

bool FormProgress::AddPart() {
  unparsed_ = 0;
  return ++parts_ <= kMaxParts;
}

bool FormProgress::stuck() const { return unparsed_ > kMostUnparsed; }

std::string FormProgress::Problem(bool complete) const {
  const std::string line = "a line '--" + std::string(boundary_);
  if (parts_ > kMaxParts) {
    return "Bad form: found more than " + std::to_string(kMaxParts) + " parts, expected at most " +
           std::to_string(kMaxParts) + '.';
  }
  if (stuck()) {
    return "Bad form: found " + std::to_string(unparsed_) + " bytes after part " +
           std::to_string(parts_) + " without " + line + "', headers and an empty line.";
  }
  if (!complete)
    return "Bad form: a header of part " + std::to_string(parts_ + 1) + " is too long.";
  if (first_.empty()) return "Bad form: found an empty body, expected " + line + "'.";
  if (parts_ == 0) {
    return "Bad form: " + Found(first_) + " at the start, expected " + line +
           "', headers and an empty line.";
  }
  return "Bad form: " + Found(last_) + " at the end, expected " + line + "--'.";
}

std::optional<std::string> FormValue(std::string_view form, std::string_view name) {
  while (!form.empty()) {
    std::string_view value = TakePiece(form, '&');
    if (PercentDecode(TakePiece(value, '=')) == name) return PercentDecode(value);
  }
  return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> FormValues(std::string_view form) {
  std::vector<std::pair<std::string, std::string>> values;
  while (!form.empty()) {
    std::string_view value = TakePiece(form, '&');
    const std::string_view name = TakePiece(value, '=');
    if (!name.empty()) values.emplace_back(PercentDecode(name), PercentDecode(value));
  }
  return values;
}

std::optional<std::string_view> CookieValue(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    std::string_view value = Trim(TakePiece(header, ';'));
    if (Trim(TakePiece(value, '=')) == name) return Unquote(Trim(value));
  }
  return std::nullopt;
}

std::optional<std::string_view> CookieValue(const HttpRequest& request, std::string_view name) {
  for (const auto& [key, header] : request.headers) {
    if (!base::EqualsIgnoreCase(key, "Cookie")) continue;
    if (const auto value = CookieValue(header, name)) return value;
  }
  return std::nullopt;
}

}  // namespace tql::frontend
