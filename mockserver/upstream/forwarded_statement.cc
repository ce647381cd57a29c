#include "mockserver/upstream/forwarded_statement.h"

#include <algorithm>
#include <exception>
#include <utility>
#include <variant>

#include "proto/base/random.h"
#include "proto/base/text.h"

namespace tql::upstream {
namespace {

using Result = pb::ExecuteQueryResponse::Result;

constexpr std::size_t kPartBytes = std::size_t{256} << 10;
constexpr std::size_t kMostParts = 4;
/// Rows that arrive slowly are passed on after this time.
constexpr std::chrono::milliseconds kPartTime{50};
constexpr std::chrono::milliseconds kPoll{20};

Context ToContext(const engine::Context& context) {
  return {.database = context.database,
          .schema = context.schema,
          .server_schema_version = context.server_schema_version};
}

/// Adds events to a Result. Returns the size of what was added.
class PartBuilder {
 public:
  explicit PartBuilder(Result& part) : part_(part) {}

  std::size_t operator()(const RowView& row) const {
    auto& cells = *part_.mutable_table()->add_rows();
    std::size_t bytes = 8;
    for (const std::string_view cell : row) {
      // A JSON null is NULL as well.
      const std::string_view text = cell.data() == nullptr ? NullMarker() : cell;
      cells.add_v(text.data(), text.size());
      bytes += text.size() + 8;
    }
    return bytes;
  }
  std::size_t operator()(const Header& header) const {
    using ColumnHeader = Result::TableResult::ColumnHeader;
    std::size_t bytes = 0;
    auto& table = *part_.mutable_table();
    for (const Column& column : header.columns) {
      ColumnHeader& added = *table.add_headers();
      added.set_name(column.name);
      const int type = static_cast<int>(column.type);
      added.set_type(ColumnHeader::Type_IsValid(type) ? static_cast<ColumnHeader::Type>(type)
                                                      : ColumnHeader::UNKNOWN);
      bytes += column.name.size() + 16;
    }
    return bytes;
  }
  std::size_t operator()(const ContextChange& change) const {
    pb::QueryContext& context = *part_.mutable_final_context();
    if (change.database) context.set_database(*change.database);
    if (change.schema) context.set_schema(*change.schema);
    if (change.server_schema_version) {
      context.set_server_schema_version(*change.server_schema_version);
    }
    return 0;
  }
  std::size_t operator()(const Message& message) const {
    Result::OutMessage& added = *part_.add_message();
    added.set_type(static_cast<Result::OutMessage::Type>(message.severity));
    added.set_value(message.text);
    return message.text.size() + 16;
  }
  std::size_t operator()(const Progress& progress) const {
    Result::Progress& added = *part_.add_progress();
    added.set_id(progress.id);
    added.set_label(progress.label);
    added.set_percentage(progress.percentage);
    added.set_details(progress.details);
    return kPartBytes;  // passed on at once
  }
  std::size_t operator()(const Question& question) const {
    pb::InteractiveQueryQuestion& added = *part_.add_interactive_question();
    added.set_question_id(question.id);
    added.set_banner(question.banner);
    added.set_prompt(question.prompt);
    for (const std::string& option : question.options) added.add_options(option);
    return 0;
  }
  std::size_t operator()(const StatementBegin& /*begin*/) const { return 0; }
  std::size_t operator()(const StatementEnd& /*end*/) const { return 0; }
  std::size_t operator()(const StreamEnd& /*end*/) const { return 0; }

 private:
  Result& part_;
};

}  // namespace

const std::string& NullMarker() {
  static const std::string& marker =
      *new std::string("NULL-" + base::Hex(base::SeededGenerator()()));
  return marker;
}

ForwardedStatement::ForwardedStatement(const Client& client, Forwarded statement,
                                       std::stop_token stop)
    : statement_(std::move(statement)),
      client_(client),
      on_stop_(std::move(stop), [this] { stop_.request_stop(); }),
      pushed_(std::chrono::steady_clock::now()),
      reader_([this] { Read(); }) {}

ForwardedStatement::~ForwardedStatement() {
  stop_.request_stop();
  {
    const base::MutexLock lock(mutex_);
    changed_.notify_all();
  }
  reader_.join();
}

bool ForwardedStatement::ready() const {
  const base::MutexLock lock(mutex_);
  return ended_ || !parts_.empty();
}

StatusOr<std::optional<Result>> ForwardedStatement::Next(const std::function<bool()>& gone) {
  base::MutexLock lock(mutex_);
  while (!ended_ && parts_.empty()) {
    if (changed_.wait_for(lock, kPoll) == std::cv_status::timeout && gone && gone()) {
      stop_.request_stop();
      return CancelledError("the client disconnected");
    }
  }
  if (parts_.empty()) {
    if (!status_.ok()) return status_;
    return std::optional<Result>();
  }
  std::optional<Result> part = std::move(parts_.front());
  parts_.pop_front();
  changed_.notify_all();
  return part;
}

void ForwardedStatement::Read() {
  Status status;
  try {
    status = ReadParts();
  } catch (const std::exception& error) {  // no memory
    status = ResourceExhaustedError(error.what());
  }
  const base::MutexLock lock(mutex_);
  status_ = std::move(status);
  ended_ = true;
  changed_.notify_all();
}

Status ForwardedStatement::ReadParts() {
  client_.set_context(ToContext(statement_.context));
  bool asked = false;
  RequestOptions request;
  request.statement = statement_.options;
  request.statement.null_string = NullMarker();
  request.timeout = statement_.timeout;
  request.stop = stop_.get_token();
  // A question that the caller has not answered yet is the answer of the statement.
  request.on_question = [&](const Question& question) -> StatusOr<std::string> {
    const auto answer = std::ranges::find(statement_.answers, question.id, &Answer::question_id);
    if (answer != statement_.answers.end()) return answer->answer;
    Add(ResultEvent(question));
    asked = true;
    return CancelledError("the question is passed on");
  };
  const std::string text =
      statement_.text + (statement_.text.find("--") != std::string::npos ? "\n;" : ";");
  auto stream =
      statement_.script ? client_.StreamScript(text, request) : client_.Stream(text, request);
  if (!stream.ok()) return stream.status();
  for (;;) {
    const StatusOr<ResultEvent> event = (*stream)->Next();
    if (asked) break;
    if (!event.ok()) return event.status();
    if (std::holds_alternative<StreamEnd>(*event)) break;
    Add(*event);
    const bool late = std::chrono::steady_clock::now() - pushed_ >= kPartTime;
    if ((part_bytes_ >= kPartBytes || (late && part_bytes_ > 0)) && !Push()) {
      return CancelledError("the statement was cancelled");
    }
  }
  part_.set_complete(!asked);
  Push();
  return Status();
}

void ForwardedStatement::Add(const ResultEvent& event) {
  part_bytes_ += std::visit(PartBuilder(part_), event);
}

bool ForwardedStatement::Push() {
  base::MutexLock lock(mutex_);
  while (parts_.size() >= kMostParts && !stop_.stop_requested()) changed_.wait(lock);
  if (stop_.stop_requested()) return false;
  parts_.push_back(std::exchange(part_, {}));
  part_bytes_ = 0;
  pushed_ = std::chrono::steady_clock::now();
  changed_.notify_all();
  return true;
}

}  // namespace tql::upstream
