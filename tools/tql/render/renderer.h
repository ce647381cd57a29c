// The output formats of results.
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

/// The text that the shell asks the service to print for NULL, so that no string is mistaken for
/// NULL.
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

/// Settings of the formats. Each format uses those that apply to it.
struct Style {
  std::optional<std::string> null_text;  ///< The text of NULL; if not set, that of the format.
  bool header = true;                    ///< Whether to print the names of the columns.
  std::optional<std::string> field_separator;  ///< Of tql ("|") and csv (","); never empty.
  std::optional<std::string> row_separator;    ///< Of tql ("\n").
  std::size_t width = 80;  ///< Columns of the terminal: auto is vertical for what is wider.
};

/// Returns the format with this name; nullopt if it is unknown.
std::optional<Format> FormatOf(std::string_view name);
std::string_view NameOf(Format format);
/// Returns all names, for help and errors: "tql, aligned, …".
std::string FormatNames();

/// Prints the result of one statement. The caller calls Begin, Row for each row, and then End or
/// Fail.
class Renderer {
 public:
  virtual ~Renderer() = default;
  virtual void Begin(const std::vector<Column>& columns) = 0;
  virtual void Row(RowView cells) = 0;
  virtual void End() = 0;
  /// Called instead of End if the statement failed after its header. Formats with an end mark omit
  /// it, so that programs do not mistake the rows for a complete result.
  virtual void Fail() { End(); }
};

/// Creates a renderer. Data is written to `out`, and the header of the tql format to `aside`; both
/// must outlive the renderer.
std::unique_ptr<Renderer> MakeRenderer(Format format, Output& out, Output& aside,
                                       const Style& style = {});

// The renderers of the formats; each has a source file of its own.
std::unique_ptr<Renderer> MakeTqlRenderer(Output& out, Output& aside, const Style& style);
/// With `box`, in a frame of line-drawing characters.
std::unique_ptr<Renderer> MakeAlignedRenderer(Output& out, const Style& style, bool box);
/// With `vertical`, with a line of stars before each row and right-aligned names.
std::unique_ptr<Renderer> MakeExpandedRenderer(Output& out, const Style& style, bool vertical);
/// Aligned, or vertical if the table is wider than `style.width`.
std::unique_ptr<Renderer> MakeAutoRenderer(Output& out, const Style& style);
/// `csv` has the quote and escape characters; the delimiter is `style.field_separator`.
std::unique_ptr<Renderer> MakeCsvRenderer(Output& out, const Style& style,
                                          const CsvDialect& csv = {});
std::unique_ptr<Renderer> MakeTsvRenderer(Output& out, const Style& style);
/// With `lines`, one object per line instead of one array.
std::unique_ptr<Renderer> MakeJsonRenderer(Output& out, bool lines);
std::unique_ptr<Renderer> MakeMarkdownRenderer(Output& out, const Style& style);
std::unique_ptr<Renderer> MakeHtmlRenderer(Output& out, const Style& style);

/// Whether values of the type are numbers, which are right-aligned.
bool IsNumeric(ColumnType type);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_RENDERER_H_
