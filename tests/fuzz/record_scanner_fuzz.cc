// Any bytes as the text of a load: the records do not depend on where the text is cut, and together
// they are the whole text.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/load/record_scanner.h"
#include "tests/fuzz/cut_text.h"

namespace {

using tql::load::OwnedTexts;
using tql::load::RecordScanner;
using tql::load::TextFormat;

/// A record with texts of its own. An invalid one has no fields.
struct Record {
  std::string text;
  std::vector<std::string> fields;
  std::size_t field_count = 0;
  std::uint64_t lines = 0;
  std::string problem;
  friend bool operator==(const Record&, const Record&) = default;
};

/// Scans a text whose end becomes known after `piece` bytes more, each time that it is needed.
std::vector<Record> Scan(const TextFormat& format, std::string_view text, std::size_t piece) {
  RecordScanner scanner(format);
  std::vector<Record> records;
  std::uint64_t lines = 0;
  std::string_view rest = text;
  std::size_t known = std::min(piece, rest.size());
  while (!rest.empty()) {
    std::string_view given = rest.substr(0, known);
    const bool ended = known == rest.size();
    tql::load::Record found;
    OwnedTexts owned;
    if (given.empty() || !scanner.Next(given, ended, &found, &owned)) {
      if (ended) std::abort();
      known = std::min(known + piece, rest.size());
      continue;
    }
    const auto taken = static_cast<std::size_t>(given.data() - rest.data());
    if (taken == 0 || taken > known || found.text.size() > taken) std::abort();
    Record& record = records.emplace_back();
    record.text = found.text;
    record.lines = found.lines;
    record.problem = found.problem;
    lines += found.lines;
    if (found.problem.empty()) {
      record.field_count = found.field_count;
      record.fields.assign(found.fields.begin(), found.fields.end());
      if (found.fields.size() != std::min(found.field_count, RecordScanner::kMostFields)) {
        std::abort();
      }
    }
    rest.remove_prefix(taken);
    known -= taken;
  }
  const auto line_ends = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
  if (lines < line_ends || lines > line_ends + 1) std::abort();
  return records;
}

}  // namespace

// The first byte selects the size of the pieces, the second one the format.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kMostBytes = std::size_t{1} << 12;  // scanned again for each piece
  auto input = CutText::Of(data, size);
  if (!input || input->text.empty() || input->text.size() > kMostBytes) return 0;
  const auto choice = static_cast<unsigned char>(input->text[0]);
  input->text.remove_prefix(1);
  TextFormat format;
  format.separator = (choice & 1U) != 0 ? '|' : ',';
  format.trailing_separator = (choice & 2U) != 0;
  if ((choice & 4U) != 0) format.enclosing = '"';
  if ((choice & 8U) != 0) format.escape = '\\';
  if (Scan(format, input->text, input->whole()) != Scan(format, input->text, input->piece)) {
    std::abort();
  }
  return 0;
}
