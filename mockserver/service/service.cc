#include "mockserver/service/service.h"

#include <cstddef>

namespace tql::service {

void TokenList::VisitPieces(
    const std::function<bool(std::span<const std::string> piece)>& take) const {
  constexpr std::size_t kPieceBytes = std::size_t{64} << 10;
  std::size_t begin = 0;
  std::size_t bytes = 0;
  for (std::size_t end = 0; end < tokens.size(); ++end) {
    bytes += tokens[end].size();
    if (bytes < kPieceBytes) continue;
    if (!take(std::span(tokens).subspan(begin, end + 1 - begin))) return;
    begin = end + 1;
    bytes = 0;
  }
  if (begin == 0 || begin < tokens.size()) take(std::span(tokens).subspan(begin));
}

}  // namespace tql::service
