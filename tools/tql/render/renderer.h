// The forms in which a result is printed.
#ifndef TQLKIT_TOOLS_TQL_RENDER_RENDERER_H_
#define TQLKIT_TOOLS_TQL_RENDER_RENDERER_H_

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tql/render/csv_dialect.h"
#include "tools/tql/render/output.h"
#include "tql/result_stream.h"

namespace tql::shell {

/// What the shell asks the service to print for NULL, so that no text can be taken for one.
inline constexpr std::string_view kNullMark = "\x1f(null)";

enum class Format {
  kTql,
  kAligned,
  kBox,
  kExpanded,
  kVertical,
  kAuto,
  kCsv,
  kTsv,
  kJson,
  kJsonl,
  kMarkdown,
  kHtml,
};

/// What a person can choose about all forms; each takes what means something in it.
struct Style {
  std::optional<std::string> null_text;        ///< For NULL; the form's own if not set.
  bool header = true;                          ///< The line with the names of the columns.
  std::optional<std::string> field_separator;  ///< Of tql ("|") and csv (","); never empty.
  std::optional<std::string> row_separator;    ///< Of tql ("\n").
  std::size_t width = 80;  ///< Columns of the terminal: auto is vertical for what is wider.
};

/// The form of that name; nothing when there is none.
std::optional<Format> FormatOf(std::string_view name);
std::string_view NameOf(Format format);
/// All names, for help and errors: "tql, aligned, …".
std::string FormatNames();

/// The result of one statement: Begin, the rows, then End or Fail.
class Renderer {
 public:
  virtual ~Renderer() = default;
  virtual void Begin(const std::vector<Column>& columns) = 0;
  virtual void Row(RowView cells) = 0;
  virtual void End() = 0;
  /// Instead of End, when the statement failed after its header. A form that has an end mark leaves
  /// it out, so that no program takes the rows for a whole result.
  virtual void Fail() { End(); }
};

/// `out` takes the data, `aside` what is not data (the header of the tql form). Both outlive the
/// renderer.
std::unique_ptr<Renderer> MakeRenderer(Format format, Output& out, Output& aside,
                                       const Style& style = {});

// One file each.
std::unique_ptr<Renderer> MakeTqlRenderer(Output& out, Output& aside, const Style& style);
/// `box`: in a frame of line-drawing characters.
std::unique_ptr<Renderer> MakeAlignedRenderer(Output& out, const Style& style, bool box);
/// `vertical`: with a line of stars before each row, and the names to the right.
std::unique_ptr<Renderer> MakeExpandedRenderer(Output& out, const Style& style, bool vertical);
/// Aligned, or vertical when that is wider than `style.width`.
std::unique_ptr<Renderer> MakeAutoRenderer(Output& out, const Style& style);
/// `csv`: its quote and escape; the delimiter is `style.field_separator`.
std::unique_ptr<Renderer> MakeCsvRenderer(Output& out, const Style& style,
                                          const CsvDialect& csv = {});
std::unique_ptr<Renderer> MakeTsvRenderer(Output& out, const Style& style);
/// `lines`: an object a line instead of one array.
std::unique_ptr<Renderer> MakeJsonRenderer(Output& out, bool lines);
std::unique_ptr<Renderer> MakeMarkdownRenderer(Output& out, const Style& style);
std::unique_ptr<Renderer> MakeHtmlRenderer(Output& out, const Style& style);

/// Whether values of the type are numbers, which stand to the right.
bool IsNumeric(ColumnType type);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_RENDERER_H_
