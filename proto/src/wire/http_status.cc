#include "tql/wire/http_status.h"

namespace tql {
namespace {

struct Pair {
  StatusCode code;
  int http;
};
// For each code, and for each number, the first entry applies. 408 and 504 mean UNAVAILABLE,
// because they come from a proxy that timed out; the deadline of the call itself has not expired.
constexpr Pair kPairs[] = {
    {StatusCode::kInvalidArgument, 400},
    {StatusCode::kUnauthenticated, 401},
    {StatusCode::kPermissionDenied, 403},
    {StatusCode::kNotFound, 404},
    {StatusCode::kUnimplemented, 405},
    {StatusCode::kUnavailable, 503},
    {StatusCode::kUnavailable, 408},
    {StatusCode::kDeadlineExceeded, 408},
    {StatusCode::kFailedPrecondition, 412},
    {StatusCode::kFailedPrecondition, 407},
    {StatusCode::kAlreadyExists, 409},
    {StatusCode::kAborted, 409},
    {StatusCode::kResourceExhausted, 429},
    {StatusCode::kInvalidArgument, 413},
    {StatusCode::kInvalidArgument, 415},
    {StatusCode::kOutOfRange, 400},
    {StatusCode::kCancelled, 499},
    {StatusCode::kInternal, 500},
    {StatusCode::kUnimplemented, 501},
    {StatusCode::kUnavailable, 502},
    {StatusCode::kUnavailable, 504},
    {StatusCode::kDataLoss, 500},
    {StatusCode::kUnknown, 500},
};

}  // namespace

int HttpStatusOf(StatusCode code) {
  if (code == StatusCode::kOk) return 200;
  for (const Pair& pair : kPairs) {
    if (pair.code == code) return pair.http;
  }
  return 500;
}

StatusCode StatusCodeOfHttp(int http_status) {
  if (http_status >= 200 && http_status < 300) return StatusCode::kOk;
  for (const Pair& pair : kPairs) {
    if (pair.http == http_status) return pair.code;
  }
  if (http_status >= 400 && http_status < 500) return StatusCode::kInvalidArgument;
  return http_status >= 500 ? StatusCode::kInternal : StatusCode::kUnknown;
}

}  // namespace tql
