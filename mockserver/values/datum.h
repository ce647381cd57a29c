// One value of a row: NULL, an integer (also for bool, date, datetime, time), a real or a text.
#ifndef TQLKIT_MOCKSERVER_VALUES_DATUM_H_
#define TQLKIT_MOCKSERVER_VALUES_DATUM_H_

#include <cstdint>
#include <string_view>

namespace tql::values {

/// Does not own its text. A text from a cursor is valid until the cursor's next row, a text from a
/// literal as long as the plan exists.
class Datum {
 public:
  enum class Kind : std::uint8_t { kNull, kInteger, kReal, kText };

  constexpr Datum() : kind_(Kind::kNull), integer_(0), size_(0) {}
  static constexpr Datum Null() { return Datum(); }
  static constexpr Datum Integer(std::int64_t value) {
    Datum d;
    d.kind_ = Kind::kInteger;
    d.integer_ = value;
    return d;
  }
  static constexpr Datum Real(double value) {
    Datum d;
    d.kind_ = Kind::kReal;
    d.real_ = value;
    return d;
  }
  static constexpr Datum Text(std::string_view value) {
    Datum d;
    d.kind_ = Kind::kText;
    d.text_ = value.data();
    d.size_ = value.size();
    return d;
  }

  constexpr Kind kind() const { return kind_; }
  constexpr bool is_null() const { return kind_ == Kind::kNull; }
  /// Each requires that kind() is its kind.
  constexpr std::int64_t integer() const { return integer_; }
  constexpr double real() const { return real_; }
  constexpr std::string_view text() const { return {text_, size_}; }

 private:
  Kind kind_;
  union {
    std::int64_t integer_;
    double real_;
    const char* text_;
  };
  std::size_t size_;
};

}  // namespace tql::values

#endif  // TQLKIT_MOCKSERVER_VALUES_DATUM_H_
