/// \file
/// Status and StatusOr<T>, which report errors throughout tqlkit.
///
/// The codes have the numeric values of gRPC's status codes. No function of tqlkit throws, except
/// StatusOr<T>::value(), for callers who prefer exceptions.
///
/// Thread safety: both are value types; different objects may be used by different threads.
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

/// The kind of an error. The page errors.md lists what each code means in tqlkit.
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

/// Returns the name of a code as gRPC spells it, e.g. "NOT_FOUND"; "UNKNOWN" for an invalid code.
std::string_view StatusCodeName(StatusCode code);

/// A position in a text. Lines and columns are counted from 1, columns in UTF-8 characters;
/// `offset` is the byte offset from the start of the text.
struct TextPlace {
  std::size_t offset = 0;
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend bool operator==(const TextPlace&, const TextPlace&) = default;
};

/// Returns the position of byte `offset` of `text`, or of its end if `offset` is greater.
TextPlace PlaceOf(std::string_view text, std::size_t offset);

/// The outcome of an operation: OK, or an error with a code, a message for the user and, for an
/// error in a text such as a statement, its position.
///
/// Copies share the error. An OK status allocates no memory.
class [[nodiscard]] Status {
 public:
  Status() = default;
  /// An error. If `code` is kOk, the status is OK and the message is dropped.
  Status(StatusCode code, std::string message);
  /// An error at a position of a text.
  Status(StatusCode code, std::string message, TextPlace place);

  /// Whether the operation succeeded.
  bool ok() const { return rep_ == nullptr; }
  /// The kind of the error; kOk if there is none.
  StatusCode code() const { return rep_ ? rep_->code : StatusCode::kOk; }
  /// The message for the user, without the code; empty if there is no error.
  const std::string& message() const;
  /// The position of the error in the statement or document; nullptr if it has none.
  const TextPlace* place() const { return rep_ && rep_->has_place ? &rep_->place : nullptr; }

  /// Whether the same call may succeed later without changes: UNAVAILABLE or RESOURCE_EXHAUSTED.
  bool retryable() const {
    return code() == StatusCode::kUnavailable || code() == StatusCode::kResourceExhausted;
  }
  /// Whether a login may help: UNAUTHENTICATED.
  bool needs_login() const { return code() == StatusCode::kUnauthenticated; }

  /// The status as text: "NOT_FOUND: message", or "OK".
  std::string ToString() const;

  /// Compares code and message, not the position.
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

/// Writes status.ToString().
std::ostream& operator<<(std::ostream& os, const Status& status);

///@{
/// Returns an error with the code in the function's name.
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

/// The exception that StatusOr<T>::value() throws.
class StatusError : public std::runtime_error {
 public:
  /// what() returns status.ToString().
  explicit StatusError(Status status);
  /// The status that value() found.
  const Status& status() const { return status_; }

 private:
  Status status_;
};

/// A value of type T, or the error because of which there is no value.
///
/// Check ok(), or convert to bool, before the value is used.
template <typename T>
class [[nodiscard]] StatusOr {
 public:
  using value_type = T;  ///< The type of the value.

  /// Holds an error, which must not be OK; an OK status becomes an INTERNAL error. Implicit by
  /// design, so that `return SomeError(…);` works.
  StatusOr(Status status) : rep_(std::move(status)) {  // NOLINT(google-explicit-constructor)
    if (std::get<0>(rep_).ok()) rep_ = InternalError("StatusOr made from an OK status");
  }
  /// Holds a value, constructed from anything that converts to T implicitly, e.g. a literal for a
  /// StatusOr<std::string>. Implicit by design, so that `return value;` works.
  template <typename U = T,
            std::enable_if_t<std::is_convertible_v<U&&, T> && !std::is_convertible_v<U&&, Status> &&
                                 !std::is_same_v<std::remove_cvref_t<U>, StatusOr>,
                             int> = 0>
  StatusOr(U&& value)  // NOLINT(google-explicit-constructor)
      : rep_(std::in_place_index<1>, std::forward<U>(value)) {}

  /// Whether there is a value.
  bool ok() const { return rep_.index() == 1; }
  /// As ok().
  explicit operator bool() const { return ok(); }

  /// The error; OK if there is a value.
  Status status() const { return ok() ? Status() : std::get<0>(rep_); }

  /// The value. Undefined behaviour if !ok().
  T& operator*() & { return *std::get_if<1>(&rep_); }
  const T& operator*() const& { return *std::get_if<1>(&rep_); }
  T&& operator*() && { return std::move(*std::get_if<1>(&rep_)); }
  T* operator->() { return std::get_if<1>(&rep_); }
  const T* operator->() const { return std::get_if<1>(&rep_); }

  ///@{
  /// The value. Throws StatusError if !ok().
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
