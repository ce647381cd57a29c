#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "mockserver/dialect/printer.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"
#include "tools/tql/copy/copy.h"
#include "tools/tql/copy/copy_source.h"
#include "tools/tql/copy/copy_value.h"
#include "tools/tql/copy/csv_reader.h"
#include "tools/tql/copy/encoding.h"
#include "tools/tql/quoted_text.h"

namespace tql::shell {
namespace {

// Limits on an INSERT; it may exceed one of them by one row.
constexpr std::size_t kMostRows = 2000;
constexpr std::size_t kMostBytes = std::size_t{512} << 10;

/// Removes the position in the generated INSERT, which the user has not seen.
std::string WithoutPlace(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  const std::size_t place = text.rfind(" (line ");
  if (text.ends_with(')') && place != text.npos) text.resize(place);
  return text;
}

std::string Fields(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " field" : " fields");
}

/// Returns "a, b", shortened if it is long, because the first line of a file may have any contents.
template <typename Items, typename Member>
std::string Joined(const Items& items, Member name) {
  constexpr std::size_t kMost = 200;
  std::string list;
  for (const auto& item : items) {
    list += (list.empty() ? "" : ", ") + std::string(std::string_view(item.*name).substr(0, kMost));
    if (list.size() <= kMost) continue;
    const std::size_t valid = base::ValidUtf8Prefix(std::string_view(list).substr(0, kMost));
    return list.substr(0, valid) + "...";
  }
  return list;
}

/// A batch of rows that are sent together.
struct RowBatch {
  std::string text;               // "(…),\n(…),\n"
  std::vector<std::size_t> ends;  // end offsets of the rows, without separators
  std::vector<std::uint64_t> lines;

  bool full() const { return ends.size() >= kMostRows || text.size() >= kMostBytes; }
  std::string_view row(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1] + 2;
    return std::string_view(text).substr(begin, ends[i] - begin);
  }
  void Clear() {
    text.clear();
    ends.clear();
    lines.clear();
  }
};

class Loader {
 public:
  Loader(Session& session, const CopyCommand& command, ScriptData* data, Copying& copying)
      : client_(session.client()),
        command_(command),
        copying_(copying),
        data_(data),
        reader_(SourceOfText(), command.csv),
        insert_(command.Insert()),
        rules_{command.null_text,
               session.settings().statement.format_date_as_epoch.value_or(false)} {}

  Status Load() {
    Status opened = data_ != nullptr           ? Status()
                    : command_.program.empty() ? source_.Open(command_.file)
                                               : source_.OpenProgram(command_.program);
    if (!opened.ok()) return opened;
    TQL_RETURN_IF_ERROR(ReadColumns());
    Status status = ReadRecords();
    // Store the rows before an error of the file, so that the user can continue from there.
    if (copying_.stop().stop_requested() || outage_) return status;
    const Status sent = Send();
    if (!sent.ok()) return sent;
    return status.ok() ? source_.Close() : status;
  }
  std::uint64_t stored() const { return stored_; }
  /// Of an INSERT that went without an answer: its rows may be stored, too.
  std::uint64_t unknown() const { return unknown_; }

 private:
  /// The bytes of the file, as UTF-8.
  CsvReader::Source SourceOfText() {
    const auto bytes = [this](char* into, std::size_t size) {
      return data_ != nullptr ? data_->Read(into, size, copying_.stop())
                              : source_.Read(into, size, copying_.stop());
    };
    if (command_.encoding.empty()) return bytes;
    const auto decoder = std::make_shared<DecodingReader>(bytes, command_.encoding);
    return [decoder](char* into, std::size_t size) { return decoder->Read(into, size); };
  }

  /// The columns as the service reports them.
  Status ReadColumns() {
    RequestOptions request = copying_.Request();
    request.statement.query_results_apply_top_row_count = 1;
    QueryResult result = client_.Query(command_.Select() + ";", std::move(request));
    columns_ = result.columns();
    Status status = result.Finish();
    if (status.ok() && columns_.empty()) return InternalError("the service names no columns");
    for (const Column& column : columns_) {
      literals_.emplace_back(
          column.type, rules_,
          [this, name = column.name](std::string_view text) { return ReadsText(name, text); });
    }
    return status;
  }

  /// Whether the service accepts the text as a value of the column; otherwise it rejects a
  /// comparison of the two. The query reads no rows.
  bool ReadsText(const std::string& column, std::string_view text) {
    std::string statement = "select 1 from " + command_.table + " where 1 = 0 and " +
                            dialect::QuoteName(column) + " = ";
    AppendInQuotes(text, &statement);
    return client_.Execute(statement + ";", copying_.Request()).status.ok();
  }

  Status ReadRecords() {
    for (bool header = command_.header != CopyCommand::Header::kNone;; header = false) {
      StatusOr<bool> more = reader_.Next();
      if (!more.ok() && more.status().code() == StatusCode::kInvalidArgument) {
        return InvalidArgumentError(Place() + more.status().message());
      }
      if (!more.ok()) return more.status();
      if (!*more) return {};
      if (header) {
        TQL_RETURN_IF_ERROR(CheckHeader());
        continue;
      }
      TQL_RETURN_IF_ERROR(AddRow());
      if (!batch_.full()) continue;
      TQL_RETURN_IF_ERROR(Send());
    }
  }

  Status CheckHeader() const {
    const std::vector<CsvField>& found = reader_.fields();
    const auto same = [](const CsvField& field, const Column& column) {
      return base::EqualsIgnoreCase(field.text, column.name);
    };
    if (command_.header == CopyCommand::Header::kIgnored ||
        std::ranges::equal(found, columns_, same)) {
      return {};
    }
    return InvalidArgumentError(
        Place() + "line " + std::to_string(reader_.line()) + ": found the header " +
        Joined(found, &CsvField::text) + ", expected " + Joined(columns_, &Column::name) +
        "; name the columns in its order behind the table, or say header ignore");
  }

  Status AddRow() {
    const std::string line = Place() + "line " + std::to_string(reader_.line());
    const std::vector<CsvField>& fields = reader_.fields();
    if (fields.size() != columns_.size()) {
      return InvalidArgumentError(line + ": found " + FoundFields() + ", expected " +
                                  Fields(columns_.size()));
    }
    const std::size_t begin = batch_.text.size();
    batch_.text += '(';
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i > 0) batch_.text += ',';
      const std::string mistake = literals_[i].Append(fields[i], &batch_.text);
      if (mistake.empty()) continue;
      batch_.text.resize(begin);
      return InvalidArgumentError(line + ", column " + columns_[i].name + ": " + mistake);
    }
    batch_.text += ')';
    batch_.ends.push_back(batch_.text.size());
    batch_.lines.push_back(reader_.line());
    batch_.text += ",\n";
    return {};
  }

  /// The position of the record, for errors.
  std::string FoundFields() const {
    const std::vector<CsvField>& fields = reader_.fields();
    const bool empty = fields.size() == 1 && fields[0].text.empty() && !fields[0].quoted;
    return empty ? "an empty line" : Fields(fields.size());
  }

  /// The name of the file, for errors; empty for standard input.
  std::string Place() const { return command_.file.empty() ? "" : command_.file + ", "; }

  Status Send() {
    if (batch_.ends.empty()) return {};
    Status status = one_by_one_ ? SendOneByOne() : SendTogether();
    batch_.Clear();
    if (source_.size() > 0) {
      const double part =
          static_cast<double>(reader_.bytes()) / static_cast<double>(source_.size());
      copying_.ShowProgress(static_cast<int>(std::min(part, 1.0) * 100), stored_);
    } else {
      copying_.ShowProgress(-1, stored_);
    }
    return status;
  }

  /// Sends one INSERT of many rows, of which all or none are stored.
  Status SendTogether() {
    const std::string_view rows = std::string_view(batch_.text).substr(0, batch_.ends.back());
    const Outcome outcome = client_.Execute(insert_ + std::string(rows) + ";", copying_.Request());
    if (outcome.status.ok()) {
      stored_ += batch_.ends.size();
      return {};
    }
    if (Failed(outcome.status)) return outcome.status;
    // Either a row is invalid, and this finds it, or the service only accepts one row per INSERT.
    Status status = SendOneByOne();
    one_by_one_ = status.ok();
    return status;
  }

  /// Sends a script of INSERTs, up to the first that fails.
  Status SendOneByOne() {
    std::string script;
    for (std::size_t i = 0; i < batch_.ends.size(); ++i) {
      script += insert_;
      script += batch_.row(i);
      script += ";\n";
    }
    RequestOptions request = copying_.Request();
    request.statement.continue_execution_on_error = false;
    ScriptResult result = client_.RunScript(std::move(script), std::move(request));
    std::size_t done = 0;
    while (std::optional<QueryResult> statement = result.Next()) {
      Status status = statement->Finish();
      if (status.ok()) {
        if (done < batch_.ends.size()) ++done;
        continue;
      }
      stored_ += done;
      if (Failed(status)) return status;
      const std::uint64_t line = batch_.lines[std::min(done, batch_.lines.size() - 1)];
      return InvalidArgumentError(Place() + "line " + std::to_string(line) + ": " +
                                  WithoutPlace(status.message()));
    }
    stored_ += done;
    if (!result.status().ok()) Failed(result.status());
    return result.status();
  }

  /// Whether the error is not a response of the service, so that the batch may or may not be
  /// stored.
  bool Failed(const Status& status) {
    if (status.code() == StatusCode::kInvalidArgument ||
        status.code() == StatusCode::kFailedPrecondition) {
      return false;
    }
    outage_ = true;
    unknown_ = batch_.ends.size();
    return true;
  }

  Client& client_;
  const CopyCommand& command_;
  Copying& copying_;
  ScriptData* const data_;
  CopySource source_;
  CsvReader reader_;
  const std::string insert_;
  std::vector<Column> columns_;
  const LiteralRules rules_;
  std::vector<ColumnLiterals> literals_;  // one per column
  RowBatch batch_;
  bool one_by_one_ = false;
  bool outage_ = false;
  std::uint64_t stored_ = 0;
  std::uint64_t unknown_ = 0;
};

}  // namespace

CopyEnd CopyFrom(Session& session, const CopyCommand& command, ScriptData* data) {
  Copying copying(session, command);
  Loader loader(session, command, data, copying);
  const Status status = loader.Load();
  CopyEnd end{.rows = loader.stored()};
  if (status.ok()) return end;
  end.code = copying.stop().stop_requested() ? ExitCode::kInterrupted : ExitCodeOf(status);
  end.error = end.code == ExitCode::kInterrupted ? "cancelled" : status.message();
  while (end.error.ends_with('\n')) end.error.pop_back();
  end.error +=
      "; " + std::to_string(end.rows) + (end.rows == 1 ? " row is" : " rows are") + " stored";
  if (loader.unknown() > 0) {
    end.error += ", and up to " + std::to_string(loader.unknown()) + " more may be";
  }
  return end;
}

}  // namespace tql::shell
