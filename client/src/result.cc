#include "tql/result.h"

namespace tql {

Status StatementStatus(const std::vector<Message>& messages) {
  for (const Message& message : messages) {
    if (message.severity != Severity::kError) continue;
    std::string text = message.text;
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    // The service distinguishes the kinds of errors only by their text.
    const bool parse_error = text.starts_with("Error parsing SQL");
    return parse_error ? InvalidArgumentError(std::move(text))
                       : FailedPreconditionError(std::move(text));
  }
  return {};
}

struct QueryResult::State {
  std::shared_ptr<ResultStream> stream;
  ProgressCallback on_progress;
  RowShape shape;
  std::vector<Message> messages;
  std::size_t message_bytes = 0;
  std::string statement;
  std::uint64_t row_count = 0;
  Status status;
  bool ended = false;
  std::optional<ResultEvent> held;  // an event that columns() read ahead

  void End(Status error) {
    ended = true;
    status = error.ok() ? StatementStatus(messages) : std::move(error);
  }
  void KeepMessage(Message message) {
    message_bytes += sizeof message + message.text.size();
    if (message_bytes <= kMostMessageBytes) return messages.push_back(std::move(message));
    stream->Cancel();
    End(ResourceExhaustedError("the messages of the response take more than " +
                               std::to_string(kMostMessageBytes >> 20) + " MiB: found " +
                               std::to_string(messages.size() + 1) + " so far"));
  }
  // Records an event that is neither a row nor the end.
  void Keep(ResultEvent& event) {
    if (auto* header = std::get_if<Header>(&event)) shape.columns = std::move(header->columns);
    if (auto* message = std::get_if<Message>(&event)) KeepMessage(std::move(*message));
    if (auto* begin = std::get_if<StatementBegin>(&event)) statement = std::move(begin->statement);
    if (auto* progress = std::get_if<Progress>(&event); progress && on_progress) {
      on_progress(*progress);
    }
  }
};

QueryResult::QueryResult(Status error) : state_(std::make_unique<State>()) {
  state_->End(std::move(error));
}

QueryResult::QueryResult(std::shared_ptr<ResultStream> stream, NullTexts null,
                         ProgressCallback on_progress)
    : state_(std::make_unique<State>()) {
  state_->stream = std::move(stream);
  state_->shape.null_string = std::move(null.received);
  state_->shape.null_text = std::move(null.shown);
  state_->on_progress = std::move(on_progress);
}

QueryResult::QueryResult(QueryResult&&) noexcept = default;
QueryResult& QueryResult::operator=(QueryResult&&) noexcept = default;
QueryResult::~QueryResult() = default;

StatusOr<std::optional<Row>> QueryResult::Next() {
  State& s = *state_;
  while (!s.ended) {
    StatusOr<ResultEvent> event =
        s.held ? StatusOr<ResultEvent>(*std::move(s.held)) : s.stream->Next();
    s.held.reset();
    if (!event) {
      s.End(event.status());
    } else if (const RowView* row = std::get_if<RowView>(&*event)) {
      ++s.row_count;
      return std::optional<Row>(Row(&s.shape, *row));
    } else if (std::holds_alternative<StreamEnd>(*event)) {
      s.End({});
    } else {
      s.Keep(*event);
    }
  }
  if (!s.status.ok()) return s.status;
  return std::optional<Row>();
}

Status QueryResult::Finish() {
  for (;;) {
    StatusOr<std::optional<Row>> row = Next();
    if (!row) return row.status();
    if (!*row) return {};
  }
}

StatusOr<Table> QueryResult::ReadTable() {
  std::vector<Row> rows;
  std::shared_ptr<const RowShape> shape;
  for (;;) {
    StatusOr<std::optional<Row>> row = Next();
    if (!row) return row.status();
    if (!*row) return Table(state_->shape.columns, std::move(rows), state_->messages);
    // All rows share one copy of the shape. It changes if the query had several statements.
    if (!shape || shape->columns != state_->shape.columns) {
      shape = std::make_shared<const RowShape>(state_->shape);
    }
    rows.push_back((*row)->Own(shape));
  }
}

// Reads until the header or the first row. That row is kept for Next().
const std::vector<Column>& QueryResult::columns() {
  State& s = *state_;
  while (!s.ended && !s.held && s.shape.columns.empty()) {
    StatusOr<ResultEvent> event = s.stream->Next();
    if (!event) {
      s.End(event.status());
    } else if (std::holds_alternative<RowView>(*event) ||
               std::holds_alternative<StreamEnd>(*event)) {
      s.held = *std::move(event);
    } else {
      s.Keep(*event);
    }
  }
  return s.shape.columns;
}

const std::vector<Message>& QueryResult::messages() const { return state_->messages; }
const std::string& QueryResult::statement() const { return state_->statement; }
std::uint64_t QueryResult::row_count() const { return state_->row_count; }

void QueryResult::Cancel() {
  if (state_->stream) state_->stream->Cancel();
}

// The position in the response to a script, shared by ScriptResult and the result that it returned
// last.
struct ScriptResult::Cursor {
  std::shared_ptr<ResultStream> stream;
  bool in_statement = false;
  bool ended = false;
  Status status;

  StatusOr<ResultEvent> Next() {
    StatusOr<ResultEvent> event = stream->Next();
    if (!event) status = event.status();
    ended = !event || std::holds_alternative<StreamEnd>(*event);
    in_statement = !ended && !std::holds_alternative<StatementEnd>(*event);
    return event;
  }
};

// The part of the response to a script that belongs to one statement.
class ScriptResult::StatementStream : public ResultStream {
 public:
  StatementStream(std::shared_ptr<Cursor> cursor, StatusOr<ResultEvent> first)
      : cursor_(std::move(cursor)), held_(std::move(first)) {}

  StatusOr<ResultEvent> Next() override {
    if (ended_) return ResultEvent(StreamEnd{});
    StatusOr<ResultEvent> event = held_ ? *std::move(held_) : cursor_->Next();
    held_.reset();
    ended_ = event && (std::holds_alternative<StatementEnd>(*event) ||
                       std::holds_alternative<StreamEnd>(*event));
    return event;
  }
  void Cancel() override { cursor_->stream->Cancel(); }

 private:
  std::shared_ptr<Cursor> cursor_;
  std::optional<StatusOr<ResultEvent>> held_;
  bool ended_ = false;
};

ScriptResult::ScriptResult(Status error) : cursor_(std::make_shared<Cursor>()) {
  cursor_->ended = true;
  cursor_->status = std::move(error);
}

ScriptResult::ScriptResult(std::shared_ptr<ResultStream> stream, NullTexts null,
                           ProgressCallback on_progress)
    : cursor_(std::make_shared<Cursor>()),
      null_(std::move(null)),
      on_progress_(std::move(on_progress)) {
  cursor_->stream = std::move(stream);
}

std::optional<QueryResult> ScriptResult::Next() {
  while (cursor_->in_statement) (void)cursor_->Next();  // discard unread events
  if (cursor_->ended) return std::nullopt;
  StatusOr<ResultEvent> first = cursor_->Next();
  if (cursor_->ended) return std::nullopt;
  return QueryResult(std::make_shared<StatementStream>(cursor_, std::move(first)), null_,
                     on_progress_);
}

const Status& ScriptResult::status() const { return cursor_->status; }

void ScriptResult::Cancel() {
  if (cursor_->stream) cursor_->stream->Cancel();
}

}  // namespace tql
