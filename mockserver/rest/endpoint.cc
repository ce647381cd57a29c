#include "mockserver/rest/endpoint.h"

#include "proto/base/json_writer.h"

namespace tql::rest {
namespace {

// Codes that clients have seen.
constexpr int kGenericError = 10000;
constexpr int kInvalidParameter = 10002;

/// The object that both versions print about an error. `debug` is a text that holds a JSON array.
std::string ErrorObject(int http_status, std::string_view message, const std::string& incident) {
  std::string debug;
  std::string text = "Error Code: ";
  text += http_status == 400 ? "INVALID_PARAMETER" : "INTERNAL_ERROR";
  text += " Incident Id: " + incident + "\nError Message: ";
  text += message;
  base::JsonWriter(&debug).BeginArray().String(text).EndArray();
  std::string body;
  base::JsonWriter json(&body);
  json.BeginObject();
  json.Key("code").Integer(http_status == 400 ? kInvalidParameter : kGenericError);
  json.Key("incident_id_guid").String(incident).Key("trace_id_guid").String(incident);
  json.Key("debug").String(debug).EndObject();
  return body;
}

}  // namespace

std::vector<std::string> PathsOf(const Endpoint& endpoint) {
  std::vector<std::string> paths;
  const auto add = [&](std::string_view prefix) {
    paths.push_back(std::string(prefix) + std::string(endpoint.path));
  };
  const bool both = endpoint.family == Family::kBoth;
  if (both || endpoint.family == Family::kPublic) {
    add("/callosum/v1/tspublic/v1/");
    add("/tspublic/v1/");
  }
  if (both || endpoint.family == Family::kPrivate) add("/callosum/v1/");
  if (endpoint.family == Family::kV2) add("/api/rest/2.0/");
  if (endpoint.family == Family::kRoot) add("/");
  return paths;
}

Answer ErrorAnswer(Family family, int http_status, std::string_view message, const Caller& caller) {
  const std::string incident = caller.audit->NewGuid(*caller.space->environment());
  const std::string object = ErrorObject(http_status, message, incident);
  Answer answer;
  answer.status = http_status;
  answer.body =
      family == Family::kV2 ? R"({"error":{"message":{"debug":)" + object + "}}}" : object;
  return answer;
}

}  // namespace tql::rest
