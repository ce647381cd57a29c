// The formats with one line per row and a separator between fields.
#ifndef TQLKIT_TOOLS_TQL_RENDER_LINE_RENDERER_H_
#define TQLKIT_TOOLS_TQL_RENDER_LINE_RENDERER_H_

#include <string>
#include <utility>
#include <vector>

#include "tools/tql/render/renderer.h"

namespace tql::shell {

/// `Form` writes one field: form.Append(text, alone, &buffer), where `alone` is true for a row of
/// one field.
template <typename Form>
class LineRenderer : public Renderer {
 public:
  LineRenderer(Output& out, bool header, std::string separator, std::string null_text, Form form)
      : out_(out),
        header_(header),
        separator_(std::move(separator)),
        null_(std::move(null_text)),
        form_(std::move(form)) {}

  void Begin(const std::vector<Column>& columns) override {
    if (!header_) return;
    std::string line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) line += separator_;
      form_.Append(columns[i].name, columns.size() == 1, &line);
    }
    out_.Write(line + "\n");
  }

  void Row(RowView cells) override {
    std::string& buffer = out_.buffer();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) buffer += separator_;
      if (cells[i] == kNullMark) {
        buffer += null_;
      } else {
        form_.Append(cells[i], cells.size() == 1, &buffer);
      }
    }
    buffer += '\n';
    out_.Filled();
  }

  void End() override {}

 private:
  Output& out_;
  const bool header_;
  const std::string separator_;
  const std::string null_;
  const Form form_;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_LINE_RENDERER_H_
