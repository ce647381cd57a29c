#include "tools/tqlbench/lineitem.h"

#include <charconv>

namespace tqlbench {
namespace {

constexpr std::array<std::string_view, 24> kWords = {
    "furiously", "carefully",   "express", "pending", "ironic",   "deposits",
    "accounts",  "requests",    "quickly", "final",   "packages", "sleep",
    "bold",      "theodolites", "along",   "regular", "blithely", "even",
    "ideas",     "above",       "slyly",   "foxes",   "special",  "platelets"};
// The special content of one text cell in fifty: quotes, backslashes, control characters, markup,
// other scripts.
constexpr std::array<std::string_view, 12> kUnusual = {"\"net\" price",
                                                       "a\\b",
                                                       "two\nlines",
                                                       "tab\there",
                                                       "<b>&</b>",
                                                       "O'Neil",
                                                       "na\xc3\xafve",
                                                       "\xce\xa9\xce\xbc\xce\xad\xce\xb3\xce\xb1",
                                                       "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
                                                       "\xe2\x80\xa8",
                                                       "\xf0\x9f\x98\x80",
                                                       "\xd0\x96\xd1\x83\xd0\xba"};
constexpr std::array<std::string_view, 12> kForeignWords = {
    "\xd1\x81\xd1\x80\xd0\xbe\xd1\x87\xd0\xbd\xd0\xbe",
    "\xe6\xb3\xa8\xe6\x96\x87\xe4\xb9\xa6",
    "\xd0\xb7\xd0\xb0\xd0\xba\xd0\xb0\xd0\xb7",
    "\xe6\x9d\xb1\xe4\xba\xac",
    "\xd0\xb4\xd0\xbe\xd1\x81\xd1\x82\xd0\xb0\xd0\xb2\xd0\xba\xd0\xb0",
    "\xec\x84\x9c\xec\x9a\xb8",
    "\xd1\x81\xd0\xba\xd0\xbb\xd0\xb0\xd0\xb4",
    "\xe5\x80\x89\xe5\xba\xab",
    "\xd0\xbf\xd0\xb0\xd1\x80\xd1\x82\xd0\xb8\xd1\x8f",
    "\xe3\x82\xab\xe3\x83\xa1\xe3\x83\xa9",
    "\xd0\xb2\xd0\xb5\xd1\x81",
    "\xe8\xb4\xa7\xe8\xbf\x90"};
constexpr std::array<std::string_view, 4> kInstructions = {"DELIVER IN PERSON", "COLLECT COD",
                                                           "NONE", "TAKE BACK RETURN"};
constexpr std::array<std::string_view, 7> kModes = {"REG AIR", "AIR",  "RAIL", "SHIP",
                                                    "TRUCK",   "MAIL", "FOB"};

// Mixes 64 bits (the output function of SplitMix64).
std::uint64_t Mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

void AppendNumber(std::uint64_t value, std::string* out) {
  char digits[20];
  out->append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

// Formats a number of hundredths without trailing zeros: 1700 is 17, 450 is 4.5.
void AppendHundredths(std::uint64_t value, std::string* out) {
  AppendNumber(value / 100, out);
  const auto rest = static_cast<char>(value % 100);
  if (rest == 0) return;
  out->push_back('.');
  out->push_back(static_cast<char>('0' + rest / 10));
  if (rest % 10 != 0) out->push_back(static_cast<char>('0' + rest % 10));
}

void AppendDate(std::uint64_t bits, std::string* out) {
  AppendNumber(1992 + bits % 7, out);
  for (const std::uint64_t part : {1 + (bits >> 8) % 12, 1 + (bits >> 16) % 28}) {
    out->push_back('-');
    if (part < 10) out->push_back('0');
    AppendNumber(part, out);
  }
}

template <std::size_t N>
void AppendWords(const std::array<std::string_view, N>& words, std::uint64_t bits,
                 std::size_t count, std::string* out) {
  for (std::size_t i = 0; i < count; ++i, bits >>= 5) {
    if (i != 0) out->push_back(' ');
    out->append(words[(bits & 31) % N]);
  }
}

void AppendLineitemText(std::uint64_t bits, std::size_t column, std::string* out) {
  switch (column) {
    case 8:
      out->push_back("RAN"[bits % 3]);
      break;
    case 9:
      out->push_back("OF"[bits % 2]);
      break;
    case 10:
    case 11:
    case 12:
      AppendDate(bits, out);
      break;
    case 13:
      out->append(kInstructions[bits % kInstructions.size()]);
      break;
    case 14:
      out->append(kModes[bits % kModes.size()]);
      break;
    default:
      AppendWords(kWords, bits, 2 + (bits >> 40) % 4, out);
  }
}

}  // namespace

const std::array<LineitemColumn, kLineitemColumns> kLineitem = {{
    {"l_orderkey", CellKind::kInteger, "BIGINT"},
    {"l_partkey", CellKind::kInteger, "INT"},
    {"l_suppkey", CellKind::kInteger, "INT"},
    {"l_linenumber", CellKind::kInteger, "INT"},
    {"l_quantity", CellKind::kDouble, "DOUBLE"},
    {"l_extendedprice", CellKind::kDouble, "DOUBLE"},
    {"l_discount", CellKind::kDouble, "DOUBLE"},
    {"l_tax", CellKind::kDouble, "DOUBLE"},
    {"l_returnflag", CellKind::kText, "VARCHAR(0)"},
    {"l_linestatus", CellKind::kText, "VARCHAR(0)"},
    {"l_shipdate", CellKind::kText, "VARCHAR(0)"},
    {"l_commitdate", CellKind::kText, "VARCHAR(0)"},
    {"l_receiptdate", CellKind::kText, "VARCHAR(0)"},
    {"l_shipinstruct", CellKind::kText, "VARCHAR(0)"},
    {"l_shipmode", CellKind::kText, "VARCHAR(0)"},
    {"l_comment", CellKind::kText, "VARCHAR(0)"},
}};

void LineitemGenerator::AddText(std::uint64_t bits, std::size_t column) {
  switch (shape_) {
    case Shape::kShort:
      if (Mix(bits) % 50 == 0) text_ += kUnusual[(Mix(bits) >> 8) % kUnusual.size()];
      AppendLineitemText(bits, column, &text_);
      break;
    case Shape::kNonAscii:
      AppendWords(kForeignWords, bits, 1 + (bits >> 40) % 3, &text_);
      break;
    case Shape::kWide: {
      const std::size_t end = text_.size() + 200;
      while (text_.size() < end) {
        AppendWords(kWords, bits, 8, &text_);
        bits = Mix(bits);
      }
      text_.resize(end);
      break;
    }
  }
}

std::span<const std::string_view> LineitemGenerator::Row(std::uint64_t number) {
  std::array<std::size_t, kLineitemColumns + 1> ends{};
  std::uint64_t bits = Mix(seed_ ^ Mix(number));
  text_.clear();
  for (std::size_t i = 0; i < kLineitemColumns; ++i) {
    bits = Mix(bits);
    switch (i) {
      case 0:
        AppendNumber(number, &text_);
        break;
      case 1:
        AppendNumber(1 + bits % 200'000, &text_);
        break;
      case 2:
        AppendNumber(1 + bits % 10'000, &text_);
        break;
      case 3:
        AppendNumber(1 + bits % 7, &text_);
        break;
      case 4:
        AppendHundredths(100 * (1 + bits % 50), &text_);
        break;
      case 5:
        AppendHundredths(90'000 + bits % 10'000'000, &text_);
        break;
      case 6:
        AppendHundredths(bits % 11, &text_);
        break;
      case 7:
        AppendHundredths(bits % 9, &text_);
        break;
      default:
        AddText(bits, i);
    }
    ends[i + 1] = text_.size();
  }
  for (std::size_t i = 0; i < kLineitemColumns; ++i) {
    cells_[i] = std::string_view(text_).substr(ends[i], ends[i + 1] - ends[i]);
  }
  return cells_;
}

std::string CreateLineitemStatement() {
  std::string sql = "CREATE TABLE lineitem (";
  for (const LineitemColumn& column : kLineitem) {
    sql.append(column.name).append(" ").append(column.tql_type).append(", ");
  }
  return sql + "PRIMARY KEY (l_orderkey));";
}

std::string LineitemColumnList(std::string_view alias) {
  std::string list;
  for (const LineitemColumn& column : kLineitem) {
    if (!list.empty()) list += ", ";
    if (!alias.empty()) list.append(alias).append(".");
    list += column.name;
  }
  return list;
}

void AppendInsert(LineitemGenerator& generator, std::uint64_t first, std::uint64_t count,
                  std::string* out) {
  *out += "INSERT INTO lineitem VALUES ";
  for (std::uint64_t number = first; number < first + count; ++number) {
    const auto cells = generator.Row(number);
    *out += number == first ? "(" : ", (";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i != 0) *out += ", ";
      if (kLineitem[i].kind != CellKind::kText) {
        *out += cells[i];
        continue;
      }
      out->push_back('\'');
      for (const char c : cells[i]) out->append(c == '\'' ? 2 : 1, c);
      out->push_back('\'');
    }
    out->push_back(')');
  }
  *out += ";";
}

}  // namespace tqlbench
