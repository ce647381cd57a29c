#include "mockserver/service/bearer_token.h"

#include <openssl/evp.h>

#include <array>
#include <new>

#include "proto/base/text.h"

namespace tql::service {
namespace {

constexpr std::string_view kPrefix = "$shiro1$SHA-256$500000$";
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kMostBearer = 512;  // more than any token has

std::string Base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

/// Decodes base64 with or without its padding.
std::optional<std::string> FromBase64(std::string_view text) {
  std::string padded(text.substr(0, text.find('=')));
  if (padded.size() % 4 == 1) return std::nullopt;
  const std::size_t padding = (4 - padded.size() % 4) % 4;
  padded.append(padding, '=');
  std::string bytes(padded.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(padded.data()),
                                   static_cast<int>(padded.size()));
  if (size < 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

std::optional<std::string> FromHex(std::string_view text) {
  if (text.size() != 2 * kTokenBytes) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = base::HexDigit(text[i]);
    const int low = base::HexDigit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

/// Determined by the token, so that a token has one text.
std::string SaltOf(std::string_view token) {
  std::array<unsigned char, 32> digest{};
  if (EVP_Digest(token.data(), token.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw std::bad_alloc();
  }
  return {reinterpret_cast<const char*>(digest.data()), kSaltBytes};
}

}  // namespace

std::string BearerTokenOf(std::string_view session_token) {
  const std::string token = FromHex(session_token).value_or(std::string(kTokenBytes, '\0'));
  std::string text = Base64(std::string(kPrefix) + Base64(SaltOf(token)) + '$' + Base64(token));
  text.erase(text.find_last_not_of('=') + 1);
  return text;
}

std::optional<std::string> SessionTokenOf(std::string_view bearer_token) {
  if (bearer_token.size() > kMostBearer) return std::nullopt;
  const std::optional<std::string> text = FromBase64(bearer_token);
  if (!text || !text->starts_with(kPrefix)) return std::nullopt;
  const std::optional<std::string> token =
      FromBase64(std::string_view(*text).substr(text->rfind('$') + 1));
  if (!token || token->size() != kTokenBytes) return std::nullopt;
  std::string session_token = base::Hex(*token);
  // Each session has one bearer token, which may be padded.
  const std::size_t size = bearer_token.find_last_not_of('=') + 1;
  if (BearerTokenOf(session_token) != bearer_token.substr(0, size)) return std::nullopt;
  return session_token;
}

}  // namespace tql::service
