#include "mockserver/dialect/postgres/pg_query.h"

#include <dlfcn.h>
#include <pg_query.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "proto/base/utf8.h"

namespace tql::dialect::postgres {
namespace {

// The functions of libpg_query. It is loaded when it is first needed, because few servers need it,
// and to load it takes a tenth of the memory of a server and of the time of its start.
struct Library {
  decltype(&pg_query_scan) scan = nullptr;
  decltype(&pg_query_free_scan_result) free_scan_result = nullptr;
  decltype(&pg_query_parse) parse = nullptr;
  decltype(&pg_query_free_parse_result) free_parse_result = nullptr;
  std::string error;  // empty: all functions were found
};

template <typename Function>
bool Find(void* library, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(dlsym(library, name));
  return function != nullptr;
}

Library Load() {
  Library found;
  void* const library = dlopen(TQLKIT_PG_QUERY_FILE, RTLD_NOW | RTLD_LOCAL);
  const bool complete = library != nullptr && Find(library, "pg_query_scan", found.scan) &&
                        Find(library, "pg_query_free_scan_result", found.free_scan_result) &&
                        Find(library, "pg_query_parse", found.parse) &&
                        Find(library, "pg_query_free_parse_result", found.free_parse_result);
  if (!complete) found.error = std::string("PostgreSQL's parser is not available: ") + dlerror();
  return found;
}

const Library& Loaded() {
  static const Library library = Load();
  return library;
}

// PostgreSQL's position counts characters from 1; the offset counts bytes.
PgFailure ToFailure(const PgQueryError& error, std::string_view text) {
  PgFailure failure{error.message == nullptr ? "the statement cannot be parsed" : error.message};
  for (int rest = error.cursorpos - 1; rest > 0 && failure.offset < text.size(); --rest) {
    failure.offset = base::Utf8Ceil(text, failure.offset + 1);
  }
  return failure;
}

// Reads the fields of a message in protobuf's wire format. The tokens need two kinds of fields:
// integers and nested messages.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : rest_(bytes) {}
  bool Next() {
    if (rest_.empty()) return false;
    const std::uint64_t tag = Varint();
    field_ = static_cast<int>(tag >> 3U);
    value_ = Varint();
    bytes_ = {};
    if ((tag & 7U) == 2) {
      bytes_ = rest_.substr(0, value_);
      rest_.remove_prefix(bytes_.size());
    }
    return true;
  }
  int field() const { return field_; }
  std::uint64_t value() const { return value_; }
  std::string_view bytes() const { return bytes_; }

 private:
  std::uint64_t Varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80U) break;
    }
    return value;
  }

  std::string_view rest_;
  int field_ = 0;
  std::uint64_t value_ = 0;
  std::string_view bytes_;
};

// The fields of ScanResult and ScanToken in libpg_query's pg_query.proto.
constexpr int kTokensField = 2;
constexpr int kStartField = 1;
constexpr int kEndField = 2;

TokenRange ReadToken(std::string_view message, std::size_t limit) {
  TokenRange range;
  for (WireReader reader(message); reader.Next();) {
    const auto value = static_cast<std::uint32_t>(std::min<std::uint64_t>(reader.value(), limit));
    if (reader.field() == kStartField) range.begin = value;
    if (reader.field() == kEndField) range.end = value;
  }
  range.end = std::max(range.begin, range.end);
  return range;
}

}  // namespace

std::optional<PgFailure> ScanTokens(const std::string& text, std::vector<TokenRange>* out) {
  const Library& library = Loaded();
  if (!library.error.empty()) return PgFailure{library.error};
  PgQueryScanResult result = library.scan(text.c_str());
  const auto free = [&](PgQueryScanResult* r) { library.free_scan_result(*r); };
  const std::unique_ptr<PgQueryScanResult, decltype(free)> owner(&result, free);
  if (result.error != nullptr) return ToFailure(*result.error, text);
  for (WireReader reader({result.pbuf.data, result.pbuf.len}); reader.Next();) {
    if (reader.field() == kTokensField) out->push_back(ReadToken(reader.bytes(), text.size()));
  }
  return std::nullopt;
}

std::optional<PgFailure> ParseToJson(const std::string& text, std::string* out) {
  const Library& library = Loaded();
  if (!library.error.empty()) return PgFailure{library.error};
  PgQueryParseResult result = library.parse(text.c_str());
  const auto free = [&](PgQueryParseResult* r) { library.free_parse_result(*r); };
  const std::unique_ptr<PgQueryParseResult, decltype(free)> owner(&result, free);
  if (result.error != nullptr) return ToFailure(*result.error, text);
  *out = result.parse_tree;
  return std::nullopt;
}

}  // namespace tql::dialect::postgres
