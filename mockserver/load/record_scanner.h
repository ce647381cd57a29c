// Finds records and fields in delimited text.
#ifndef TQLKIT_MOCKSERVER_LOAD_RECORD_SCANNER_H_
#define TQLKIT_MOCKSERVER_LOAD_RECORD_SCANNER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tql::load {

/// The characters of the format. A separator may neither be a line end nor another character of the
/// format.
struct TextFormat {
  char separator = ',';
  bool trailing_separator = false;  // every record ends with a separator
  /// Encloses a field that contains separators, line ends or itself, which is then written twice.
  /// Elsewhere than at the start of a field it is an ordinary character.
  std::optional<char> enclosing = std::nullopt;
  /// The character after it belongs to the field, whatever it is.
  std::optional<char> escape = std::nullopt;
};

/// Texts of fields from which escapes were removed.
using OwnedTexts = std::vector<std::unique_ptr<std::string>>;

/// A record. The views point into the scanned text, or into OwnedTexts.
struct Record {
  std::string_view text;                 // as received, without its line end
  std::vector<std::string_view> fields;  // the first kMostFields of them
  std::size_t field_count = 0;
  std::uint64_t lines = 0;   // that it occupies
  std::string_view problem;  // why it is not valid, a static text; empty if it is
};

/// Records end with \n or \r\n; a \r elsewhere belongs to a field. Does not check the encoding.
/// Thread safety: one thread.
class RecordScanner {
 public:
  /// Fields of a record that are kept; further ones are only counted.
  static constexpr std::size_t kMostFields = 4096;

  explicit RecordScanner(const TextFormat& format);

  /// Reads the record at the start of `text` and removes it from there. Returns false if the text
  /// ends before the record does, which is possible only unless `ended`: the text then must come
  /// again with more behind it. The text must not be empty.
  ///
  /// In an invalid record the fields are undefined. One with text after the closing character ends
  /// with its line, one without a closing character ends with the text.
  bool Next(std::string_view& text, bool ended, Record* record, OwnedTexts* owned);

 private:
  enum class End : std::uint8_t { kSeparator, kLine, kMore, kMistake };
  struct Field {
    std::string_view text;
    std::optional<char> escape;  // that it contains
  };
  End ScanEnclosed(const char*& at, const char* end, bool ended, Field* field);
  End ScanPlain(const char*& at, const char* end, bool ended, Field* field) const;
  void TakeTrailingSeparator(Record* record) const;

  const TextFormat format_;
  std::array<bool, 256> stops_{};  // the bytes at which a plain field needs a look
  std::string_view problem_;       // of the last record
};

}  // namespace tql::load

#endif  // TQLKIT_MOCKSERVER_LOAD_RECORD_SCANNER_H_
