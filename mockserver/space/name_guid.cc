#include "mockserver/space/name_guid.h"

#include <openssl/evp.h>

#include <array>
#include <new>

#include "proto/base/text.h"

namespace tql::space {

std::string NameGuid(std::string_view kind, std::string_view name) {
  std::string text(kind);
  text.append(1, ' ').append(name);
  std::array<unsigned char, 32> digest{};
  if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw std::bad_alloc();
  }
  std::string hex = base::Hex({reinterpret_cast<const char*>(digest.data()), 16});
  hex[12] = '5';
  hex[16] = 'a';
  for (const std::size_t at : {8, 13, 18, 23}) hex.insert(at, 1, '-');
  return hex;
}

}  // namespace tql::space
