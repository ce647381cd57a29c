// Separates the header that SHOW prints from its rows.
#ifndef TQLKIT_TOOLS_TQL_RENDER_SHOW_HEADER_H_
#define TQLKIT_TOOLS_TQL_RENDER_SHOW_HEADER_H_

#include <functional>
#include <string>
#include <string_view>

namespace tql::shell {

/// Whether the statement prints a table as lines of text: any SHOW except SHOW DATABASES, which
/// prints names.
bool ShowsTextTable(std::string_view statement);

/// Receives such a text in pieces of any size and separates the header (a line of names followed by
/// a line of dashes, both with the same number of '|') from the data. Buffers at most one line.
/// Thread safety: one thread.
class ShowHeader {
 public:
  /// Both functions receive whole lines in order; only the last line may lack its newline.
  using Take = std::function<void(std::string_view lines)>;
  ShowHeader(Take header, Take data) : header_(std::move(header)), data_(std::move(data)) {}

  void Add(std::string_view text);
  /// Ends the text.
  void End();

 private:
  void AddLine(std::string_view line);

  const Take header_;
  const Take data_;
  std::string partial_;   // an incomplete line
  std::string previous_;  // the previous line, which may have the names
  bool found_ = false;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_SHOW_HEADER_H_
