#include "mockserver/frontend/http/router.h"

#include <utility>

#include "mockserver/frontend/http/forms.h"

namespace tql::frontend {
namespace {

std::vector<std::string> SegmentsOf(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::size_t end = std::min(path.find('/'), path.size());
    segments.emplace_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

bool IsParameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

/// Whether the path matches the pattern; sets `parameters` to its parameters.
bool Matches(const std::vector<std::string>& pattern, std::string_view path,
             std::vector<std::string>* parameters) {
  parameters->clear();
  for (const std::string& segment : pattern) {
    if (!path.starts_with('/')) return false;
    path.remove_prefix(1);
    const std::string_view found = path.substr(0, path.find('/'));
    path.remove_prefix(found.size());
    if (IsParameter(segment)) {
      if (found.empty()) return false;
      parameters->push_back(PercentDecode(found, /*plus_is_space=*/false));
    } else if (found != segment) {
      return false;
    }
  }
  return path.empty();
}

}  // namespace

Router::Path& Router::PathOf(std::string_view pattern) {
  if (pattern.find('{') == std::string_view::npos) return paths_[std::string(pattern)];
  std::vector<std::string> segments = SegmentsOf(pattern);
  for (Path& path : patterns_) {
    if (path.segments == segments) return path;
  }
  return patterns_.emplace_back(Path{std::move(segments), {}});
}

void Router::Add(std::string method, std::string_view pattern, HttpHandler handler, BodyMode body) {
  PathOf(pattern).routes.push_back({std::move(method), std::move(handler), body});
}

const Router::Path* Router::FindPath(HttpRequest& request) const {
  request.parameters.clear();
  if (const auto found = paths_.find(request.path); found != paths_.end()) return &found->second;
  for (const Path& path : patterns_) {
    if (Matches(path.segments, request.path, &request.parameters)) return &path;
  }
  request.parameters.clear();
  return nullptr;
}

HttpResponse Router::ErrorOf(const HttpRequest& request, int status,
                             std::string_view message) const {
  for (const MakeError& make : make_errors_) {
    if (std::optional<HttpResponse> response = make(request, status, message)) {
      return *std::move(response);
    }
  }
  return ErrorResponse(status, message);
}

const Router::Route* Router::Find(HttpRequest& request, HttpResponse* error) const {
  const Path* const path = FindPath(request);
  if (path == nullptr) {
    *error = ErrorOf(request, 404, "unknown path");
    return nullptr;
  }
  // HEAD has the response of GET without the body.
  const std::string_view method = request.method == "HEAD" ? "GET" : request.method;
  std::string allowed;
  for (const Route& route : path->routes) {
    if (route.method == method) return &route;
    allowed += (allowed.empty() ? "" : ", ") + route.method;
  }
  *error = ErrorOf(request, 405, "this path takes " + allowed);
  error->headers.emplace_back("Allow", allowed);
  return nullptr;
}

}  // namespace tql::frontend
