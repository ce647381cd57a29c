// Comma-separated values as RFC 4180 has them, with a header line and '\n' at line ends. NULL is
// an empty field, an empty text is "". On a terminal control characters show as escapes.
#include <cstring>

#include "tools/tql/renderer.h"
#include "tools/tql/visible.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace tql::shell {
namespace {

bool NeedsQuotes(const char* text, std::size_t size, char separator) {
  std::size_t at = 0;
#ifdef __SSE2__
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i comma = _mm_set1_epi8(separator);
  const __m128i newline = _mm_set1_epi8('\n');
  const __m128i carriage = _mm_set1_epi8('\r');
  for (; size - at >= 16; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + at));
    const __m128i stop =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, comma)),
                     _mm_or_si128(_mm_cmpeq_epi8(bytes, newline), _mm_cmpeq_epi8(bytes, carriage)));
    if (_mm_movemask_epi8(stop) != 0) return true;
  }
#endif
  for (; at < size; ++at) {
    const char c = text[at];
    if (c == '"' || c == separator || c == '\n' || c == '\r') return true;
  }
  return false;
}

void AppendQuoted(std::string_view text, std::string* out) {
  *out += '"';
  for (;;) {
    const std::size_t quote = text.find('"');
    *out += text.substr(0, quote);
    if (quote == text.npos) break;
    *out += "\"\"";
    text.remove_prefix(quote + 1);
  }
  *out += '"';
}

void AppendField(std::string_view text, char separator, std::string* out) {
  // A byte order mark at the beginning of a file would be taken for none of its text, and the
  // other, alone on a line, for the end of data within a script.
  if (text.empty() || NeedsQuotes(text.data(), text.size(), separator) ||
      text.starts_with("\xEF\xBB\xBF") || text == "\\.") {
    AppendQuoted(text, out);
  } else {
    out->append(text);
  }
}

class CsvRenderer : public Renderer {
 public:
  CsvRenderer(Output& out, const Style& style)
      : out_(out),
        header_(style.header),
        null_(style.null_text.value_or("")),
        separator_(style.field_separator.value_or(",")) {}

  void Begin(const std::vector<Column>& columns) override {
    if (!header_) return;
    std::string line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) line += separator_;
      Append(columns[i].name, &line);
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
        Append(cells[i], &buffer);
      }
    }
    buffer += '\n';
    out_.Filled();
  }

  void End() override {}

 private:
  void Append(std::string_view text, std::string* buffer) const {
    if (!null_.empty() && text == null_) return AppendQuoted(text, buffer);
    if (out_.terminal()) return AppendField(VisibleLines(text), separator_[0], buffer);
    AppendField(text, separator_[0], buffer);
  }

  Output& out_;
  const bool header_;
  const std::string null_;
  const std::string separator_;
};

}  // namespace

std::unique_ptr<Renderer> MakeCsvRenderer(Output& out, const Style& style) {
  return std::make_unique<CsvRenderer>(out, style);
}

}  // namespace tql::shell
