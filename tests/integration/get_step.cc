#include "tests/integration/get_step.h"

#include <httplib.h>

#include "tql/mock/server.h"

namespace tql::testing {
namespace {

std::string StatusOf(const httplib::Result& result) {
  return result ? std::to_string(result->status) : "no answer";
}

std::string Seen(const httplib::Result& result, std::string_view has) {
  const bool shows = !result || result->body.find(has) != std::string::npos;
  return shows ? StatusOf(result) : StatusOf(result) + ' ' + result->body;
}

}  // namespace

std::string GetRest(const std::string& url, const std::string& path, const std::string& user,
                    std::string_view has) {
  httplib::Client client(url);
  const std::string credentials =
      R"({"username":")" + user + R"(","password":")" + std::string(mock::kDefaultPassword) + "\"}";
  const auto login =
      client.Post("/api/rest/2.0/auth/session/login", credentials, "application/json");
  if (!login || login->status != 204) return "login " + StatusOf(login);
  const std::string cookie = login->get_header_value("Set-Cookie");
  return Seen(client.Get(path, {{"Cookie", cookie.substr(0, cookie.find(';'))}}), has);
}

std::string GetThena(const std::string& url, const std::string& path, const std::string& space,
                     std::string_view has) {
  const httplib::Headers headers{
      {"Authorization", "Bearer " + std::string(mock::kDefaultThenaToken)},
      {"X-TQL-Mock-Namespace", space}};
  return Seen(httplib::Client(url).Get(path, headers), has);
}

}  // namespace tql::testing
