// The checks of each kind of action.
#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "mockserver/testdouble/near_names.h"
#include "mockserver/testdouble/rule.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"
#include "tql/wire/http_status.h"

namespace tql::testdouble {
namespace {

using mockpb::Action;
using mockpb::Position;

constexpr std::uint32_t kMostRepeats = 1'000'000;
constexpr int kMostHeaders = 100;

/// A character of a token of HTTP (RFC 9110, section 5.6.2), e.g. of the name of a header.
bool IsTokenCharacter(char c) {
  return base::IsLetter(c) || base::IsDigit(c) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

Status CheckHeaderName(std::string_view name, const std::string& path) {
  if (!name.empty() && std::all_of(name.begin(), name.end(), IsTokenCharacter)) {
    return CheckLength(name, path);
  }
  return ErrorAt(path,
                 "found '" + std::string(name.substr(0, 80)) + "', expected the name of a header");
}

Status CheckHeaderValue(std::string_view value, const std::string& path) {
  const auto bad = [](char c) { return base::IsControl(c) && c != '\t'; };
  if (std::any_of(value.begin(), value.end(), bad)) {
    return ErrorAt(path, "the value of a header has no control characters");
  }
  return CheckLength(value, path);
}

/// The name of the field of a Position that is set; "" for none.
std::string_view UnitOf(const Position& position) {
  const auto* const oneof = Position::descriptor()->FindOneofByName("at");
  const auto* const field = position.GetReflection()->GetOneofFieldDescriptor(position, oneof);
  return field == nullptr ? std::string_view() : std::string_view(field->name());
}

Status CheckPosition(const Position& position, const std::string& path) {
  if ((position.has_complete() && !position.complete()) ||
      (position.has_end() && !position.end())) {
    return ErrorAt(path + "." + std::string(UnitOf(position)), "found false, expected true");
  }
  return Status();
}

Status CheckAnswer(const Action::Answer& answer, const std::string& path) {
  const int kinds = (answer.result_size() > 0 ? 1 : 0) + (answer.error().empty() ? 0 : 1) +
                    (answer.piece_size() > 0 ? 1 : 0);
  if (kinds != 1) return ErrorAt(path, "expected exactly one of result, error and piece");
  for (int i = 0; i < answer.piece_size(); ++i) {
    if (answer.piece(i).content_case() == Action::Piece::CONTENT_NOT_SET) {
      return ErrorAt(Element(path + ".piece", i), "expected text or data");
    }
  }
  return Status();
}

StatusOr<StatusCode> CodeOf(const std::string& name, const std::string& path) {
  std::vector<std::string_view> names;
  for (int i = 1; i <= static_cast<int>(StatusCode::kUnauthenticated); ++i) {
    names.push_back(StatusCodeName(static_cast<StatusCode>(i)));
    if (names.back() == name) return static_cast<StatusCode>(i);
  }
  return ErrorAt(path, "found '" + name.substr(0, 80) +
                           "', expected the name of an error code of gRPC" +
                           NearNames(name, names));
}

Status CompileStatus(const Action::Status& status, const std::string& path, RuleAction* out) {
  constexpr std::uint32_t kLeast = 300;
  constexpr std::uint32_t kMost = 599;
  const bool has_http = status.http() != 0;
  if (!has_http && status.grpc().empty()) return ErrorAt(path, "expected http or grpc");
  if (has_http && (status.http() < kLeast || status.http() > kMost)) {
    return ErrorAt(path + ".http",
                   "found " + std::to_string(status.http()) + ", expected 300 to 599");
  }
  out->http = static_cast<int>(status.http());
  out->code = StatusCodeOfHttp(out->http);
  if (!status.grpc().empty()) {
    TQL_ASSIGN_OR_RETURN(out->code, CodeOf(status.grpc(), path + ".grpc"));
    if (!has_http) out->http = HttpStatusOf(out->code);
  }
  if (StatusCodeOfHttp(out->http) != out->code && HttpStatusOf(out->code) != out->http) {
    return ErrorAt(path, "http " + std::to_string(out->http) + " means " +
                             std::string(StatusCodeName(StatusCodeOfHttp(out->http))) +
                             ", found grpc " + status.grpc());
  }
  if (!status.content_type().empty() && status.body().empty()) {
    return ErrorAt(path + ".content_type", "is the type of `body`, which is empty");
  }
  return CheckHeaderValue(status.content_type(), path + ".content_type");
}

Status CompileReplace(const Action::Edit& edit, const std::string& path, RegexBudget& regexes,
                      RuleAction* out) {
  if (edit.has_at()) return ErrorAt(path + ".at", "has no effect on `replace`");
  TQL_ASSIGN_OR_RETURN(out->regex,
                       CompileRegex(edit.replace().regex(), path + ".replace.regex", regexes));
  TQL_RETURN_IF_ERROR(CheckLength(edit.replace().with(), path + ".replace.with"));
  std::string error;
  if (out->regex->CheckRewriteString(edit.replace().with(), &error)) return Status();
  return ErrorAt(path + ".replace.with", error);
}

Status CompileEdit(const Action::Edit& edit, const std::string& path, RegexBudget& regexes,
                   RuleAction* out) {
  TQL_RETURN_IF_ERROR(CheckPosition(edit.at(), path + ".at"));
  const std::string_view unit = UnitOf(edit.at());
  const auto expect_unit = [&](std::string_view what, bool complete_too) {
    const bool counts = !unit.empty() && unit != "end" && (complete_too || unit != "complete");
    return counts
               ? Status()
               : ErrorAt(path + ".at", "found " + (unit.empty() ? "nothing" : std::string(unit)) +
                                           ", expected line, row, message" +
                                           (complete_too ? ", byte or complete" : " or byte") +
                                           " for `" + std::string(what) + "`");
  };
  switch (edit.edit_case()) {
    case Action::Edit::kInsert:
    case Action::Edit::kInsertData:
      return Status();
    case Action::Edit::kDrop:
      if (edit.drop() == 0) return ErrorAt(path + ".drop", "found 0, expected at least 1");
      return expect_unit("drop", /*complete_too=*/true);
    case Action::Edit::kRepeat:
      if (edit.repeat() == 0 || edit.repeat() > kMostRepeats) {
        return ErrorAt(path + ".repeat", "found " + std::to_string(edit.repeat()) +
                                             ", expected 1 to " + std::to_string(kMostRepeats));
      }
      return expect_unit("repeat", /*complete_too=*/false);
    case Action::Edit::kSwap:
      if (!edit.swap()) return ErrorAt(path + ".swap", "found false, expected true");
      return expect_unit("swap", /*complete_too=*/false);
    case Action::Edit::kReplace:
      return CompileReplace(edit, path, regexes, out);
    case Action::Edit::EDIT_NOT_SET:
      break;
  }
  return ErrorAt(path, "expected one of insert, insert_data, drop, repeat, swap and replace");
}

Status CompileDrip(const Action::Drip& drip, const std::string& path, RuleAction* out) {
  if (drip.bytes() == 0) return ErrorAt(path + ".bytes", "found 0, expected at least 1");
  if (!drip.has_every()) return ErrorAt(path + ".every", "is not set, expected a duration");
  TQL_ASSIGN_OR_RETURN(out->duration, CheckDuration(drip.every(), path + ".every"));
  return CheckPosition(drip.from(), path + ".from");
}

Status CheckHead(const Action::Head& head, const std::string& path) {
  const int count = head.set_size() + head.remove_size();
  if (count == 0) return ErrorAt(path, "expected set or remove");
  if (count > kMostHeaders) {
    return ErrorAt(path, "found " + std::to_string(count) + " headers, expected at most " +
                             std::to_string(kMostHeaders));
  }
  for (const auto& [name, value] : head.set()) {
    const std::string at = Element(path + ".set", name);
    TQL_RETURN_IF_ERROR(CheckHeaderName(name, at));
    TQL_RETURN_IF_ERROR(CheckHeaderValue(value, at));
  }
  for (int i = 0; i < head.remove_size(); ++i) {
    TQL_RETURN_IF_ERROR(CheckHeaderName(head.remove(i), Element(path + ".remove", i)));
  }
  return Status();
}

Status Compile(const Action& action, const std::string& path, RegexBudget& regexes,
               RuleAction* out) {
  TQL_RETURN_IF_ERROR(CheckEnum(action.run(), *Action::Run_descriptor(), path + ".run"));
  switch (action.action_case()) {
    case Action::kDelay: {
      TQL_ASSIGN_OR_RETURN(out->duration, CheckDuration(action.delay(), path + ".delay"));
      return Status();
    }
    case Action::kAnswer:
      return CheckAnswer(action.answer(), path + ".answer");
    case Action::kStatus:
      return CompileStatus(action.status(), path + ".status", out);
    case Action::kCut:
      TQL_RETURN_IF_ERROR(
          CheckEnum(action.cut().how(), *Action::Cut::How_descriptor(), path + ".cut.how"));
      return CheckPosition(action.cut().at(), path + ".cut.at");
    case Action::kEdit:
      return CompileEdit(action.edit(), path + ".edit", regexes, out);
    case Action::kDrip:
      return CompileDrip(action.drip(), path + ".drip", out);
    case Action::kHead:
      return CheckHead(action.head(), path + ".head");
    case Action::kSession:
      return CheckEnum(action.session().what(), *Action::Session::What_descriptor(),
                       path + ".session.what");
    case Action::ACTION_NOT_SET:
      break;
  }
  return ErrorAt(path, "expected one of delay, answer, status, cut, edit, drip, head and session");
}

}  // namespace

StatusOr<RuleAction> CompileAction(const mockpb::Action& action, const std::string& path,
                                   RegexBudget& regexes) {
  RuleAction compiled;
  TQL_RETURN_IF_ERROR(Compile(action, path, regexes, &compiled));
  compiled.message = action;
  return compiled;
}

}  // namespace tql::testdouble
