// Tab-separated values: a line a row, tabs and line ends in a cell as \t, \n and \r, a backslash
// as \\, NULL as \N.
#include "tools/tql/render/renderer.h"
#include "tools/tql/render/visible.h"

namespace tql::shell {
namespace {

void AppendEscaped(std::string_view text, std::string* out) {
  for (const char c : text) {
    if (c == '\t') {
      *out += "\\t";
    } else if (c == '\n') {
      *out += "\\n";
    } else if (c == '\r') {
      *out += "\\r";
    } else if (c == '\\') {
      *out += "\\\\";
    } else {
      *out += c;
    }
  }
}

class TsvRenderer : public Renderer {
 public:
  TsvRenderer(Output& out, const Style& style)
      : out_(out), header_(style.header), null_(style.null_text.value_or("\\N")) {}

  void Begin(const std::vector<Column>& columns) override {
    if (!header_) return;
    std::string line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) line += '\t';
      Append(columns[i].name, &line);
    }
    out_.Write(line + "\n");
  }

  void Row(RowView cells) override {
    std::string& buffer = out_.buffer();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) buffer += '\t';
      if (cells[i] == kNullMark) {
        buffer += null_;
      } else {
        Append(cells[i], &buffer);
      }
    }
    buffer += '\n';
    out_.Filled();
  }

  void End() override {}

 private:
  void Append(std::string_view text, std::string* buffer) const {
    if (out_.terminal()) return AppendEscaped(VisibleLines(text), buffer);
    AppendEscaped(text, buffer);
  }

  Output& out_;
  const bool header_;
  const std::string null_;
};

}  // namespace

std::unique_ptr<Renderer> MakeTsvRenderer(Output& out, const Style& style) {
  return std::make_unique<TsvRenderer>(out, style);
}

}  // namespace tql::shell
