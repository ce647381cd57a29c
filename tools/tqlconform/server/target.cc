#include "tools/tqlconform/server/target.h"

#include <string_view>
#include <utility>

#include "proto/base/json_writer.h"
#include "tql/url.h"

namespace tqlconform {

tql::StatusOr<std::unique_ptr<Target>> Target::Parse(const std::string& url, const Trust& trust) {
  const tql::StatusOr<tql::Url> parsed = tql::Url::Parse(url);
  if (!parsed.ok()) return parsed.status();
  if (!parsed->more_hosts.empty()) {
    return tql::InvalidArgumentError(url + ": expected one host; --url can be repeated");
  }
  Endpoint endpoint{.tls = parsed->tls,
                    .host = parsed->host,
                    .port = parsed->port,
                    .ca_file = parsed->ca_file.value_or(trust.ca_file),
                    .insecure = parsed->insecure.value_or(trust.insecure)};
  return parsed->protocol == tql::Protocol::kGrpc ? MakeGrpcTarget(std::move(endpoint))
                                                  : MakeHttpTarget(std::move(endpoint));
}

std::string RequestBody(const Call& call) {
  const confpb::Step& step = *call.step;
  std::string body;
  // Most characters of a long statement are not escaped.
  const std::size_t size = step.query().size() + step.script().size() + step.options().size();
  body.reserve(size + size / 8 + call.context.size());
  tql::base::JsonWriter json(&body);
  json.BeginObject();
  if (!call.context.empty()) json.Key("context").Raw(call.context);
  if (!step.options().empty()) json.Key("options").Raw(step.options());
  if (step.has_script()) {
    json.Key("script_type").Integer(1).Key("script").String(step.script());
  } else {
    json.Key("query").BeginObject().Key("statement").String(step.query());
    if (step.answers_size() > 0) {
      json.Key("prompt_responses").BeginArray();
      for (const std::string& answer : step.answers()) {
        const std::string_view text = answer;
        const std::size_t equals = text.find('=');
        json.BeginObject().Key("question_id").String(text.substr(0, equals));
        json.Key("answer").String(text.substr(equals + 1)).EndObject();
      }
      json.EndArray();
    }
    json.EndObject();
  }
  json.EndObject();
  return body;
}

}  // namespace tqlconform
