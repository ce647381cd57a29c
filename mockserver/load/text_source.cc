#include "mockserver/load/text_source.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

namespace tql::load {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{64} << 10;

}  // namespace

/// Decompresses one upload, which may consist of several gzip members.
class TextSource::Gunzip {
 public:
  Gunzip() {
    constexpr int kOnlyGzip = 16;
    if (inflateInit2(&stream_, kOnlyGzip + MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  ~Gunzip() { inflateEnd(&stream_); }
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  StatusOr<std::size_t> Read(TextSource& from, char* into, std::size_t size) {
    stream_.next_out = reinterpret_cast<Bytef*>(into);
    stream_.avail_out =
        static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
    const uInt room = stream_.avail_out;
    while (stream_.avail_out == room) {
      if (stream_.avail_in == 0) {
        const StatusOr<std::size_t> got = from.ReadBytes(block_.data(), block_.size());
        if (!got.ok()) return got;
        if (*got == 0) {
          if (between_members_) return std::size_t{0};
          return InvalidArgumentError("the gzip data end early");
        }
        stream_.next_in = reinterpret_cast<Bytef*>(block_.data());
        stream_.avail_in = static_cast<uInt>(*got);
      }
      if (std::exchange(between_members_, false)) inflateReset(&stream_);
      const int result = inflate(&stream_, Z_NO_FLUSH);
      between_members_ = result == Z_STREAM_END;
      if (result == Z_MEM_ERROR) throw std::bad_alloc();
      if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
        return InvalidArgumentError("invalid gzip data");
      }
    }
    return room - stream_.avail_out;
  }

 private:
  z_stream stream_{};
  std::string block_ = std::string(kBlockBytes, '\0');
  bool between_members_ = false;
};

TextSource::TextSource(std::vector<Upload> uploads) : uploads_(std::move(uploads)) {}
TextSource::~TextSource() = default;

StatusOr<std::size_t> TextSource::ReadBytes(char* into, std::size_t size) {
  StatusOr<std::size_t> got = uploads_[next_].bytes->Read(offset_, into, size);
  if (got.ok()) offset_ += *got;
  return got;
}

StatusOr<std::size_t> TextSource::Read(char* into, std::size_t size) {
  for (; next_ < uploads_.size(); ++next_) {
    const bool gzip = uploads_[next_].gzip;
    if (gzip && !gunzip_) gunzip_ = std::make_unique<Gunzip>();
    const StatusOr<std::size_t> got =
        gzip ? gunzip_->Read(*this, into, size) : ReadBytes(into, size);
    if (!got.ok() || *got > 0) return got;
    gunzip_.reset();
    offset_ = 0;
  }
  return std::size_t{0};
}

}  // namespace tql::load
