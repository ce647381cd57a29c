// Reads worlds: sets the defaults, resolves names, and checks what messages alone cannot.
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <set>
#include <utility>

#include "mockserver/space/name_guid.h"
#include "mockserver/world/privileges.h"
#include "mockserver/world/world.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"
#include "proto/document/document.h"
#include "proto/document/message_reader.h"

namespace tql::world {
namespace {

using google::protobuf::RepeatedPtrField;
using google::protobuf::util::TimeUtil;
using Texts = RepeatedPtrField<std::string>;

// A world of 10,000 users and their groups.
constexpr document::Limits kLimits{.max_nodes = 2'000'000};
constexpr std::size_t kGuidLength = 36;
constexpr std::size_t kQuoted = 60;
/// Groups that a user or a group may belong to, also through groups.
constexpr std::size_t kMostGroups = 256;
constexpr std::size_t kMostContent = std::size_t{64} << 10;  // of the content of a user

constexpr std::string_view kVisibilities[] = {"DEFAULT", "NON_SHARABLE"};
constexpr std::string_view kTableTypes[] = {"WORKSHEET", "ONE_TO_ONE_LOGICAL", "USER_DEFINED",
                                            "AGGR_WORKSHEET", "SQL_VIEW"};
constexpr std::string_view kColumnTypes[] = {"ATTRIBUTE", "MEASURE"};
constexpr std::string_view kVisualizationTypes[] = {"CHART", "TABLE", "HEADLINE", "FILTER"};
constexpr std::string_view kSizes[] = {"m", "xs", "s", "ms", "ml", "l", "ls"};
constexpr std::string_view kAdministrators = "Administrator";
constexpr std::string_view kEverybody = "All";
constexpr std::string_view kSystem = "System";
constexpr std::string_view kSystemGroups[] = {kAdministrators, kEverybody, kSystem};
constexpr std::string_view kSystemUser = "system";
constexpr std::string_view kSuperUser = "su";
constexpr std::string_view kGuest = "guest";

bool IsGuid(std::string_view text) {
  if (text.size() != kGuidLength) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : base::HexDigit(text[i]) < 0) return false;
  }
  return true;
}

std::string At(std::string_view list, std::size_t index, std::string_view field = {}) {
  std::string path = std::string(list) + '[' + std::to_string(index) + ']';
  if (!field.empty()) path.append(1, '.').append(field);
  return path;
}

std::string Quoted(std::string_view text) { return '"' + base::Excerpt(text, kQuoted) + '"'; }

/// Compares keys of a document: snake_case and camelCase are the same.
bool IsKey(std::string_view key, std::string_view field) {
  std::string a;
  std::string b;
  for (const char c : key) {
    if (c != '_') a += base::ToLower(c);
  }
  for (const char c : field) {
    if (c != '_') b += c;
  }
  return a == b;
}

/// The node of a path such as "user[3].id", or the closest one around it.
const document::Node& NodeAt(const document::Node& root, std::string_view path) {
  const document::Node* node = &root;
  while (!path.empty()) {
    const std::string_view step = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(path.size(), step.size() + 1));
    const std::size_t bracket = std::min(step.find('['), step.size());
    const auto entry = std::ranges::find_if(node->entries, [&](const auto& candidate) {
      return IsKey(candidate.key.text, step.substr(0, bracket));
    });
    if (entry == node->entries.end()) return *node;
    node = &entry->value;
    if (bracket == step.size()) continue;
    const std::size_t index = std::stoul(std::string(step.substr(bracket + 1)));
    if (index < node->items.size()) node = &node->items[index];
  }
  return *node;
}

/// Visits the lists of objects, each with its kind.
template <typename Visit>
Status VisitLists(worldpb::World& world, const Visit& visit) {
  TQL_RETURN_IF_ERROR(visit(Kind::kGroup, *world.mutable_group()));
  TQL_RETURN_IF_ERROR(visit(Kind::kUser, *world.mutable_user()));
  TQL_RETURN_IF_ERROR(visit(Kind::kTag, *world.mutable_tag()));
  TQL_RETURN_IF_ERROR(visit(Kind::kConnection, *world.mutable_connection()));
  TQL_RETURN_IF_ERROR(visit(Kind::kTable, *world.mutable_table()));
  TQL_RETURN_IF_ERROR(visit(Kind::kAnswer, *world.mutable_answer()));
  TQL_RETURN_IF_ERROR(visit(Kind::kLiveboard, *world.mutable_liveboard()));
  return visit(Kind::kRole, *world.mutable_role());
}

/// Whether two objects of the kind may have one name.
bool AllowsSameNames(Kind kind) {
  return kind == Kind::kTable || kind == Kind::kAnswer || kind == Kind::kLiveboard;
}

void SetDefault(std::string* field, std::string_view value) {
  if (field->empty()) *field = value;
}

template <typename List>
auto* FindByName(List& list, std::string_view name) {
  const auto found = std::ranges::find_if(list, [&](const auto& o) { return o.name() == name; });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

/// Fills a world.
class Resolver {
 public:
  /// `root` is the document of the message, for the places of errors; null without one.
  Resolver(const document::Node* root, World& world)
      : root_(root), world_(world), message_(world.message_) {}

  Status Run() {
    const std::span<const Account> accounts = world_.accounts_;
    TQL_RETURN_IF_ERROR(ResolveCluster());
    TQL_RETURN_IF_ERROR(ResolveOrgs());
    AddSystemObjects(accounts);
    TQL_RETURN_IF_ERROR(
        VisitLists(message_, [this](Kind kind, auto& list) { return Index(kind, list); }));
    TQL_RETURN_IF_ERROR(ResolveMemberships(accounts));
    TQL_RETURN_IF_ERROR(
        VisitLists(message_, [this](Kind kind, auto& list) { return ResolveHeaders(kind, list); }));
    for (int i = 0; i < message_.table_size(); ++i) TQL_RETURN_IF_ERROR(ResolveTable(i));
    for (int i = 0; i < message_.answer_size(); ++i) {
      TQL_RETURN_IF_ERROR(ResolveVisualizations(At("answer", i), *message_.mutable_answer(i)));
    }
    for (int i = 0; i < message_.liveboard_size(); ++i) {
      TQL_RETURN_IF_ERROR(
          ResolveVisualizations(At("liveboard", i), *message_.mutable_liveboard(i)));
    }
    for (int i = 0; i < message_.user_size(); ++i) {
      TQL_RETURN_IF_ERROR(ResolveLiveboard(At("user", i, "home_liveboard"),
                                           message_.mutable_user(i)->mutable_home_liveboard()));
      TQL_RETURN_IF_ERROR(CheckContent(i));
    }
    for (int i = 0; i < message_.group_size(); ++i) TQL_RETURN_IF_ERROR(ResolveGroup(i));
    return ResolveConfig();
  }

 private:
  Status Error(const std::string& path, std::string_view reason) const {
    const Status placed = root_ != nullptr ? document::ErrorAt(NodeAt(*root_, path), reason)
                                           : InvalidArgumentError(std::string(reason));
    return Status(placed.code(), path + ": " + placed.message());
  }

  template <typename Words>
  Status CheckWord(const std::string& path, const Words& words, std::string_view found) const {
    if (std::ranges::find(words, found) != std::end(words)) return Status();
    std::string expected;
    for (const std::string_view word : words)
      expected.append(expected.empty() ? "" : ", ").append(word);
    return Error(path, "expected one of " + expected + ", found " + Quoted(found));
  }
  Status CheckPrivilege(const std::string& path, std::string_view found) const {
    if (std::ranges::find(kPrivileges, found) != std::end(kPrivileges)) return Status();
    return Error(path, "expected a privilege such as ADMINISTRATION, found " + Quoted(found));
  }
  /// Sets the first word if the field is empty.
  template <typename Words>
  Status DefaultWord(const std::string& path, const Words& words, std::string* field) const {
    SetDefault(field, *std::begin(words));
    return CheckWord(path, words, *field);
  }

  Status TakeId(const std::string& path, std::string* id, std::string_view kind,
                std::string_view name) {
    if (id->empty()) *id = space::NameGuid(kind, name);
    *id = base::Lower(*id);
    if (!IsGuid(*id)) return Error(path + ".id", "expected a guid, found " + Quoted(*id));
    const auto [other, added] = paths_.emplace(*id, path);
    if (added) return Status();
    return Error(path + ".id", "the id " + *id + " is that of " + other->second +
                                   ", too; without an id it is derived from the name");
  }

  Status ResolveCluster() {
    worldpb::Cluster& cluster = *message_.mutable_cluster();
    SetDefault(cluster.mutable_name(), "tqlmockd");
    SetDefault(cluster.mutable_release_version(), "9.0.0.cl-100");
    SetDefault(cluster.mutable_time_zone(), "UTC");
    SetDefault(cluster.mutable_locale(), "en_US");
    return TakeId("cluster", cluster.mutable_id(), "cluster", cluster.name());
  }

  Status ResolveOrgs() {
    std::set<std::uint32_t> ids;
    std::set<std::string> names;
    for (int i = 0; i < message_.org_size(); ++i) {
      const worldpb::Org& org = message_.org(i);
      if (org.name().empty()) return Error(At("org", i), "an org needs a name");
      if (!ids.insert(org.id()).second) {
        return Error(At("org", i, "id"), "another org has the id " + std::to_string(org.id()));
      }
      if (!names.insert(org.name()).second) {
        return Error(At("org", i, "name"), "another org has the name " + Quoted(org.name()));
      }
    }
    if (message_.org_size() > 0) return Status();
    worldpb::Org& primary = *message_.add_org();
    primary.set_name("Primary");
    primary.set_description("Primary Org");
    return Status();
  }

  void AddSystemObjects(std::span<const Account> accounts) {
    for (const std::string_view name : kSystemGroups) {
      if (FindByName(*message_.mutable_group(), name) != nullptr) continue;
      worldpb::Group& group = *message_.add_group();
      group.set_name(std::string(name));
      if (name == kAdministrators || name == kSystem) {
        group.add_privilege("ADMINISTRATION");
        group.add_privilege("DATAMANAGEMENT");
      }
    }
    std::set<std::string_view> names;
    for (const worldpb::User& user : message_.user()) names.insert(user.name());
    const auto add = [&](std::string_view name, std::string_view group) {
      if (!names.insert(name).second) return;
      worldpb::User& user = *message_.add_user();
      user.set_name(std::string(name));
      if (!group.empty()) user.add_group(std::string(group));
    };
    for (const Account& account : accounts) {
      add(account.name, account.can_manage_data ? kAdministrators : "");
    }
    add(kSuperUser, kAdministrators);
    add(kSystemUser, kSystem);
    add(kGuest, "");
    for (worldpb::User& user : *message_.mutable_user()) {
      const auto account = std::ranges::find(accounts, user.name(), &Account::name);
      if (account != accounts.end() && user.id().empty()) user.set_id(account->guid);
    }
  }

  template <typename List>
  Status Index(Kind kind, List& list) {
    const std::string_view field = KindName(kind);
    auto& ids = world_.by_id_[static_cast<std::size_t>(kind)];
    auto& names = world_.by_name_[static_cast<std::size_t>(kind)];
    for (int i = 0; i < list.size(); ++i) {
      auto& object = *list.Mutable(i);
      const std::string path = At(field, i);
      if (object.name().empty()) return Error(path, "a " + std::string(field) + " needs a name");
      const auto [other, added] = names.emplace(object.name(), i);
      if (!added && !AllowsSameNames(kind)) {
        return Error(path + ".name", Quoted(object.name()) + " is the name of " +
                                         At(field, other->second) + ", too");
      }
      TQL_RETURN_IF_ERROR(TakeId(path, object.mutable_id(), field, object.name()));
      ids.emplace(object.id(), i);
    }
    return Status();
  }

  /// The position of an object by its name.
  StatusOr<std::size_t> Refer(const std::string& path, Kind kind, const std::string& name) const {
    const auto& names = world_.by_name_[static_cast<std::size_t>(kind)];
    const auto found = names.find(name);
    if (found != names.end()) return found->second;
    return Error(path, "unknown " + std::string(KindName(kind)) + ' ' + Quoted(name));
  }

  // ---- Groups and privileges -----------------------------------------------------------------

  template <typename Principal>
  Status ResolveMembership(const std::string& path, const Principal& principal,
                           Membership& membership) const {
    for (int i = 0; i < principal.group_size(); ++i) {
      TQL_ASSIGN_OR_RETURN(const std::size_t group,
                           Refer(path + '.' + At("group", i), Kind::kGroup, principal.group(i)));
      membership.direct.push_back(group);
    }
    for (int i = 0; i < principal.privilege_size(); ++i) {
      TQL_RETURN_IF_ERROR(CheckPrivilege(path + '.' + At("privilege", i), principal.privilege(i)));
      membership.privileges.push_back(principal.privilege(i));
    }
    SortUnique(membership.direct);
    return CheckGroups(path, membership.direct);
  }

  Status CheckGroups(const std::string& path, const std::vector<std::size_t>& groups) const {
    if (groups.size() <= kMostGroups) return Status();
    return Error(path, "belongs to more than " + std::to_string(kMostGroups) + " groups");
  }

  template <typename Value>
  static void SortUnique(std::vector<Value>& values) {
    std::ranges::sort(values);
    values.erase(std::unique(values.begin(), values.end()), values.end());
  }

  Status ResolveMemberships(std::span<const Account> accounts) {
    auto& groups = world_.groups_;
    groups.resize(static_cast<std::size_t>(message_.group_size()));
    for (std::size_t i = 0; i < groups.size(); ++i) {
      TQL_RETURN_IF_ERROR(
          ResolveMembership(At("group", i), message_.group(static_cast<int>(i)), groups[i]));
    }
    closed_.resize(groups.size());
    for (std::size_t i = 0; i < groups.size(); ++i) TQL_RETURN_IF_ERROR(Close(i));

    auto& users = world_.users_;
    users.resize(static_cast<std::size_t>(message_.user_size()));
    const auto everybody = world_.by_name_[0].find(std::string(kEverybody));
    for (std::size_t i = 0; i < users.size(); ++i) {
      const worldpb::User& user = message_.user(static_cast<int>(i));
      TQL_RETURN_IF_ERROR(ResolveMembership(At("user", i), user, users[i]));
      users[i].direct.push_back(everybody->second);
      SortUnique(users[i].direct);
      AddGroups(users[i]);
      TQL_RETURN_IF_ERROR(CheckGroups(At("user", i), users[i].all));
    }
    for (const Account& account : accounts) Agree(account);
    return Status();
  }

  /// Adds the groups of the direct ones, which are closed, with their privileges.
  void AddGroups(Membership& membership) const {
    membership.all = membership.direct;
    for (const std::size_t group : membership.direct) {
      const Membership& its = world_.groups_[group];
      membership.all.insert(membership.all.end(), its.all.begin(), its.all.end());
      membership.privileges.insert(membership.privileges.end(), its.privileges.begin(),
                                   its.privileges.end());
    }
    SortUnique(membership.all);
    SortUnique(membership.privileges);
  }

  /// Closes the memberships of a group, after those of the groups that it belongs to. Without
  /// recursion, because a file may have a chain of any length.
  Status Close(std::size_t start) {
    struct Step {
      std::size_t group;
      std::size_t next = 0;  // of its direct groups
    };
    std::vector<Step> path = {{start}};
    while (!path.empty()) {
      Step& step = path.back();
      const std::size_t group = step.group;
      Membership& membership = world_.groups_[group];
      if (closed_[group] == kClosed) {
        path.pop_back();
        continue;
      }
      closed_[group] = kOpen;
      if (step.next == membership.direct.size()) {
        AddGroups(membership);
        TQL_RETURN_IF_ERROR(CheckGroups(At("group", group), membership.all));
        closed_[group] = kClosed;
        path.pop_back();
        continue;
      }
      const std::size_t outer = membership.direct[step.next++];
      if (closed_[outer] == kOpen) return CycleError(group, outer);
      path.push_back({outer});
    }
    return Status();
  }

  Status CycleError(std::size_t group, std::size_t outer) const {
    const worldpb::Group& from = message_.group(static_cast<int>(group));
    const std::string& to = message_.group(static_cast<int>(outer)).name();
    const auto at = std::ranges::find(from.group(), to) - from.group().begin();
    return Error(At("group", group) + '.' + At("group", static_cast<std::size_t>(at)),
                 "the group " + Quoted(to) + " would contain itself");
  }

  /// Makes the privileges of a user agree with the right to run statements.
  void Agree(const Account& account) {
    auto& privileges = world_.users_[world_.by_name_[1].at(account.name)].privileges;
    const auto manages = [](const std::string& privilege) {
      return privilege == "DATAMANAGEMENT" || privilege == "ADMINISTRATION";
    };
    if (!account.can_manage_data) std::erase_if(privileges, manages);
    if (account.can_manage_data && std::ranges::none_of(privileges, manages)) {
      privileges.emplace_back("DATAMANAGEMENT");
      std::ranges::sort(privileges);
    }
  }

  // ---- What most objects have ----------------------------------------------------------------

  template <typename List>
  Status ResolveHeaders(Kind kind, List& list) {
    auto& headers = world_.headers_[static_cast<std::size_t>(kind)];
    headers.resize(static_cast<std::size_t>(list.size()));
    for (int i = 0; i < list.size(); ++i) {
      Header& header = headers[static_cast<std::size_t>(i)];
      header.kind = kind;
      header.index = static_cast<std::size_t>(i);
      TQL_RETURN_IF_ERROR(ResolveHeader(At(KindName(kind), i), *list.Mutable(i), header));
    }
    return Status();
  }

  template <typename Object>
  Status ResolveHeader(const std::string& path, Object& object, Header& header) const {
    if constexpr (requires { object.mutable_display_name(); }) {
      SetDefault(object.mutable_display_name(), object.name());
      header.display_name = object.display_name();
      TQL_RETURN_IF_ERROR(
          DefaultWord(path + ".visibility", kVisibilities, object.mutable_visibility()));
    } else {
      header.display_name = object.name();
    }
    if constexpr (requires { object.description(); }) header.description = object.description();
    if constexpr (requires { object.hidden(); }) header.hidden = object.hidden();
    if constexpr (requires { object.tabs(); }) header.has_tabs = object.tabs();
    if constexpr (requires { object.mutable_author(); }) {
      SetDefault(object.mutable_author(), kSystemUser);
      TQL_ASSIGN_OR_RETURN(const std::size_t author,
                           Refer(path + ".author", Kind::kUser, object.author()));
      header.author = &message_.user(static_cast<int>(author));
      TQL_RETURN_IF_ERROR(ResolveTimes(path, object, header));
    }
    if constexpr (requires { object.tag(); }) {
      for (int i = 0; i < object.tag_size(); ++i) {
        TQL_ASSIGN_OR_RETURN(const std::size_t tag,
                             Refer(path + '.' + At("tag", i), Kind::kTag, object.tag(i)));
        header.tags.push_back(&message_.tag(static_cast<int>(tag)));
      }
    }
    if constexpr (requires { object.org(); }) {
      TQL_RETURN_IF_ERROR(ResolveOrgsOf(path, object.org(), header));
    }
    if constexpr (requires { object.mutable_type(); }) {
      TQL_RETURN_IF_ERROR(ResolveType(path + ".type", header.kind, object.mutable_type()));
      header.type = object.type();
    }
    header.id = object.id();
    header.name = object.name();
    return Status();
  }

  Status ResolveOrgsOf(const std::string& path, const Texts& names, Header& header) const {
    for (int i = 0; i < names.size(); ++i) {
      const worldpb::Org* const org = FindByName(message_.org(), names[i]);
      if (org == nullptr) {
        return Error(path + '.' + At("org", i), "unknown org " + Quoted(names[i]));
      }
      header.orgs.push_back(org->id());
    }
    return Status();
  }

  template <typename Object>
  Status ResolveTimes(const std::string& path, Object& object, Header& header) const {
    if (object.has_created()) {
      header.created = TimeUtil::TimestampToMilliseconds(object.created());
      header.modified = header.created;
    }
    if (object.has_modified()) {
      header.modified = TimeUtil::TimestampToMilliseconds(object.modified());
    }
    if (header.modified < header.created) {
      return Error(path + ".modified", "the object was modified before it was created");
    }
    *object.mutable_created() = TimeUtil::MillisecondsToTimestamp(header.created);
    *object.mutable_modified() = TimeUtil::MillisecondsToTimestamp(header.modified);
    return Status();
  }

  /// Clients tell users and groups apart by the end of their type.
  Status ResolveType(const std::string& path, Kind kind, std::string* type) const {
    const auto ending = [&](std::string_view end) {
      SetDefault(type, "LOCAL" + std::string(end));
      if (type->ends_with(end)) return Status();
      return Error(path,
                   "expected a type that ends in " + std::string(end) + ", found " + Quoted(*type));
    };
    switch (kind) {
      case Kind::kUser:
        return ending("_USER");
      case Kind::kGroup:
        return ending("_GROUP");
      case Kind::kTable:
        return DefaultWord(path, kTableTypes, type);
      default:
        SetDefault(type, "RDBMS_SNOWFLAKE");
        return Status();
    }
  }

  // ---- Parts of objects ----------------------------------------------------------------------

  Status ResolveTable(int index) {
    worldpb::Table& table = *message_.mutable_table(index);
    const std::string path = At("table", index);
    if (!table.connection().empty()) {
      TQL_RETURN_IF_ERROR(
          Refer(path + ".connection", Kind::kConnection, table.connection()).status());
    }
    for (int i = 0; i < table.column_size(); ++i) {
      worldpb::Column& column = *table.mutable_column(i);
      const std::string at = path + '.' + At("column", i);
      if (column.name().empty()) return Error(at, "a column needs a name");
      TQL_RETURN_IF_ERROR(
          TakeId(at, column.mutable_id(), "column", table.id() + ' ' + column.name()));
      SetDefault(column.mutable_data_type(), "VARCHAR");
      TQL_RETURN_IF_ERROR(
          DefaultWord(at + ".column_type", kColumnTypes, column.mutable_column_type()));
    }
    return Status();
  }

  template <typename Object>
  Status ResolveVisualizations(const std::string& path, Object& object) {
    for (int i = 0; i < object.visualization_size(); ++i) {
      worldpb::Visualization& part = *object.mutable_visualization(i);
      const std::string at = path + '.' + At("visualization", i);
      if (part.name().empty()) return Error(at, "a visualization needs a name");
      TQL_RETURN_IF_ERROR(
          TakeId(at, part.mutable_id(), "visualization", object.id() + ' ' + part.name()));
      TQL_RETURN_IF_ERROR(DefaultWord(at + ".type", kVisualizationTypes, part.mutable_type()));
      TQL_RETURN_IF_ERROR(DefaultWord(at + ".size", kSizes, part.mutable_size()));
      SetDefault(part.mutable_title(), part.name());
    }
    return Status();
  }

  /// Checks the id of a Liveboard, which may be empty.
  Status ResolveLiveboard(const std::string& path, std::string* id) const {
    if (id->empty()) return Status();
    *id = base::Lower(*id);
    if (world_.Find(Kind::kLiveboard, *id) != nullptr) return Status();
    return Error(path, "unknown Liveboard " + Quoted(*id));
  }

  Status ResolveGroup(int index) {
    worldpb::Group& group = *message_.mutable_group(index);
    const std::string path = At("group", index) + '.';
    for (int i = 0; i < group.default_liveboard_size(); ++i) {
      TQL_RETURN_IF_ERROR(
          ResolveLiveboard(path + At("default_liveboard", i), group.mutable_default_liveboard(i)));
    }
    for (int i = 0; i < group.role_size(); ++i) {
      TQL_RETURN_IF_ERROR(Refer(path + At("role", i), Kind::kRole, group.role(i)).status());
    }
    return Status();
  }

  Status CheckContent(int index) const {
    const worldpb::User& user = message_.user(index);
    if (user.content().empty()) return Status();
    const std::string path = At("user", static_cast<std::size_t>(index), "content");
    const StatusOr<document::Node> content =
        document::ParseJson(user.content(), {.max_bytes = kMostContent});
    if (!content.ok()) return Error(path, "in its text, " + content.status().message());
    if (content->kind == document::Node::Kind::kMap) return Status();
    return Error(path, "expected an object of JSON");
  }

  Status ResolveConfig() {
    worldpb::Config& config = *message_.mutable_config();
    SetDefault(config.mutable_info(), "{}");
    StatusOr<document::Node> info = document::ParseJson(config.info());
    if (!info.ok()) return Error("config.info", "in its text, " + info.status().message());
    if (info->kind != document::Node::Kind::kMap) {
      return Error("config.info", "expected an object of JSON");
    }
    for (const std::string_view key : {"isSaas", "selfClusterName", "selfClusterId"}) {
      if (std::ranges::none_of(info->entries, [&](const auto& e) { return e.key.text == key; })) {
        continue;
      }
      return Error("config.info", std::string(key) + " is that of the cluster");
    }
    *config.mutable_info() = base::Trim(config.info());
    std::set<std::string_view> keys;
    for (int i = 0; i < config.override_size(); ++i) {
      const std::string& key = config.override(i).key();
      const std::string path = "config." + At("override", i);
      if (key.empty()) return Error(path, "an override needs a key");
      if (!keys.insert(key).second) return Error(path + ".key", Quoted(key) + " occurs twice");
    }
    return Status();
  }

  enum Closed : std::uint8_t { kNew, kOpen, kClosed };

  const document::Node* const root_;
  World& world_;
  worldpb::World& message_;
  std::unordered_map<std::string, std::string> paths_;  // of the objects, by id
  std::vector<Closed> closed_;                          // of the groups
};

StatusOr<std::shared_ptr<const World>> World::Read(std::string_view text,
                                                   std::span<const Account> accounts) {
  TQL_ASSIGN_OR_RETURN(const document::Node root, document::Parse(text, kLimits));
  const std::shared_ptr<World> world(new World());
  world->accounts_.assign(accounts.begin(), accounts.end());
  TQL_RETURN_IF_ERROR(document::ReadMessage(root, &world->message_));
  TQL_RETURN_IF_ERROR(Resolver(&root, *world).Run());
  return std::shared_ptr<const World>(world);
}

StatusOr<std::shared_ptr<const World>> World::With(worldpb::World message) const {
  const std::shared_ptr<World> world(new World());
  world->accounts_ = accounts_;
  world->message_ = std::move(message);
  TQL_RETURN_IF_ERROR(Resolver(nullptr, *world).Run());
  return std::shared_ptr<const World>(world);
}

bool IsPrivilege(std::string_view word) {
  return std::ranges::find(kPrivileges, word) != std::end(kPrivileges);
}

bool World::IsPermanent(const Header& principal) const {
  if (principal.kind == Kind::kGroup) {
    return std::ranges::find(kSystemGroups, principal.name) != std::end(kSystemGroups);
  }
  return principal.name == kSuperUser || principal.name == kSystemUser ||
         principal.name == kGuest ||
         std::ranges::find(accounts_, principal.name, &Account::name) != accounts_.end();
}

}  // namespace tql::world
