// Values of one type as values of another: what CAST and MODIFY COLUMN do (reference §2).
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

/// `value` of type `from`, which is not NULL, as a value of type `to`; nothing when it has no
/// counterpart. A real becomes the nearest integer, halves away from zero; a text may be a number,
/// true, false, 1 or 0, or a date in one of the usual forms. A text of the result is borrowed from
/// `value` or lies in `buffer`.
std::optional<Datum> ConvertValue(const Datum& value, TypeKind from, TypeKind to,
                                  char (&buffer)[kMaxNumberText]);

/// The words of a boolean's parsing hint: "100_0" has both; "100_" takes every other text as false,
/// "_0" as true. Case does not count.
struct BoolWords {
  std::string on = "true";
  std::string off = "false";

  /// Nothing when the hint is not two different words around one underscore, one of them possibly
  /// empty.
  static std::optional<BoolWords> Parse(std::string_view hint);
  /// Nothing when the text is neither word.
  std::optional<bool> Read(std::string_view text) const;
};

/// What MODIFY COLUMN does to each value of a column.
struct ColumnConversion {
  TypeKind from = TypeKind::kNull;
  TypeKind to = TypeKind::kNull;
  /// Between a text and a date-like type a TemporalFormat, between a text and a bool BoolWords;
  /// empty: the usual forms, the default output format, true and false.
  std::string format;
  /// Whether a text must have the format; else the usual forms of dates count as well.
  bool only_format = false;
};

/// Carries out a ColumnConversion, value by value. Belongs to one thread at a time.
class ValueConverter {
 public:
  explicit ValueConverter(const ColumnConversion& conversion);

  /// As ConvertValue; a text of the result is valid until the next call.
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
