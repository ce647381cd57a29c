#include "mockserver/frontend/http/forms.h"

#include "mockserver/frontend/http/request_head.h"
#include "proto/base/text.h"

namespace tql::frontend {
namespace {

constexpr std::size_t kMaxBoundary = 200;

std::string_view Trim(std::string_view text) { return base::Trim(text, kHeaderBlanks); }

/// Takes the piece up to `separator` off the front of `text`.
std::string_view TakePiece(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view piece = text.substr(0, end);
  text = end == text.npos ? std::string_view() : text.substr(end + 1);
  return piece;
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

std::string_view BoundaryOf(std::string_view content_type) {
  if (!base::EqualsIgnoreCase(Trim(TakePiece(content_type, ';')), "multipart/form-data")) return {};
  while (!content_type.empty()) {
    std::string_view parameter = Trim(TakePiece(content_type, ';'));
    if (base::EqualsIgnoreCase(Trim(TakePiece(parameter, '=')), "boundary")) {
      const std::string_view boundary = Unquote(Trim(parameter));
      return boundary.size() <= kMaxBoundary ? boundary : std::string_view();
    }
  }
  return {};
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

}  // namespace tql::frontend
