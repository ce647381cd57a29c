// One line per field, for rows that are wider than the terminal.
#include <algorithm>

#include "tools/tql/render/characters.h"
#include "tools/tql/render/renderer.h"

namespace tql::shell {
namespace {

constexpr std::string_view kStars = "***************************";

class ExpandedRenderer : public Renderer {
 public:
  ExpandedRenderer(Output& out, const Style& style, bool vertical)
      : out_(out), null_(style.null_text.value_or("(null)")), vertical_(vertical) {}

  void Begin(const std::vector<Column>& columns) override {
    names_.clear();
    rows_ = 0;
    std::size_t widest = 0;
    for (const Column& column : columns) {
      names_.push_back(Visible(column.name));
      widest = std::max(widest, DisplayWidth(names_.back()));
    }
    for (std::string& name : names_) {
      name.insert(vertical_ ? 0 : name.size(), widest - DisplayWidth(name), ' ');
    }
  }

  void Row(RowView cells) override {
    std::string& buffer = out_.buffer();
    const std::string number = std::to_string(++rows_);
    if (vertical_) {
      buffer += kStars;
      buffer += " " + number + ". row ";
      buffer += kStars;
      buffer += '\n';
    } else {
      buffer += "-[ " + number + " ]-\n";
    }
    for (std::size_t i = 0; i < cells.size(); ++i) {
      buffer += i < names_.size() ? names_[i] : std::string();
      buffer += vertical_ ? ": " : " | ";
      buffer += cells[i] == kNullMark ? null_ : Visible(cells[i]);
      buffer += '\n';
    }
    out_.Filled();
  }

  void End() override {}

 private:
  Output& out_;
  const std::string null_;
  const bool vertical_;
  std::vector<std::string> names_;  // padded to the widest
  std::size_t rows_ = 0;
};

}  // namespace

std::unique_ptr<Renderer> MakeExpandedRenderer(Output& out, const Style& style, bool vertical) {
  return std::make_unique<ExpandedRenderer>(out, style, vertical);
}

}  // namespace tql::shell
