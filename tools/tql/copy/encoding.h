// Encodings of text files, converted piece by piece.
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

/// The name by which iconv knows an encoding, given by its own name or PostgreSQL's (latin1, utf8,
/// windows-1252, WIN1252, EUC_JP); empty for UTF-8. Nothing when it is unknown.
std::optional<std::string> EncodingOf(std::string_view name);

/// Converts a stream of bytes from one encoding into another. Thread safety: none.
class Transcoder {
 public:
  /// From or to UTF-8; `encoding` comes from EncodingOf and is not empty.
  static std::unique_ptr<Transcoder> FromEncoding(const std::string& encoding);
  static std::unique_ptr<Transcoder> ToEncoding(const std::string& encoding);
  ~Transcoder();
  Transcoder(const Transcoder&) = delete;
  Transcoder& operator=(const Transcoder&) = delete;

  /// Appends what `text` becomes; an incomplete character at its end waits for the next call.
  /// INVALID_ARGUMENT for what is not in the source's encoding, or not in the target's: everything
  /// before it is appended.
  Status Convert(std::string_view text, std::string* out);
  /// After the last text: an incomplete character is an error, and an encoding with shift states
  /// returns to its first one.
  Status Finish(std::string* out);

 private:
  Transcoder(const std::string& to, const std::string& from, std::string encoding, bool decodes);

  const std::string encoding_;  // the one that is not UTF-8
  const bool decodes_;          // into UTF-8
  iconv_t state_;
  std::string rest_;  // an incomplete character
};

/// Reads bytes of an encoding as UTF-8. Thread safety: none.
class DecodingReader {
 public:
  /// Reads up to `size` bytes; 0 at the end.
  using Source = std::function<StatusOr<std::size_t>(char* into, std::size_t size)>;

  DecodingReader(Source source, const std::string& encoding)
      : source_(std::move(source)), transcoder_(Transcoder::FromEncoding(encoding)) {}

  /// As the source. INVALID_ARGUMENT, with "line N", for bytes that are not in the encoding.
  StatusOr<std::size_t> Read(char* into, std::size_t size);

 private:
  Source source_;
  std::unique_ptr<Transcoder> transcoder_;
  std::string block_;
  std::string text_;
  std::size_t at_ = 0;  // what was handed out of the text
  std::uint64_t line_ = 1;
  bool ended_ = false;
  Status mistake_;  // after the text
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COPY_ENCODING_H_
