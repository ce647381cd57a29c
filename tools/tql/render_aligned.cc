// A table with aligned columns. The widths are those of the header and the first rows; the rows
// after them stream, and one that is wider pushes its line out. Numbers stand to the right.
#include <algorithm>

#include "tools/tql/renderer.h"
#include "tools/tql/visible.h"

namespace tql::shell {
namespace {

constexpr std::size_t kMeasuredRows = 1000;
constexpr std::size_t kMeasuredBytes = 4 << 20;

class AlignedRenderer : public Renderer {
 public:
  explicit AlignedRenderer(Output& out) : out_(out) {}

  void Begin(const std::vector<Column>& columns) override {
    names_.clear();
    right_.clear();
    widths_.clear();
    waiting_.clear();
    waiting_bytes_ = 0;
    printing_ = false;
    for (const Column& column : columns) {
      names_.push_back(Visible(column.name));
      widths_.push_back(DisplayWidth(names_.back()));
      right_.push_back(column.type == ColumnType::kInt || column.type == ColumnType::kBigInt ||
                       column.type == ColumnType::kDouble || column.type == ColumnType::kFloat);
    }
  }

  void Row(RowView cells) override {
    std::vector<std::string> row;
    for (const std::string_view cell : cells) {
      row.push_back(cell == kNullMark ? "(null)" : Visible(cell));
    }
    if (printing_) return Print(row);
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i == widths_.size()) {
        widths_.push_back(0);
        right_.push_back(false);
      }
      widths_[i] = std::max(widths_[i], DisplayWidth(row[i]));
      waiting_bytes_ += row[i].size();
    }
    waiting_.push_back(std::move(row));
    if (waiting_.size() == kMeasuredRows || waiting_bytes_ > kMeasuredBytes) PrintWaiting();
  }

  void End() override {
    if (!printing_) PrintWaiting();
  }

 private:
  void PrintWaiting() {
    printing_ = true;
    Print(names_);
    std::string& buffer = out_.buffer();
    for (std::size_t i = 0; i < widths_.size(); ++i) {
      if (i > 0) buffer += "+-";
      buffer.append(widths_[i] + (i + 1 < widths_.size() ? 1 : 0), '-');
    }
    buffer += '\n';
    for (const std::vector<std::string>& row : waiting_) Print(row);
    waiting_.clear();
  }

  void Print(const std::vector<std::string>& row) {
    std::string& buffer = out_.buffer();
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) buffer += " | ";
      const std::size_t width = DisplayWidth(row[i]);
      const std::size_t padding = i < widths_.size() && widths_[i] > width ? widths_[i] - width : 0;
      const bool right = i < right_.size() && right_[i];
      if (right) buffer.append(padding, ' ');
      buffer += row[i];
      if (!right && i + 1 < row.size()) buffer.append(padding, ' ');
    }
    buffer += '\n';
    out_.Filled();
  }

  Output& out_;
  std::vector<std::string> names_;
  std::vector<bool> right_;
  std::vector<std::size_t> widths_;
  std::vector<std::vector<std::string>> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool printing_ = false;
};

}  // namespace

std::unique_ptr<Renderer> MakeAlignedRenderer(Output& out) {
  return std::make_unique<AlignedRenderer>(out);
}

}  // namespace tql::shell
