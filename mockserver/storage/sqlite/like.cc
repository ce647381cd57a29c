#include <sqlite3.h>

#include <optional>
#include <string_view>

#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/sqlite/functions.h"
#include "proto/base/utf8.h"

namespace tql::storage::sqlite {
namespace {

/// The number of characters compared between two checks of the Cancellation.
constexpr std::uint32_t kComparisonsPerCheck = 1 << 20;

/// The size in bytes of the character at `at`, or of the ill-formed subsequence there.
std::size_t CharacterSize(std::string_view text, std::size_t at) {
  const char* const begin = text.data() + at;
  const char* const end = text.data() + text.size();
  if (static_cast<unsigned char>(*begin) < 0x80) return 1;
  const std::size_t plain = base::PlainUtf8Length(begin, end);
  return plain > 0 ? plain : base::DecodeUtf8(begin, end).length;
}

/// One element of a pattern.
struct Element {
  enum class Kind { kAnyText, kAnyCharacter, kCharacter } kind;
  std::string_view character;  // For kCharacter.
  std::size_t end;             // Where the next element begins.
};

/// Returns the element at `at` < size; nullopt if the pattern ends with the escape character.
std::optional<Element> ElementAt(std::string_view pattern, std::size_t at,
                                 std::string_view escape) {
  std::string_view character = pattern.substr(at, CharacterSize(pattern, at));
  std::size_t end = at + character.size();
  if (!escape.empty() && character == escape) {
    if (end == pattern.size()) return std::nullopt;
    character = pattern.substr(end, CharacterSize(pattern, end));
    return Element{Element::Kind::kCharacter, character, end + character.size()};
  }
  if (character == "%") return Element{Element::Kind::kAnyText, {}, end};
  if (character == "_") return Element{Element::Kind::kAnyCharacter, {}, end};
  return Element{Element::Kind::kCharacter, character, end};
}

/// Backtracks only to the last %, so the time is bounded by the product of the lengths.
StatusOr<bool> Matches(std::string_view text, std::string_view pattern, std::string_view escape,
                       const Cancellation* cancellation) {
  std::size_t t = 0, p = 0;
  std::optional<std::size_t> retry_pattern;  // Position after the last %.
  std::size_t retry_text = 0;                // End of the text matched by that %.
  for (std::uint32_t steps = 1;; ++steps) {
    if (steps % kComparisonsPerCheck == 0 && cancellation != nullptr) {
      if (Status status = cancellation->Check(); !status.ok()) return status;
    }
    if (t == text.size() && p == pattern.size()) return true;
    bool step = false;
    if (p < pattern.size()) {
      const std::optional<Element> element = ElementAt(pattern, p, escape);
      if (!element) return InvalidArgumentError("the LIKE pattern ends with its escape character");
      if (element->kind == Element::Kind::kAnyText) {
        p = element->end;
        retry_pattern = p;
        retry_text = t;
        continue;
      }
      if (t < text.size()) {
        const std::size_t size = CharacterSize(text, t);
        step = element->kind == Element::Kind::kAnyCharacter ||
               text.substr(t, size) == element->character;
        if (step) {
          t += size;
          p = element->end;
        }
      }
    }
    if (step) continue;
    if (!retry_pattern || retry_text >= text.size()) return false;
    retry_text += CharacterSize(text, retry_text);  // Let the % match one more character.
    t = retry_text;
    p = *retry_pattern;
  }
}

void Like(sqlite3_context* context, int count, sqlite3_value** arguments) {
  for (int i = 0; i < count; ++i) {
    if (sqlite3_value_type(arguments[i]) == SQLITE_NULL) return;
  }
  std::string_view escape;
  if (count == 4) {
    escape = TextOf(arguments[3]);
    if (escape.empty() || CharacterSize(escape, 0) != escape.size()) {
      return Fail(context, InvalidArgumentError("the escape of LIKE must be one character"),
                  arguments[0]);
    }
  }
  const auto& running = *static_cast<const Running*>(sqlite3_user_data(context));
  const StatusOr<bool> matches =
      Matches(TextOf(arguments[1]), TextOf(arguments[2]), escape, running.cancellation);
  if (!matches) return Fail(context, matches.status(), arguments[0]);
  sqlite3_result_int(context, *matches ? 1 : 0);
}

}  // namespace

int RegisterLike(sqlite3* db, Running& running) {
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  for (const int arguments : {3, 4}) {
    const int code = sqlite3_create_function_v2(db, "tql_like", arguments, kFlags, &running, Like,
                                                nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

}  // namespace tql::storage::sqlite
