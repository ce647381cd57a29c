#include "mockserver/values/temporal_format.h"

#include <algorithm>

#include "mockserver/values/civil_time.h"
#include "mockserver/values/number_text.h"
#include "mockserver/values/temporal_names.h"
#include "mockserver/values/text_cursor.h"
#include "proto/base/utf8.h"

namespace tql::values {
namespace {

using Piece = TemporalPiece;
using Kind = TemporalPiece::Kind;

bool LooksLikeJava(std::string_view format) {
  return format.find('%') == std::string_view::npos &&
         std::any_of(format.begin(), format.end(), IsLetter);
}

bool ReadNumber(const Piece& piece, TextCursor& in, TemporalFields& out) {
  std::int32_t value = 0;
  if (piece.exact) {
    std::size_t count = in.CountDigits(std::size_t{piece.max_digits} + piece.reserved);
    if (count < piece.min_digits) return false;
    if (piece.reserved > 0) {
      count = std::max<std::size_t>(piece.min_digits,
                                    count - std::min<std::size_t>(count, piece.reserved));
    }
    if (piece.no_longer && count > piece.min_digits) return false;
    value = in.TakeDigits(count);
  } else {
    in.SkipBlanks();
    // As glibc does, stop before a digit that would certainly make the number too large.
    if (!IsDigit(in.Peek())) return false;
    std::size_t count = 0;
    do {
      value = value * 10 + (in.Peek() - '0');
      in.Advance();
    } while (++count < piece.max_digits && value * 10 <= piece.high && IsDigit(in.Peek()));
  }
  if (value < piece.low || value > piece.high) {
    out.Refuse(piece.field);
    return true;
  }
  return out.Set(piece.field, value);
}

template <std::size_t N>
bool ReadName(const Piece& piece, const std::array<std::string_view, N>& names, std::int32_t first,
              TextCursor& in, TemporalFields& out) {
  for (std::size_t i = 0; i < N; ++i) {
    const std::string_view brief = names[i].substr(0, kShortName);
    bool taken = false;
    if (piece.exact) {
      taken = in.Take(piece.names == Piece::Names::kShort ? brief : names[i]);
    } else {
      taken = in.TakeWord(brief);
      if (taken) in.TakeWord(names[i].substr(brief.size()));
    }
    if (taken) return out.Set(piece.field, static_cast<std::int32_t>(i) + first);
  }
  return false;
}

bool ReadEpoch(TextCursor& in, TemporalFields& out) {
  const bool negative = in.Take('-');
  const std::size_t count = in.CountDigits(64);
  if (count == 0) return false;
  std::string digits(negative ? "-" : "");
  for (std::size_t i = 0; i < count; ++i, in.Advance()) digits += in.Peek();
  const std::optional<std::int64_t> seconds = ParseInteger(digits);
  if (seconds) {
    out.SetEpoch(*seconds);
  } else {
    out.Refuse(TemporalField::kEpoch);
  }
  return true;
}

/// Reads two digits, after a colon if `colon`.
bool ReadOffsetPart(bool colon, TextCursor& in, std::int32_t* value) {
  if (colon && in.Peek() != ':') return false;
  if (!IsDigit(in.Peek(colon ? 1 : 0)) || !IsDigit(in.Peek(colon ? 2 : 1))) return false;
  if (colon) in.Advance();
  *value = in.TakeDigits(2);
  return true;
}

bool ReadOffset(const Piece& piece, TextCursor& in, TemporalFields& out) {
  constexpr std::int32_t kLargestHour = 18;  // Java's limit; no time zone reaches it.
  if (piece.any_colon) in.SkipBlanks();
  if (piece.z_is_utc && in.Take('Z')) return out.Set(TemporalField::kOffset, 0);
  const bool west = in.Peek() == '-';
  if (!west && in.Peek() != '+') return false;
  in.Advance();
  std::int32_t hours = 0;
  std::int32_t minutes = 0;
  std::int32_t seconds = 0;
  if (!ReadOffsetPart(false, in, &hours)) return false;
  if (piece.any_colon) {
    if (!ReadOffsetPart(true, in, &minutes)) ReadOffsetPart(false, in, &minutes);
  } else {
    const bool has_minutes = ReadOffsetPart(piece.colon, in, &minutes);
    if (!has_minutes && !piece.short_offset) return false;
    if (has_minutes && piece.offset_seconds) ReadOffsetPart(piece.colon, in, &seconds);
  }
  if (minutes > 59 || seconds > 59) return false;
  if (piece.exact && hours * 3600 + minutes * 60 + seconds > kLargestHour * 3600) {
    out.Refuse(TemporalField::kOffset);
    return true;
  }
  const std::int32_t offset = hours * 3600 + minutes * 60 + seconds;
  return out.Set(TemporalField::kOffset, west ? -offset : offset);
}

bool ReadZoneName(TextCursor& in) {
  in.SkipBlanks();
  while (!in.at_end() && !IsBlank(in.Peek())) in.Advance();
  return true;
}

bool ReadDigits(TextCursor& in) {
  if (!IsDigit(in.Peek())) return false;
  while (IsDigit(in.Peek())) in.Advance();
  return true;
}

bool ReadPiece(const Piece& piece, TextCursor& in, TemporalFields& out) {
  switch (piece.kind) {
    case Kind::kLiteral:
      return in.Take(piece.text);
    case Kind::kBlanks:
      in.SkipBlanks();
      return true;
    case Kind::kNumber:
      return ReadNumber(piece, in, out);
    case Kind::kDigits:
      return ReadDigits(in);
    case Kind::kEpoch:
      return ReadEpoch(in, out);
    case Kind::kMonthName:
      return ReadName(piece, kMonthNames, 1, in, out);
    case Kind::kWeekdayName:
      return ReadName(piece, kWeekdayNames, 0, in, out);
    case Kind::kHalfName:
      return ReadName(piece, kHalfNames, 0, in, out);
    case Kind::kOffset:
      return ReadOffset(piece, in, out);
    case Kind::kZoneName:
      return ReadZoneName(in);
    case Kind::kOptionalBegin:  // Handled by ReadPieces().
    case Kind::kOptionalEnd:
    case Kind::kPadBegin:
      return true;
    case Kind::kUnknown:
      break;
  }
  return false;
}

}  // namespace

void CompiledFormat::AddLiteral(std::string_view text) {
  if (pieces.empty() || pieces.back().kind != Kind::kLiteral) pieces.emplace_back();
  pieces.back().text += text;
}

void CompiledFormat::AddUnknown(std::string_view format, std::size_t at, std::size_t size,
                                std::string expected) {
  if (!problem) {
    const std::size_t end = base::Utf8Ceil(format, at + size);
    problem = {.place = base::Utf8Count(format.substr(0, at)) + 1,
               .text = "found " +
                       (size == 0 ? "the end" : std::string(format.substr(at, end - at))) +
                       ", expected " + std::move(expected)};
  }
  if (size > 0) {
    pieces.push_back({.kind = Kind::kUnknown, .text = std::string(format.substr(at, size))});
  }
}

TemporalFormat::TemporalFormat(std::string_view format) {
  format = format.substr(0, kMaxLength);
  const bool java = LooksLikeJava(format);
  CompiledFormat compiled = java ? CompileJavaDateFormat(format) : CompileStrptime(format);
  pieces_ = std::move(compiled.pieces);
  problem_ = std::move(compiled.problem);
  if (java) rules_ = TemporalFields::Rules::kJava;
  for (const TemporalPiece& piece : pieces_) {
    has_date_ = has_date_ || IsDateField(piece.field);
    has_time_ = has_time_ || IsTimeField(piece.field);
  }
}

void TemporalFormat::Append(std::int64_t seconds, std::string& out) const {
  const CivilTime civil = ToCivil(seconds);
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const TemporalPiece& piece = pieces_[i];
    if (piece.kind != Kind::kPadBegin || i + 1 == pieces_.size()) {
      PrintPiece(piece, seconds, civil, out);
      continue;
    }
    std::string padded;
    PrintPiece(pieces_[++i], seconds, civil, padded);
    if (padded.size() < piece.width) out.append(piece.width - padded.size(), ' ');
    out += padded;
  }
}

TemporalReading TemporalFormat::Read(TypeKind kind, std::string_view text) const {
  // First with the whitespace at the ends, which may be part of the format.
  const TemporalReading reading = ReadExactly(kind, text);
  if (reading.value || reading.bad_value) return reading;
  const std::string_view trimmed = base::Trim(text);
  return trimmed.size() == text.size() ? reading : ReadExactly(kind, trimmed);
}

TemporalReading TemporalFormat::ReadExactly(TypeKind kind, std::string_view text) const {
  TextCursor in(text);
  TemporalFields fields(rules_);
  if (problem_ || pieces_.empty() || !ReadPieces(0, pieces_.size(), in, fields) || !in.at_end()) {
    return TemporalReading::NoMatch("it does not match the parsing hint");
  }
  std::string_view problem;
  std::optional<WrittenMoment> moment = fields.Resolve(&problem);
  if (!moment) return TemporalReading::BadValue(problem);
  moment->has_date = has_date_;
  moment->has_time = has_time_;
  return FitMoment(kind, *moment);
}

bool TemporalFormat::ReadPieces(std::size_t begin, std::size_t end, TextCursor& in,
                                TemporalFields& out) const {
  for (std::size_t i = begin; i < end; ++i) {
    const TemporalPiece& piece = pieces_[i];
    if (piece.kind == Kind::kOptionalBegin) {
      const TextCursor in_before = in;
      // An optional section that does not match is skipped without an effect.
      const TemporalFields out_before = out;
      if (!ReadPieces(i + 1, piece.end, in, out)) {
        in = in_before;
        out = out_before;
      }
      i = piece.end;
    } else if (piece.kind == Kind::kPadBegin) {
      // The spaces and the value must fill the width exactly.
      TextCursor padded = in;
      if (!padded.LimitTo(piece.width)) return false;
      while (padded.Take(' ')) {
      }
      if (!ReadPiece(pieces_[++i], padded, out) || !padded.at_end()) return false;
      in.MoveTo(padded.position());
    } else if (!ReadPiece(piece, in, out)) {
      return false;
    }
  }
  return true;
}

}  // namespace tql::values
