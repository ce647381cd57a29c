// The forms in which a result is printed.
#ifndef TQLKIT_TOOLS_TQL_RENDERER_H_
#define TQLKIT_TOOLS_TQL_RENDERER_H_

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "tools/tql/output.h"
#include "tql/result_stream.h"

namespace tql::shell {

/// What the shell asks the service to print for NULL, so that no text can be taken for one.
inline constexpr std::string_view kNullMark = "\x1f(null)";

enum class Format { kTql, kAligned, kExpanded, kCsv, kJson, kJsonl };

/// The form of that name; nothing when there is none.
std::optional<Format> FormatOf(std::string_view name);
std::string_view NameOf(Format format);
/// All names, for help and errors: "tql, aligned, …".
std::string_view FormatNames();

/// The result of one statement: Begin, the rows, End.
class Renderer {
 public:
  virtual ~Renderer() = default;
  virtual void Begin(const std::vector<Column>& columns) = 0;
  virtual void Row(RowView cells) = 0;
  virtual void End() = 0;
};

/// `out` takes the data, `aside` what is not data (the header of the tql form). Both outlive the
/// renderer.
std::unique_ptr<Renderer> MakeRenderer(Format format, Output& out, Output& aside);

// One file each.
std::unique_ptr<Renderer> MakeTqlRenderer(Output& out, Output& aside);
std::unique_ptr<Renderer> MakeAlignedRenderer(Output& out);
std::unique_ptr<Renderer> MakeExpandedRenderer(Output& out);
std::unique_ptr<Renderer> MakeCsvRenderer(Output& out);
/// `lines`: an object a line instead of one array.
std::unique_ptr<Renderer> MakeJsonRenderer(Output& out, bool lines);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDERER_H_
