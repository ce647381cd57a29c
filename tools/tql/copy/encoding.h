// Incremental conversion of text encodings.
#ifndef TQLKIT_TOOLS_TQL_COPY_ENCODING_H_
#define TQLKIT_TOOLS_TQL_COPY_ENCODING_H_

#include <iconv.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tql/status.h"

namespace tql::shell {

/// Returns iconv's name of an encoding, given by its name in iconv or PostgreSQL (latin1, utf8,
/// windows-1252, WIN1252, EUC_JP); empty for UTF-8; nullopt if it is unknown.
std::optional<std::string> EncodingOf(std::string_view name);

/// Converts a stream of bytes from one encoding to another. Thread safety: one thread.
class Transcoder {
 public:
  /// Converts from or to UTF-8. `encoding` must be a non-empty result of EncodingOf.
  static std::unique_ptr<Transcoder> FromEncoding(const std::string& encoding);
  static std::unique_ptr<Transcoder> ToEncoding(const std::string& encoding);
  ~Transcoder();
  Transcoder(const Transcoder&) = delete;
  Transcoder& operator=(const Transcoder&) = delete;

  /// Appends the converted text. An incomplete character at its end is kept for the next call.
  /// INVALID_ARGUMENT for bytes that are invalid in the source encoding or characters that the
  /// target encoding lacks; the text before them is appended.
  Status Convert(std::string_view text, std::string* out);
  /// To be called after the last text. An incomplete character is an error; an encoding with shift
  /// states returns to the initial state.
  Status Finish(std::string* out);

 private:
  Transcoder(const std::string& to, const std::string& from, std::string encoding, bool decodes);

  const std::string encoding_;  // the one that is not UTF-8
  const bool decodes_;          // to UTF-8
  iconv_t state_;
  std::string rest_;  // an incomplete character
};

/// Reads a source in another encoding as UTF-8. Thread safety: one thread.
class DecodingReader {
 public:
  /// Reads up to `size` bytes; returns 0 at the end.
  using Source = std::function<StatusOr<std::size_t>(char* into, std::size_t size)>;

  DecodingReader(Source source, const std::string& encoding)
      : source_(std::move(source)), transcoder_(Transcoder::FromEncoding(encoding)) {}

  /// Reads like a Source. INVALID_ARGUMENT with "line N" for bytes that are invalid in the
  /// encoding.
  StatusOr<std::size_t> Read(char* into, std::size_t size);

 private:
  Source source_;
  std::unique_ptr<Transcoder> transcoder_;
  std::string block_;
  std::string text_;
  std::size_t at_ = 0;  // number of bytes of the text already returned
  std::uint64_t line_ = 1;
  bool ended_ = false;
  Status mistake_;  // reported after the text
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COPY_ENCODING_H_
