// Values of one type as values of another: of constants, by INSERT, UPDATE, CAST and MODIFY COLUMN
// alike (reference §2).
#ifndef TQLKIT_MOCKSERVER_PLAN_VALUE_CONVERSION_H_
#define TQLKIT_MOCKSERVER_PLAN_VALUE_CONVERSION_H_

#include <optional>
#include <string>
#include <string_view>

#include "mockserver/plan/datum.h"
#include "mockserver/plan/number_text.h"
#include "mockserver/plan/temporal_format.h"
#include "mockserver/plan/type.h"

namespace tql::plan {

/// Whether every value of `from` is, unchanged, the value of `to` that it becomes.
bool KeepsValues(TypeKind from, TypeKind to);

/// A value of another type, or why the value has no counterpart in it.
struct Converted {
  std::optional<Datum> value = {};
  bool out_of_range = false;  // a number, but too large or too small
  /// What is wrong with the text of a date or a time; a static text, otherwise empty.
  std::string_view problem = {};
};

/// `value` of type `from`, which is not NULL, as a value of type `to`:
/// * A real becomes the nearest integer, halves away from zero. A text becomes an integer only when
///   it is a whole number in digits: '1.5', '1.0' and '1e3' are refused, as PostgreSQL does.
/// * A text becomes a real when it is a number, inf or infinity; a bool when it is true, false, 1
/// or
///   0; of a date-like type when it has the form of `hint`, the parsing hint of the column that it
///   is for, or one of the usual forms. With a bool's `hint` its words count, too. Blanks around
///   the text and case do not count.
/// * A number becomes a date-like value as seconds since 1970, for a time of the day; a fraction of
///   a second is dropped. Only constants are numbers on their way to such a type.
/// * A number becomes its shortest text: 1.50 is '1.5'; 1e300 is '1e+300'.
/// A text of the result is borrowed from `value` or lies in `buffer`.
Converted ConvertValue(const Datum& value, TypeKind from, TypeKind to, std::string_view hint,
                       char (&buffer)[kMaxNumberText]);

/// The words of a boolean's parsing hint: "100_0" has both; "100_" takes every other text as false,
/// "_0" as true. Case does not count.
struct BoolWords {
  std::string on = "true";
  std::string off = "false";

  /// Nothing when the hint is not two different words around one underscore, one of them possibly
  /// empty.
  static std::optional<BoolWords> Parse(std::string_view hint);
  bool IsWord(std::string_view text) const;
  /// Nothing when the text is neither word, and both are there.
  std::optional<bool> Read(std::string_view text) const;
};

/// What MODIFY COLUMN does to each value of a column.
struct ColumnConversion {
  TypeKind from = TypeKind::kNull;
  TypeKind to = TypeKind::kNull;
  /// Between a text and a date-like type a TemporalFormat, between a text and a bool BoolWords;
  /// empty: as ConvertValue without a hint.
  std::string format;
  /// Whether a date's text must have the format; else the usual forms count as well.
  bool only_format = false;
};

/// Carries out a ColumnConversion, value by value. Belongs to one thread at a time.
class ValueConverter {
 public:
  explicit ValueConverter(const ColumnConversion& conversion);

  /// As ConvertValue; a text of the result is valid until the next call. With a format for a bool,
  /// a text that is neither word is NULL (reference §9: the documented example).
  std::optional<Datum> Convert(const Datum& value);

 private:
  std::optional<Datum> ReadTemporal(std::string_view text) const;

  TypeKind from_;
  TypeKind to_;
  std::optional<TemporalFormat> format_;
  bool only_format_;
  std::optional<BoolWords> words_;  // between a text and a bool
  std::string text_;
  char buffer_[kMaxNumberText];
};

}  // namespace tql::plan

#endif  // TQLKIT_MOCKSERVER_PLAN_VALUE_CONVERSION_H_
