// What SHOW prints as text, as columns and rows.
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

/// Reads a header, a line of dashes and rows with '|' between the fields, which are padded to the
/// dashes; or, without a line of dashes, one field a line. All values are texts. A field may have
/// '|' and line ends in it. Thread safety: none.
class ShowRecords {
 public:
  /// Whether the statement is a SHOW and programs read the format, so that it gives records.
  static bool Applies(std::string_view statement, Format format);

  /// SHOW DATABASES prints names alone; any other SHOW has a header.
  ShowRecords(std::unique_ptr<Renderer> renderer, std::string_view statement);

  /// Takes the text in pieces, cut anywhere.
  void Add(std::string_view text);
  /// Nothing follows.
  void End();
  /// The statement failed. Without any text before nothing is rendered.
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
  std::string partial_;              // a line that has not ended
  std::string first_;                // the line that may be the header
  std::string row_;                  // lines of a row that has not ended
  std::vector<std::size_t> widths_;  // of the columns, in characters; empty: one column
  bool has_first_ = false;
  bool begun_ = false;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_SHOW_RECORDS_H_
