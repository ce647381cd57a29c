#include "mockserver/thena/workspace.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockserver/thena/generator.h"
#include "mockserver/thena/object_id.h"
#include "proto/base/fnv1a.h"
#include "proto/base/status_macros.h"
#include "proto/base/utf8.h"

namespace tql::thena {
namespace {

using google::protobuf::RepeatedPtrField;
using google::protobuf::Timestamp;
using google::protobuf::util::TimeUtil;
using mockpb::ThenaWorld;

constexpr std::chrono::seconds kDefaultWindow{60};
constexpr std::chrono::hours kLongestWindow{24};
constexpr std::size_t kMostShown = 60;  // characters of a value in an error

Status ErrorAt(std::string_view path, std::string_view reason) {
  return InvalidArgumentError(std::string(path) + ": " + std::string(reason));
}

/// "request" and 3 → "request[3]".
std::string Element(std::string_view list, int index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}

/// The id of an object without one. Objects of several lists have different ids.
std::string DefaultId(std::string_view list, std::int64_t seconds, int index) {
  base::Fnv1a hash;
  hash.Add(list);
  return ObjectId{static_cast<std::uint32_t>(seconds), hash.value(),
                  static_cast<std::uint32_t>(index)}
      .ToString();
}

/// Sets the id and the times of an object that lacks them.
template <typename Object>
Status Complete(Object& object, std::string_view list, int index, const Timestamp& start) {
  if (!object.has_created_at()) *object.mutable_created_at() = start;
  if (!object.has_updated_at()) *object.mutable_updated_at() = object.created_at();
  const std::int64_t seconds = object.created_at().seconds();
  if (seconds < 0 || seconds > std::numeric_limits<std::uint32_t>::max()) {
    return ErrorAt(
        Element(list, index) + ".created_at",
        "found " + TimeUtil::ToString(object.created_at()) + ", expected a time from 1970 to 2106");
  }
  if (object.id().empty()) object.set_id(DefaultId(list, seconds, index));
  if (ParseObjectId(object.id())) return Status();
  return ErrorAt(Element(list, index) + ".id", "found \"" + base::Excerpt(object.id(), kMostShown) +
                                                   "\", expected 24 lower-case hexadecimal digits");
}

/// Completes the objects of a list and sorts them by their time.
template <typename Object>
Status CompleteAll(std::string_view list, const Timestamp& start,
                   RepeatedPtrField<Object>& objects) {
  for (int i = 0; i < objects.size(); ++i) {
    TQL_RETURN_IF_ERROR(Complete(objects[i], list, i, start));
  }
  std::stable_sort(objects.pointer_begin(), objects.pointer_end(),
                   [](const Object* one, const Object* other) {
                     return one->created_at() < other->created_at();
                   });
  return Status();
}

/// Adds the objects, which live as long as the list.
template <typename Object>
Status AddAll(std::string_view list, const RepeatedPtrField<Object>& objects, ObjectList& to) {
  for (const Object& object : objects) {
    const ObjectList::Object borrowed(std::shared_ptr<void>(), &object);
    if (to.Add(object.id(), borrowed)) continue;
    return ErrorAt(list, "two objects have the id " + object.id());
  }
  return Status();
}

Status CheckSubStatuses(const ThenaWorld& world, const ObjectList& sub_statuses) {
  for (const ThenaWorld::Request& request : world.request()) {
    if (!request.has_sub_status() || sub_statuses.Find(request.sub_status())) continue;
    return ErrorAt("request", "the sub_status of " + request.id() + ": found \"" +
                                  base::Excerpt(request.sub_status(), kMostShown) +
                                  "\", expected the id of a sub_status");
  }
  return Status();
}

Status CheckGenerate(const ThenaWorld::Generate& generate) {
  const auto check = [](std::string_view field, std::size_t count, std::size_t most) {
    if (count <= most) return Status();
    return ErrorAt("generate." + std::string(field),
                   "found " + std::to_string(count) + ", expected at most " + std::to_string(most));
  };
  TQL_RETURN_IF_ERROR(check("requests", generate.requests(), kMostRequests));
  return check("users", generate.users(), kMostUsers);
}

/// The window of the limit, after checking both of its fields.
StatusOr<std::chrono::nanoseconds> WindowOf(const ThenaWorld::RateLimit& limit) {
  if (limit.requests() == 0) {
    return ErrorAt("rate_limit.requests", "found 0, expected at least 1");
  }
  if (!limit.has_window()) return std::chrono::nanoseconds(kDefaultWindow);
  if (limit.window().seconds() <= std::chrono::seconds(kLongestWindow).count()) {
    const std::chrono::nanoseconds window(TimeUtil::DurationToNanoseconds(limit.window()));
    if (window > window.zero() && window <= kLongestWindow) return window;
  }
  return ErrorAt("rate_limit.window", "found " + TimeUtil::ToString(limit.window()) +
                                          ", expected more than 0s and at most 86400s");
}

void FillIn(std::string_view value, std::string* field) {
  if (field->empty()) *field = value;
}

/// The time of the first object; `start` without objects.
template <typename Object>
std::int64_t FirstMs(const RepeatedPtrField<Object>& objects, std::int64_t start) {
  return objects.empty() ? start : TimeUtil::TimestampToMilliseconds(objects[0].created_at());
}

}  // namespace

StatusOr<std::shared_ptr<Workspace>> Workspace::Create(
    mockpb::ThenaWorld world, std::uint64_t seed, std::chrono::system_clock::time_point start) {
  std::shared_ptr<Workspace> workspace(new Workspace(std::move(world)));
  TQL_RETURN_IF_ERROR(workspace->Fill(seed, start));
  return workspace;
}

Status Workspace::Fill(std::uint64_t seed, std::chrono::system_clock::time_point start) {
  TQL_RETURN_IF_ERROR(CheckGenerate(world_.generate()));
  if (world_.has_rate_limit()) {
    TQL_ASSIGN_OR_RETURN(const std::chrono::nanoseconds window, WindowOf(world_.rate_limit()));
    limiter_.emplace(world_.rate_limit().requests(), window);
  }
  const std::int64_t start_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(start.time_since_epoch()).count();
  const Timestamp time = TimeUtil::MillisecondsToTimestamp(start_ms);
  for (ThenaWorld::Request& request : *world_.mutable_request()) {
    FillIn("OPEN", request.mutable_status());
    FillIn("MANUAL", request.mutable_source());
  }
  const ThenaWorld::User* const owner = world_.user_size() > 0 ? &world_.user(0) : nullptr;
  TQL_RETURN_IF_ERROR(CompleteAll("user", time, *world_.mutable_user()));
  TQL_RETURN_IF_ERROR(CompleteAll("request", time, *world_.mutable_request()));
  TQL_RETURN_IF_ERROR(CompleteAll("custom_field", time, *world_.mutable_custom_field()));
  TQL_RETURN_IF_ERROR(CompleteAll("sub_status", time, *world_.mutable_sub_status()));
  TQL_RETURN_IF_ERROR(CompleteAll("contact", time, *world_.mutable_contact()));
  TQL_RETURN_IF_ERROR(CompleteAll("ticket", time, *world_.mutable_ticket()));
  Generate(seed, start_ms);
  TQL_RETURN_IF_ERROR(AddAll("user", world_.user(), users_));
  TQL_RETURN_IF_ERROR(AddAll("request", world_.request(), requests_));
  TQL_RETURN_IF_ERROR(AddAll("custom_field", world_.custom_field(), custom_fields_));
  TQL_RETURN_IF_ERROR(AddAll("sub_status", world_.sub_status(), sub_statuses_));
  TQL_RETURN_IF_ERROR(AddAll("contact", world_.contact(), contacts_));
  TQL_RETURN_IF_ERROR(AddAll("ticket", world_.ticket(), tickets_));
  if (owner != nullptr) {
    owner_ = ObjectList::Object(std::shared_ptr<void>(), owner);
  } else if (users_.size() > 0) {
    owner_ = users_.Get(0);
  }
  return CheckSubStatuses(world_, sub_statuses_);
}

void Workspace::Generate(std::uint64_t seed, std::int64_t start_ms) {
  const ThenaWorld::Generate& generate = world_.generate();
  if (generate.users() > 0) {
    users_.SetSource(MakeUserSource(
        {.count = generate.users(), .seed = seed, .before_ms = FirstMs(world_.user(), start_ms)}));
  }
  if (generate.requests() > 0) {
    requests_.SetSource(MakeRequestSource({.count = generate.requests(),
                                           .seed = seed,
                                           .before_ms = FirstMs(world_.request(), start_ms)},
                                          users_, world_));
  }
}

}  // namespace tql::thena
