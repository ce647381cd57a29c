// Separates the header that SHOW prints from its rows.
#ifndef TQLKIT_TOOLS_TQL_RENDER_SHOW_HEADER_H_
#define TQLKIT_TOOLS_TQL_RENDER_SHOW_HEADER_H_

#include <functional>
#include <string>
#include <string_view>

namespace tql::shell {

/// Whether the statement prints a table as lines of text: SHOW with anything but DATABASES, whose
/// lines are names.
bool ShowsTextTable(std::string_view statement);

/// Takes such a text in pieces, cut anywhere, and separates the header (a line of names, a line of
/// dashes below it, both with the same number of '|') from everything else. Keeps at most one line.
/// Thread safety: none.
class ShowHeader {
 public:
  /// Both get whole lines, in their order; a last line may lack its newline.
  using Take = std::function<void(std::string_view lines)>;
  ShowHeader(Take header, Take data) : header_(std::move(header)), data_(std::move(data)) {}

  void Add(std::string_view text);
  /// Nothing follows.
  void End();

 private:
  void AddLine(std::string_view line);

  const Take header_;
  const Take data_;
  std::string partial_;   // a line that has not ended
  std::string previous_;  // the line before, which may be the names
  bool found_ = false;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_SHOW_HEADER_H_
