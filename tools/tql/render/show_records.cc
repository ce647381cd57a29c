#include "tools/tql/render/show_records.h"

#include <algorithm>
#include <utility>

#include "mockserver/dialect/lexer.h"
#include "proto/base/utf8.h"

namespace tql::shell {
namespace {

/// The maximum size of a row; a longer one ends regardless of its fields.
constexpr std::size_t kLongestRow = std::size_t{1} << 20;
/// The name of the column if the text has no header, as in SHOW STATISTICS.
constexpr std::string_view kLoneName = "Database Name";

/// Returns the lengths of the runs of dashes in "----|---"; empty for another line.
std::vector<std::size_t> DashWidths(std::string_view line) {
  std::vector<std::size_t> widths;
  for (;;) {
    const std::size_t width = std::min(line.find_first_not_of('-'), line.size());
    if (width == 0) return {};
    widths.push_back(width);
    if (width == line.size()) return widths;
    if (line[width] != '|') return {};
    line.remove_prefix(width + 1);
  }
}

std::string_view WithoutPadding(std::string_view field) {
  while (field.ends_with(' ')) field.remove_suffix(1);
  return field;
}

std::vector<std::string_view> SplitAtBars(std::string_view text, std::size_t most) {
  std::vector<std::string_view> fields;
  while (fields.size() + 1 < most) {
    const std::size_t bar = text.find('|');
    if (bar == text.npos) break;
    fields.push_back(text.substr(0, bar));
    text.remove_prefix(bar + 1);
  }
  fields.push_back(text);
  return fields;
}

}  // namespace

ShowRecords::ShowRecords(std::unique_ptr<Renderer> renderer, std::string_view statement)
    : renderer_(std::move(renderer)) {
  dialect::Lexer lexer(statement);
  lexer.Next();
  has_header_ = lexer.Next().keyword != dialect::Keyword::K_databases;
}

bool ShowRecords::Applies(std::string_view statement, Format format) {
  constexpr Format kForPrograms[] = {Format::kCsv,   Format::kTsv,      Format::kJson,
                                     Format::kJsonl, Format::kMarkdown, Format::kHtml};
  return std::ranges::find(kForPrograms, format) != std::end(kForPrograms) &&
         dialect::Lexer(statement).Next().keyword == dialect::Keyword::K_show;
}

void ShowRecords::Add(std::string_view text) {
  for (;;) {
    const std::size_t newline = text.find('\n');
    partial_ += text.substr(0, newline);
    if (newline == text.npos) return;
    AddLine(std::exchange(partial_, {}));
    text.remove_prefix(newline + 1);
  }
}

void ShowRecords::AddLine(std::string line) {
  if (!has_header_) Flush();
  if (begun_) return AddRow(std::move(line));
  if (!has_first_) {
    first_ = std::move(line);
    has_first_ = true;
    return;
  }
  widths_ = DashWidths(line);
  std::vector<std::string_view> names;
  if (!widths_.empty() && Split(first_, &names) == Found::kRow) return Begin(std::move(names));
  widths_.clear();
  Flush();
  AddRow(std::move(line));
}

/// Starts a result without a header if none was started.
void ShowRecords::Flush() {
  if (begun_) return;
  Begin({kLoneName});
  if (has_first_) AddRow(std::move(first_));
}

void ShowRecords::Begin(std::vector<std::string_view> names) {
  begun_ = true;
  std::vector<Column> columns;
  for (const std::string_view name : names) {
    columns.push_back({std::string(WithoutPadding(name)), ColumnType::kVarchar});
  }
  renderer_->Begin(columns);
}

ShowRecords::Found ShowRecords::Split(std::string_view text,
                                      std::vector<std::string_view>* cells) const {
  for (std::size_t i = 0; i + 1 < widths_.size(); ++i) {
    std::size_t end = 0;
    for (std::size_t count = 0; count < widths_[i]; ++count) {
      if (end >= text.size()) return Found::kMore;
      end += std::max<std::size_t>(1, base::Utf8Length(text, end));
    }
    if (end >= text.size()) return Found::kMore;
    if (text[end] != '|') return Found::kNone;
    cells->push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  cells->push_back(text);
  return Found::kRow;
}

void ShowRecords::AddRow(std::string line) {
  if (widths_.empty()) return RenderRow({line});
  // A name may contain line ends; then the row continues on the next line.
  row_ += row_.empty() ? line : "\n" + line;
  std::vector<std::string_view> cells;
  const Found found = Split(row_, &cells);
  if (found == Found::kMore && row_.size() < kLongestRow) return;
  if (found != Found::kRow) return RenderLines();
  RenderRow(std::move(cells));
  row_.clear();
}

// In this case the fields are padded differently, and each line is a row.
void ShowRecords::RenderLines() {
  std::string_view rest = row_;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    RenderRow(SplitAtBars(rest.substr(0, end), widths_.size()));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  row_.clear();
}

void ShowRecords::RenderRow(std::vector<std::string_view> cells) {
  for (std::string_view& cell : cells) cell = WithoutPadding(cell);
  if (!widths_.empty()) cells.resize(widths_.size());
  renderer_->Row(cells);
}

void ShowRecords::End() {
  if (!partial_.empty()) AddLine(std::exchange(partial_, {}));
  Flush();
  if (!row_.empty()) RenderLines();
  renderer_->End();
}

void ShowRecords::Fail() {
  if (!begun_ && !has_first_) return;
  Flush();
  renderer_->Fail();
}

}  // namespace tql::shell
