// The formats with one line per row and a separator between fields.
#ifndef TQLKIT_TOOLS_TQL_RENDER_LINE_RENDERER_H_
#define TQLKIT_TOOLS_TQL_RENDER_LINE_RENDERER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/tql/render/renderer.h"

namespace tql::shell {

/// `Form` writes one field: form.Append(text, alone, &buffer), where `alone` is true for a row of
/// one field. form.PutPlain(text, alone, out) copies a field that is written unchanged, and returns
/// true, or returns false, as for every NULL.
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
    const bool alone = cells.size() == 1;
    // Plain fields are collected, because to append each to the buffer takes longer than to copy
    // it.
    char plain[kMostPlain];
    std::size_t size = 0;
    const auto append_plain = [&] { buffer.append(plain, std::exchange(size, 0)); };
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string_view cell = cells[i];
      // With the separator before it, and the line end.
      if (cell.size() + 2 > kMostPlain - size) append_plain();
      if (i > 0 && separator_.size() == 1) {
        plain[size++] = separator_[0];
      } else if (i > 0) {
        append_plain();
        buffer += separator_;
      }
      if (cell.size() + 2 <= kMostPlain && form_.PutPlain(cell, alone, plain + size)) {
        size += cell.size();
        continue;
      }
      append_plain();
      if (cell == kNullMark) {
        buffer += null_;
      } else {
        form_.Append(cell, alone, &buffer);
      }
    }
    plain[size++] = '\n';
    append_plain();
    out_.Filled();
  }

  void End() override {}

 private:
  static constexpr std::size_t kMostPlain = 4096;  // bytes

  Output& out_;
  const bool header_;
  const std::string separator_;
  const std::string null_;
  const Form form_;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_LINE_RENDERER_H_
