#include "tools/tql/copy/encoding.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <utility>

#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::shell {
namespace {

constexpr const char* kUtf8 = "UTF-8";

/// PostgreSQL's names that iconv does not know, in lower case without punctuation.
constexpr std::pair<std::string_view, const char*> kPostgresNames[] = {
    {"abc", "CP1258"},
    {"alt", "CP866"},
    {"euccn", "EUC-CN"},
    {"eucjis2004", "EUC-JISX0213"},
    {"eucjp", "EUC-JP"},
    {"euckr", "EUC-KR"},
    {"euctw", "EUC-TW"},
    {"iso88595", "ISO-8859-5"},
    {"iso88596", "ISO-8859-6"},
    {"iso88597", "ISO-8859-7"},
    {"iso88598", "ISO-8859-8"},
    {"koi8", "KOI8-R"},
    {"koi8r", "KOI8-R"},
    {"koi8u", "KOI8-U"},
    {"mskanji", "CP932"},
    {"shiftjis", "SHIFT_JIS"},
    {"shiftjis2004", "SHIFT_JISX0213"},
    {"tcvn", "CP1258"},
    {"tcvn5712", "CP1258"},
    {"unicode", kUtf8},
    {"utf8", kUtf8},
    {"vscii", "CP1258"},
    {"win", "CP1251"},
    {"win866", "CP866"},
    {"win874", "CP874"},
    {"win932", "CP932"},
    {"win936", "CP936"},
    {"win949", "UHC"},
    {"win950", "CP950"},
    {"win1250", "CP1250"},
    {"win1251", "CP1251"},
    {"win1252", "CP1252"},
    {"win1253", "CP1253"},
    {"win1254", "CP1254"},
    {"win1255", "CP1255"},
    {"win1256", "CP1256"},
    {"win1257", "CP1257"},
    {"win1258", "CP1258"}};

}  // namespace

std::optional<std::string> EncodingOf(std::string_view name) {
  constexpr std::string_view kPunctuation = "-_.:";  // no '/': iconv takes options behind it
  constexpr std::size_t kLongest = 40;
  std::string plain;
  for (const char c : name.substr(0, kLongest)) {
    if (base::IsLetter(c) || base::IsDigit(c)) {
      plain += base::ToLower(c);
    } else if (kPunctuation.find(c) == kPunctuation.npos) {
      return std::nullopt;
    }
  }
  if (plain.empty() || name.size() > kLongest) return std::nullopt;
  std::string known(name);
  for (const auto& [postgres, iconv_name] : kPostgresNames) {
    if (plain == postgres) known = iconv_name;
  }
  if (known == kUtf8) return std::string();
  const iconv_t both[] = {iconv_open(kUtf8, known.c_str()), iconv_open(known.c_str(), kUtf8)};
  bool found = true;
  for (const iconv_t state : both) {
    if (state == reinterpret_cast<iconv_t>(-1)) {
      found = false;
    } else {
      iconv_close(state);
    }
  }
  return found ? std::optional(known) : std::nullopt;
}

Transcoder::Transcoder(const std::string& to, const std::string& from, std::string encoding,
                       bool decodes)
    : encoding_(std::move(encoding)),
      decodes_(decodes),
      state_(iconv_open(to.c_str(), from.c_str())) {}

std::unique_ptr<Transcoder> Transcoder::FromEncoding(const std::string& encoding) {
  return std::unique_ptr<Transcoder>(new Transcoder(kUtf8, encoding, encoding, true));
}

std::unique_ptr<Transcoder> Transcoder::ToEncoding(const std::string& encoding) {
  return std::unique_ptr<Transcoder>(new Transcoder(encoding, kUtf8, encoding, false));
}

Transcoder::~Transcoder() {
  if (state_ != reinterpret_cast<iconv_t>(-1)) iconv_close(state_);
}

Status Transcoder::Convert(std::string_view text, std::string* out) {
  rest_ += text;
  char* from = rest_.data();
  std::size_t left = rest_.size();
  char block[16 * 1024];
  for (;;) {
    char* to = block;
    std::size_t room = sizeof block;
    const bool failed = iconv(state_, &from, &left, &to, &room) == static_cast<std::size_t>(-1);
    const int error = failed ? errno : 0;
    out->append(block, static_cast<std::size_t>(to - block));
    if (error == E2BIG) continue;
    if (error == 0 || error == EINVAL) {
      rest_.erase(0, rest_.size() - left);
      return {};
    }
    if (decodes_ || error != EILSEQ) {
      return InvalidArgumentError("not " + encoding_ + ": the byte " +
                                  base::ShownByte(*from, base::kLowerHex));
    }
    const std::string_view at(from, left);
    const std::size_t length = base::Utf8Length(at, 0);
    return InvalidArgumentError("the character '" + std::string(at.substr(0, length)) +
                                "' does not exist in the encoding " + encoding_);
  }
}

Status Transcoder::Finish(std::string* out) {
  if (!rest_.empty()) {
    return InvalidArgumentError("not " + encoding_ + ": an incomplete character at the end");
  }
  char block[64];
  char* to = block;
  std::size_t room = sizeof block;
  iconv(state_, nullptr, nullptr, &to, &room);
  out->append(block, static_cast<std::size_t>(to - block));
  return {};
}

StatusOr<std::size_t> DecodingReader::Read(char* into, std::size_t size) {
  constexpr std::size_t kBlock = std::size_t{64} << 10;
  while (at_ == text_.size()) {
    if (!mistake_.ok()) return mistake_;
    if (ended_) return std::size_t{0};
    block_.resize(kBlock);
    const StatusOr<std::size_t> count = source_(block_.data(), block_.size());
    if (!count.ok()) return count.status();
    text_.clear();
    at_ = 0;
    ended_ = *count == 0;
    mistake_ = ended_ ? transcoder_->Finish(&text_)
                      : transcoder_->Convert(std::string_view(block_).substr(0, *count), &text_);
    line_ += static_cast<std::uint64_t>(std::ranges::count(text_, '\n'));
    if (!mistake_.ok()) {
      mistake_ = InvalidArgumentError("line " + std::to_string(line_) + ": " + mistake_.message());
    }
  }
  const std::size_t taken = text_.copy(into, size, at_);
  at_ += taken;
  return taken;
}

}  // namespace tql::shell
