#include "mockserver/rest/session_info.h"

#include <openssl/evp.h>

#include <array>
#include <new>

#include "mockserver/rest/objects.h"
#include "proto/base/json_writer.h"
#include "proto/base/text.h"

namespace tql::rest {

std::string MailOf(const worldpb::User& user) {
  if (!user.mail().empty()) return user.mail();
  constexpr std::size_t kMostLocalPart = 64;  // RFC 5321
  std::string local = user.name().substr(0, kMostLocalPart);
  for (char& c : local) {
    if (!base::IsLetter(c) && !base::IsDigit(c) && c != '_') c = '-';
  }
  return local + "@example.com";
}

namespace {

/// The documented form is base64 of 32 bytes. No call accepts it.
std::string AuthToken(const service::Session& session) {
  const std::string text =
      session.user->guid + ' ' + *session.space + ' ' + std::to_string(session.number);
  std::array<unsigned char, 32> digest{};
  std::array<unsigned char, 45> encoded{};  // with a NUL
  if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw std::bad_alloc();
  }
  EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
  return reinterpret_cast<const char*>(encoded.data());
}

}  // namespace

std::string SessionInfo(const Caller& caller) {
  const world::World& world = *caller.world;
  const worldpb::Cluster& cluster = world.message().cluster();
  const worldpb::User& user = world.message().user(static_cast<int>(caller.user->index));
  const auto expires = caller.session->expires.time_since_epoch();
  std::string text;
  base::JsonWriter json(&text);
  json.BeginObject();
  json.Key("userGUID").String(caller.user->id).Key("userName").String(caller.user->name);
  json.Key("userDisplayName").String(caller.user->display_name);
  json.Key("userEmail").String(MailOf(user));
  json.Key("userCreatedTime").Integer(caller.user->created);
  json.Key("userExpirationTime").Integer(-1);
  json.Key("apiVersion").String("v1");
  json.Key("releaseVersion").String(cluster.release_version());
  json.Key("canChangePassword").Bool(false).Key("isSystemUser").Bool(false);
  json.Key("logicalModelVersion").Integer(1).Key("userGroupMask").Integer(0);
  json.Key("privileges").BeginArray();
  for (const std::string& privilege : caller.membership().privileges) json.String(privilege);
  json.EndArray();
  json.Key("expirationTime")
      .Integer(std::chrono::duration_cast<std::chrono::seconds>(expires).count());
  json.Key("authToken").String(AuthToken(*caller.session));
  json.Key("currentOrgId").Integer(caller.org().id());
  json.Key("locale").String(cluster.locale()).Key("timezone").String(cluster.time_zone());
  json.Key("dateFormat").Raw(R"({"formatPattern":"yyyy-MM-dd"})");
  json.Key("timeFormat").Raw(R"({"formatPattern":"HH:mm:ss"})");
  json.Key("dateTimeFormat").Raw(R"({"formatPattern":"yyyy-MM-dd HH:mm:ss"})");
  json.Key("integerFormat").Raw("{}").Key("decimalFormat").Raw("{}");
  json.Key("clientState").Raw(R"({"preferences":{},"tips":{}})");
  json.Key("configInfo").Raw(ConfigInfo(world)).EndObject();
  return text;
}

}  // namespace tql::rest
