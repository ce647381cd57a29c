// A buffer for bytes that were received on a connection but not consumed.
#ifndef TQLKIT_MOCKSERVER_NET_INPUT_BUFFER_H_
#define TQLKIT_MOCKSERVER_NET_INPUT_BUFFER_H_

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace tql::net {

/// Allocates memory only while it holds bytes or a worker reads. Thread safety: one thread.
class InputBuffer {
 public:
  /// The maximum number of bytes.
  static constexpr std::size_t kMost = std::size_t{64} << 10;

  std::string_view view() const { return {data_.get() + begin_, end_ - begin_}; }
  void Consume(std::size_t bytes) { begin_ += bytes; }

  /// Returns the memory to read into and its size: at least a TLS record while the buffer holds
  /// less than kMost / 2 bytes; 0 if it is full. Call Added afterwards.
  char* Room(std::size_t* size) {
    if (begin_ == end_) begin_ = end_ = 0;
    if (capacity_ - end_ < kRecord) MakeRoom();
    *size = capacity_ - end_;
    return data_.get() + end_;
  }
  void Added(std::size_t bytes) { end_ += bytes; }

  /// Releases memory that is not needed for the bytes.
  void Shrink() {
    if (capacity_ > end_ - begin_) Move(end_ - begin_);
  }

 private:
  static constexpr std::size_t kRecord = std::size_t{16} << 10;

  void MakeRoom() {
    const std::size_t held = end_ - begin_;
    if (capacity_ >= held + kRecord || capacity_ == kMost) {
      std::memmove(data_.get(), data_.get() + begin_, held);
      begin_ = 0;
      end_ = held;
    } else {
      Move(std::min(kMost, std::max(held + kRecord, 2 * capacity_)));
    }
  }
  void Move(std::size_t capacity) {
    const std::string_view held = view();
    auto data = capacity == 0 ? nullptr : std::make_unique_for_overwrite<char[]>(capacity);
    if (!held.empty()) std::memcpy(data.get(), held.data(), held.size());
    end_ = held.size();
    begin_ = 0;
    data_ = std::move(data);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace tql::net

#endif  // TQLKIT_MOCKSERVER_NET_INPUT_BUFFER_H_
