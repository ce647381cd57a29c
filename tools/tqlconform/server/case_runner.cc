#include "tools/tqlconform/server/case_runner.h"

#include <algorithm>
#include <utility>

#include "proto/base/json_writer.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"
#include "tools/tqlconform/server/expectations.h"
#include "tools/tqlconform/server/statements.h"
#include "tools/tqlconform/server/step_text.h"
#include "tools/tqlconform/suite/changes.h"
#include "tools/tqlconform/suite/durations.h"
#include "tools/tqlconform/suite/regex.h"
#include "tools/tqlconform/suite/results.h"

namespace tqlconform {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using tql::Status;
using tql::StatusOr;

constexpr std::size_t kMostShown = 200;

std::string Context(const std::string& database) {
  std::string context;
  tql::base::JsonWriter json(&context);
  json.BeginObject();
  if (!database.empty()) json.Key("database").String(database);
  json.Key("server_schema_version").Integer(-1).EndObject();
  return context;
}

/// The name of the table of a case; no other case has the same.
std::string TableOf(const std::string& id) {
  std::string table = "t_" + id;
  std::ranges::replace_if(
      table, [](char c) { return !tql::base::IsLetter(c) && !tql::base::IsDigit(c); }, '_');
  return table;
}

/// Whether the answer means that the server does not know a feature.
bool IsUnknownToServer(const Answer& answer) {
  constexpr int kNotFound = 404;
  constexpr int kMethodNotAllowed = 405;
  constexpr int kNotImplemented = 501;
  if (answer.grpc == "UNIMPLEMENTED" || answer.status == kNotFound ||
      answer.status == kMethodNotAllowed || answer.status == kNotImplemented) {
    return true;
  }
  static const Regex* const kUnknown =
      new Regex(*Regex::Compile("(?i)error parsing sql|not supported|not implemented"));
  return kUnknown->Matches(ErrorText(answer, ReadStatements(answer)));
}

}  // namespace

/// One run of one case.
class CaseRunner::Attempt {
 public:
  Attempt(CaseRunner& runner, const confpb::Case& test) : runner_(runner), case_(test) {}

  confpb::Result Run() {
    const Clock::time_point begun = Clock::now();
    result_ = ResultOf(case_, runner_.target_.name());
    result_.set_tries(1);
    if (RunSetup()) {
      for (int i = 0; i < case_.step_size(); ++i) {
        if (!RunStep(i)) break;
      }
    }
    if (result_.outcome() == confpb::UNSET_OUTCOME) Judge();
    SetDuration(Clock::now() - begun, result_.mutable_duration());
    return std::move(result_);
  }

 private:
  void NotJudged(const std::string& why) {
    result_.set_outcome(confpb::NOT_JUDGED);
    result_.set_reason(runner_.secrets_.Mask(tql::base::Excerpt(why, kMostShown)));
  }

  bool RunSetup() {
    for (const std::string& statement : case_.setup()) {
      confpb::Step step;
      step.set_query(statement);
      StatusOr<confpb::Step> expanded = ExpandStep(step, lookup_);
      if (!expanded.ok()) {
        NotJudged("setup: " + expanded.status().message());
        return false;
      }
      const Answer answer = Make(*expanded, "setup: ");
      if (!answer.can_be_judged()) {
        NotJudged("setup: " + answer.why);
        return false;
      }
      const std::string error = ErrorText(answer, ReadStatements(answer));
      if (!error.empty()) {
        lacks_ = lacks_ || IsUnknownToServer(answer);
        NotJudged("setup: \"" + expanded->query() + "\": " + error);
        if (lacks_ && case_.needs_size() > 0) SetLacks();
        return false;
      }
    }
    return true;
  }

  /// False: later steps make no sense.
  bool RunStep(int index) {
    const confpb::Step& step = case_.step(index);
    const std::string place = "step " + std::to_string(index) + " (" + KindOf(step) + ')';
    StatusOr<confpb::Step> expanded = ExpandStep(step, lookup_);
    if (!expanded.ok()) {
      // A value of an earlier response is missing: that response is wrong, not this step.
      confpb::Finding* const finding = result_.add_finding();
      finding->set_step(place);
      finding->set_check("variables");
      finding->set_expected("a value for each variable");
      finding->set_found(expanded.status().message());
      return false;
    }
    if (case_.risk() == confpb::READ_ONLY && MayChange(*expanded)) {
      NotJudged(place + ": a READ_ONLY case must not change anything; set risk: READ_WRITE");
      return false;
    }
    if (step.has_pause()) runner_.interrupt_.SleepFor(ToNanoseconds(step.pause()));
    if (runner_.interrupt_.token().stop_requested()) {
      NotJudged("interrupted");
      return false;
    }
    const Clock::time_point retry_until = Clock::now() + ToNanoseconds(step.retry_for());
    while (true) {
      const Verdict verdict = RunCall(step, *expanded, place, index, retry_until);
      if (verdict != Verdict::kRetry) return verdict == Verdict::kGoOn;
      constexpr milliseconds kBetweenTries{20};
      runner_.interrupt_.SleepFor(kBetweenTries);
    }
  }

  enum class Verdict : std::uint8_t { kGoOn, kStop, kRetry };
  Verdict RunCall(const confpb::Step& step, confpb::Step& expanded, const std::string& place,
                  int index, Clock::time_point retry_until) {
    Answer answer = Make(expanded, "");
    result_.mutable_exchange()->rbegin()->set_step(static_cast<std::uint32_t>(index));
    const bool closed_as_allowed = answer.end == Answer::End::kClosed && AllowsClose(step.expect());
    const bool refused_as_expected = answer.end == Answer::End::kUnreachable &&
                                     std::ranges::count(step.expect().grpc(), answer.grpc) > 0;
    if (!answer.can_be_judged() && !closed_as_allowed && !refused_as_expected) {
      if (answer.end == Answer::End::kNotSent) {
        result_.set_outcome(confpb::SKIPPED);
        result_.set_reason(answer.why);
      } else {
        NotJudged(place + ": " + answer.why);
      }
      return Verdict::kStop;
    }
    lacks_ = lacks_ || IsUnknownToServer(answer);
    std::vector<confpb::Finding> findings;
    CheckExpectations(expanded, answer, lookup_, place, &findings);
    if (!findings.empty() && Clock::now() < retry_until &&
        !runner_.interrupt_.token().stop_requested()) {
      result_.mutable_exchange()->RemoveLast();
      return Verdict::kRetry;
    }
    for (confpb::Finding& finding : findings) {
      finding.set_expected(runner_.secrets_.MaskKnown(finding.expected()));
      finding.set_found(runner_.secrets_.Mask(finding.found()));
      *result_.add_finding() = std::move(finding);
    }
    if (!step.save().empty()) {
      saved_[step.save()] = {std::move(answer), step.has_query() || step.has_script()};
    }
    return findings.empty() ? Verdict::kGoOn : Verdict::kStop;
  }

  static const char* KindOf(const confpb::Step& step) {
    switch (step.call_case()) {
      case confpb::Step::kHttp:
        return "http";
      case confpb::Step::kQuery:
        return "query";
      case confpb::Step::kScript:
        return "script";
      case confpb::Step::kLogin:
        return "login";
      case confpb::Step::kTokens:
        return "tokens";
      case confpb::Step::kSchemaVersion:
        return "schema_version";
      case confpb::Step::kRpc:
        return "rpc";
      default:
        return "raw";
    }
  }

  /// Sets the user and password of a login that has none.
  Answer Make(confpb::Step& step, const std::string& what) {
    Call call;
    if (step.has_login()) {
      confpb::Login& login = *step.mutable_login();
      const Account& account = runner_.options_.account;
      if (login.user().empty() && login.password().empty()) login.set_password(account.password);
      if (login.user().empty()) login.set_user(account.user);
      runner_.secrets_.Add(login.password());
    }
    call.step = &step;
    call.cookie = CookieFor(step);
    call.context = step.context().empty()
                       ? Context(case_.risk() == confpb::READ_ONLY ? "" : runner_.database_)
                       : step.context();
    call.deadline = Clock::now() + (step.has_within() ? ToNanoseconds(step.within())
                                                      : nanoseconds(runner_.options_.timeout));
    // What changes something ends before an interrupt is obeyed: the server would go on with it
    // while the databases are dropped.
    Answer answer =
        runner_.caller_->Make(call, MayChange(step) ? runner_.never_ : runner_.interrupt_);
    runner_.answered_ = answer.can_be_judged();
    runner_.secrets_.AddCookies(answer.cookie);
    runner_.secrets_.AddTokens(answer.body);
    Record(answer, what);
    return answer;
  }

  std::string CookieFor(const confpb::Step& step) const {
    if (step.has_login() || step.session() == "none") return "";
    if (step.session().empty()) return runner_.cookie_;
    const auto saved = saved_.find(step.session());
    return saved == saved_.end() ? "" : saved->second.answer.cookie;
  }

  void Record(const Answer& answer, const std::string& what) {
    confpb::Exchange* const exchange = result_.add_exchange();
    exchange->set_what(what + answer.what);
    exchange->set_sent(runner_.secrets_.Mask(answer.sent));
    exchange->set_received(runner_.secrets_.Mask(answer.received));
    exchange->set_sent_left_out(answer.sent_bytes -
                                std::min<std::uint64_t>(answer.sent_bytes, answer.sent.size()));
    exchange->set_received_left_out(
        answer.received_bytes -
        std::min<std::uint64_t>(answer.received_bytes, answer.received.size()));
    SetDuration(answer.first_byte, exchange->mutable_first_byte());
    SetDuration(answer.duration, exchange->mutable_duration());
  }

  StatusOr<std::string> LookUp(std::string_view name) const {
    const RunnerOptions& options = runner_.options_;
    if (name == "db") return runner_.database_;
    if (name == "t") return TableOf(case_.id());
    if (name == "user") return options.account.user;
    if (name == "password") return options.account.password;
    if (name == "unprivileged_user") return options.unprivileged.user;
    if (name == "unprivileged_password") return options.unprivileged.password;
    // A user of this run and this case alone: servers count the failed logins of each name.
    if (name == "nobody") return runner_.database_ + "_nobody_" + TableOf(case_.id());
    if (name == "host") return runner_.target_.host();
    if (name == "cookie") return runner_.cookie_;
    const std::size_t dot = name.find('.');
    const auto saved = saved_.find(std::string(name.substr(0, dot)));
    if (dot == name.npos || saved == saved_.end()) {
      return tql::InvalidArgumentError("unknown variable");
    }
    return PartOf(saved->second.answer, saved->second.has_lines, name.substr(dot + 1));
  }

  void SetLacks() {
    result_.set_outcome(confpb::LACKS);
    std::string needs;
    for (const std::string& need : case_.needs()) needs += (needs.empty() ? "" : ", ") + need;
    result_.set_reason("the server does not know: " + needs);
  }

  void Judge() {
    if (result_.finding_size() == 0) {
      result_.set_outcome(confpb::PASSED);
      return;
    }
    if (case_.needs_size() > 0 && lacks_) return SetLacks();
    const bool is_choice = case_.evidence() == confpb::INFERRED || case_.level() == confpb::MAY;
    result_.set_outcome(is_choice && !runner_.options_.strict ? confpb::DIFFERS : confpb::FAILED);
    const confpb::Finding& first = result_.finding(0);
    result_.set_reason(tql::base::Excerpt(first.step() + ": " + first.check() + ": expected " +
                                              first.expected() + ", found " + first.found(),
                                          2 * kMostShown));
  }

  struct SavedAnswer {
    Answer answer;
    bool has_lines = false;
  };

  CaseRunner& runner_;
  const confpb::Case& case_;
  confpb::Result result_;
  std::map<std::string, SavedAnswer> saved_;
  bool lacks_ = false;
  const Lookup lookup_ = [this](std::string_view name) { return LookUp(name); };
};

CaseRunner::CaseRunner(const Target& target, const RunnerOptions& options, std::string database,
                       const Interrupt& interrupt, Secrets* secrets)
    : target_(target),
      options_(options),
      database_(std::move(database)),
      interrupt_(interrupt),
      secrets_(*secrets),
      caller_(target.NewCaller()) {}

Status CaseRunner::Login() {
  confpb::Step step;
  step.mutable_login()->set_user(options_.account.user);
  step.mutable_login()->set_password(options_.account.password);
  const Answer answer = caller_->Make(
      {.step = &step, .cookie = "", .context = "", .deadline = Clock::now() + options_.timeout},
      interrupt_);
  if (answer.end == Answer::End::kInterrupted) return tql::CancelledError("interrupted");
  if (answer.end != Answer::End::kWhole) {
    return tql::UnavailableError("login at " + target_.origin() + ": " + answer.why);
  }
  if (answer.cookie.empty()) {
    const std::string found =
        answer.grpc.empty() ? "status " + std::to_string(answer.status) : answer.grpc;
    return tql::UnauthenticatedError("login of " + options_.account.user + " at " +
                                     target_.origin() + ": no session; found " + found + ' ' +
                                     tql::base::Excerpt(ErrorText(answer, {}), kMostShown));
  }
  cookie_ = answer.cookie;
  secrets_.AddCookies(cookie_);
  return Status();
}

Answer CaseRunner::Query(const std::string& text, milliseconds timeout,
                         const Interrupt& interrupt) {
  confpb::Step step;
  step.set_query(text);
  // Without questions about what depends on the objects.
  step.set_options(R"({"adv_options":{"allow_unsafe":true}})");
  return caller_->Make({.step = &step,
                        .cookie = cookie_,
                        .context = Context(""),
                        .deadline = Clock::now() + timeout},
                       interrupt);
}

Status CaseRunner::CreateDatabase() {
  if (created_) return *created_;
  created_ = Status();
  const Answer answer = Query("create database " + database_ + ";", options_.timeout, never_);
  const std::string error = ErrorText(answer, ReadStatements(answer));
  if (!answer.can_be_judged()) {
    created_ = tql::UnavailableError("create database: " + answer.why);
  } else if (!error.empty()) {
    created_ = tql::FailedPreconditionError("create database " + database_ + ": " +
                                            tql::base::Excerpt(error, kMostShown));
  }
  return *created_;
}

Status CaseRunner::DropDatabases() {
  if (!created_) return Status();  // Also after a failure: it may have been created.
  constexpr milliseconds kPatience{5'000};
  // A call that was interrupted has left its connection in an unknown state.
  if (interrupt_.token().stop_requested()) caller_ = target_.NewCaller();
  const Answer list = Query("show databases;", kPatience, never_);
  if (!list.can_be_judged()) {
    return tql::UnavailableError(database_ + " may be left behind: " + list.why);
  }
  std::string left;
  for (const std::string& name : ReadStatements(list).infos) {
    if (!name.starts_with(database_)) continue;
    const Answer answer = Query("drop database \"" + name + "\";", kPatience, never_);
    const std::string error = ErrorText(answer, ReadStatements(answer));
    if (!answer.can_be_judged() || !error.empty()) left += (left.empty() ? "" : ", ") + name;
  }
  created_.reset();
  return left.empty() ? Status() : tql::UnavailableError("left behind: " + left);
}

confpb::Result CaseRunner::Run(const confpb::Case& test) { return Attempt(*this, test).Run(); }

}  // namespace tqlconform
