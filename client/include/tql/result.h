/// \file
/// The results of statements and scripts.
#ifndef TQL_RESULT_H_
#define TQL_RESULT_H_

#include "tql/cxx20.h"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tql/input_iterator.h"
#include "tql/options.h"
#include "tql/result_stream.h"
#include "tql/row.h"
#include "tql/status.h"

namespace tql {

template <typename... Ts>
class TypedRows;
class Table;

/// Maximum memory, in bytes, for the messages of one statement: several hundred thousand messages.
/// A result with more ends with RESOURCE_EXHAUSTED.
inline constexpr std::size_t kMostMessageBytes = std::size_t{64} << 20;

/// The texts that represent NULL, for RowShape.
struct NullTexts {
  std::string received = "(null)";  ///< RowShape::null_string: as the service sends NULL.
  std::string shown = "(null)";     ///< RowShape::null_text: as Row::text returns NULL.
};

/// Converts the first ERROR message of a statement to a Status: INVALID_ARGUMENT if the service
/// could not parse the statement, otherwise FAILED_PRECONDITION. OK if no message is an error.
///
/// Thread safety: may be called from any thread.
Status StatementStatus(const std::vector<Message>& messages);

/// The result of one statement: an input range of StatusOr<Row>, read while it arrives.
///
/// ```cpp
/// tql::QueryResult result = client.Query("select name, city from store order by name;");
/// for (auto& row : result) {
///   if (!row) return row.status();
///   tql::StatusOr<std::string> city = row->get<std::string>("city");
///   if (!city) return city.status();
///   std::cout << row->text(0) << " in " << *city << '\n';
/// }
/// ```
///
/// The range can be read once, from begin() to end(). An error, of the transport or of the
/// statement, is its last element. A row is a view that is valid until the next row is read;
/// Row::Own copies it. If the text that was sent contains several statements, the range has the
/// rows of all.
///
/// Destroying a result before its end cancels the statement. A result may outlive its client.
///
/// Thread safety: one thread; Cancel() may be called from any thread at the same time.
class QueryResult {
 public:
  /// Iterates over the rows.
  using Iterator = InputIterator<QueryResult, Row>;

  /// A result that consists of an error, which must not be OK.
  explicit QueryResult(Status error);
  /// The result that `stream` carries. `null` sets RowShape's null_string and null_text.
  explicit QueryResult(std::shared_ptr<ResultStream> stream, NullTexts null = NullTexts(),
                       ProgressCallback on_progress = {});
  QueryResult(QueryResult&&) noexcept;
  QueryResult& operator=(QueryResult&&) noexcept;
  ~QueryResult();

  /// Reads the first row. May be called once.
  Iterator begin() { return Iterator(this); }
  /// The end of the rows.
  std::default_sentinel_t end() const { return {}; }

  /// The rows as tuples. The range refers to this result.
  template <typename... Ts>
  TypedRows<Ts...> rows() & {
    return TypedRows<Ts...>(this);
  }
  /// The rows as tuples. The range takes ownership of this temporary result, so that
  /// `for (auto& row : client.Query(…).rows<int>())` is safe.
  template <typename... Ts>
  TypedRows<Ts...> rows() && {
    return TypedRows<Ts...>(std::move(*this));
  }

  /// Returns the next row, or an empty optional at the end; blocks until it arrives. The iterators
  /// are built on it.
  StatusOr<std::optional<Row>> Next();

  /// Reads and discards the remaining rows. Returns the status of the statement.
  Status Finish();

  /// Reads the remaining rows into memory. Returns the error of the statement if it failed.
  StatusOr<Table> ReadTable();

  /// The columns. Blocks until the header arrives. Empty if the statement is not a SELECT.
  const std::vector<Column>& columns();
  /// The messages received so far; complete once the range has ended. If the service sends more
  /// than kMostMessageBytes, the result ends with RESOURCE_EXHAUSTED.
  const std::vector<Message>& messages() const;
  /// The text of the statement, as the service repeats it in the response to a script; otherwise
  /// empty.
  const std::string& statement() const;
  /// Number of rows read so far.
  std::uint64_t row_count() const;

  /// Cancels the statement; the range ends with CANCELLED.
  void Cancel();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The rows of a QueryResult as tuples: an input range of StatusOr<std::tuple<Ts...>>. Ts are the
/// types of Row::get, one for each column. A row that cannot be converted is an error element; the
/// range continues after it. An error of the statement is the last element.
///
/// ```cpp
/// using Day = std::chrono::year_month_day;
/// for (auto& row : client.Query("select city, opened from store order by city;")
///                      .rows<std::string, std::optional<Day>>()) {
///   if (!row) return row.status();
///   auto& [city, opened] = *row;
///   std::cout << city << ' ' << (opened ? static_cast<int>(opened->year()) : 0) << '\n';
/// }
/// ```
///
/// Thread safety: as QueryResult.
template <typename... Ts>
class TypedRows {
 public:
  class Iterator {
   public:
    using value_type = StatusOr<std::tuple<Ts...>>;
    using reference = value_type&;
    using pointer = value_type*;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;

    explicit Iterator(QueryResult* result) : it_(result) { Load(); }
    reference operator*() { return current_; }
    pointer operator->() { return &current_; }
    Iterator& operator++() {
      ++it_;
      Load();
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& it, std::default_sentinel_t end) {
      return it.it_ == end;
    }

   private:
    void Load() {
      if (it_ == std::default_sentinel) return;
      StatusOr<Row>& row = *it_;
      if (row) {
        current_ = row->template as<Ts...>();
      } else {
        current_ = row.status();
      }
    }
    QueryResult::Iterator it_;
    value_type current_ = std::tuple<Ts...>();
  };

  /// The rows of `result`, which must outlive the range.
  explicit TypedRows(QueryResult* result) : result_(result) {}
  /// Takes ownership of `result`.
  explicit TypedRows(QueryResult&& result)
      : owned_(std::make_unique<QueryResult>(std::move(result))), result_(owned_.get()) {}

  /// Reads the first row. May be called once.
  Iterator begin() { return Iterator(result_); }
  /// The end of the rows.
  std::default_sentinel_t end() const { return {}; }

 private:
  std::unique_ptr<QueryResult> owned_;
  QueryResult* result_;
};

/// A whole result in memory. It owns its columns, rows and messages; copies share the cells.
///
/// ```cpp
/// tql::StatusOr<tql::Table> stores = client.QueryTable("select name, city from store;");
/// if (!stores) return stores.status();
/// for (const tql::Row& row : *stores) std::cout << row.text(0) << '\n';
/// ```
///
/// Thread safety: a value type; several threads may read one object.
class Table {
 public:
  Table() = default;
  /// A table of the given rows, which must own their cells (Row::Own).
  Table(std::vector<Column> columns, std::vector<Row> rows, std::vector<Message> messages = {})
      : columns_(std::move(columns)), rows_(std::move(rows)), messages_(std::move(messages)) {}

  /// The columns. Empty if the statement was not a SELECT.
  const std::vector<Column>& columns() const { return columns_; }
  /// The rows, in the order of the result.
  const std::vector<Row>& rows() const { return rows_; }
  /// The messages of the service, e.g. "(2 result rows)\n".
  const std::vector<Message>& messages() const { return messages_; }

  /// Number of rows.
  std::size_t size() const { return rows_.size(); }
  /// Whether the table has no rows.
  bool empty() const { return rows_.empty(); }
  /// The row at `index`, from 0. Undefined if `index` is not less than size().
  const Row& operator[](std::size_t index) const { return rows_[index]; }
  /// The first row.
  std::vector<Row>::const_iterator begin() const { return rows_.begin(); }
  /// The end of the rows.
  std::vector<Row>::const_iterator end() const { return rows_.end(); }

 private:
  std::vector<Column> columns_;
  std::vector<Row> rows_;
  std::vector<Message> messages_;
};

/// The result of a script: the results of its statements, in order, read while they arrive.
///
/// ```cpp
/// while (std::optional<tql::QueryResult> statement = script.Next()) {
///   tql::Status status = statement->Finish();
///   if (!status.ok()) std::cout << statement->statement() << ": " << status << '\n';
/// }
/// return script.status();
/// ```
///
/// Thread safety: one thread; Cancel() may be called from any thread at the same time.
class ScriptResult {
 public:
  /// A result that consists of an error, which must not be OK.
  explicit ScriptResult(Status error);
  /// The result that `stream` carries. `null` sets RowShape's null_string and null_text.
  explicit ScriptResult(std::shared_ptr<ResultStream> stream, NullTexts null = NullTexts(),
                        ProgressCallback on_progress = {});

  /// Returns the result of the next statement, or nothing after the last one or after an error of
  /// the transport. Unread rows of the previous statement are discarded.
  std::optional<QueryResult> Next();

  /// The error that ended the script. Errors of single statements are in their results.
  const Status& status() const;

  /// Cancels the script. The result that is being read, and status(), become CANCELLED.
  void Cancel();

 private:
  struct Cursor;
  class StatementStream;
  std::shared_ptr<Cursor> cursor_;
  NullTexts null_;
  ProgressCallback on_progress_;
};

/// The result of a statement whose rows were discarded (Client::Execute).
///
/// ```cpp
/// tql::Outcome outcome = client.Execute("delete from store where store_id = 1;");
/// for (const tql::Message& message : outcome.messages) std::cout << message.text;
/// return outcome.status;
/// ```
struct Outcome {
  Status status;                  ///< The error of the transport or of the statement.
  std::vector<Message> messages;  ///< The messages of the service.
  std::uint64_t rows = 0;         ///< Number of rows that were discarded.
};

}  // namespace tql

#endif  // TQL_RESULT_H_
