#include "tools/tql/session.h"

#include <fcntl.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "tools/tql/terminal.h"
#include "tools/tql/visible.h"

namespace tql::shell {
namespace {

/// The number behind `word` in `text`; 0 when there is none.
std::size_t NumberBehind(std::string_view text, std::string_view word) {
  const std::size_t at = text.find(word);
  if (at == text.npos) return 0;
  std::size_t number = 0;
  std::from_chars(text.data() + at + word.size(), text.data() + text.size(), number);
  return number;
}

/// The line of the statement that an error names; 0 when it names none.
std::size_t LineIn(std::string_view error) {
  const std::size_t line = NumberBehind(error, "line ");
  return line > 0 ? line : NumberBehind(error, "Line ");
}

/// That line, with a caret under the place; empty when the error names none.
std::string PlaceIn(std::string_view statement, std::string_view error) {
  std::size_t line = LineIn(error);
  const std::size_t column = NumberBehind(error, "column ");
  if (line == 0 || column == 0) return {};
  for (; line > 1; --line) {
    const std::size_t end = statement.find('\n');
    if (end == statement.npos) return {};
    statement.remove_prefix(end + 1);
  }
  const std::string text(statement.substr(0, statement.find('\n')));
  if (column > text.size() + 1 || text.size() > 500) return {};
  std::string caret;
  for (const char c : VisibleLines(std::string_view(text).substr(0, column - 1))) {
    // Tabs stay, bytes that continue a character take no room.
    if (c == '\t')
      caret += '\t';
    else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80)
      caret += ' ';
  }
  return "  " + VisibleLines(text) + "\n  " + caret + "^\n";
}

}  // namespace

Session::Session(Client& client, Options options, Output& out, Output& err, Interrupts& interrupts)
    : client_(client),
      options_(options),
      usual_out_(out),
      out_(&out),
      err_(err),
      interrupts_(interrupts) {}

RequestOptions Session::RequestFor(std::stop_token stop) {
  RequestOptions request;
  request.stop = stop;
  request.statement.query_results_apply_top_row_count = options_.top;
  request.statement.null_string = std::string(kNullMark);
  request.on_question = [this, stop](const Question& question) {
    ClearProgress();
    return AskQuestion(question, stop);
  };
  return request;
}

ExitCode Session::Run(const std::string& statement, const Source* source) {
  failed_ = false;
  source_ = source;
  const auto start = std::chrono::steady_clock::now();
  Status status;
  auto stream = client_.Stream(statement + ";", RequestFor(interrupts_.BeginStatement()));
  if (stream.ok()) {
    status = Show(**stream, statement);
    (*stream).reset();
  } else {
    status = stream.status();
  }
  const bool interrupted = interrupts_.EndStatement();
  ClearProgress();
  out_->Flush();
  if (out_->broken()) return OutputGone();
  if (interrupted) {
    err_.Write("cancelled\n");
    err_.Flush();
    return ExitCode::kInterrupted;
  }
  if (!status.ok()) ShowError(status.message() + "\n", statement);
  if (options_.timing) ShowTime(std::chrono::steady_clock::now() - start);
  err_.Flush();
  switch (status.code()) {
    case StatusCode::kOk:
      return failed_ ? ExitCode::kStatementFailed : ExitCode::kOk;
    case StatusCode::kUnavailable:
    case StatusCode::kUnauthenticated:
    case StatusCode::kDataLoss:
      return ExitCode::kNoConnection;
    default:
      return ExitCode::kStatementFailed;
  }
}

int Session::RedirectTo(const std::string& file) {
  std::unique_ptr<FileOutput> next;
  if (!file.empty()) {
    const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return errno;
    next = std::make_unique<FileOutput>(fd);
  }
  out_ = next ? &next->out() : &usual_out_;
  file_out_ = std::move(next);
  return 0;
}

void Session::ShowTime(std::chrono::steady_clock::duration time) {
  char text[64];
  std::snprintf(text, sizeof text, "Time: %.3f ms\n",
                std::chrono::duration<double, std::milli>(time).count());
  err_.Write(text);
}

ExitCode Session::OutputGone() {
  if (out_->error() == EPIPE) return ExitCode::kOk;  // whoever read has seen enough
  err_.Write("tql: cannot write the results: " + std::string(std::strerror(out_->error())) + "\n");
  err_.Flush();
  return ExitCode::kUsage;
}

Status Session::Show(ResultStream& stream, const std::string& statement) {
  std::unique_ptr<Renderer> renderer;
  const auto end_table = [&] {
    if (renderer) renderer->End();
    renderer.reset();
  };
  for (;;) {
    StatusOr<ResultEvent> event = stream.Next();
    if (!event.ok() || std::holds_alternative<StreamEnd>(*event)) {
      end_table();
      return event.status();
    }
    if (const auto* row = std::get_if<RowView>(&*event)) {
      if (renderer) renderer->Row(*row);
      if (out_->broken()) return Status();
    } else if (const auto* header = std::get_if<Header>(&*event)) {
      end_table();
      renderer = MakeRenderer(options_.format, *out_, err_);
      renderer->Begin(header->columns);
    } else if (const auto* message = std::get_if<Message>(&*event)) {
      end_table();
      ShowMessage(*message, statement);
    } else if (const auto* progress = std::get_if<Progress>(&*event)) {
      ShowProgress(*progress);
    }
  }
}

void Session::ShowMessage(const Message& message, const std::string& statement) {
  ClearProgress();
  std::string text = message.text;
  if (text.empty() || text.back() != '\n') text += '\n';
  // What SHOW and SCRIPT print is data; how a statement went is not.
  if (message.severity == Severity::kError) {
    failed_ = true;
    ShowError(text, statement);
    return;
  }
  if (message.severity == Severity::kWarning) {
    err_.WriteText("warning: " + text);
    return;
  }
  const bool about = text.starts_with("Statement executed") ||
                     (text.starts_with("(") && text.ends_with(" result rows)\n")) ||
                     text.starts_with("Changing database context");
  if (about) {
    out_->Flush();  // in the order of their coming, when both are one terminal
    err_.WriteText(text);
    err_.Flush();
  } else {
    out_->WriteText(text);
  }
}

void Session::ShowError(const std::string& text, const std::string& statement) {
  std::string place;
  if (source_ != nullptr) {
    const std::size_t line = std::max<std::size_t>(LineIn(text), 1);
    place = source_->file + ":" + std::to_string(source_->line + line - 1) + ": ";
  }
  err_.WriteText(place + "error: " + text);
  err_.Write(PlaceIn(statement, text));
}

void Session::ShowProgress(const Progress& progress) {
  if (!options_.show_progress) return;
  constexpr int kWidth = 30;
  const int done = std::min(std::max(progress.percentage, 0), 100) * kWidth / 100;
  std::string line = "\r\x1b[K" + Visible(progress.label) + " [";
  line += std::string(static_cast<std::size_t>(done), '#') +
          std::string(static_cast<std::size_t>(kWidth - done), '.');
  line += "] " + std::to_string(progress.percentage) + "% " + Visible(progress.details);
  err_.Write(line);
  err_.Flush();
  progress_shown_ = true;
}

void Session::ClearProgress() {
  if (!progress_shown_) return;
  progress_shown_ = false;
  err_.Write("\r\x1b[K");
}

}  // namespace tql::shell
