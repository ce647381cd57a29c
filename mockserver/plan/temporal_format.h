// Formats of dates and times, as parsing hints and the options of a request give them.
#ifndef TQLKIT_MOCKSERVER_PLAN_TEMPORAL_FORMAT_H_
#define TQLKIT_MOCKSERVER_PLAN_TEMPORAL_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tql::plan {

/// A format of strftime and strptime, compiled once. Understood are %Y %C %y %m %d %e %b %h %B %j
/// %H %k %I %l %M %S %p %a %A %u %w %s %D %F %R %T %n %t %%; names are English. Anything else
/// stays in the output as it is and matches no input. A format without any '%' but with letters is
/// taken as Java's (yyyy-MM-dd HH:mm:ss).
class TemporalFormat {
 public:
  /// The longest format; what is beyond is not looked at.
  static constexpr std::size_t kMaxLength = 4096;

  explicit TemporalFormat(std::string_view format);

  /// What a text of this format says.
  struct Parts {
    bool date = false;        // something about a day
    bool time = false;        // something about a time of day
    bool understood = false;  // every conversion is
  };
  Parts parts() const;

  /// Appends the text of `seconds`.
  void Append(std::int64_t seconds, std::string& out) const;
  /// The value of `text`, which must match as a whole, blanks at its ends aside; nothing when it
  /// does not, or names a day or a time that does not exist.
  std::optional<std::int64_t> Parse(std::string_view text) const;

 private:
  struct Piece {
    char code = 0;        // of a conversion; 0: `literal`
    std::string literal;  // never empty when code is 0
  };
  void Compile(std::string_view format);
  void AddLiteral(std::string_view text);

  std::vector<Piece> pieces_;
};

}  // namespace tql::plan

#endif  // TQLKIT_MOCKSERVER_PLAN_TEMPORAL_FORMAT_H_
