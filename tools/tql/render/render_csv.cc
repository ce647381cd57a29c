// Comma-separated values (RFC 4180) with a header line and '\n' line ends. NULL is an empty field,
// and an empty string is ""; if NULL has its own text, an empty string is an empty field, as in
// psql. Fields are quoted if RFC 4180 requires it, or if common readers would otherwise change the
// text. On a terminal, control characters are escaped.
#include <cstring>

#include "proto/base/text.h"
#include "tools/tql/render/characters.h"
#include "tools/tql/render/line_renderer.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace tql::shell {
namespace {

bool NeedsQuotes(const char* text, std::size_t size, const CsvDialect& csv) {
  std::size_t at = 0;
#ifdef __SSE2__
  const __m128i quote = _mm_set1_epi8(csv.quote);
  const __m128i comma = _mm_set1_epi8(csv.delimiter);
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
    if (c == csv.quote || c == csv.delimiter || c == '\n' || c == '\r') return true;
  }
  return false;
}

void AppendQuoted(std::string_view text, const CsvDialect& csv, std::string* out) {
  const char escaped[] = {csv.quote, csv.escape};
  *out += csv.quote;
  for (;;) {
    const std::size_t at = text.find_first_of({escaped, csv.quote == csv.escape ? 1U : 2U});
    *out += text.substr(0, at);
    if (at == text.npos) break;
    *out += csv.escape;
    *out += text[at];
    text.remove_prefix(at + 1);
  }
  *out += csv.quote;
}

/// Whether readers may misinterpret the unquoted text: "#" starts a comment, "'" is guessed to be a
/// quote, spaces at the ends are removed, and a byte order mark at the start of a file is dropped.
bool Misleads(std::string_view text) {
  return text.front() == '#' || text.front() == '\'' || base::IsBlank(text.front()) ||
         base::IsBlank(text.back()) || text.starts_with(base::kByteOrderMark);
}

void AppendField(std::string_view text, const CsvDialect& csv, std::string* out) {
  if (text.empty()) return;
  if (Misleads(text) || NeedsQuotes(text.data(), text.size(), csv)) {
    AppendQuoted(text, csv, out);
  } else {
    out->append(text);
  }
}

struct CsvForm {
  /// Quotes a field alone on its line that is "\\.", which ends data within a script.
  void Append(std::string_view text, bool alone, std::string* buffer) const {
    if (text == null_text || (alone && text == "\\.")) return AppendQuoted(text, csv, buffer);
    if (terminal) return AppendField(VisibleLines(text), csv, buffer);
    AppendField(text, csv, buffer);
  }

  std::string null_text;
  CsvDialect csv;
  bool terminal;
};

}  // namespace

std::unique_ptr<Renderer> MakeCsvRenderer(Output& out, const Style& style, const CsvDialect& csv) {
  const std::string null_text = style.null_text.value_or("");
  const std::string separator = style.field_separator.value_or(",");
  return std::make_unique<LineRenderer<CsvForm>>(
      out, style.header, separator, null_text,
      CsvForm{null_text, {separator[0], csv.quote, csv.escape}, out.terminal()});
}

}  // namespace tql::shell
