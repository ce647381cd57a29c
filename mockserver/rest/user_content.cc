#include "mockserver/rest/user_content.h"

#include <algorithm>

#include "mockserver/rest/world_edits.h"
#include "proto/base/json_writer.h"
#include "proto/base/status_macros.h"
#include "proto/document/node_json.h"

namespace tql::rest {

using document::Node;

std::string UserContent(const worldpb::User& user) {
  std::string text;
  base::JsonWriter json(&text);
  json.BeginObject().Key("userPreferences").BeginObject();
  json.Key("notifyOnShare").Bool(true).Key("showWalkMe").Bool(true);
  json.Key("analystOnboardingComplete").Bool(false).EndObject();
  json.Key("userProperties").BeginObject().Key("mail").String(user.mail()).EndObject();
  json.Key("userActivityProto").BeginObject();
  json.Key("first_login").Integer(-1).Key("welcome_email_sent").Bool(false).EndObject();
  json.EndObject();
  if (user.content().empty()) return text;
  StatusOr<Node> content = ObjectOf(text);
  const StatusOr<Node> own = ObjectOf(user.content());
  if (!content.ok() || !own.ok()) return text;  // the world has checked both
  Merge(*own, *content);
  text.clear();
  document::AppendJson(*content, &text);
  return text;
}

Status MergeUserContent(const Node& content, worldpb::User& user) {
  if (content.kind != Node::Kind::kMap) return InvalidArgumentError("expected an object of JSON");
  TQL_ASSIGN_OR_RETURN(Node merged, ObjectOf(user.content().empty() ? "{}" : user.content()));
  Merge(content, merged);
  Node& properties = Member(merged, "userProperties");
  if (const Node* const mail = FindMember(properties, "mail")) {
    if (!mail->is_string) return InvalidArgumentError("mail: expected a string");
    user.set_mail(mail->text);
    std::erase_if(properties.entries, [](const auto& entry) { return entry.key.text == "mail"; });
  }
  user.clear_content();
  document::AppendJson(merged, user.mutable_content());
  return Status();
}

}  // namespace tql::rest
