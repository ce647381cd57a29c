// Any bytes as CSV: the records do not depend on where the text is cut, and writing them with
// quotes around every field and reading that yields the same records.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/cut_text.h"
#include "tools/tql/copy/csv_reader.h"

namespace {

using Records = std::vector<std::vector<std::string>>;

/// Returns whether the text is valid CSV, and its records up to the first error.
bool Read(std::string_view text, std::size_t piece, Records* records) {
  tql::shell::CsvReader reader(
      [&](char* into, std::size_t size) -> tql::StatusOr<std::size_t> {
        const std::size_t count = std::min({text.size(), piece, size});
        std::memcpy(into, text.data(), count);
        text.remove_prefix(count);
        return count;
      },
      {}, 1 << 16);
  for (;;) {
    const auto more = reader.Next();
    if (!more.ok() || !*more) return more.ok();
    std::vector<std::string> record;
    for (const auto& field : reader.fields()) record.emplace_back(field.text);
    records->push_back(std::move(record));
  }
}

std::string Write(const Records& records) {
  std::string text;
  for (const auto& record : records) {
    for (std::size_t i = 0; i < record.size(); ++i) {
      text += i > 0 ? ",\"" : "\"";
      for (const char c : record[i]) text.append(c == '"' ? 2 : 1, c);
      text += '"';
    }
    text += '\n';
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = CutText::Of(data, size);
  if (!input) return 0;
  Records whole;
  Records cut;
  const bool good = Read(input->text, input->whole(), &whole);
  if (Read(input->text, input->piece, &cut) != good || whole != cut) std::abort();
  Records again;
  if (!Read(Write(whole), 1 << 20, &again) || again != whole) std::abort();
  return 0;
}
