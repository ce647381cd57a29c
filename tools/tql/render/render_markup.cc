// Tables for documents: Markdown (GitHub's tables) and HTML. Numbers are right-aligned.
#include "tools/tql/render/characters.h"
#include "tools/tql/render/renderer.h"

namespace tql::shell {
namespace {

/// Escapes text for HTML; line ends become `line_end`.
std::string Escaped(std::string_view text, std::string_view line_end, bool markdown) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else if (c == '"' && !markdown) {
      escaped += "&quot;";
    } else if (c == '\n') {
      escaped += line_end;
    } else if (markdown && std::string_view("|\\`*_[]").find(c) != std::string_view::npos) {
      escaped += '\\';
      escaped += c;
    } else {
      escaped += c;
    }
  }
  return escaped;
}

class MarkupRenderer : public Renderer {
 public:
  MarkupRenderer(Output& out, const Style& style)
      : out_(out), header_(style.header), null_(style.null_text.value_or("(null)")) {}

 protected:
  /// Returns the text of a cell before escaping.
  std::string TextOf(std::string_view cell) const {
    return cell == kNullMark ? null_ : VisibleLines(cell);
  }

  Output& out_;
  const bool header_;

 private:
  const std::string null_;
};

class MarkdownRenderer : public MarkupRenderer {
 public:
  using MarkupRenderer::MarkupRenderer;

  void Begin(const std::vector<Column>& columns) override {
    if (!header_) return;
    std::string& buffer = out_.buffer();
    buffer += '|';
    for (const Column& column : columns) Append(VisibleLines(column.name), &buffer);
    buffer += "\n|";
    for (const Column& column : columns) buffer += IsNumeric(column.type) ? " ---: |" : " --- |";
    buffer += '\n';
  }

  void Row(RowView cells) override {
    std::string& buffer = out_.buffer();
    buffer += '|';
    for (const std::string_view cell : cells) Append(TextOf(cell), &buffer);
    buffer += '\n';
    out_.Filled();
  }

  void End() override {}

 private:
  static void Append(std::string_view text, std::string* buffer) {
    *buffer += " " + Escaped(text, "<br>", true) + " |";
  }
};

class HtmlRenderer : public MarkupRenderer {
 public:
  using MarkupRenderer::MarkupRenderer;

  void Begin(const std::vector<Column>& columns) override {
    numeric_.clear();
    std::string& buffer = out_.buffer();
    buffer += "<table>\n";
    if (header_) buffer += "<tr>";
    for (const Column& column : columns) {
      numeric_.push_back(IsNumeric(column.type));
      if (header_) buffer += "<th>" + Escaped(VisibleLines(column.name), "<br>", false) + "</th>";
    }
    if (header_) buffer += "</tr>\n";
  }

  void Row(RowView cells) override {
    std::string& buffer = out_.buffer();
    buffer += "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const bool right = i < numeric_.size() && numeric_[i];
      buffer += right ? "<td align=\"right\">" : "<td>";
      buffer += Escaped(TextOf(cells[i]), "<br>", false) + "</td>";
    }
    buffer += "</tr>\n";
    out_.Filled();
  }

  void End() override { out_.Write("</table>\n"); }
  void Fail() override {}

 private:
  std::vector<bool> numeric_;
};

}  // namespace

std::unique_ptr<Renderer> MakeMarkdownRenderer(Output& out, const Style& style) {
  return std::make_unique<MarkdownRenderer>(out, style);
}

std::unique_ptr<Renderer> MakeHtmlRenderer(Output& out, const Style& style) {
  return std::make_unique<HtmlRenderer>(out, style);
}

}  // namespace tql::shell
