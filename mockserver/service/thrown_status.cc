#include "mockserver/service/thrown_status.h"

#include <exception>
#include <new>
#include <string>

namespace tql::service {
namespace {

// Created when the program starts: copies of a Status allocate no memory.
const Status kOutOfMemory = InternalError("internal error: out of memory");
const Status kUnknown = InternalError("internal error");

}  // namespace

Status ThrownStatus() noexcept {
  try {
    try {
      throw;
    } catch (const std::bad_alloc&) {
      return kOutOfMemory;
    } catch (const std::exception& thrown) {
      return InternalError(std::string("internal error: ") + thrown.what());
    }
  } catch (...) {
    return kUnknown;
  }
}

}  // namespace tql::service
