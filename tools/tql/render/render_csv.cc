// Comma-separated values (RFC 4180) with a header line and '\n' line ends. NULL is an empty field,
// and an empty string is ""; if NULL has its own text, an empty string is an empty field, as in
// psql. Fields are quoted if RFC 4180 requires it, or if common readers would otherwise change the
// text. On a terminal, control characters are escaped.
#include "proto/base/text.h"
#include "tools/tql/render/characters.h"
#include "tools/tql/render/line_renderer.h"
#include "tools/tql/render/plain_field.h"

namespace tql::shell {
namespace {

/// A line that ends data within a script.
constexpr std::string_view kDataEnd = "\\.";

/// The characters because of which a field is quoted.
std::array<char, 4> Specials(const CsvDialect& csv) {
  return {csv.quote, csv.delimiter, '\n', '\r'};
}

bool NeedsQuotes(std::string_view text, const CsvDialect& csv) {
  const std::array<char, 4> specials = Specials(csv);
  return text.find_first_of({specials.data(), specials.size()}) != text.npos;
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
  if (Misleads(text) || NeedsQuotes(text, csv)) {
    AppendQuoted(text, csv, out);
  } else {
    out->append(text);
  }
}

/// The first bytes of fields that Append looks at: those that mislead readers, and those of NULL.
std::string FirstBytes(const std::string& null_text) {
  std::string bytes = "#'";
  bytes += base::kBlanks;
  bytes += base::kByteOrderMark[0];
  bytes += kNullMark[0];
  if (!null_text.empty()) bytes += null_text[0];
  return bytes;
}

struct CsvForm {
  /// Quotes a field alone on its line that is kDataEnd.
  void Append(std::string_view text, bool alone, std::string* buffer) const {
    if (text == null_text || (alone && text == kDataEnd)) return AppendQuoted(text, csv, buffer);
    if (terminal) return AppendField(VisibleLines(text), csv, buffer);
    AppendField(text, csv, buffer);
  }

  bool PutPlain(std::string_view text, bool alone, char* out) const {
    return !terminal && !(alone && text == kDataEnd) && plain.Put(text, out);
  }

  std::string null_text;
  CsvDialect csv;
  bool terminal;
  PlainField plain{Specials(csv), FirstBytes(null_text), base::kBlanks};
};

}  // namespace

std::unique_ptr<Renderer> MakeCsvRenderer(Output& out, const Style& style, const CsvDialect& csv) {
  const std::string null_text = style.null_text.value_or("");
  const std::string separator = style.field_separator.value_or(",");
  return std::make_unique<LineRenderer<CsvForm>>(
      out, style.header, separator, null_text,
      CsvForm{.null_text = null_text,
              .csv = {separator[0], csv.quote, csv.escape},
              .terminal = out.terminal()});
}

}  // namespace tql::shell
