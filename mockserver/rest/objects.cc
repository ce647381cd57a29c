#include "mockserver/rest/objects.h"

#include <algorithm>
#include <unordered_set>

#include "mockserver/engine/builtins.h"
#include "mockserver/rest/user_content.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"
#include "proto/document/document.h"

namespace tql::rest {
namespace {

using world::Header;
using world::Kind;
using world::World;

constexpr std::size_t kPiece = std::size_t{64} << 10;
constexpr std::size_t kQuoted = 60;

struct Type {
  std::string_view name;
  Kind kind;
};
constexpr Type kTypes[] = {
    {"QUESTION_ANSWER_BOOK", Kind::kAnswer},
    {"PINBOARD_ANSWER_BOOK", Kind::kLiveboard},
    {"LOGICAL_TABLE", Kind::kTable},
    {"DATA_SOURCE", Kind::kConnection},
    {"TAG", Kind::kTag},
    {"USER", Kind::kUser},
    {"USER_GROUP", Kind::kGroup},
};
constexpr std::string_view kColumns = "LOGICAL_COLUMN";
constexpr std::string_view kRelationships = "LOGICAL_RELATIONSHIP";

const worldpb::User* SystemUser(const World& world) {
  return world.FindName(Kind::kUser, "system")->author;
}

/// Tables of TQL belong to the system, whose tables the mock does not date.
void AddTables(Objects& objects, const Caller& caller) {
  objects.tables = caller.space->engine().Tables();
  for (const engine::Engine::TableEntry& entry : objects.tables) {
    if (engine::IsBuiltIn(entry.database)) continue;
    Header& header = objects.made.emplace_back();
    header.kind = Kind::kTable;
    header.id = entry.table->guid;
    header.name = header.display_name = entry.table->name;
    header.description = entry.database + '.' + entry.schema;
    header.type = "ONE_TO_ONE_LOGICAL";
    header.author = SystemUser(*objects.world);
    objects.rows.push_back({.header = &header, .table = entry.table.get()});
  }
}

Header& AddColumn(Objects& objects, const Row& table, std::string id, std::string name,
                  std::string type) {
  Header& header = objects.made.emplace_back();
  header = Header{.kind = Kind::kTable,
                  .id = std::move(id),
                  .name = name,
                  .display_name = name,
                  .description = {},
                  .type = std::move(type),
                  .author = table.header->author,
                  .created = table.header->created,
                  .modified = table.header->modified,
                  .hidden = table.header->hidden,
                  .tags = {},
                  .orgs = {},
                  .index = 0};
  objects.rows.push_back({.header = &header, .table = table.table, .owner = table.header});
  return header;
}

/// Replaces the tables by their columns.
void ToColumns(Objects& objects) {
  const std::vector<Row> tables = std::exchange(objects.rows, {});
  for (const Row& row : tables) {
    if (row.table != nullptr) {
      for (const plan::ColumnDef& column : row.table->columns) {
        AddColumn(objects, row, column.guid, column.name, std::string(ColumnType(column)));
      }
      continue;
    }
    const worldpb::Table& table =
        objects.world->message().table(static_cast<int>(row.header->index));
    for (const worldpb::Column& column : table.column()) {
      AddColumn(objects, row, column.id(), column.name(), column.column_type()).description =
          column.description();
    }
  }
}

/// Adds those of the org of the session.
void AddAll(Objects& objects, Kind kind, const worldpb::Org& org) {
  for (const Header& header : objects.world->All(kind)) {
    if (header.BelongsTo(org)) objects.rows.push_back({&header});
  }
}

using Texts = std::unordered_set<std::string>;

StatusOr<Texts> TextsOf(const Params& params, std::string_view name) {
  TQL_ASSIGN_OR_RETURN(std::vector<std::string> list, params.List(name));
  Texts texts;
  for (std::string& text : list) texts.insert(base::Lower(text));
  return texts;
}

bool Has(const Texts& texts, std::string_view text) { return texts.contains(base::Lower(text)); }

Status WrongWord(std::string_view name, std::string_view found) {
  return InvalidArgumentError(std::string(name) + ": unknown value \"" +
                              base::Excerpt(found, kQuoted) + '"');
}

Status SelectCategory(const Params& params, const Caller& caller, Objects& objects) {
  const std::string_view category = params.Text("category");
  if (category.empty() || category == "ALL") return Status();
  if (category == "MY") {
    Filter(objects, [&](const Row& row) {
      return row.header->author != nullptr && row.header->author->id() == caller.user->id;
    });
    return Status();
  }
  if (category != "FAVORITE" && category != "REQUESTED") return WrongWord("category", category);
  objects.rows.clear();  // the mock has neither favorites nor requests
  return Status();
}

}  // namespace

Status SortBy(std::string_view by, bool ascending, Objects& objects) {
  const auto sort = [&](const auto& key) {
    std::ranges::stable_sort(objects.rows, [&](const Row& a, const Row& b) {
      return ascending ? key(a) < key(b) : key(b) < key(a);
    });
    return Status();
  };
  const auto name = [](const Row& row) { return std::string_view(row.header->name); };
  if (by.empty() || by == "DEFAULT") return Status();
  if (by == "NAME") return sort(name);
  if (by == "DISPLAY_NAME") {
    return sort([](const Row& row) { return std::string_view(row.header->display_name); });
  }
  if (by == "AUTHOR") {
    return sort([](const Row& row) {
      const worldpb::User* const author = row.header->author;
      return author == nullptr ? std::string_view() : std::string_view(author->name());
    });
  }
  if (by == "CREATED") return sort([](const Row& row) { return row.header->created; });
  if (by == "MODIFIED") return sort([](const Row& row) { return row.header->modified; });
  return WrongWord("sort", by);
}

namespace {

void WriteTags(const Header& header, base::JsonWriter& json) {
  json.Key("tags").BeginArray();
  for (const worldpb::Tag* const tag : header.tags) {
    json.BeginObject().Key("id").String(tag->id()).Key("name").String(tag->name());
    json.Key("isDeleted").Bool(false).Key("isHidden").Bool(false);
    json.Key("isExternal").Bool(false).Key("isDeprecated").Bool(false).EndObject();
  }
  json.EndArray();
}

void WriteIds(std::string_view key, const World& world, const std::vector<std::size_t>& groups,
              base::JsonWriter& json) {
  json.Key(key).BeginArray();
  for (const std::size_t group : groups) json.String(world.All(Kind::kGroup)[group].id);
  json.EndArray();
}

void WritePrivileges(const world::Membership& membership, base::JsonWriter& json) {
  json.Key("privileges").BeginArray();
  for (const std::string& privilege : membership.privileges) json.String(privilege);
  json.EndArray();
}

}  // namespace

bool IsSystem(const Header& header) {
  constexpr std::string_view kUsers[] = {"su", "system", "guest"};
  constexpr std::string_view kGroups[] = {"Administrator", "All", "System"};
  return std::ranges::count(header.kind == Kind::kUser ? kUsers : kGroups, header.name) > 0;
}

namespace {

/// The members that users and groups have in common, from "assignedGroups" on.
void WritePrincipalMembers(const World& world, const Header& header, std::string_view visibility,
                           base::JsonWriter& json) {
  const world::Membership& membership = world.MembershipOf(header);
  WriteIds("assignedGroups", world, membership.direct, json);
  WriteIds("inheritedGroups", world, membership.all, json);
  WritePrivileges(membership, json);
  json.Key("type").String(header.type);
  json.Key("parenttype").String(header.kind == Kind::kUser ? "USER" : "GROUP");
  json.Key("visibility").String(visibility);
  json.Key("tenantId").String(world.message().cluster().id());
  json.Key("displayName").String(header.display_name);
  json.Key("header").BeginObject();
  json.Key("id").String(header.id).Key("indexVersion").Integer(1);
  json.Key("generationNum").Integer(1).Key("name").String(header.name);
  json.Key("displayName").String(header.display_name);
  json.Key("author").String(header.author->id());
  json.Key("created").Integer(header.created).Key("modified").Integer(header.modified);
  json.Key("modifiedBy").String(header.author->id()).Key("owner").String(header.id);
  json.Key("isDeleted").Bool(false).Key("isHidden").Bool(false);
  WriteTags(header, json);
  json.Key("type").String(header.type);
  json.Key("isExternal").Bool(false).Key("isDeprecated").Bool(false).EndObject();
  json.Key("complete").Bool(true).Key("incompleteDetail").BeginArray().EndArray();
  json.Key("isSuperUser").Bool(membership.is_administrator());
  json.Key("isSystemPrincipal").Bool(IsSystem(header));
}

}  // namespace

std::string_view TypeOf(Kind kind) {
  const auto type = std::ranges::find(kTypes, kind, &Type::kind);
  return type == std::end(kTypes) ? "ROLE" : type->name;
}

std::string DataType(const plan::ColumnDef& column) {
  switch (column.type.kind) {
    case values::TypeKind::kInt:
      return "INT32";
    case values::TypeKind::kBigInt:
      return "INT64";
    case values::TypeKind::kDateTime:
      return "DATE_TIME";
    default:
      return base::Upper(values::TypeName(column.type.kind));
  }
}

std::string_view ColumnType(const plan::ColumnDef& column) {
  return values::IsNumeric(column.type.kind) ? "MEASURE" : "ATTRIBUTE";
}

StatusOr<ObjectsPtr> ObjectsOf(std::string_view type, const Caller& caller) {
  auto objects = std::make_shared<Objects>();
  objects->world = caller.world;
  if (type.empty()) return InvalidArgumentError("type: a type is required, e.g. LOGICAL_TABLE");
  if (type == kRelationships) return objects;
  const auto known = std::ranges::find(kTypes, type, &Type::name);
  if (known == std::end(kTypes) && type != kColumns) {
    return InternalError("type: unknown type \"" + base::Excerpt(type, kQuoted) + '"');
  }
  AddAll(*objects, type == kColumns ? Kind::kTable : known->kind, caller.org());
  if (type == kColumns || known->kind == Kind::kTable) AddTables(*objects, caller);
  if (type == kColumns) ToColumns(*objects);
  return objects;
}

Status Select(const Params& params, const Caller& caller, Objects& objects) {
  TQL_RETURN_IF_ERROR(SelectCategory(params, caller, objects));
  TQL_ASSIGN_OR_RETURN(const Texts subtypes, TextsOf(params, "subtypes"));
  TQL_ASSIGN_OR_RETURN(const Texts tags, TextsOf(params, "tagname"));
  TQL_ASSIGN_OR_RETURN(const Texts skipped, TextsOf(params, "skipids"));
  TQL_ASSIGN_OR_RETURN(const Texts fetched, TextsOf(params, "fetchids"));
  TQL_ASSIGN_OR_RETURN(const bool show_hidden, params.Bool("showhidden", false));
  TQL_ASSIGN_OR_RETURN(const bool made_by_server, params.Bool("auto_created", false));
  const std::string_view pattern = params.Text("pattern");
  std::string author = base::Lower(params.Text("authorguid"));
  if (author.empty()) author = base::Lower(params.Text("author_guid"));
  if (made_by_server) objects.rows.clear();
  Filter(objects, [&](const Row& row) {
    const Header& header = *row.header;
    return (show_hidden || !header.hidden) && (subtypes.empty() || Has(subtypes, header.type)) &&
           (skipped.empty() || !Has(skipped, header.id)) &&
           (fetched.empty() || Has(fetched, header.id)) &&
           (author.empty() || (header.author != nullptr && header.author->id() == author)) &&
           (pattern.empty() || MatchesPattern(header.name, pattern) ||
            MatchesPattern(header.display_name, pattern)) &&
           (tags.empty() || std::ranges::any_of(header.tags, [&](const worldpb::Tag* tag) {
              return Has(tags, tag->name()) || Has(tags, tag->id());
            }));
  });
  TQL_ASSIGN_OR_RETURN(const bool ascending, params.Bool("sortascending", true));
  return SortBy(params.Text("sort"), ascending, objects);
}

void WriteHeaderMembers(const Row& row, base::JsonWriter& json) {
  const Header& header = *row.header;
  json.Key("id").String(header.id).Key("indexVersion").Integer(1);
  json.Key("generationNum").Integer(1).Key("name").String(header.name);
  if (header.kind == Kind::kUser || header.kind == Kind::kGroup) {
    json.Key("displayName").String(header.display_name);
  }
  if (!header.description.empty()) json.Key("description").String(header.description);
  json.Key("author").String(header.author->id());
  json.Key("authorName").String(header.author->name());
  json.Key("authorDisplayName").String(header.author->display_name());
  json.Key("created").Integer(header.created).Key("modified").Integer(header.modified);
  json.Key("modifiedBy").String(header.author->id());
  json.Key("owner").String(row.owner != nullptr ? row.owner->id : header.id);
  json.Key("isDeleted").Bool(false).Key("isHidden").Bool(header.hidden);
  if (header.kind == Kind::kLiveboard) {
    json.Key("isAutoCreated").Bool(false).Key("isAutoDelete").Bool(false);
    json.Key("resolvedObjects").BeginObject().EndObject();
    json.Key("hasTabs").Bool(header.has_tabs).Key("modelVersion").String("V4");
  }
  WriteTags(header, json);
  if (!header.type.empty()) json.Key("type").String(header.type);
  json.Key("isExternal").Bool(false).Key("isDeprecated").Bool(false);
}

void WriteHeader(const Row& row, base::JsonWriter& json) {
  json.BeginObject();
  WriteHeaderMembers(row, json);
  json.EndObject();
}

void WriteUser(const World& world, const Header& header, base::JsonWriter& json) {
  const worldpb::User& user = world.message().user(static_cast<int>(header.index));
  json.BeginObject().Key("userContent").Raw(UserContent(user));
  json.Key("state").String(user.inactive() ? "INACTIVE" : "ACTIVE");
  WritePrincipalMembers(world, header, user.visibility(), json);
  json.EndObject();
}

void WriteGroup(const World& world, const Header& header, base::JsonWriter& json) {
  const worldpb::Group& group = world.message().group(static_cast<int>(header.index));
  json.BeginObject();
  WritePrincipalMembers(world, header, group.visibility(), json);
  json.EndObject();
}

void WritePrincipal(const World& world, const Header& header, base::JsonWriter& json) {
  const int index = static_cast<int>(header.index);
  const bool is_user = header.kind == Kind::kUser;
  json.BeginObject().Key("name").String(header.name);
  json.Key("displayName").String(header.display_name);
  if (!header.description.empty()) json.Key("description").String(header.description);
  json.Key("created").Integer(header.created).Key("modified").Integer(header.modified);
  json.Key("principalTypeEnum").String(header.type);
  json.Key("groupNames").BeginArray();
  for (const std::size_t group : world.MembershipOf(header).direct) {
    json.String(world.All(Kind::kGroup)[group].name);
  }
  json.EndArray();
  json.Key("visibility")
      .String(is_user ? world.message().user(index).visibility()
                      : world.message().group(index).visibility());
  if (is_user) json.Key("mail").String(world.message().user(index).mail());
  json.Key("activate").Bool(!is_user || !world.message().user(index).inactive());
  json.EndObject();
}

std::string ConfigInfo(const World& world) {
  const worldpb::Cluster& cluster = world.message().cluster();
  std::string info = world.message().config().info();
  const StatusOr<document::Node> known = document::ParseJson(info);
  const auto has = [&](std::string_view key) {
    return known.ok() && std::ranges::any_of(known->entries, [&](const auto& entry) {
             return entry.key.text == key;
           });
  };
  info.pop_back();  // the brace; the text is an object without blanks around it
  info = base::Trim(info);
  if (!info.ends_with('{')) info += ',';
  std::string own;
  base::JsonWriter json(&own);
  json.BeginObject().Key("isSaas").Bool(cluster.saas());
  json.Key("selfClusterName").String(cluster.name());
  json.Key("selfClusterId").String(cluster.id());
  // The embedding SDK fails without them. It does not report to Mixpanel without a key.
  if (!has("isPublicUser")) json.Key("isPublicUser").Bool(false);
  if (!has("mixpanelConfig")) {
    json.Key("mixpanelConfig").BeginObject().Key("production").Bool(false);
    json.Key("devSdkKey").String("").Key("prodSdkKey").String("").EndObject();
  }
  json.EndObject();
  return info + own.substr(1);
}

std::string OverridesJson(const World& world) {
  std::string text;
  base::JsonWriter json(&text);
  json.BeginObject();
  for (const worldpb::Config::Override& entry : world.message().config().override()) {
    json.Key(entry.key()).BeginObject().Key("category").String(entry.category());
    json.Key("dataType").String(entry.data_type()).Key("description").String(entry.description());
    if (!entry.regex().empty()) json.Key("regex").String(entry.regex());
    json.Key("current");
    const bool is_text = base::EqualsIgnoreCase(entry.data_type(), "STRING");
    const bool is_json = !is_text && document::ParseJson(entry.value()).ok();
    (is_json ? json.Raw(entry.value()) : json.String(entry.value())).EndObject();
  }
  json.EndObject();
  return text;
}

Answer JsonAnswer(std::string body) {
  Answer answer;
  answer.body = std::move(body);
  return answer;
}

Answer Streamed(std::string head, std::size_t rows, std::string tail,
                std::function<void(std::size_t row, base::JsonWriter& json)> write) {
  Answer answer;
  answer.stream = [head = std::move(head), rows, tail = std::move(tail),
                   write = std::move(write)](const WriteBody& send) {
    std::string piece = head;
    base::JsonWriter json(&piece);
    for (std::size_t row = 0; row < rows; ++row) {
      write(row, json);
      if (piece.size() < kPiece) continue;
      if (!send(piece)) return;
      piece.clear();
    }
    send(piece += tail);
  };
  return answer;
}

StatusOr<Answer> LogsAnswer(const Request& request, std::string_view from, std::string_view to,
                            bool all_orgs) {
  using std::chrono::milliseconds;
  constexpr std::int64_t kDay = milliseconds(std::chrono::hours(24)).count();
  constexpr std::int64_t kLatest = 7'258'118'400'000;  // 2200
  const std::int64_t now = MillisecondsOf(request.caller.space->environment()->clock.WallTime());
  TQL_ASSIGN_OR_RETURN(const std::int64_t last, request.params.Integer(to, now));
  TQL_ASSIGN_OR_RETURN(const std::int64_t first,
                       request.params.Integer(from, last < kDay ? 0 : last - kDay));
  const std::string names = std::string(from) + ", " + std::string(to) + ": ";
  if (first < 0 || last < first || last > kLatest) {
    return InvalidArgumentError(names +
                                "expected milliseconds since 1970, the first before the "
                                "second");
  }
  if (last - first > kDay) {
    return InvalidArgumentError(names + "expected at most 24 hours");
  }
  const std::uint32_t org = request.caller.org().id();  // all orgs are for those of the primary one
  const auto at = [](std::int64_t time) { return WallTime(milliseconds(time)); };
  auto events = std::make_shared<std::vector<AuditLog::EntryPtr>>(request.caller.audit->Between(
      at(first), at(last + 1), all_orgs && org == 0 ? std::nullopt : std::optional(org)));
  const std::size_t count = events->size();
  return Streamed("[", count, "]", [events](std::size_t row, base::JsonWriter& json) {
    const AuditLog::Entry& entry = *(*events)[row];
    json.BeginObject().Key("date").String(IsoTime(entry.time));
    json.Key("log").String(entry.log).EndObject();
  });
}

}  // namespace tql::rest
