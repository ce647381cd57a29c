// One HTTP(S) connection, kept alive between requests. The only file that knows the HTTP library is
// http_connection.cc.
#ifndef TQLKIT_CLIENT_SRC_HTTP_CONNECTION_H_
#define TQLKIT_CLIENT_SRC_HTTP_CONNECTION_H_

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tql/options.h"
#include "tql/transport.h"
#include "tql/url.h"

namespace tql {

/// Ends a request from any thread. Waits for the socket watch its descriptor, so it acts at once.
class CancelSignal {
 public:
  CancelSignal();
  ~CancelSignal();
  CancelSignal(const CancelSignal&) = delete;
  CancelSignal& operator=(const CancelSignal&) = delete;

  void Set();
  bool is_set() const { return set_.load(std::memory_order_acquire); }
  /// Readable once set; negative when the system has none left: then look at is_set now and then.
  int fd() const { return fd_; }

  /// For the time of a call that cannot watch fd(): Set shuts this socket down.
  class ShutsDown {
   public:
    ShutsDown(CancelSignal& signal, int socket);
    ~ShutsDown();
    ShutsDown(const ShutsDown&) = delete;
    ShutsDown& operator=(const ShutsDown&) = delete;

   private:
    CancelSignal& signal_;
  };

 private:
  const int fd_;
  std::atomic<bool> set_{false};
  std::mutex mutex_;
  int socket_ = -1;  // a descriptor of our own; -1: none
};

struct HttpRequest {
  std::string method;
  std::string path;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string content_type;
  std::string body;
};

struct HttpHead {
  int status = 0;
  std::vector<std::string> set_cookies;
  std::string retry_after = std::string();
  std::string date = std::string();
};

/// Where an answer goes. Either returns false to end the request.
struct HttpReceiver {
  std::function<bool(const HttpHead&)> head;
  std::function<bool(const char* data, std::size_t size)> body;
};

class HttpConnection {
 public:
  virtual ~HttpConnection() = default;

  /// Sends a request and receives its answer. UNAVAILABLE when the service cannot be reached or the
  /// connection is lost, FAILED_PRECONDITION when its certificate is not trusted or it does not
  /// speak TLS, DEADLINE_EXCEEDED, CANCELLED (by the signal or the receiver), INTERNAL for a head
  /// that is too long. Looking up the name of the host alone cannot be cancelled and knows no
  /// deadline. After an error the connection is made anew.
  virtual Status Send(const HttpRequest& request, const HttpReceiver& receiver, Deadline deadline,
                      CancelSignal& cancel) = 0;

  /// Whether the last Send reached the service: without a connection nothing was sent.
  virtual bool connected() const = 0;

  static std::unique_ptr<HttpConnection> Make(const Url& url, const Options& options);
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_HTTP_CONNECTION_H_
