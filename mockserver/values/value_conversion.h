// Conversion of values between types for INSERT, UPDATE, CAST and MODIFY COLUMN.
#ifndef TQLKIT_MOCKSERVER_VALUES_VALUE_CONVERSION_H_
#define TQLKIT_MOCKSERVER_VALUES_VALUE_CONVERSION_H_

#include <optional>
#include <string>
#include <string_view>

#include "mockserver/values/datum.h"
#include "mockserver/values/number_text.h"
#include "mockserver/values/temporal_format.h"
#include "mockserver/values/type.h"

namespace tql::values {

/// Whether every value of `from` is kept unchanged by a conversion to `to`.
bool KeepsValues(TypeKind from, TypeKind to);

/// The converted value, or why the conversion failed.
struct Converted {
  std::optional<Datum> value = {};
  bool out_of_range = false;  // The number is too large or too small.
  /// What is wrong with the text of a date or time: a static text, or empty.
  std::string_view problem = {};
};

/// Converts `value`, which is not NULL, from type `from` to type `to`:
/// * A real is rounded to the nearest integer, halves away from zero. A text is converted to an
///   integer only if it is a whole number in digits: '1.5', '1.0' and '1e3' are rejected, as in
///   PostgreSQL.
/// * A text is converted to a real if it is a number, inf or infinity; to a bool if it is true,
///   false, 1, 0 or a word of `hint`; to a date-like type if it matches `hint` or one of the usual
///   formats (temporal.h). `hint` is the parsing hint of the receiving column. Whitespace around
///   the text and case are ignored.
/// * A number is converted to a date-like type as seconds since 1970, or since midnight for a TIME.
///   A fraction is dropped. The binder allows this for constants only.
/// * A number is converted to its shortest text: 1.50 is '1.5'; 1e300 is '1e+300'.
/// A text of the result is a view of `value` or of `buffer`.
Converted ConvertValue(const Datum& value, TypeKind from, TypeKind to, std::string_view hint,
                       char (&buffer)[kMaxNumberText]);

/// The words of a boolean's parsing hint. "100_0" has both. With "100_" any other text is false;
/// with "_0" any other text is true. Case is ignored.
struct BoolWords {
  std::string on = "true";
  std::string off = "false";

  /// Returns nullopt unless the hint is two different words around one underscore, of which one may
  /// be empty.
  static std::optional<BoolWords> Parse(std::string_view hint);
  bool IsWord(std::string_view text) const;
  /// Returns nullopt if the text is neither word and both words are given.
  std::optional<bool> Read(std::string_view text) const;
};

/// The conversion of a column's values by MODIFY COLUMN.
struct ColumnConversion {
  TypeKind from = TypeKind::kNull;
  TypeKind to = TypeKind::kNull;
  /// A TemporalFormat between a text and a date-like type, BoolWords between a text and a bool; if
  /// empty, values are converted as by ConvertValue() without a hint.
  std::string format;
  /// Whether the text of a date must match the format; otherwise the usual formats are tried as
  /// well.
  bool only_format = false;
};

/// Applies a ColumnConversion to values. Not thread-safe.
class ValueConverter {
 public:
  explicit ValueConverter(const ColumnConversion& conversion);

  /// As ConvertValue(); a text of the result is valid until the next call. With a format for a
  /// bool, a text that is neither word becomes NULL (the documented example).
  std::optional<Datum> Convert(const Datum& value);

 private:
  std::optional<Datum> ReadTemporal(std::string_view text) const;

  TypeKind from_;
  TypeKind to_;
  std::optional<TemporalFormat> format_;
  bool only_format_;
  std::optional<BoolWords> words_;  // Between a text and a bool.
  std::string text_;
  char buffer_[kMaxNumberText];
};

}  // namespace tql::values

#endif  // TQLKIT_MOCKSERVER_VALUES_VALUE_CONVERSION_H_
