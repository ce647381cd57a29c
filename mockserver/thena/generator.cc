#include "mockserver/thena/generator.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockserver/thena/object_id.h"
#include "proto/base/random.h"
#include "proto/base/text.h"

namespace tql::thena {
namespace {

using google::protobuf::util::TimeUtil;
using mockpb::ThenaWorld;

constexpr std::int64_t kMillisPerSecond = 1000;
constexpr std::int64_t kMillisPerYear = 365 * 24 * 3600 * kMillisPerSecond;

// Streams of random numbers of one seed.
enum Stream : std::uint64_t { kUserIds, kUserTimes, kUsers, kRequestIds, kRequestTimes, kRequests };

constexpr std::string_view kFirstNames[] = {"Ann",   "Bela", "Chen",   "Dara",  "Emil", "Farah",
                                            "Goran", "Hana", "Ingrid", "Jamal", "Kofi", "Lena",
                                            "Mara",  "Nils", "Olga",   "Pedro"};
constexpr std::string_view kLastNames[] = {
    "Adams", "Bauer",  "Costa", "Diaz",  "Evans",  "Fischer", "Gupta", "Hughes",
    "Ito",   "Jansen", "Kim",   "Lopez", "Moreau", "Novak",   "Okoye", "Petrov"};
constexpr std::string_view kTitles[] = {"Support Engineer", "Account Manager", "Developer",
                                        "Analyst"};

struct TimeZone {
  std::string_view name;
  std::string_view label;
  std::int32_t offset;
};
constexpr TimeZone kTimeZones[] = {
    {"America/Los_Angeles", "Pacific Standard Time", -28800},
    {"America/New_York", "Eastern Standard Time", -18000},
    {"Europe/Berlin", "Central European Time", 3600},
    {"Asia/Kolkata", "India Standard Time", 19800},
};

struct Topic {
  std::string_view title;
  std::string_view text;
  std::string_view category;
  std::string_view tags[2];
};
constexpr Topic kTopics[] = {
    {"Login fails", "I cannot log in since this morning.", "Access", {"auth", "login"}},
    {"Export is slow",
     "The export of last month has been running for an hour.",
     "Performance",
     {"export", "slow"}},
    {"Wrong total",
     "The total of the invoice differs from the sum of its lines.",
     "Billing",
     {"invoice", "numbers"}},
    {"New seat", "Please add a seat for our new colleague.", "Account", {"seats", "billing"}},
    {"Webhook is silent",
     "Our webhook has not received any event since Friday.",
     "Integration",
     {"webhook", "api"}},
    {"Chart is empty",
     "The chart of the dashboard shows no data.",
     "Product",
     {"dashboard", "chart"}},
};

constexpr std::string_view kStatuses[] = {"OPEN",   "OPEN",   "ASSIGNED",           "INPROGRESS",
                                          "ONHOLD", "CLOSED", "CONVERTED_TO_TICKET"};
constexpr std::string_view kUrgencies[] = {"Low", "Medium", "High"};
constexpr std::string_view kSentiments[] = {"Positive", "Neutral", "Negative"};

/// The random numbers of one object.
class Draws {
 public:
  Draws(std::uint64_t seed, Stream stream, std::size_t index)
      : seed_(base::SplitMix64(base::SplitMix64(seed, stream), index)) {}

  std::size_t Below(std::size_t limit) { return base::SplitMix64(seed_, next_++) % limit; }
  bool Chance(std::size_t percent) { return Below(100) < percent; }
  template <typename T, std::size_t size>
  const T& From(const T (&values)[size]) {
    return values[Below(size)];
  }

 private:
  const std::uint64_t seed_;
  std::uint64_t next_ = 0;
};

/// An id of Slack: a letter for its kind, and ten letters or digits.
std::string SlackId(char kind, Draws& draws) {
  constexpr std::string_view kCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::string id(1, kind);
  for (int i = 0; i < 10; ++i) id += kCharacters[draws.Below(kCharacters.size())];
  return id;
}

/// A time of Slack: seconds with six digits of a fraction.
std::string SlackTime(std::int64_t ms) {
  char text[64];
  std::snprintf(text, sizeof(text), "%lld.%06lld", static_cast<long long>(ms / kMillisPerSecond),
                static_cast<long long>(ms % kMillisPerSecond * 1000));
  return text;
}

/// Ids and times of objects. The counter of an id is the object's position.
class Timeline : public ObjectSource {
 public:
  Timeline(const GeneratorOptions& options, Stream ids, Stream times)
      : options_(options), ids_(ids), times_(times) {}

  std::size_t size() const override { return options_.count; }
  std::string IdOf(std::size_t index) const override {
    return ObjectId{static_cast<std::uint32_t>(CreatedMs(index) / kMillisPerSecond),
                    base::SplitMix64(options_.seed, ids_), static_cast<std::uint32_t>(index)}
        .ToString();
  }
  std::optional<std::size_t> Find(std::string_view id) const override {
    const std::optional<ObjectId> parsed = ParseObjectId(id);
    if (!parsed || parsed->counter >= size() || IdOf(parsed->counter) != id) return std::nullopt;
    return parsed->counter;
  }

 protected:
  std::uint64_t seed() const { return options_.seed; }
  /// The objects are spread evenly over the year, each at a random time of its part.
  std::int64_t CreatedMs(std::size_t index) const {
    const auto count = static_cast<std::int64_t>(size());
    const std::int64_t step = kMillisPerYear / count;
    const std::int64_t begin =
        options_.before_ms - step * (count - static_cast<std::int64_t>(index));
    Draws draws(seed(), times_, index);
    const auto offset = static_cast<std::int64_t>(draws.Below(static_cast<std::size_t>(step)));
    return std::max<std::int64_t>(begin + offset, 0);
  }
  std::int64_t UpdatedMs(std::int64_t created, Draws& draws) const {
    constexpr std::size_t kLongest = 3 * 24 * 3600 * 1000;
    const auto later = created + static_cast<std::int64_t>(draws.Below(kLongest));
    return std::max(created, std::min(later, options_.before_ms));
  }

 private:
  const GeneratorOptions options_;
  const Stream ids_;
  const Stream times_;
};

class UserSource final : public Timeline {
 public:
  explicit UserSource(const GeneratorOptions& options) : Timeline(options, kUserIds, kUserTimes) {}

  std::unique_ptr<google::protobuf::Message> Make(std::size_t index) const override {
    Draws draws(seed(), kUsers, index);
    const std::string first(draws.From(kFirstNames));
    const std::string last(draws.From(kLastNames));
    const std::string handle =
        base::Lower(first) + "." + base::Lower(last) + "." + std::to_string(index + 1);
    const TimeZone& zone = draws.From(kTimeZones);
    const std::int64_t created = CreatedMs(index);
    auto user = std::make_unique<ThenaWorld::User>();
    user->set_id(IdOf(index));
    *user->mutable_created_at() = TimeUtil::MillisecondsToTimestamp(created);
    *user->mutable_updated_at() = TimeUtil::MillisecondsToTimestamp(UpdatedMs(created, draws));
    user->set_name(first + " " + last);
    user->set_slack_id(SlackId('U', draws));
    user->set_slack_name(handle);
    Draws team(seed(), kUsers, size());
    user->set_slack_team_id(SlackId('T', team));
    user->set_slack_tz(std::string(zone.name));
    user->set_slack_tz_label(std::string(zone.label));
    user->set_slack_tz_offset(zone.offset);
    user->set_slack_profile_email(handle + "@example.com");
    if (draws.Chance(70)) user->set_slack_profile_title(std::string(draws.From(kTitles)));
    const std::string image = "https://example.com/images/" + user->slack_id();
    user->set_slack_profile_image_24(image + "_24.png");
    user->set_slack_profile_real_name(user->name());
    user->set_slack_profile_display_name(first);
    user->set_slack_profile_image_original(image + ".png");
    return user;
  }
};

class RequestSource final : public Timeline {
 public:
  RequestSource(const GeneratorOptions& options, const ObjectList& users, const ThenaWorld& world)
      : Timeline(options, kRequestIds, kRequestTimes), users_(users) {
    for (const ThenaWorld::SubStatus& sub_status : world.sub_status()) {
      sub_statuses_.push_back(sub_status.id());
    }
    for (const ThenaWorld::CustomField& field : world.custom_field()) {
      if (field.options_size() > 0) fields_.push_back(field);
    }
  }

  std::unique_ptr<google::protobuf::Message> Make(std::size_t index) const override {
    Draws draws(seed(), kRequests, index);
    const Topic& topic = draws.From(kTopics);
    const std::int64_t created = CreatedMs(index);
    auto request = std::make_unique<ThenaWorld::Request>();
    request->set_id(IdOf(index));
    *request->mutable_created_at() = TimeUtil::MillisecondsToTimestamp(created);
    *request->mutable_updated_at() = TimeUtil::MillisecondsToTimestamp(UpdatedMs(created, draws));
    request->set_status(std::string(draws.From(kStatuses)));
    if (!sub_statuses_.empty() && draws.Chance(50)) {
      request->set_sub_status(sub_statuses_[draws.Below(sub_statuses_.size())]);
    }
    request->set_source(draws.Chance(75) ? "AI" : "MANUAL");
    request->set_original_message_text(std::string(topic.text));
    SetMessage(created, draws, *request);
    SetResponse(created, draws, *request);
    SetAiMetadata(topic, draws, *request);
    SetCustomFields(draws, *request);
    return request;
  }

 private:
  void SetMessage(std::int64_t created, Draws& draws, ThenaWorld::Request& request) const {
    const bool email = draws.Chance(20);
    request.set_original_message_ts(SlackTime(created));
    request.set_original_message_source(email ? "EMAIL" : "SLACK");
    if (users_.size() == 0) return;
    const ObjectList::Object object = users_.Get(draws.Below(users_.size()));
    const auto& user = dynamic_cast<const ThenaWorld::User&>(*object);
    request.set_original_message_user_id(user.id());
    request.set_original_message_user_name(user.name());
    if (email) return;
    request.set_original_message_permalink("https://example.slack.com/archives/" +
                                           SlackId('C', draws) + "/p" + std::to_string(created) +
                                           "000");
    request.set_original_message_user_slack_name(user.slack_name());
    request.set_original_message_user_slack_profile_real_name(user.slack_profile_real_name());
    const std::string image = "https://example.com/images/" + user.slack_id();
    request.set_original_message_user_slack_profile_image_48(image + "_48.png");
    request.set_original_message_user_slack_profile_image_72(image + "_72.png");
    request.set_original_message_user_slack_profile_image_512(image + "_512.png");
  }

  static void SetSla(bool known, Draws& draws, ThenaWorld::Request::Sla& sla) {
    const bool breached = known && draws.Chance(20);
    sla.set_is_valid(known);
    sla.set_evaluated_state(!known ? "NONE" : breached ? "BREACHED" : "MET");
    sla.set_is_breached(breached);
  }

  static void SetResponse(std::int64_t created, Draws& draws, ThenaWorld::Request& request) {
    constexpr std::size_t kSlowest = 4 * 3600;
    const bool responded = draws.Chance(80);
    ThenaWorld::Request::SlaMetrics& metrics = *request.mutable_sla_metrics();
    SetSla(responded, draws, *metrics.mutable_first_response_sla());
    SetSla(request.status() == "CLOSED", draws, *metrics.mutable_resolution_sla());
    if (!responded) return;
    const auto seconds = static_cast<std::int64_t>(draws.Below(kSlowest));
    ThenaWorld::Request::FirstResponseTime& time = *request.mutable_first_response_time();
    time.set_ts(SlackTime(created + seconds * kMillisPerSecond));
    time.set_actual_time(seconds);
    time.set_time_in_working_hours(seconds / 2);
  }

  static void SetAiMetadata(const Topic& topic, Draws& draws, ThenaWorld::Request& request) {
    ThenaWorld::Request::AiMetadata& metadata = *request.mutable_ai_metadata();
    metadata.set_title(std::string(topic.title));
    metadata.set_summary(std::string(topic.text));
    for (const std::string_view tag : topic.tags) metadata.add_tags(std::string(tag));
    metadata.set_category(std::string(topic.category));
    if (draws.Chance(25)) metadata.add_userdefinedtags("customer");
    metadata.set_urgency(std::string(draws.From(kUrgencies)));
    metadata.set_urgencysource("AI");
    metadata.set_actionable(draws.Chance(90));
    metadata.set_sentiment(std::string(draws.From(kSentiments)));
    metadata.set_sentimentsource("AI");
    *metadata.mutable_updatedon() = request.updated_at();
  }

  void SetCustomFields(Draws& draws, ThenaWorld::Request& request) const {
    if (fields_.empty()) return;
    ThenaWorld::Request::Category& category = *request.add_custom_fields();
    category.set_category_name("Triage");
    category.set_manual(draws.Chance(30));
    for (const ThenaWorld::CustomField& field : fields_) {
      const auto option =
          static_cast<int>(draws.Below(static_cast<std::size_t>(field.options_size())));
      ThenaWorld::Request::Value& value = *category.add_values();
      value.set_name(field.name());
      value.set_value(field.options(option).value());
    }
  }

  const ObjectList& users_;
  std::vector<std::string> sub_statuses_;
  std::vector<ThenaWorld::CustomField> fields_;  // with options
};

}  // namespace

std::unique_ptr<const ObjectSource> MakeUserSource(const GeneratorOptions& options) {
  return std::make_unique<UserSource>(options);
}

std::unique_ptr<const ObjectSource> MakeRequestSource(const GeneratorOptions& options,
                                                      const ObjectList& users,
                                                      const ThenaWorld& world) {
  return std::make_unique<RequestSource>(options, users, world);
}

}  // namespace tql::thena
