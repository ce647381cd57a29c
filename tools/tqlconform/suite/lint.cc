#include "tools/tqlconform/suite/lint.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "proto/base/text.h"
#include "proto/document/message_reader.h"
#include "tools/tqlconform/suite/changes.h"
#include "tools/tqlconform/suite/features.h"
#include "tools/tqlconform/suite/json_pattern.h"
#include "tools/tqlconform/suite/regex.h"
#include "tools/tqlconform/suite/rpc_messages.h"
#include "tools/tqlconform/suite/variables.h"
#include "tql/wire/messages.h"

namespace tqlconform {
namespace {

using tql::Status;
using tql::StatusOr;

std::string Element(std::string_view path, int index) {
  return std::string(path) + '[' + std::to_string(index) + ']';
}

bool IsWord(std::string_view text, std::string_view more) {
  return !text.empty() && std::ranges::all_of(text, [more](char c) {
    return (c >= 'a' && c <= 'z') || tql::base::IsDigit(c) || more.find(c) != more.npos;
  });
}

constexpr std::string_view kVariables[] = {
    "db",   "t",      "user",  "password", "unprivileged_user", "unprivileged_password",
    "host", "cookie", "nobody"};
constexpr std::string_view kSavedParts[] = {"status",  "body",          "cookie", "header.",
                                            "version", "final_context", "/",      "question"};

/// Checks one case, and collects its mistakes.
class CaseChecker {
 public:
  CaseChecker(const std::string& file, const confpb::Case& test, std::vector<Mistake>* mistakes)
      : file_(file), case_(test), mistakes_(*mistakes) {}

  void Check() {
    CheckHead();
    for (int i = 0; i < case_.setup_size(); ++i) {
      CheckText(Element("setup", i), case_.setup(i), Quoting::kNone);
    }
    if (case_.has_client() == (case_.step_size() > 0)) {
      Add("", case_.has_client() ? "both step and client are set; expected one of them"
                                 : "neither step nor client is set");
    }
    for (int i = 0; i < case_.step_size(); ++i) CheckStep(Element("step", i), case_.step(i));
    if (case_.has_client()) CheckClient();
  }

 private:
  void Add(std::string path, std::string text, bool advice = false) {
    mistakes_.push_back({file_, case_.id(), std::move(path), std::move(text), advice});
  }
  void AddIf(std::string path, const Status& status) {
    if (!status.ok()) Add(std::move(path), status.message());
  }

  void CheckHead() {
    const std::size_t slash = case_.id().find('/');
    if (slash == 0 || slash == std::string::npos || !IsWord(case_.id(), "/-_.")) {
      Add("id", "expected area/name of a-z, 0-9, -, _ and ., found \"" + case_.id() + '"');
    }
    if (case_.title().empty()) Add("title", "is missing");
    if (case_.level() == confpb::UNSET_LEVEL) Add("level", "is missing");
    if (case_.evidence() == confpb::UNSET_EVIDENCE) Add("evidence", "is missing");
    CheckReference();
    for (const std::string& feature : case_.needs()) {
      if (!IsFeature(feature)) Add("needs", "unknown feature \"" + feature + "\"; " + Known());
    }
    if (case_.kills().empty() == case_.kills_nothing().empty()) {
      Add("kills",
          case_.kills().empty()
              ? "name a mutant that the case fails on, or set kills_nothing to the reason"
              : "both kills and kills_nothing are set",
          true);
    }
    if (case_.risk() != confpb::READ_ONLY) return;
    if (case_.setup_size() > 0) Add("setup", "a READ_ONLY case has none; set risk: READ_WRITE");
  }

  void CheckReference() {
    const std::string& ref = case_.ref();
    if (ref.empty()) {
      Add("ref", "is missing", case_.evidence() == confpb::INFERRED);
    } else if (TitleOfReference(ref).empty()) {
      const std::string known = HeadingsOfDocument(ref);
      if (!known.empty()) Add("ref", "unknown heading \"" + ref + "\"; known are " + known);
    }
  }

  static std::string Known() {
    std::string known = "known are ";
    for (const Feature& feature : Features()) {
      known += (feature.name == Features().front().name ? "" : ", ") + std::string(feature.name);
    }
    return known;
  }

  void CheckStep(const std::string& path, const confpb::Step& step) {
    if (step.call_case() == confpb::Step::CALL_NOT_SET) {
      Add(path, "expected one of http, query, script, login, tokens, schema_version, raw, rpc");
    }
    const bool bytes = step.has_http() || step.has_raw();
    const bool over_grpc = std::ranges::count(case_.over(), confpb::GRPC) > 0;
    if (bytes && over_grpc) Add(path, "http and raw cannot be sent over gRPC");
    CheckText(path + ".query", step.query(), Quoting::kNone);
    CheckText(path + ".script", step.script(), Quoting::kNone);
    CheckText(path + ".raw", step.raw(), Quoting::kNone);
    CheckText(path + ".http.path", step.http().path(), Quoting::kNone);
    CheckText(path + ".http.body", step.http().body(), Quoting::kNone);
    for (const auto& [name, value] : step.http().header()) {
      CheckText(path + ".http.header", value, Quoting::kNone);
    }
    if (step.has_http() && !step.http().path().starts_with('/')) {
      Add(path + ".http.path", "expected a path that begins with /");
    }
    CheckLogin(path + ".login", step.login());
    if (step.has_rpc()) CheckRpc(path + ".rpc", step.rpc());
    tqlkit::v1::TqlOptions options;
    CheckJson(path + ".options", step.options(), &options);
    tqlkit::v1::QueryContext context;
    CheckJson(path + ".context", step.context(), &context);
    if (step.session() != "" && step.session() != "none" && !saved_.contains(step.session())) {
      Add(path + ".session", "no step before saves a login as \"" + step.session() + '"');
    }
    for (const std::string& answer : step.answers()) {
      if (answer.find('=') == std::string::npos) Add(path + ".answers", "expected ID=ANSWER");
      CheckText(path + ".answers", answer, Quoting::kNone);
    }
    CheckReadOnly(path, step);
    if (!step.has_expect()) Add(path, "expects nothing", true);
    CheckExpect(path + ".expect", step.expect());
    if (step.save().empty()) return;
    if (!IsWord(step.save(), "_")) Add(path + ".save", "expected a word of a-z, 0-9 and _");
    saved_.insert(step.save());
  }

  void CheckLogin(const std::string& path, const confpb::Login& login) {
    CheckText(path + ".user", login.user(), Quoting::kNone);
    CheckText(path + ".password", login.password(), Quoting::kNone);
    const bool of_the_run = login.user().empty() || login.user() == "${user}";
    const bool is_wrong = !login.password().empty() && login.password() != "${password}";
    if (of_the_run && is_wrong && case_.risk() != confpb::DESTRUCTIVE) {
      Add(path + ".password",
          "a wrong password can lock the account of the run; set risk: DESTRUCTIVE");
    }
  }

  void CheckRpc(const std::string& path, const confpb::Rpc& rpc) {
    confpb::Rpc known;
    known.set_method(rpc.method());
    for (const std::string& request : rpc.request()) {
      CheckText(path + ".request", request, Quoting::kNone);
      const bool is_known = request.find("${") == std::string::npos;  // Before it is run.
      if (is_known) known.add_request(request);
    }
    AddIf(path, MessagesOf(known).status());
  }

  void CheckReadOnly(const std::string& path, const confpb::Step& step) {
    if (case_.risk() != confpb::READ_ONLY) return;
    if (MayChange(step)) {
      Add(path, "a READ_ONLY case must not change anything; set risk: READ_WRITE");
    }
    for (const std::string* const text :
         {&step.query(), &step.script(), &step.raw(), &step.http().body()}) {
      if (text->find("${db}") != std::string::npos || text->find("${t}") != std::string::npos) {
        Add(path, "a READ_ONLY case has no ${db} and no ${t}; set risk: READ_WRITE");
      }
    }
  }

  void CheckJson(const std::string& path, const std::string& json,
                 google::protobuf::Message* message) {
    if (json.empty()) return;
    CheckText(path, json, Quoting::kNone);
    if (json.find("${") != std::string::npos) return;  // Not known before it is run.
    AddIf(path, tql::document::ReadMessage(json, message));
  }

  void CheckExpect(const std::string& path, const confpb::Expect& expect) {
    for (const std::uint32_t status : expect.status()) {
      if (status > 5 && (status < 100 || status > 599)) {
        Add(path + ".status", "expected 100 to 599, a class 1 to 5, or 0");
      }
    }
    for (const auto& [name, rule] : expect.header()) {
      CheckRule(path + ".header[\"" + name + "\"]", rule);
    }
    for (int i = 0; i < expect.line_size(); ++i) CheckLine(path, i, expect.line(i));
    CheckRegexes(path + ".never", expect.never());
    CheckRegexes(path + ".info", expect.info());
    CheckRegexes(path + ".asks", expect.asks());
    CheckRegex(path + ".error", expect.error());
    CheckRule(path + ".text", expect.text());
    for (const auto& [pointer, rule] : expect.json()) {
      AddIf(path + ".json", CheckPointer(pointer));
      CheckRule(path + ".json[\"" + pointer + "\"]", rule);
    }
    for (const std::string& row : expect.rows()) {
      CheckText(path + ".rows", row, Quoting::kNone);
    }
    if (expect.no_rows() && expect.rows_size() > 0) {
      Add(path, "both rows and no_rows are set");
    }
    if (!expect.error().empty() && expect.has_ok() && expect.ok()) {
      Add(path, "ok: true contradicts error");
    }
  }

  void CheckRule(const std::string& path, const std::string& rule) {
    const StatusOr<std::string> text = ExpandedForCheck(path, rule, Quoting::kRegex);
    if (text.ok()) AddIf(path, ValueRule::Parse(*text).status());
  }
  void CheckRegex(const std::string& path, const std::string& regex) {
    const StatusOr<std::string> text = ExpandedForCheck(path, regex, Quoting::kRegex);
    if (text.ok()) AddIf(path, Regex::Compile(*text).status());
  }
  template <typename Texts>
  void CheckRegexes(const std::string& path, const Texts& regexes) {
    for (int i = 0; i < regexes.size(); ++i) CheckRegex(Element(path, i), regexes.Get(i));
  }
  void CheckLine(const std::string& path, int index, const std::string& line) {
    const std::string place = Element(path + ".line", index);
    const Quoting quoting = line.starts_with('/') ? Quoting::kRegex : Quoting::kJsonString;
    const StatusOr<std::string> text = ExpandedForCheck(place, line, quoting);
    if (text.ok()) AddIf(place, LinePattern::Parse(*text).status());
  }

  void CheckText(const std::string& path, const std::string& text, Quoting quoting) {
    static_cast<void>(ExpandedForCheck(path, text, quoting));
  }

  /// The text with a value for each variable, as far as they are known without a server.
  StatusOr<std::string> ExpandedForCheck(const std::string& path, const std::string& text,
                                         Quoting quoting) {
    StatusOr<std::string> expanded = Expand(
        text, [this](std::string_view name) { return LookUp(name); }, quoting);
    AddIf(path, expanded.status());
    return expanded;
  }

  StatusOr<std::string> LookUp(std::string_view name) const {
    if (std::ranges::find(kVariables, name) != std::end(kVariables)) return std::string("x");
    const std::size_t dot = name.find('.');
    const std::string saved(name.substr(0, dot));
    if (dot == name.npos || !saved_.contains(saved)) {
      return tql::InvalidArgumentError("unknown variable, and no step before saves one");
    }
    const std::string_view part = name.substr(dot + 1);
    for (const std::string_view known : kSavedParts) {
      const bool is_prefix = known == "header." || known == "/";
      if (is_prefix ? part.starts_with(known) : part == known) return std::string("1");
    }
    return tql::InvalidArgumentError(
        "expected NAME.status, .body, .cookie, .header.HEADER, .version, .final_context, "
        ".question or a JSON pointer");
  }

  void CheckClient() {
    const confpb::Client& client = case_.client();
    if (client.run_size() == 0) Add("client.run", "is missing");
    const std::string& how = client.how();
    if (!how.empty() && how != "query" && how != "script") {
      Add("client.how", "expected query or script, found \"" + how + '"');
    }
    CheckRegex("client.expect.error", client.expect().error());
    CheckRegex("client.expect.out", client.expect().out());
    CheckRegexes("client.expect.sent", client.expect().sent());
    CheckRegexes("client.expect.never_sent", client.expect().never_sent());
    if (client.expect().no_rows() && client.expect().rows_size() > 0) {
      Add("client.expect", "both rows and no_rows are set");
    }
  }

  const std::string& file_;
  const confpb::Case& case_;
  std::vector<Mistake>& mistakes_;
  std::set<std::string> saved_;
};

}  // namespace

std::vector<Mistake> Lint(std::span<const CaseFile> files) {
  std::vector<Mistake> mistakes;
  std::map<std::string, std::string> file_of;
  for (const CaseFile& file : files) {
    if (!IsWord(file.suite.area(), "-_")) {
      mistakes.push_back({file.name, "", "area", "expected a word of a-z, 0-9, - and _"});
    }
    if (file.suite.case__size() == 0) mistakes.push_back({file.name, "", "case", "is missing"});
    for (const confpb::Case& test : file.suite.case_()) {
      CaseChecker(file.name, test, &mistakes).Check();
      const auto [at, is_new] = file_of.emplace(test.id(), file.name);
      if (!is_new) {
        mistakes.push_back({file.name, test.id(), "id", "the id is also in " + at->second});
      }
    }
  }
  return mistakes;
}

std::string ToString(const Mistake& mistake) {
  std::string text = mistake.file + ": ";
  if (!mistake.id.empty()) text += mistake.id + ": ";
  if (!mistake.path.empty()) text += mistake.path + ": ";
  return text + mistake.text + (mistake.advice ? " (advice)" : "");
}

}  // namespace tqlconform
