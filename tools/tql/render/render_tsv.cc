// Tab-separated values: one line per row; tabs, line ends and backslashes in cells are written as
// \t, \n, \r and \\, NULL as \N.
#include "tools/tql/render/characters.h"
#include "tools/tql/render/line_renderer.h"
#include "tools/tql/render/plain_field.h"

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

struct TsvForm {
  void Append(std::string_view text, bool /*alone*/, std::string* buffer) const {
    if (terminal) return AppendEscaped(VisibleLines(text), buffer);
    AppendEscaped(text, buffer);
  }

  bool PutPlain(std::string_view text, bool /*alone*/, char* out) const {
    return !terminal && plain.Put(text, out);
  }

  bool terminal;
  PlainField plain{{'\t', '\n', '\r', '\\'}, kNullMark.substr(0, 1), ""};
};

}  // namespace

std::unique_ptr<Renderer> MakeTsvRenderer(Output& out, const Style& style) {
  return std::make_unique<LineRenderer<TsvForm>>(out, style.header, "\t",
                                                 style.null_text.value_or("\\N"),
                                                 TsvForm{.terminal = out.terminal()});
}

}  // namespace tql::shell
