#include "tests/integration/get_step.h"

#include <httplib.h>

#include "tql/mock/server.h"

namespace tql::testing {
namespace {

std::string StatusOf(const httplib::Result& result) {
  return result ? std::to_string(result->status) : "no answer";
}

}  // namespace

std::string GetRest(const std::string& url, const std::string& path, const std::string& user) {
  httplib::Client client(url);
  const std::string credentials =
      R"({"username":")" + user + R"(","password":")" + std::string(mock::kDefaultPassword) + "\"}";
  const auto login =
      client.Post("/api/rest/2.0/auth/session/login", credentials, "application/json");
  if (!login || login->status != 204) return "login " + StatusOf(login);
  const std::string cookie = login->get_header_value("Set-Cookie");
  return StatusOf(client.Get(path, {{"Cookie", cookie.substr(0, cookie.find(';'))}}));
}

std::string GetThena(const std::string& url, const std::string& path, const std::string& space) {
  return StatusOf(httplib::Client(url).Get(
      path, {{"Authorization", "Bearer " + std::string(mock::kDefaultThenaToken)},
             {"X-TQL-Mock-Namespace", space}}));
}

}  // namespace tql::testing
