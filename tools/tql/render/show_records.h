// Converts the text of SHOW to columns and rows.
#ifndef TQLKIT_TOOLS_TQL_RENDER_SHOW_RECORDS_H_
#define TQLKIT_TOOLS_TQL_RENDER_SHOW_RECORDS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tql/render/renderer.h"

namespace tql::shell {

/// Parses a header, a line of dashes, and rows with '|' between fields that are padded to the width
/// of the dashes; or, without a line of dashes, one field per line. All values are strings. A field
/// may contain '|' and line ends. Thread safety: one thread.
class ShowRecords {
 public:
  /// Whether to convert: the statement is a SHOW and the format is meant for programs.
  static bool Applies(std::string_view statement, Format format);

  /// SHOW DATABASES prints only names; any other SHOW has a header.
  ShowRecords(std::unique_ptr<Renderer> renderer, std::string_view statement);

  /// Adds a piece of the text, of any size.
  void Add(std::string_view text);
  /// Ends the text.
  void End();
  /// Ends the text of a failed statement. If there was no text, nothing is rendered.
  void Fail();

 private:
  enum class Found : std::uint8_t { kRow, kMore, kNone };
  void AddLine(std::string line);
  void Begin(std::vector<std::string_view> names);
  void AddRow(std::string line);
  void RenderRow(std::vector<std::string_view> cells);
  Found Split(std::string_view text, std::vector<std::string_view>* cells) const;
  void RenderLines();
  void Flush();

  const std::unique_ptr<Renderer> renderer_;
  bool has_header_ = true;
  std::string partial_;              // an incomplete line
  std::string first_;                // the first line, which may be the header
  std::string row_;                  // the lines of an incomplete row
  std::vector<std::size_t> widths_;  // widths of the columns in characters; empty: one column
  bool has_first_ = false;
  bool begun_ = false;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_SHOW_RECORDS_H_
