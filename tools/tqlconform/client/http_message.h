// Messages of HTTP/1.1, read from the bytes of a connection.
#ifndef TQLKIT_TOOLS_TQLCONFORM_CLIENT_HTTP_MESSAGE_H_
#define TQLKIT_TOOLS_TQLCONFORM_CLIENT_HTTP_MESSAGE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tqlconform {

/// The value of a field of a head; nullopt if the head does not have it. Names are compared without
/// case.
std::optional<std::string> FieldOf(std::string_view head, std::string_view name);

struct HttpMessage {
  std::string head;  // With the empty line at its end.
  std::string body;  // Without the framing of chunks.
  /// The path of a request.
  std::string_view path() const;
};

/// Splits the bytes of one direction of a connection into messages. Bytes that are not HTTP are
/// never a message.
class MessageReader {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{64} << 20;

  /// Adds bytes as they arrive. False if more than kMaxBytes wait for the end of their message.
  bool Add(std::string_view bytes);
  /// Takes the next message whose end has arrived.
  std::optional<HttpMessage> Next();
  /// Bytes of a message whose end has not arrived.
  std::string_view rest() const { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_CLIENT_HTTP_MESSAGE_H_
