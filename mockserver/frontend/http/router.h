// Maps requests to handlers.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_ROUTER_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_ROUTER_H_

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mockserver/frontend/http/http_message.h"

namespace tql::frontend {

/// Thread safety: Find may be called from any thread after all routes were added.
class Router {
 public:
  struct Route {
    std::string method;
    HttpHandler handler;
    BodyMode body = BodyMode::kWhole;
  };

  /// Adds a route. `method` is GET, which includes HEAD, POST, PUT, PATCH or DELETE. `pattern` is a
  /// path whose segments may be parameters, "/tables/{name}/rows". Paths without parameters take
  /// precedence; then the first added pattern that matches applies.
  void Add(std::string method, std::string_view pattern, HttpHandler handler,
           BodyMode body = BodyMode::kWhole);

  /// Makes the response to a request that no handler gets, or whose body is refused; nullopt for a
  /// path of another service.
  using MakeError = std::function<std::optional<HttpResponse>(
      const HttpRequest& request, int status, std::string_view message)>;
  /// Replaces the responses of ErrorResponse for the paths of a service.
  void AddErrors(MakeError make) { make_errors_.push_back(std::move(make)); }
  HttpResponse ErrorOf(const HttpRequest& request, int status, std::string_view message) const;

  /// Returns the route of the request and sets the request's parameters. For an unknown path
  /// returns null and sets `error` to 404, or to 405 if the path has other methods.
  const Route* Find(HttpRequest& request, HttpResponse* error) const;

 private:
  struct Path {
    std::vector<std::string> segments;  // segments of a pattern
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
  std::vector<MakeError> make_errors_;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_ROUTER_H_
