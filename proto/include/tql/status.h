/// \file
/// Status and StatusOr<T>: the one error type of tqlkit.
///
/// Codes have the numbers of gRPC's, so that they cross a wire unchanged. No function of tqlkit
/// throws; StatusOr<T>::value() does, for callers who prefer exceptions.
///
/// Thread safety: both are values; distinct objects may be used from distinct threads.
#ifndef TQL_STATUS_H_
#define TQL_STATUS_H_

#include "tql/cxx20.h"

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace tql {

/// What kind of error; `errors.md` among the pages tells what each means here.
enum class StatusCode : std::uint8_t {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};

/// The name of a code as gRPC spells it, e.g. "NOT_FOUND".
std::string_view StatusCodeName(StatusCode code);

/// A place in a text. Lines and columns count from 1, columns in characters of UTF-8; `offset` is
/// the byte offset from the start of the text.
struct TextPlace {
  std::size_t offset = 0;
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend bool operator==(const TextPlace&, const TextPlace&) = default;
};

/// The place of byte `offset` of `text`; of the end of the text, when `offset` lies beyond it.
TextPlace PlaceOf(std::string_view text, std::size_t offset);

/// Success, or an error: a code, a message for people and, for an error in a text, its place.
/// One pointer wide; success allocates nothing.
class [[nodiscard]] Status {
 public:
  Status() = default;
  /// An error; OK when `code` is kOk, whatever the message.
  Status(StatusCode code, std::string message);
  /// An error with its place.
  Status(StatusCode code, std::string message, TextPlace place);

  /// Whether there is no error.
  bool ok() const { return rep_ == nullptr; }
  /// Its kind; kOk for none.
  StatusCode code() const { return rep_ ? rep_->code : StatusCode::kOk; }
  /// Text for people, without the code; empty for none.
  const std::string& message() const;
  /// Where in the statement or document the error is; nullptr when it has no place.
  const TextPlace* place() const { return rep_ && rep_->has_place ? &rep_->place : nullptr; }

  /// Whether the same call may succeed later without any change.
  bool retryable() const {
    return code() == StatusCode::kUnavailable || code() == StatusCode::kResourceExhausted;
  }
  /// Whether a fresh login may help.
  bool needs_login() const { return code() == StatusCode::kUnauthenticated; }

  /// "NOT_FOUND: message", or "OK".
  std::string ToString() const;

  friend bool operator==(const Status& a, const Status& b) {
    return a.code() == b.code() && a.message() == b.message();
  }

 private:
  struct Rep {
    StatusCode code;
    std::string message;
    TextPlace place;
    bool has_place = false;
  };
  std::shared_ptr<const Rep> rep_;
};

/// Writes ToString().
std::ostream& operator<<(std::ostream& os, const Status& status);

///@{
/// An error of the code that each is named after.
Status CancelledError(std::string message);
Status UnknownError(std::string message);
Status InvalidArgumentError(std::string message);
Status DeadlineExceededError(std::string message);
Status NotFoundError(std::string message);
Status AlreadyExistsError(std::string message);
Status PermissionDeniedError(std::string message);
Status ResourceExhaustedError(std::string message);
Status FailedPreconditionError(std::string message);
Status AbortedError(std::string message);
Status OutOfRangeError(std::string message);
Status UnimplementedError(std::string message);
Status InternalError(std::string message);
Status UnavailableError(std::string message);
Status DataLossError(std::string message);
Status UnauthenticatedError(std::string message);
///@}

/// What StatusOr<T>::value() throws.
class StatusError : public std::runtime_error {
 public:
  /// what() is ToString().
  explicit StatusError(Status status);
  /// The error.
  const Status& status() const { return status_; }

 private:
  Status status_;
};

/// A value, or the error that kept it from being made.
template <typename T>
class [[nodiscard]] StatusOr {
 public:
  using value_type = T;  ///< What it holds when all went well.

  /// The error. Implicit by design: `return value;` and `return SomeError(…);` both read naturally.
  StatusOr(Status status) : rep_(std::move(status)) {  // NOLINT(google-explicit-constructor)
    if (std::get<0>(rep_).ok()) rep_ = InternalError("StatusOr made from an OK status");
  }
  /// The value, or what it can be made of without a cast: a literal for a StatusOr<std::string>.
  template <typename U = T,
            std::enable_if_t<std::is_convertible_v<U&&, T> && !std::is_convertible_v<U&&, Status> &&
                                 !std::is_same_v<std::remove_cvref_t<U>, StatusOr>,
                             int> = 0>
  StatusOr(U&& value)  // NOLINT(google-explicit-constructor)
      : rep_(std::in_place_index<1>, std::forward<U>(value)) {}

  /// Whether there is a value.
  bool ok() const { return rep_.index() == 1; }
  explicit operator bool() const { return ok(); }

  /// The error; OK when there is a value.
  Status status() const { return ok() ? Status() : std::get<0>(rep_); }

  /// The value. Undefined when !ok().
  T& operator*() & { return *std::get_if<1>(&rep_); }
  const T& operator*() const& { return *std::get_if<1>(&rep_); }
  T&& operator*() && { return std::move(*std::get_if<1>(&rep_)); }
  T* operator->() { return std::get_if<1>(&rep_); }
  const T* operator->() const { return std::get_if<1>(&rep_); }

  ///@{
  /// The value; throws StatusError when !ok().
  T& value() & {
    Check();
    return **this;
  }
  const T& value() const& {
    Check();
    return **this;
  }
  T&& value() && {
    Check();
    return *std::move(*this);
  }
  ///@}

 private:
  void Check() const {
    if (!ok()) throw StatusError(std::get<0>(rep_));
  }
  std::variant<Status, T> rep_;
};

}  // namespace tql

#endif  // TQL_STATUS_H_
