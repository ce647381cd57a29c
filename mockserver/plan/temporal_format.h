// Formats of dates and times, as parsing hints and the options of a request give them: one table
// of fields for both syntaxes and for both directions.
#ifndef TQLKIT_MOCKSERVER_PLAN_TEMPORAL_FORMAT_H_
#define TQLKIT_MOCKSERVER_PLAN_TEMPORAL_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/plan/temporal_fields.h"
#include "mockserver/plan/type.h"

namespace tql::plan {

class TextCursor;
struct CivilTime;

/// One conversion, or text, of a format.
struct TemporalPiece {
  enum class Kind : std::uint8_t {
    kLiteral,  // `text`, byte by byte
    kBlanks,   // any number of blanks; printed as `text`
    kNumber,
    kDigits,  // any number of digits, of a field without an effect
    kEpoch,
    kMonthName,
    kWeekdayName,
    kHalfName,  // AM or PM
    kOffset,
    kZoneName,  // a word; printed as UTC
    kOptionalBegin,
    kOptionalEnd,
    kPadBegin,  // the next piece has `width` characters, blanks at its front
    kUnknown,   // not understood: printed as `text`, read never
  };
  enum class Names : std::uint8_t { kEither, kShort, kFull };
  enum class Letters : std::uint8_t { kAsIs, kUpper, kLower };

  Kind kind = Kind::kLiteral;
  TemporalField field = TemporalField::kFieldCount;

  // Reading.
  std::uint8_t min_digits = 1;
  std::uint8_t max_digits = 1;
  std::uint8_t reserved = 0;  // digits behind it that belong to the next numbers
  bool no_longer = false;     // a number of more than min_digits is refused
  bool exact = false;         // as Java reads: no blanks skipped, letters in their case
  std::int32_t low = 0;
  std::int32_t high = 0;
  Names names = Names::kEither;

  // Printing.
  std::uint8_t width = 0;
  char pad = '0';
  Letters letters = Letters::kAsIs;

  // Of kOffset.
  bool z_is_utc = true;         // Z is read and printed
  bool colon = false;           // between hours and minutes
  bool short_offset = false;    // without minutes when they are 0
  bool offset_seconds = false;  // they may follow
  bool any_colon = false;       // strptime's: with and without a colon, behind blanks

  std::uint32_t end = 0;  // of kOptionalBegin: the piece that closes it
  std::string text = {};
};

/// A format, compiled once. With a '%' it is strftime's and strptime's as the C library of GNU has
/// them, in English; without one but with letters it is Java's DateTimeFormatter (English,
/// ResolverStyle.STRICT in the common era).
class TemporalFormat {
 public:
  /// The longest format; what is beyond is not looked at.
  static constexpr std::size_t kMaxLength = 4096;

  explicit TemporalFormat(std::string_view format);

  /// Why no text can be read by it: at which character (from 1), what was found and expected. What
  /// is not understood is printed as it is.
  struct Problem {
    std::size_t place = 0;
    std::string text;
  };
  const std::optional<Problem>& problem() const { return problem_; }
  bool has_date() const { return has_date_; }
  bool has_time() const { return has_time_; }

  /// Appends the text of `seconds`.
  void Append(std::int64_t seconds, std::string& out) const;
  /// Reads `text`, which must match as a whole; blanks at its ends may be left over.
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

/// What a syntax makes of a format.
struct CompiledFormat {
  std::vector<TemporalPiece> pieces;
  std::optional<TemporalFormat::Problem> problem;

  /// Appends text that stands for itself.
  void AddLiteral(std::string_view text);
  /// Appends what is not understood, and reports the first of them.
  void AddUnknown(std::string_view format, std::size_t at, std::size_t size, std::string expected);
};
CompiledFormat CompileStrptime(std::string_view format);
CompiledFormat CompileJavaDateFormat(std::string_view format);

/// Appends the text of one piece.
void PrintPiece(const TemporalPiece& piece, std::int64_t seconds, const CivilTime& civil,
                std::string& out);

}  // namespace tql::plan

#endif  // TQLKIT_MOCKSERVER_PLAN_TEMPORAL_FORMAT_H_
