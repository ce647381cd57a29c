// Where statements stand in the text of their call.
#ifndef TQLKIT_MOCKSERVER_UPSTREAM_STATEMENT_PLACES_H_
#define TQLKIT_MOCKSERVER_UPSTREAM_STATEMENT_PLACES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace tql::upstream {

/// Statements are forwarded one by one, but errors have the line and the column in the whole text.
/// So each is sent behind as many blank lines and blanks as there is text before it.
class StatementPlaces {
 public:
  /// The longest text that is replaced by blanks; beyond it, places count from the statement.
  static constexpr std::size_t kMostBlanks = std::size_t{64} << 10;

  /// The whole text of a query or a script.
  explicit StatementPlaces(std::string text) : text_(std::move(text)) {}

  /// Returns the blanks to send before a statement. To be called for the statements in their order.
  std::string BlanksBefore(std::string_view statement);

 private:
  const std::string text_;
  std::size_t at_ = 0;       // the beginning of the statement before
  std::size_t end_ = 0;      // its end
  std::size_t lines_ = 0;    // line breaks before at_
  std::size_t line_at_ = 0;  // the beginning of the line of at_
};

}  // namespace tql::upstream

#endif  // TQLKIT_MOCKSERVER_UPSTREAM_STATEMENT_PLACES_H_
