// A hint, a line end, and a text: reading is bounded and returns values of its type, and the text
// printed by a hint has a bounded length.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "mockserver/values/civil_time.h"
#include "mockserver/values/temporal.h"

using tql::values::TemporalReading;
using tql::values::TypeKind;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = std::min(input.find('\n'), size);
  const std::string_view hint = input.substr(0, cut);
  const std::string_view text = input.substr(std::min(cut + 1, size));
  const tql::values::TemporalFormat format(hint);
  for (const TypeKind kind : {TypeKind::kDate, TypeKind::kDateTime, TypeKind::kTime}) {
    for (const TemporalReading& reading :
         {format.Read(kind, text), tql::values::ReadTemporal(kind, text),
          tql::values::ReadTemporal(kind, text, hint)}) {
      if (!reading.value) {
        if (reading.problem.empty()) std::abort();
        continue;
      }
      const bool time = kind == TypeKind::kTime;
      if (*reading.value < (time ? 0 : tql::values::kMinDateTime)) std::abort();
      if (*reading.value > (time ? 86399 : tql::values::kMaxDateTime)) std::abort();
      if (kind == TypeKind::kDate && *reading.value % 86400 != 0) std::abort();
      std::string printed;
      format.Append(*reading.value, printed);
      if (printed.size() > 256 * (hint.size() + 1)) std::abort();
    }
  }
  return 0;
}
