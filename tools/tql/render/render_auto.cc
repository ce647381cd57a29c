// A table if it fits the terminal, otherwise one line per field. The header and the first rows
// decide; later rows are streamed.
#include <algorithm>

#include "tools/tql/render/characters.h"
#include "tools/tql/render/renderer.h"

namespace tql::shell {
namespace {

constexpr std::size_t kMeasuredRows = 1000;
constexpr std::size_t kMeasuredBytes = 4 << 20;

class AutoRenderer : public Renderer {
 public:
  AutoRenderer(Output& out, const Style& style) : out_(out), style_(style) {}

  void Begin(const std::vector<Column>& columns) override {
    columns_ = columns;
    chosen_.reset();
    waiting_.clear();
    waiting_bytes_ = 0;
    widths_.clear();
    for (const Column& column : columns) {
      widths_.push_back(style_.header ? DisplayWidth(Visible(column.name)) : 0);
    }
  }

  void Row(RowView cells) override {
    if (chosen_) return chosen_->Row(cells);
    widths_.resize(std::max(widths_.size(), cells.size()));
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::size_t width = cells[i] == kNullMark
                                    ? DisplayWidth(style_.null_text.value_or("(null)"))
                                    : DisplayWidth(Visible(cells[i]));
      widths_[i] = std::max(widths_[i], width);
      waiting_bytes_ += cells[i].size();
    }
    waiting_.emplace_back(cells.begin(), cells.end());
    if (waiting_.size() == kMeasuredRows || waiting_bytes_ > kMeasuredBytes) Choose();
  }

  void End() override {
    if (!chosen_) Choose();
    chosen_->End();
  }

  void Fail() override {
    if (!chosen_) Choose();
    chosen_->Fail();
  }

 private:
  void Choose() {
    constexpr std::size_t kBetween = 3;  // " | "
    std::size_t width = widths_.empty() ? 0 : (widths_.size() - 1) * kBetween;
    for (const std::size_t column : widths_) width += column;
    // Without rows, the vertical format would not print the names.
    chosen_ = width > style_.width && !waiting_.empty() ? MakeExpandedRenderer(out_, style_, true)
                                                        : MakeAlignedRenderer(out_, style_, false);
    chosen_->Begin(columns_);
    for (const std::vector<std::string>& row : waiting_) {
      chosen_->Row(std::vector<std::string_view>(row.begin(), row.end()));
    }
    waiting_.clear();
  }

  Output& out_;
  const Style style_;
  std::vector<Column> columns_;
  std::vector<std::size_t> widths_;
  std::vector<std::vector<std::string>> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::unique_ptr<Renderer> chosen_;
};

}  // namespace

std::unique_ptr<Renderer> MakeAutoRenderer(Output& out, const Style& style) {
  return std::make_unique<AutoRenderer>(out, style);
}

}  // namespace tql::shell
