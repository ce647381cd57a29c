// The patterns of Java's DateTimeFormatter, used by tables created in the user interface.
#include <algorithm>
#include <array>
#include <optional>

#include "mockserver/values/temporal_format.h"
#include "mockserver/values/text_cursor.h"

namespace tql::values {
namespace {

using F = TemporalField;
using Kind = TemporalPiece::Kind;
using Names = TemporalPiece::Names;

constexpr std::size_t kMostDigits = 19;
constexpr std::size_t kDeepest = 16;  // Nesting of optional sections.

constexpr std::string_view kLetters =
    "one of the letters y u M L d D E a H h K k m s S n X x Z p, or text between apostrophes";

/// A number of `min` to `max` digits.
TemporalPiece NumberPiece(F field, std::size_t min, std::size_t max, std::int32_t low,
                          std::int32_t high) {
  return {.kind = Kind::kNumber,
          .field = field,
          .min_digits = static_cast<std::uint8_t>(min),
          .max_digits = static_cast<std::uint8_t>(max),
          .exact = true,
          .low = low,
          .high = high,
          .width = static_cast<std::uint8_t>(min)};
}

TemporalPiece NamePiece(Kind kind, F field, std::size_t count) {
  return {.kind = kind,
          .field = field,
          .exact = true,
          .names = count == 4 ? Names::kFull : Names::kShort,
          .pad = ' '};
}

/// One letter stands for a number of any length, two letters for two digits.
std::optional<TemporalPiece> OneOrTwo(F field, std::size_t count, std::int32_t low,
                                      std::int32_t high) {
  if (count > 2) return std::nullopt;
  return NumberPiece(field, count, count == 1 ? kMostDigits : 2, low, high);
}

TemporalPiece Year(std::size_t count) {
  TemporalPiece piece = NumberPiece(F::kYear, count, kMostDigits, 1, 9999);
  piece.no_longer = count >= 4;  // In Java, more digits require a sign.
  return piece;
}

std::optional<TemporalPiece> Offset(char letter, std::size_t count) {
  if (count > 5 || (letter == 'Z' && count == 4)) return std::nullopt;
  TemporalPiece piece{.kind = Kind::kOffset, .field = F::kOffset, .exact = true};
  piece.z_is_utc = letter == 'X' || (letter == 'Z' && count == 5);
  piece.colon = count == 5 || (letter != 'Z' && count == 3);
  piece.short_offset = letter != 'Z' && count == 1;
  piece.offset_seconds = count >= 4;
  return piece;
}

/// The piece for `count` repetitions of `letter`; nullopt if they cannot be read.
std::optional<TemporalPiece> LetterPiece(char letter, std::size_t count) {
  switch (letter) {
    case 'y':
    case 'u':
      if (count > kMostDigits) return std::nullopt;
      if (count == 2) return NumberPiece(F::kReducedYear, 2, 2, 0, 99);
      return Year(count);
    case 'M':
    case 'L':
      if (count <= 2) return OneOrTwo(F::kMonth, count, 1, 12);
      if (count > 4) return std::nullopt;
      return NamePiece(Kind::kMonthName, F::kMonth, count);
    case 'E':
      if (count > 4) return std::nullopt;
      return NamePiece(Kind::kWeekdayName, F::kWeekday, count);
    case 'a':
      if (count > 1) return std::nullopt;
      return NamePiece(Kind::kHalfName, F::kHalf, 4);
    case 'd':
      return OneOrTwo(F::kDay, count, 1, 31);
    case 'D':
      if (count > 3) return std::nullopt;
      return NumberPiece(F::kDayOfYear, count, count == 1 ? kMostDigits : 3, 1, 366);
    case 'H':
      return OneOrTwo(F::kHour, count, 0, 23);
    case 'k':
      return OneOrTwo(F::kClockHour, count, 1, 24);
    case 'h':
      return OneOrTwo(F::kHour12, count, 1, 12);
    case 'K':
      return OneOrTwo(F::kHour11, count, 0, 11);
    case 'm':
      return OneOrTwo(F::kMinute, count, 0, 59);
    case 's':
      return OneOrTwo(F::kSecond, count, 0, 59);
    case 'S':
      if (count > 9) return std::nullopt;
      return NumberPiece(F::kFraction, count, count, 0, 999'999'999);
    case 'n':
      if (count > kMostDigits) return std::nullopt;
      return NumberPiece(F::kFraction, count, kMostDigits, 0, 999'999'999);
    case 'X':
    case 'x':
    case 'Z':
      return Offset(letter, count);
    default:
      return std::nullopt;
  }
}

std::string Expected(char letter) {
  switch (letter) {
    case 'd':
    case 'H':
    case 'h':
    case 'K':
    case 'k':
    case 'm':
    case 's':
      return std::string("at most two letters ") + letter;
    case 'D':
      return "at most three letters D";
    case 'M':
    case 'L':
    case 'E':
      return std::string("at most four letters ") + letter;
    case 'a':
      return "one letter a";
    case 'S':
      return "at most nine letters S";
    case 'Y':
      return "y or u: the year of a week needs the week";
    case 'y':
    case 'u':
    case 'n':
      return std::string("at most 19 letters ") + letter;
    case 'X':
    case 'x':
      return std::string("at most five letters ") + letter;
    case 'Z':
      return "one to three, or five, letters Z";
    default:
      return std::string(kLetters);
  }
}

class Compiler {
 public:
  explicit Compiler(std::string_view format) : format_(format) {}

  CompiledFormat Compile() {
    while (at_ < format_.size()) Next();
    while (!open_.empty()) CloseOptional();
    if (padded_) out_.AddUnknown(format_, at_, 0, "the letter that p pads");
    return std::move(out_);
  }

 private:
  void Next() {
    const char c = format_[at_];
    if (padded_ && !IsLetter(c)) {
      padded_ = false;
      return out_.AddUnknown(format_, at_++, 1, "the letter that p pads");
    }
    if (c == '\'') return Quoted();
    if (c == '[') return OpenOptional();
    if (c == ']') {
      if (open_.empty()) return out_.AddUnknown(format_, at_++, 1, "[ before ]");
      ++at_;
      return CloseOptional();
    }
    if (c == '#' || c == '{' || c == '}') {
      return out_.AddUnknown(format_, at_++, 1, std::string(kLetters));
    }
    if (IsLetter(c)) return Letters();
    EndNumbers();
    out_.AddLiteral(format_.substr(at_++, 1));
  }

  /// Reads 'text'; two apostrophes stand for one.
  void Quoted() {
    const std::size_t begin = at_++;
    std::string text;
    for (; at_ < format_.size(); ++at_) {
      if (format_[at_] != '\'') {
        text += format_[at_];
      } else if (at_ + 1 < format_.size() && format_[at_ + 1] == '\'') {
        text += format_[++at_];
      } else {
        ++at_;
        EndNumbers();
        return out_.AddLiteral(text.empty() ? "'" : text);
      }
    }
    out_.AddUnknown(
        format_, format_.size(), 0,
        "the apostrophe that closes the text of character " + std::to_string(begin + 1));
  }

  void OpenOptional() {
    EndNumbers();
    if (open_.size() == kDeepest) {
      return out_.AddUnknown(format_, at_++, 1,
                             "at most " + std::to_string(kDeepest) + " sections in each other");
    }
    ++at_;
    open_.push_back(out_.pieces.size());
    out_.pieces.push_back({.kind = Kind::kOptionalBegin});
  }

  void CloseOptional() {
    EndNumbers();
    out_.pieces[open_.back()].end = static_cast<std::uint32_t>(out_.pieces.size());
    out_.pieces.push_back({.kind = Kind::kOptionalEnd});
    open_.pop_back();
  }

  void Letters() {
    const std::size_t begin = at_;
    const char letter = format_[at_];
    at_ = std::min(format_.find_first_not_of(letter, at_), format_.size());
    const std::size_t count = at_ - begin;
    if (letter == 'p' && !padded_ && count < 256) {
      EndNumbers();
      padded_ = true;
      out_.pieces.push_back({.kind = Kind::kPadBegin, .width = static_cast<std::uint8_t>(count)});
      return;
    }
    const std::optional<TemporalPiece> piece = LetterPiece(letter, count);
    if (!piece) {
      padded_ = false;
      return out_.AddUnknown(format_, begin, count, Expected(letter));
    }
    Add(*piece);
  }

  /// A number leaves the digits of the numbers of fixed length that directly follow it.
  void Add(TemporalPiece piece) {
    const bool fixed = piece.kind == Kind::kNumber && piece.min_digits == piece.max_digits;
    if (padded_ || piece.kind != Kind::kNumber) {
      EndNumbers();
    } else if (number_ && fixed) {
      std::uint8_t& reserved = out_.pieces[*number_].reserved;
      reserved = static_cast<std::uint8_t>(std::min(255, reserved + piece.max_digits));
    } else {
      number_ = out_.pieces.size();
    }
    padded_ = false;
    out_.pieces.push_back(std::move(piece));
  }

  void EndNumbers() { number_.reset(); }

  std::string_view format_;
  std::size_t at_ = 0;
  CompiledFormat out_;
  std::vector<std::size_t> open_;      // The first pieces of the open optional sections.
  std::optional<std::size_t> number_;  // The number that leaves digits for the following ones.
  bool padded_ = false;                // Whether `p` precedes the next piece.
};

}  // namespace

CompiledFormat CompileJavaDateFormat(std::string_view format) { return Compiler(format).Compile(); }

}  // namespace tql::values
