#include "mockserver/storage/sqlite/table_image.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

namespace tql::storage::sqlite {
namespace {

using values::Datum;

// The types of pages, and the sizes of their headers (section 1.6 of the format).
constexpr unsigned char kLeaf = 0x0D;
constexpr unsigned char kInterior = 0x05;
constexpr std::size_t kLeafHeader = 8;
constexpr std::size_t kInteriorHeader = 12;
constexpr std::size_t kCellPointer = 2;
constexpr std::size_t kPageNumber = 4;
/// The offset of the number of pages in the header of the file (section 1.3).
constexpr std::size_t kPageCount = 28;

// How much of a record is on its leaf (section 1.6, "U", "X" and "M").
constexpr std::size_t kUsable = TableImage::kPageBytes;
constexpr std::size_t kMostLocal = kUsable - 35;
constexpr std::size_t kLeastLocal = (kUsable - 12) * 32 / 255 - 23;
constexpr std::size_t kOverflowData = kUsable - kPageNumber;

/// The largest cell of an interior page: a page number, and a varint.
constexpr std::size_t kInteriorCell = kPageNumber + 9;
constexpr std::size_t kMostChildren =
    (kUsable - kInteriorHeader) / (kInteriorCell + kCellPointer) + 1;

// Serial types (section 2.1).
constexpr std::uint64_t kNull = 0;
constexpr std::uint64_t kReal = 7;
constexpr std::uint64_t kZero = 8;
constexpr std::uint64_t kOne = 9;
constexpr std::uint64_t kFirstText = 13;

std::size_t LocalBytes(std::size_t payload) {
  if (payload <= kMostLocal) return payload;
  const std::size_t local = kLeastLocal + (payload - kLeastLocal) % kOverflowData;
  return local <= kMostLocal ? local : kLeastLocal;
}

/// The bytes of an integer of which seven bits are in each byte. It is less than 2^56.
std::size_t VarintBytes(std::uint64_t value) {
  return (static_cast<std::size_t>(std::bit_width(value | 1)) + 6) / 7;
}

unsigned char* PutVarint(std::uint64_t value, unsigned char* out) {
  if (value < 0x80) {
    *out = static_cast<unsigned char>(value);
    return out + 1;
  }
  const std::size_t size = VarintBytes(value);
  for (std::size_t i = size; i-- > 0; value >>= 7) {
    out[i] = static_cast<unsigned char>((value & 0x7F) | (i + 1 < size ? 0x80 : 0));
  }
  return out + size;
}

/// The last `size` bytes of the number, the most significant one first.
unsigned char* PutNumber(std::uint64_t value, std::size_t size, unsigned char* out) {
  if constexpr (std::endian::native == std::endian::little) value = __builtin_bswap64(value);
  std::memcpy(out, reinterpret_cast<const unsigned char*>(&value) + (8 - size), size);
  return out + size;
}

std::uint64_t IntegerType(std::int64_t value) {
  if (value == 0) return kZero;
  if (value == 1) return kOne;
  const auto magnitude = static_cast<std::uint64_t>(value < 0 ? ~value : value);
  const int bits = std::bit_width(magnitude) + 1;
  if (bits <= 8) return 1;
  if (bits <= 16) return 2;
  if (bits <= 24) return 3;
  if (bits <= 32) return 4;
  return bits <= 48 ? 5 : 6;
}

std::uint64_t SerialType(const Datum& value) {
  switch (value.kind()) {
    case Datum::Kind::kNull:
      return kNull;
    case Datum::Kind::kInteger:
      return IntegerType(value.integer());
    case Datum::Kind::kReal:
      return std::isnan(value.real()) ? kNull : kReal;  // SQLite has no NaN
    case Datum::Kind::kText:
      break;
  }
  return kFirstText + 2 * value.text().size();
}

std::size_t BytesOf(std::uint64_t type) {
  constexpr std::size_t kBytes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
  return type <= kOne ? kBytes[type] : static_cast<std::size_t>((type - kFirstText) / 2);
}

/// The size of the header of a record, which counts its own bytes.
std::size_t HeaderBytes(std::size_t types) {
  const std::size_t size = types + 1;
  return VarintBytes(size) == 1 ? size : types + VarintBytes(types + VarintBytes(size));
}

}  // namespace

TableImage::TableImage(std::vector<unsigned char> empty) : empty_(std::move(empty)) { Clear(); }

void TableImage::Clear() {
  file_.assign(empty_.begin(), empty_.end());
  rows_ = 0;
  leaves_.clear();
  leaf_ = 0;
}

std::uint32_t TableImage::AddPage() {
  file_.resize(file_.size() + kPageBytes);
  return static_cast<std::uint32_t>(file_.size() / kPageBytes);
}

bool TableImage::Append(std::span<const Datum> values) {
  types_.clear();
  std::size_t types = 0;
  std::size_t body = 0;
  for (const Datum& value : values) {
    const std::uint64_t type = SerialType(value);
    types_.push_back(type);
    types += VarintBytes(type);
    body += BytesOf(type);
  }
  const std::size_t header = HeaderBytes(types);
  const std::size_t payload = header + body;
  if (payload > kLargestRow) return false;

  const std::uint64_t row = ++rows_;
  const std::size_t local = LocalBytes(payload);
  const std::size_t prefix = VarintBytes(payload) + VarintBytes(row);
  if (local == payload) {
    unsigned char* const cell = AddCell(prefix + payload);
    WriteRecord(values, header, PutVarint(row, PutVarint(payload, cell)));
    return true;
  }
  record_.resize(payload);
  WriteRecord(values, header, record_.data());
  const std::uint32_t overflow = AddOverflow(std::span(record_).subspan(local));
  unsigned char* out = AddCell(prefix + local + kPageNumber);
  out = PutVarint(row, PutVarint(payload, out));
  PutNumber(overflow, kPageNumber, std::copy_n(record_.data(), local, out));
  return true;
}

unsigned char* TableImage::AddCell(std::size_t size) {
  if (leaf_ != 0 && kLeafHeader + (cells_ + 1) * kCellPointer + size > content_) EndLeaf();
  if (leaf_ == 0) {
    leaf_ = AddPage();
    cells_ = 0;
    content_ = kPageBytes;
    leaves_.push_back({leaf_, 0});
  }
  leaves_.back().last_row = rows_;
  unsigned char* const page = Page(leaf_);
  content_ -= size;
  PutNumber(content_, kCellPointer, page + kLeafHeader + cells_ * kCellPointer);
  ++cells_;
  return page + content_;
}

void TableImage::EndLeaf() {
  unsigned char* const page = Page(leaf_);
  page[0] = kLeaf;
  PutNumber(cells_, 2, page + 3);
  PutNumber(content_, 2, page + 5);
  leaf_ = 0;
}

void TableImage::WriteRecord(std::span<const Datum> values, std::size_t header,
                             unsigned char* out) {
  out = PutVarint(header, out);
  for (const std::uint64_t type : types_) out = PutVarint(type, out);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint64_t type = types_[i];
    const std::size_t size = BytesOf(type);
    if (size == 0) continue;
    if (type == kReal) {
      out = PutNumber(std::bit_cast<std::uint64_t>(values[i].real()), size, out);
    } else if (type < kReal) {
      out = PutNumber(static_cast<std::uint64_t>(values[i].integer()), size, out);
    } else {
      out = std::copy_n(values[i].text().data(), size, out);
    }
  }
}

std::uint32_t TableImage::AddOverflow(std::span<const unsigned char> rest) {
  const auto first = static_cast<std::uint32_t>(file_.size() / kPageBytes + 1);
  while (!rest.empty()) {
    const std::uint32_t page = AddPage();
    const std::size_t size = std::min(rest.size(), kOverflowData);
    const bool last = size == rest.size();
    std::copy_n(rest.data(), size, PutNumber(last ? 0 : page + 1, kPageNumber, Page(page)));
    rest = rest.subspan(size);
  }
  return first;
}

void TableImage::WriteInterior(std::uint32_t number, std::span<const Child> children) {
  unsigned char* const page = Page(number);
  std::fill_n(page, kPageBytes, static_cast<unsigned char>(0));
  std::size_t content = kPageBytes;
  unsigned char* pointer = page + kInteriorHeader;
  for (const Child& child : children.first(children.size() - 1)) {
    content -= kPageNumber + VarintBytes(child.last_row);
    PutVarint(child.last_row, PutNumber(child.page, kPageNumber, page + content));
    pointer = PutNumber(content, kCellPointer, pointer);
  }
  page[0] = kInterior;
  PutNumber(children.size() - 1, 2, page + 3);
  PutNumber(content, 2, page + 5);
  PutNumber(children.back().page, kPageNumber, page + 8);
}

std::span<unsigned char> TableImage::Finish() {
  if (leaf_ != 0) EndLeaf();
  std::vector<Child> level = std::move(leaves_);
  while (level.size() > kMostChildren) {
    // Groups of nearly the same size, so that none has a single page.
    const std::size_t groups = (level.size() + kMostChildren - 1) / kMostChildren;
    std::vector<Child> above;
    for (std::size_t i = 0; i < groups; ++i) {
      const std::size_t begin = level.size() * i / groups;
      const std::size_t end = level.size() * (i + 1) / groups;
      above.push_back({AddPage(), level[end - 1].last_row});
      WriteInterior(above.back().page, std::span(level).subspan(begin, end - begin));
    }
    level = std::move(above);
  }
  if (level.size() == 1) {  // the root is the leaf, whose own page is not used
    std::copy_n(Page(level.front().page), kPageBytes, Page(kRootPage));
  } else if (!level.empty()) {
    WriteInterior(kRootPage, level);
  }
  PutNumber(file_.size() / kPageBytes, 4, file_.data() + kPageCount);
  return file_;
}

}  // namespace tql::storage::sqlite
