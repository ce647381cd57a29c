#include "mockserver/frontend/http/thena_handler.h"

#include <openssl/crypto.h>

#include <optional>

#include "mockserver/frontend/http/call_context.h"
#include "mockserver/frontend/http/forms.h"
#include "mockserver/frontend/http/neighbor_call.h"
#include "mockserver/thena/attachment.h"
#include "mockserver/thena/coverage.h"
#include "mockserver/thena/object_json.h"
#include "mockserver/thena/page.h"
#include "mockserver/world/attachment.h"
#include "proto/base/json_writer.h"
#include "tql/wire/http_status.h"

namespace tql::frontend {
namespace {

using thena::ObjectList;
using thena::Page;

/// The service has not published the body of its errors.
HttpResponse ErrorOf(int status, std::string_view message) {
  HttpResponse response;
  response.status = status;
  response.content_type = kJsonType;
  base::JsonWriter json(&response.body);
  json.BeginObject().Key("message").String(message).Key("statusCode").Integer(status).EndObject();
  return response;
}

HttpResponse ErrorOfStatus(const Status& status) {
  return ErrorOf(HttpStatusOf(status.code()), status.message());
}

/// Returns the objects of a page as an array between the two texts. The list must live as long as
/// `owner`. The body is sent while it is written, because a list may be larger than the memory.
HttpResponse ArrayOf(std::shared_ptr<const void> owner, const ObjectList& list, const Page& page,
                     std::string before, std::string after) {
  HttpResponse response;
  response.content_type = kJsonType;
  response.stream = [owner = std::move(owner), &list, page, before = std::move(before),
                     after = std::move(after)](BodyWriter& body) -> std::optional<HttpResponse> {
    constexpr std::size_t kPieceBytes = std::size_t{32} << 10;
    std::string piece = before + '[';
    for (std::size_t i = page.begin; i < page.end; ++i) {
      if (i > page.begin) piece += ',';
      base::JsonWriter json(&piece);
      thena::AppendObject(*list.Get(i), json);
      if (piece.size() < kPieceBytes) continue;
      if (!body.Write(piece)) return std::nullopt;
      piece.clear();
    }
    body.Write(piece += ']' + after);
    return std::nullopt;
  };
  return response;
}

constexpr std::string_view kNoMessage = ",\"message\":null";

Page AllOf(const ObjectList& list) { return {.begin = 0, .end = list.size()}; }

/// ,"next_cursor":"..." or ,"next_cursor":null
std::string NextCursor(const Page& page) {
  std::string text = ",\"next_cursor\":";
  if (!page.next_cursor) return text + "null";
  base::AppendJsonString(*page.next_cursor, &text);
  return text;
}

HttpResponse ObjectOf(const ObjectList::Object& object, std::string_view after) {
  HttpResponse response;
  response.content_type = kJsonType;
  response.body = "{\"data\":";
  base::JsonWriter json(&response.body);
  thena::AppendObject(*object, json);
  response.body.append(after).append("}");
  return response;
}

/// The object of the path's parameter.
HttpResponse ObjectOf(const ObjectList& list, const HttpRequest& request, std::string_view kind,
                      std::string_view after) {
  const std::optional<std::size_t> index = list.Find(request.parameters.front());
  if (!index) return ErrorOf(404, std::string(kind) + " not found");
  return ObjectOf(list.Get(*index), after);
}

thena::PageRequest PageRequestOf(const HttpRequest& request, const thena::Workspace& workspace) {
  thena::PageRequest page{.limit = FormValue(request.query, "limit"),
                          .cursor = FormValue(request.query, "next_cursor")};
  if (!page.cursor && workspace.accepts_cursor()) page.cursor = FormValue(request.query, "cursor");
  return page;
}

/// A request about a workspace.
struct Call {
  const HttpRequest& request;
  const std::shared_ptr<thena::Workspace>& workspace;
};

/// {"data":{"results":[...],"next_cursor":...},"message":null}
HttpResponse PageWithCursor(const Call& call, const ObjectList& list) {
  const StatusOr<Page> page = PageOf(list, PageRequestOf(call.request, *call.workspace));
  if (!page.ok()) return ErrorOfStatus(page.status());
  return ArrayOf(call.workspace, list, *page, R"({"data":{"results":)",
                 NextCursor(*page) + "}" + std::string(kNoMessage) + "}");
}

HttpResponse Requests(const Call& call) { return PageWithCursor(call, call.workspace->requests()); }

HttpResponse Contacts(const Call& call) { return PageWithCursor(call, call.workspace->contacts()); }

HttpResponse Users(const Call& call) {
  const ObjectList& list = call.workspace->users();
  if (!call.workspace->pages_of_users()) {
    return ArrayOf(call.workspace, list, AllOf(list), R"({"data":)", std::string(kNoMessage) + "}");
  }
  const StatusOr<Page> page = PageOf(list, PageRequestOf(call.request, *call.workspace));
  if (!page.ok()) return ErrorOfStatus(page.status());
  return ArrayOf(call.workspace, list, *page, R"({"data":{"results":)",
                 "}" + NextCursor(*page) + std::string(kNoMessage) + "}");
}

HttpResponse CustomFields(const Call& call) {
  const ObjectList& list = call.workspace->custom_fields();
  return ArrayOf(call.workspace, list, AllOf(list), R"({"data":)", "}");
}

HttpResponse SubStatuses(const Call& call) {
  const ObjectList& list = call.workspace->sub_statuses();
  return ArrayOf(call.workspace, list, AllOf(list), "", "");
}

HttpResponse Tickets(const Call& call) {
  const ObjectList& list = call.workspace->tickets();
  return ArrayOf(call.workspace, list, AllOf(list), R"({"data":)", "}");
}

HttpResponse OneRequest(const Call& call) {
  return ObjectOf(call.workspace->requests(), call.request, "Request", "");
}

HttpResponse OneUser(const Call& call) {
  return ObjectOf(call.workspace->users(), call.request, "User", kNoMessage);
}

/// How the real service's endpoint is known.
std::optional<service::Evidence> EvidenceOf(std::string_view path) {
  for (const thena::EndpointCoverage& endpoint : thena::EndpointsCovered()) {
    if (endpoint.path == path) return endpoint.evidence;
  }
  return std::nullopt;
}

HttpResponse Me(const Call& call) {
  const ObjectList::Object owner = call.workspace->owner();
  return owner ? ObjectOf(owner, kNoMessage) : ErrorOf(404, "User not found");
}

}  // namespace

struct ThenaHandler::Route {
  std::string_view path;
  HttpResponse (*answer)(const Call& call);
};

// The router prefers paths without a parameter.
const ThenaHandler::Route ThenaHandler::kRoutes[] = {
    {"/rest/v2/requests", Requests},
    {"/rest/v2/requests/v3", Requests},
    {"/rest/v2/requests/custom-fields", CustomFields},
    {"/rest/v2/requests/sub-status", SubStatuses},
    {"/rest/v2/requests/tickets", Tickets},
    {"/rest/v2/requests/{id}", OneRequest},
    {"/rest/v2/users", Users},
    {"/rest/v2/users/{id}", OneUser},
    {"/rest/v2/contacts", Contacts},
    {"/rest/v2/me", Me},
};

void ThenaHandler::AddRoutes(Router& router) {
  for (const Route& route : kRoutes) {
    const auto evidence = EvidenceOf(route.path);
    router.Add("GET", route.path, [this, &route, evidence](const HttpCall& http) {
      return Handle(route, evidence, http);
    });
  }
  router.AddErrors([](const HttpRequest& request, int status, std::string_view message) {
    if (status != 404) return ErrorOf(status, message);
    return ErrorOf(404, "Cannot " + std::string(request.method) + ' ' + std::string(request.path));
  });
}

HttpResponse ThenaHandler::Handle(const Route& route, std::optional<service::Evidence> evidence,
                                  const HttpCall& http) const {
  service::CallContext context = ContextOf(http.request, clock_);
  context.evidence = evidence;
  context.client_gone = [&client = http.client] { return client.Gone(); };
  context.run_waiting = [&client = http.client](const auto& wait) { client.RunWaiting(wait); };
  return ServeNeighbor(
      service_, service::Neighbor::kThena, context,
      [&] { return Answer(route, http.request, context.space); }, ErrorOfStatus);
}

HttpResponse ThenaHandler::Answer(const Route& route, const HttpRequest& request,
                                  std::string_view space_name) const {
  if (!IsAuthorized(request)) return ErrorOf(401, "Unauthorized");
  const auto space = namespaces_.Find(space_name);
  if (!space) return ErrorOf(404, "unknown namespace");
  const auto workspace = space->Find<thena::WorkspaceAttachment>()->Get(
      space->Find<world::WorldAttachment>()->Get(), *space->environment());
  if (!workspace.ok()) return ErrorOfStatus(workspace.status());
  thena::RateLimiter* const limiter = (*workspace)->limiter();
  const Call call{request, *workspace};
  if (limiter == nullptr) return route.answer(call);
  const thena::RateLimiter::Decision decision = limiter->Take(space->clock().WallTime());
  const std::string reset = std::to_string(decision.reset.count());
  HttpResponse response = decision.allowed ? route.answer(call) : ErrorOf(429, "Too Many Requests");
  response.headers.emplace_back("X-RateLimit-Limit", std::to_string(limiter->requests()));
  response.headers.emplace_back("X-RateLimit-Remaining", std::to_string(decision.remaining));
  response.headers.emplace_back("X-RateLimit-Reset", reset);
  if (!decision.allowed && (*workspace)->sends_retry_after()) {
    response.headers.emplace_back("Retry-After", reset);
  }
  return response;
}

bool ThenaHandler::IsAuthorized(const HttpRequest& request) const {
  constexpr std::string_view kScheme = "Bearer ";
  std::string_view given = request.Header("Authorization");
  if (!given.starts_with(kScheme)) return false;
  given.remove_prefix(kScheme.size());
  return given.size() == token_.size() &&
         CRYPTO_memcmp(given.data(), token_.data(), token_.size()) == 0;
}

}  // namespace tql::frontend
