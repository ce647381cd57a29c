// Formats of dates and times in parsing hints and request options. Both syntaxes, strptime and
// Java, compile to the same pieces, which serve for reading and printing.
#ifndef TQLKIT_MOCKSERVER_VALUES_TEMPORAL_FORMAT_H_
#define TQLKIT_MOCKSERVER_VALUES_TEMPORAL_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/values/temporal_fields.h"
#include "mockserver/values/type.h"

namespace tql::values {

class TextCursor;
struct CivilTime;

/// One conversion or literal text of a format.
struct TemporalPiece {
  enum class Kind : std::uint8_t {
    kLiteral,  // `text`, byte by byte.
    kBlanks,   // Any amount of whitespace; printed as `text`.
    kNumber,
    kDigits,  // Any number of digits of a field that is ignored.
    kEpoch,
    kMonthName,
    kWeekdayName,
    kHalfName,  // AM or PM.
    kOffset,
    kZoneName,  // A word; printed as UTC.
    kOptionalBegin,
    kOptionalEnd,
    kPadBegin,  // The next piece is padded with spaces on the left to `width` characters.
    kUnknown,   // Not understood: printed as `text`; never matches.
  };
  enum class Names : std::uint8_t { kEither, kShort, kFull };
  enum class Letters : std::uint8_t { kAsIs, kUpper, kLower };

  Kind kind = Kind::kLiteral;
  TemporalField field = TemporalField::kFieldCount;

  // Reading.
  std::uint8_t min_digits = 1;
  std::uint8_t max_digits = 1;
  std::uint8_t reserved = 0;  // Digits to leave for the numbers directly after it.
  bool no_longer = false;     // Reject numbers of more than min_digits.
  bool exact = false;         // Java's rules: whitespace is not skipped, names are case-sensitive.
  std::int32_t low = 0;
  std::int32_t high = 0;
  Names names = Names::kEither;

  // Printing.
  std::uint8_t width = 0;
  char pad = '0';
  Letters letters = Letters::kAsIs;

  // For kOffset.
  bool z_is_utc = true;         // Z is read and printed for UTC.
  bool colon = false;           // Between hours and minutes.
  bool short_offset = false;    // Minutes are omitted if they are 0.
  bool offset_seconds = false;  // Seconds may follow.
  bool any_colon = false;       // strptime: with or without a colon, after whitespace.

  std::uint32_t end = 0;  // For kOptionalBegin: the index of its kOptionalEnd.
  std::string text = {};
};

/// A compiled format. With a '%' it has the syntax of glibc's strftime and strptime, in English;
/// with letters but no '%' it has that of Java's DateTimeFormatter (English, ResolverStyle.STRICT,
/// years of the common era).
class TemporalFormat {
 public:
  /// The longest format; the rest is ignored.
  static constexpr std::size_t kMaxLength = 4096;

  explicit TemporalFormat(std::string_view format);

  /// Why the format cannot read any text: the character (from 1), what was found and what was
  /// expected. For printing, parts that are not understood are copied.
  struct Problem {
    std::size_t place = 0;
    std::string text;
  };
  const std::optional<Problem>& problem() const { return problem_; }
  bool has_date() const { return has_date_; }
  bool has_time() const { return has_time_; }

  /// Appends `seconds` as text.
  void Append(std::int64_t seconds, std::string& out) const;
  /// Reads `text`, which must match completely, except for whitespace at its ends.
  TemporalReading Read(TypeKind kind, std::string_view text) const;

 private:
  TemporalReading ReadExactly(TypeKind kind, std::string_view text) const;
  bool ReadPieces(std::size_t begin, std::size_t end, TextCursor& in, TemporalFields& out) const;

  std::vector<TemporalPiece> pieces_;
  std::optional<Problem> problem_;
  TemporalFields::Rules rules_ = TemporalFields::Rules::kStrptime;
  bool has_date_ = false;
  bool has_time_ = false;
};

/// The result of compiling a format.
struct CompiledFormat {
  std::vector<TemporalPiece> pieces;
  std::optional<TemporalFormat::Problem> problem;

  /// Appends literal text.
  void AddLiteral(std::string_view text);
  /// Appends text that is not understood; the first such text is reported.
  void AddUnknown(std::string_view format, std::size_t at, std::size_t size, std::string expected);
};
CompiledFormat CompileStrptime(std::string_view format);
CompiledFormat CompileJavaDateFormat(std::string_view format);

/// Appends one piece as text.
void PrintPiece(const TemporalPiece& piece, std::int64_t seconds, const CivilTime& civil,
                std::string& out);

}  // namespace tql::values

#endif  // TQLKIT_MOCKSERVER_VALUES_TEMPORAL_FORMAT_H_
