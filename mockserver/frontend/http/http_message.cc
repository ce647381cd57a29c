#include "mockserver/frontend/http/http_message.h"

#include "proto/base/json_writer.h"
#include "proto/base/text.h"

namespace tql::frontend {

std::string_view HttpRequest::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (base::EqualsIgnoreCase(key, name)) return value;
  }
  return {};
}

HttpResponse ErrorResponse(int status, std::string_view message) {
  HttpResponse response;
  response.status = status;
  response.content_type = kJsonType;
  base::JsonWriter json(&response.body);
  json.BeginObject().Key("error").BeginObject().Key("code").Integer(status);
  json.Key("message").String(message).EndObject().EndObject();
  response.body += '\n';
  return response;
}

}  // namespace tql::frontend
