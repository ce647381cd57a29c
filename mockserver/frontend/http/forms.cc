#include "mockserver/frontend/http/forms.h"

#include "mockserver/frontend/http/request_parser.h"

namespace tql::frontend {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string PercentDecode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 &&
        HexDigit(text[i + 2]) >= 0) {
      decoded += static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

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

bool StartsWithIgnoreCase(std::string_view text, std::string_view prefix) {
  return EqualsIgnoreCase(text.substr(0, prefix.size()), prefix);
}

std::string_view BoundaryOf(std::string_view content_type) {
  if (!EqualsIgnoreCase(Trim(TakePiece(content_type, ';')), "multipart/form-data")) return {};
  while (!content_type.empty()) {
    std::string_view parameter = Trim(TakePiece(content_type, ';'));
    if (EqualsIgnoreCase(Trim(TakePiece(parameter, '=')), "boundary")) {
      return Unquote(Trim(parameter));
    }
  }
  return {};
}

bool NamesAFile(std::string_view headers) {
  while (!headers.empty()) {
    std::string_view line = TakePiece(headers, '\n');
    if (!StartsWithIgnoreCase(line, "content-disposition:")) continue;
    while (!line.empty()) {
      if (StartsWithIgnoreCase(Trim(TakePiece(line, ';')), "filename")) return true;
    }
  }
  return false;
}

}  // namespace

std::optional<std::string> FormValue(std::string_view form, std::string_view name) {
  while (!form.empty()) {
    std::string_view value = TakePiece(form, '&');
    if (PercentDecode(TakePiece(value, '=')) == name) return PercentDecode(value);
  }
  return std::nullopt;
}

std::optional<std::string_view> CookieValue(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    std::string_view value = Trim(TakePiece(header, ';'));
    if (Trim(TakePiece(value, '=')) == name) return Unquote(Trim(value));
  }
  return std::nullopt;
}

std::optional<std::vector<FormPart>> MultipartParts(std::string_view content_type,
                                                    std::string_view body) {
  constexpr std::size_t kMaxParts = 100;
  const std::string_view boundary = BoundaryOf(content_type);
  if (boundary.empty() || boundary.size() > 200) return std::nullopt;
  const std::string delimiter = "\r\n--" + std::string(boundary);

  // The first delimiter stands at the start of a line, which may be the first of the body.
  std::size_t at = 0;
  if (body.substr(0, delimiter.size() - 2) == std::string_view(delimiter).substr(2)) {
    at = delimiter.size() - 2;
  } else if (at = body.find(delimiter); at != body.npos) {
    at += delimiter.size();
  } else {
    return std::nullopt;
  }
  std::vector<FormPart> parts;
  for (;;) {
    if (body.substr(at, 2) == "--") return parts;
    if (body.substr(at, 2) != "\r\n" || parts.size() == kMaxParts) return std::nullopt;
    at += 2;
    const std::size_t end = body.find(delimiter, at);
    if (end == body.npos) return std::nullopt;
    const std::string_view part = body.substr(at, end - at);
    const std::size_t blank = part.find("\r\n\r\n");
    if (blank == part.npos) return std::nullopt;
    parts.push_back({part.substr(blank + 4), NamesAFile(part.substr(0, blank))});
    at = end + delimiter.size();
  }
}

}  // namespace tql::frontend
