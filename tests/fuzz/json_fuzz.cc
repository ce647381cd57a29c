// Requests as JSON: a message that was read is the same after writing and reading it again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tql/wire/json.h"
#include "tql/wire/messages.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  tql::pb::ExecuteSqlScriptRequest request;
  if (!tql::FromJson(text, &request).ok()) return 0;
  tql::pb::ExecuteSqlScriptRequest again;
  if (!tql::FromJson(tql::ToJson(request), &again).ok()) std::abort();
  if (again.SerializeAsString() != request.SerializeAsString()) std::abort();
  return 0;
}
