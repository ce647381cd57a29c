// A table with aligned columns, with or without a frame. The widths are determined by the header
// and the first rows; later rows are streamed, and wider cells lengthen their line. Numbers are
// right-aligned.
#include <algorithm>

#include "tools/tql/render/characters.h"
#include "tools/tql/render/renderer.h"

namespace tql::shell {
namespace {

constexpr std::size_t kMeasuredRows = 1000;
constexpr std::size_t kMeasuredBytes = 4 << 20;

/// The text to the left of a line's cells, between them and to their right. In separator lines,
/// `dash` fills the cells; if it is empty, there is no such line.
struct Line {
  std::string_view left;
  std::string_view between;
  std::string_view right;
  std::string_view dash;
};
struct Frame {
  Line top;
  Line cells;
  Line under_header;
  Line bottom;
};
constexpr Frame kAligned = {{}, {"", " | ", "", ""}, {"", "-+-", "", "-"}, {}};
constexpr Frame kBox = {{"┌─", "─┬─", "─┐", "─"},
                        {"│ ", " │ ", " │", ""},
                        {"├─", "─┼─", "─┤", "─"},
                        {"└─", "─┴─", "─┘", "─"}};

class AlignedRenderer : public Renderer {
 public:
  AlignedRenderer(Output& out, const Style& style, const Frame& frame)
      : out_(out),
        frame_(frame),
        header_(style.header),
        null_(style.null_text.value_or("(null)")) {}

  void Begin(const std::vector<Column>& columns) override {
    names_.clear();
    right_.clear();
    widths_.clear();
    waiting_.clear();
    waiting_bytes_ = 0;
    printing_ = false;
    for (const Column& column : columns) {
      names_.push_back(Visible(column.name));
      widths_.push_back(header_ ? DisplayWidth(names_.back()) : 0);
      right_.push_back(IsNumeric(column.type));
    }
  }

  void Row(RowView cells) override {
    std::vector<std::string> row;
    for (const std::string_view cell : cells) {
      row.push_back(cell == kNullMark ? null_ : Visible(cell));
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
    PrintRule(frame_.bottom);
  }

 private:
  void PrintWaiting() {
    printing_ = true;
    PrintRule(frame_.top);
    if (header_) {
      Print(names_);
      PrintRule(frame_.under_header);
    }
    for (const std::vector<std::string>& row : waiting_) Print(row);
    waiting_.clear();
  }

  void PrintRule(const Line& rule) {
    if (rule.dash.empty()) return;
    std::string& buffer = out_.buffer();
    buffer += rule.left;
    for (std::size_t i = 0; i < widths_.size(); ++i) {
      if (i > 0) buffer += rule.between;
      for (std::size_t at = 0; at < widths_[i]; ++at) buffer += rule.dash;
    }
    buffer += rule.right;
    buffer += '\n';
  }

  void Print(const std::vector<std::string>& row) {
    std::string& buffer = out_.buffer();
    buffer += frame_.cells.left;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) buffer += frame_.cells.between;
      const std::size_t width = DisplayWidth(row[i]);
      const std::size_t padding = i < widths_.size() && widths_[i] > width ? widths_[i] - width : 0;
      const bool right = i < right_.size() && right_[i];
      if (right) buffer.append(padding, ' ');
      buffer += row[i];
      const bool ends = i + 1 == row.size() && frame_.cells.right.empty();
      if (!right && !ends) buffer.append(padding, ' ');
    }
    buffer += frame_.cells.right;
    buffer += '\n';
    out_.Filled();
  }

  Output& out_;
  const Frame& frame_;
  const bool header_;
  const std::string null_;
  std::vector<std::string> names_;
  std::vector<bool> right_;
  std::vector<std::size_t> widths_;
  std::vector<std::vector<std::string>> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool printing_ = false;
};

}  // namespace

std::unique_ptr<Renderer> MakeAlignedRenderer(Output& out, const Style& style, bool box) {
  return std::make_unique<AlignedRenderer>(out, style, box ? kBox : kAligned);
}

}  // namespace tql::shell
