// The format of the vendor's program: rows on standard output with fields separated by '|', without
// padding; the header and a line of dashes of the same length on standard error.
#include "tools/tql/render/characters.h"
#include "tools/tql/render/renderer.h"

namespace tql::shell {
namespace {

class TqlRenderer : public Renderer {
 public:
  TqlRenderer(Output& out, Output& aside, const Style& style)
      : out_(out),
        aside_(aside),
        header_(style.header),
        null_(style.null_text.value_or("(null)")),
        field_(style.field_separator.value_or("|")),
        row_(style.row_separator.value_or("\n")) {}

  void Begin(const std::vector<Column>& columns) override {
    if (!header_) return;
    std::string header;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) header += field_;
      header += aside_.terminal() ? Visible(columns[i].name) : columns[i].name;
    }
    aside_.Write(header + "\n" + std::string(header.size(), '-') + "\n");
    aside_.Flush();
  }

  void Row(RowView cells) override {
    std::string& buffer = out_.buffer();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) buffer += field_;
      const std::string_view cell = cells[i] == kNullMark ? std::string_view(null_) : cells[i];
      if (out_.terminal()) {
        buffer += Visible(cell);
      } else {
        buffer += cell;
      }
    }
    buffer += row_;
    out_.Filled();
  }

  void End() override {}

 private:
  Output& out_;
  Output& aside_;
  const bool header_;
  const std::string null_;
  const std::string field_;
  const std::string row_;
};

}  // namespace

std::unique_ptr<Renderer> MakeTqlRenderer(Output& out, Output& aside, const Style& style) {
  return std::make_unique<TqlRenderer>(out, aside, style);
}

}  // namespace tql::shell
