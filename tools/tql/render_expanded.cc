// One line for each field: for rows that are wider than the terminal.
#include <algorithm>

#include "tools/tql/renderer.h"
#include "tools/tql/visible.h"

namespace tql::shell {
namespace {

class ExpandedRenderer : public Renderer {
 public:
  explicit ExpandedRenderer(Output& out) : out_(out) {}

  void Begin(const std::vector<Column>& columns) override {
    names_.clear();
    rows_ = 0;
    std::size_t widest = 0;
    for (const Column& column : columns) {
      names_.push_back(Visible(column.name));
      widest = std::max(widest, DisplayWidth(names_.back()));
    }
    for (std::string& name : names_) name.append(widest - DisplayWidth(name), ' ');
  }

  void Row(RowView cells) override {
    std::string& buffer = out_.buffer();
    buffer += "-[ " + std::to_string(++rows_) + " ]-\n";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      buffer += i < names_.size() ? names_[i] : std::string();
      buffer += " | ";
      buffer += cells[i] == kNullMark ? "(null)" : Visible(cells[i]);
      buffer += '\n';
    }
    out_.Filled();
  }

  void End() override {}

 private:
  Output& out_;
  std::vector<std::string> names_;  // padded to the widest
  std::size_t rows_ = 0;
};

}  // namespace

std::unique_ptr<Renderer> MakeExpandedRenderer(Output& out) {
  return std::make_unique<ExpandedRenderer>(out);
}

}  // namespace tql::shell
