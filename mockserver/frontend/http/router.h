// Which handler answers which request.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_ROUTER_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_ROUTER_H_

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mockserver/frontend/http/http_message.h"

namespace tql::frontend {

/// Thread safety: Find may be called from any thread once all routes were added.
class Router {
 public:
  struct Route {
    std::string method;
    HttpHandler handler;
    BodyMode body = BodyMode::kWhole;
  };

  /// `method`: GET, which answers HEAD too, POST, PUT, PATCH or DELETE. `pattern`: a path whose
  /// segments may be parameters, "/tables/{name}/rows"; paths without parameters are found first,
  /// then patterns in the order in which they were added.
  void Add(std::string method, std::string_view pattern, HttpHandler handler,
           BodyMode body = BodyMode::kWhole);

  /// The route of the request, whose parameters are set; or null and in `error` the answer: 404, or
  /// 405 for a path that has other methods.
  const Route* Find(HttpRequest& request, HttpResponse* error) const;

 private:
  struct Path {
    std::vector<std::string> segments;  // of a pattern
    std::deque<Route> routes;
  };
  Path& PathOf(std::string_view pattern);
  const Path* FindPath(HttpRequest& request) const;

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  std::unordered_map<std::string, Path, Hash, std::equal_to<>> paths_;
  std::deque<Path> patterns_;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_ROUTER_H_
