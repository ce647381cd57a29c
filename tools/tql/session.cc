#include "tools/tql/session.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <utility>

#include "proto/base/text.h"
#include "tools/tql/edit/terminal.h"

namespace tql::shell {
Session::Session(Connection& connection, Settings settings, Output& out, Output& err,
                 Interrupts& interrupts)
    : connection_(connection),
      settings_(std::move(settings)),
      usual_out_(out),
      out_(&out),
      err_(err),
      interrupts_(interrupts),
      progress_(err) {}

RequestOptions Session::RequestFor(std::stop_token stop) {
  RequestOptions request;
  request.stop = stop;
  request.statement = settings_.statement;
  request.statement.null_string = std::string(kNullMark);
  if (settings_.count) request.statement.query_row_count_only = true;
  request.on_question = [this, stop](const Question& question) -> StatusOr<std::string> {
    EndData();
    progress_.Erase();
    if (settings_.answer) return AnswerFor(question);
    // A program that pipes a script must not be blocked by a question, even if it runs on a
    // terminal.
    if (settings_.vendor && isatty(STDIN_FILENO) == 0) return NobodyAnswers(question);
    return AskQuestion(question, stop);
  };
  return request;
}

StatusOr<std::string> Session::AnswerFor(const Question& question) {
  err_.WriteText(question.banner + "\n" + question.prompt + " " + *settings_.answer + "\n");
  const auto& known = question.options;
  const auto found = std::ranges::find_if(known, [&](const std::string& option) {
    return base::EqualsIgnoreCase(option, *settings_.answer);
  });
  if (found != known.end()) return *found;
  if (known.empty()) return *settings_.answer;
  return FailedPreconditionError("'" + *settings_.answer + "' is not one of the answers");
}

ExitCode ExitCodeOf(const Status& status) {
  switch (status.code()) {
    case StatusCode::kOk:
      return ExitCode::kOk;
    case StatusCode::kUnavailable:
    case StatusCode::kUnauthenticated:
    case StatusCode::kDataLoss:
      return ExitCode::kNoConnection;
    default:
      return ExitCode::kStatementFailed;
  }
}

ExitCode Session::Run(const std::string& statement, const Source* source) {
  source_ = source;
  if (settings_.echo) {
    err_.WriteText(statement + ";\n");
    err_.Flush();
  }
  return RunCall(
      [&](RequestOptions request) { return client().Stream(statement + ";", std::move(request)); },
      statement);
}

ExitCode Session::RunServerScript(const std::string& script) {
  source_ = nullptr;
  // Errors have the line within the statement, which may be anywhere in the text.
  return RunCall(
      [&](RequestOptions request) {
        return client().StreamScript(script, std::move(request), ScriptKind::kProto);
      },
      "");
}

ExitCode Session::RunCall(const Call& call, const std::string& statement) {
  failed_ = false;
  const auto start = std::chrono::steady_clock::now();
  progress_.Begin();
  BeginText(statement);
  Status status;
  auto stream = call(RequestFor(interrupts_.BeginStatement()));
  if (stream.ok()) {
    status = Show(**stream, statement);
    (*stream).reset();
  } else {
    status = stream.status();
  }
  EndText(status.ok() && !failed_);
  EndData();
  const bool interrupted = interrupts_.EndStatement();
  progress_.Erase();
  out_->Flush();
  if (out_->broken()) return OutputGone();
  if (interrupted) {
    err_.Write("cancelled\n");
    err_.Flush();
    return ExitCode::kInterrupted;
  }
  if (!status.ok()) ShowError(status.message() + "\n", statement);
  if (settings_.timing) ShowTime(std::chrono::steady_clock::now() - start);
  err_.Flush();
  return status.ok() && failed_ ? ExitCode::kStatementFailed : ExitCodeOf(status);
}

std::unique_ptr<FileOutput> Session::WriteTo(std::unique_ptr<FileOutput> target) {
  out_ = target ? &target->out() : &usual_out_;
  return std::exchange(file_out_, std::move(target));
}

void Session::ShowTime(std::chrono::steady_clock::duration time) {
  char text[64];
  std::snprintf(text, sizeof text, "Time: %.3f ms\n",
                std::chrono::duration<double, std::milli>(time).count());
  err_.Write(text);
}

ExitCode Session::OutputGone() {
  if (out_->error() == EPIPE) return ExitCode::kOk;  // the reader has closed the pipe
  err_.Write("tql: cannot write the results: " + std::string(std::strerror(out_->error())) + "\n");
  err_.Flush();
  return ExitCode::kUsage;
}

Status Session::Show(ResultStream& stream, const std::string& statement) {
  std::unique_ptr<Renderer> renderer;
  const auto end_table = [&](bool complete) {
    if (renderer && complete) renderer->End();
    if (renderer && !complete) renderer->Fail();
    renderer.reset();
  };
  for (;;) {
    StatusOr<ResultEvent> event = stream.Next();
    if (!event.ok() || std::holds_alternative<StreamEnd>(*event)) {
      end_table(event.ok());
      return event.status();
    }
    if (const auto* row = std::get_if<RowView>(&*event)) {
      if (renderer) renderer->Row(*row);
      if (out_->broken()) return Status();
    } else if (const auto* header = std::get_if<Header>(&*event)) {
      end_table(true);
      progress_.Erase();
      BeginData();
      if (!settings_.count) renderer = NewRenderer();
      if (renderer) renderer->Begin(header->columns);
    } else if (const auto* message = std::get_if<Message>(&*event)) {
      end_table(message->severity != Severity::kError);
      ShowMessage(*message, statement);
    } else if (const auto* begin = std::get_if<StatementBegin>(&*event)) {
      EndText(true);
      BeginText(begin->statement);
    } else if (const auto* progress = std::get_if<Progress>(&*event)) {
      if (settings_.progress && !pager_) progress_.Show(*progress);
    }
  }
}

void Session::BeginData() {
  if (pager_ || !settings_.pager || out_->rows() == 0 || PagerProgram().empty()) return;
  pager_ = std::make_unique<Pager>(*out_, interrupts_);
}

std::unique_ptr<Renderer> Session::NewRenderer() {
  Style style = settings_.style;
  if (const std::size_t columns = out_->columns(); columns > 0) style.width = columns;
  return MakeRenderer(settings_.format.value_or(Format::kTql), *out_, err_, style);
}

void Session::BeginText(std::string_view statement) {
  show_header_.reset();
  show_records_.reset();
  const Format format = settings_.format.value_or(Format::kTql);
  if (ShowRecords::Applies(statement, format)) show_records_.emplace(NewRenderer(), statement);
  if (format != Format::kTql || !ShowsTextTable(statement)) return;
  // As for SELECT, rows are data, but their header is not.
  const auto header = [this](std::string_view lines) {
    if (!settings_.style.header) return;
    out_->Flush();  // keep the order if both outputs are the same terminal
    err_.WriteText(lines);
    err_.Flush();
  };
  show_header_.emplace(header, [this](std::string_view lines) { out_->WriteText(lines); });
}

void Session::EndText(bool complete) {
  if (show_header_) show_header_->End();
  if (show_records_) complete ? show_records_->End() : show_records_->Fail();
  show_records_.reset();
}

void Session::ShowText(std::string_view text) {
  BeginData();
  if (show_records_) return show_records_->Add(text);
  show_header_ ? show_header_->Add(text) : out_->WriteText(text);
}

void Session::ShowMessage(const Message& message, const std::string& statement) {
  progress_.Erase();
  std::string text = message.text;
  if (text.empty() || text.back() != '\n') text += '\n';
  // The text of SHOW and SCRIPT is data; messages about the success of a statement are not.
  if (message.severity == Severity::kError) EndText(false);
  if (message.severity == Severity::kWarning && show_header_) show_header_->End();
  if (message.severity != Severity::kInfo) EndData();
  if (message.severity == Severity::kError) {
    failed_ = true;
    ShowError(text, statement);
    return;
  }
  if (message.severity == Severity::kWarning) {
    err_.WriteText("warning: " + text);
    return;
  }
  const bool rows = text.starts_with("(") && text.ends_with(" result rows)\n");
  if (rows && settings_.count) {
    out_->WriteText(text.substr(1, text.find(' ') - 1) + "\n");
    return;
  }
  const bool about = rows || text.starts_with("Statement executed") ||
                     text.starts_with("Changing database context");
  if (about) {
    EndText(true);
    EndData();
    out_->Flush();  // keep the order if both outputs are the same terminal
    err_.WriteText(text);
    err_.Flush();
  } else {
    ShowText(text);
  }
}

void Session::ShowError(const std::string& text, const std::string& statement) {
  WriteError(err_, settings_, text, statement, source_);
}

}  // namespace tql::shell
