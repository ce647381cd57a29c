#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <memory>
#include <utility>

#include "tools/tql/child.h"
#include "tools/tql/copy/copy.h"
#include "tools/tql/copy/encoding.h"
#include "tools/tql/render/output_file.h"

namespace tql::shell {

Copying::Copying(Session& session, const CopyCommand& command)
    : session_(session),
      label_("copy " + (command.table.empty() ? "(query)" : command.table)),
      stop_(session.interrupts().BeginStatement()),
      progress_(session.err()) {
  progress_.Begin();
}

Copying::~Copying() {
  progress_.Erase();
  session_.interrupts().EndStatement();
}

RequestOptions Copying::Request() const {
  const StatementOptions& set = session_.settings().statement;
  RequestOptions request;
  request.stop = stop_;
  request.statement.query_results_apply_top_row_count = 0;
  request.statement.pagination_size = std::numeric_limits<std::int64_t>::max();
  request.statement.null_string = std::string(kNullMark);
  request.statement.skip_cache = set.skip_cache;
  request.statement.use_jit = set.use_jit;
  request.statement.use_postgres_sql_parser = set.use_postgres_sql_parser;
  return request;
}

void Copying::ShowProgress(int percentage, std::uint64_t rows) {
  if (!session_.settings().progress || !session_.err().terminal()) return;
  progress_.Show({"copy", label_, percentage, std::to_string(rows) + " rows"});
}

namespace {

/// The target of the rows: a file that is replaced at the end, a special file, a program, or the
/// output of results.
class Target {
 public:
  explicit Target(Output& results) : out_(&results) {}

  ~Target() { (void)EndProgram(); }

  Status Open(const CopyCommand& command) {
    const std::string& path = command.file;
    if (!command.program.empty()) return OpenProgram(command.program);
    if (path.empty()) return {};
    const StatusOr<int> in_place = OpenInPlace(path);
    if (!in_place.ok()) return in_place.status();
    if (*in_place >= 0) {
      special_ = std::make_unique<FileOutput>(*in_place);
      out_ = &special_->out();
      return {};
    }
    auto made = OutputFile::Create(path);
    if (!made.ok()) return made.status();
    file_ = *std::move(made);
    out_ = &file_->out();
    return {};
  }
  Output& out() { return *out_; }
  Status Commit() {
    if (file_ != nullptr) return file_->Commit();
    out_->Flush();
    const int error = out_->broken() ? out_->error() : 0;
    const bool to_program = program_ != 0;
    // If the program failed, its error explains why it stopped reading.
    if (Status ended = EndProgram(); !ended.ok() || error == 0) return ended;
    return UnavailableError(to_program ? "the program '" + command_ + "' did not read all rows"
                                       : std::string("cannot write: ") + std::strerror(error));
  }

 private:
  Status OpenProgram(const std::string& command) {
    command_ = command;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return UnavailableError(std::strerror(errno));
    program_ = SpawnShell(command, "", ends[0]);
    close(ends[0]);
    special_ = std::make_unique<FileOutput>(ends[1]);
    out_ = &special_->out();
    return program_ != 0 ? Status() : FailedPreconditionError("cannot run " + command);
  }
  Status EndProgram() {
    if (program_ == 0) return {};
    special_.reset();  // the program's end of input
    return EndOf(command_, std::exchange(program_, 0));
  }

  std::unique_ptr<OutputFile> file_;
  std::unique_ptr<FileOutput> special_;
  Output* out_;
  std::string command_;
  pid_t program_ = 0;
};

/// During its lifetime, the output is converted to an encoding.
class Encoder {
 public:
  /// An empty `encoding` is UTF-8.
  Encoder(Output& out, const std::string& encoding) : out_(out) {
    if (encoding.empty()) return;
    transcoder_ = Transcoder::ToEncoding(encoding);
    out_.SetFilter([this](std::string* text) {
      std::string bytes;
      if (status_.ok()) status_ = transcoder_->Convert(*text, &bytes);
      *text = std::move(bytes);
    });
  }
  ~Encoder() {
    if (transcoder_ != nullptr) out_.SetFilter({});
  }
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  /// INVALID_ARGUMENT if the text had a character that the encoding lacks.
  const Status& status() const { return status_; }
  /// Ends the text.
  Status Finish() {
    if (transcoder_ == nullptr) return {};
    out_.SetFilter({});
    std::string bytes;
    if (status_.ok()) status_ = transcoder_->Finish(&bytes);
    out_.Write(bytes);
    return status_;
  }

 private:
  Output& out_;
  std::unique_ptr<Transcoder> transcoder_;
  Status status_;
};

/// Renders the stream. Returns the status of the statement.
Status CopyRows(ResultStream& stream, Renderer& renderer, const Output& out, const Encoder& encoder,
                Copying& copying, std::uint64_t* rows) {
  constexpr std::uint64_t kRowsPerUpdate = 4096;
  std::vector<Message> errors;
  for (;;) {
    StatusOr<ResultEvent> event = stream.Next();
    if (!event.ok()) return event.status();
    if (std::holds_alternative<StreamEnd>(*event)) return StatementStatus(errors);
    if (const auto* row = std::get_if<RowView>(&*event)) {
      renderer.Row(*row);
      if (out.broken() || !encoder.status().ok()) return encoder.status();
      if (++*rows % kRowsPerUpdate == 0) copying.ShowProgress(-1, *rows);
    } else if (const auto* header = std::get_if<Header>(&*event)) {
      renderer.Begin(header->columns);
    } else if (const auto* message = std::get_if<Message>(&*event)) {
      if (message->severity == Severity::kError) errors.push_back(*message);
    }
  }
}

}  // namespace

CopyEnd CopyTo(Session& session, const CopyCommand& command) {
  Copying copying(session, command);
  Target target(session.out());
  if (const Status opened = target.Open(command); !opened.ok()) {
    return {.code = ExitCode::kStatementFailed, .error = opened.message()};
  }
  Style style;
  style.header = command.header != CopyCommand::Header::kNone;
  style.null_text = command.null_text;
  style.field_separator = std::string(1, command.csv.delimiter);
  const std::unique_ptr<Renderer> renderer = MakeCsvRenderer(target.out(), style, command.csv);
  Encoder encoder(target.out(), command.encoding);
  CopyEnd end{.statement = command.Select()};
  auto stream = session.client().Stream(end.statement + ";", copying.Request());
  Status status = stream.status();
  if (stream.ok()) {
    status = CopyRows(**stream, *renderer, target.out(), encoder, copying, &end.rows);
  }
  if (status.ok()) status = encoder.Finish();
  copying.EndProgress();
  if (status.ok()) {
    end.statement.clear();
    const Status committed = target.Commit();
    // Ctrl-C may have been pressed while the copy waited for the program.
    if (!command.program.empty() && copying.stop().stop_requested()) {
      return {.code = ExitCode::kInterrupted, .error = "cancelled"};
    }
    if (!committed.ok()) {
      return {.code = ExitCode::kStatementFailed, .error = committed.message()};
    }
    return end;
  }
  end.code = copying.stop().stop_requested() ? ExitCode::kInterrupted : ExitCodeOf(status);
  end.error = end.code == ExitCode::kInterrupted ? "cancelled" : status.message();
  return end;
}

}  // namespace tql::shell
