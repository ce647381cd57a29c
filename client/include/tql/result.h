/// \file
/// The results of Client's calls.
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

/// What the messages of one statement may take in memory, in bytes, before its result ends with
/// RESOURCE_EXHAUSTED: some hundred thousand messages.
inline constexpr std::size_t kMostMessageBytes = std::size_t{64} << 20;

/// How NULL comes from the service, and how a program sees it: RowShape's members.
struct NullTexts {
  std::string received = "(null)";
  std::string shown = "(null)";
};

/// The error that a statement's ERROR messages stand for: INVALID_ARGUMENT when the service could
/// not parse the statement, otherwise FAILED_PRECONDITION. OK when there is none among them.
Status StatementStatus(const std::vector<Message>& messages);

/// The answer to one statement: an input range of StatusOr<Row>, read while it arrives.
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
/// An error is the last element of the range: one of the transport, or the statement's own. It is
/// read once, from begin() to end(). Destroying a result that was not read to its end abandons the
/// statement's answer. When a text of several statements was sent, the rows of all are one range.
///
/// Thread safety: one thread; Cancel() may be called from any thread meanwhile.
class QueryResult {
 public:
  /// Over its rows.
  using Iterator = InputIterator<QueryResult, Row>;

  /// A result that is nothing but an error (which must not be OK).
  explicit QueryResult(Status error);
  /// `null`: RowShape's null_string and null_text.
  explicit QueryResult(std::shared_ptr<ResultStream> stream, NullTexts null = NullTexts(),
                       ProgressCallback on_progress = {});
  QueryResult(QueryResult&&) noexcept;
  QueryResult& operator=(QueryResult&&) noexcept;
  ~QueryResult();

  /// Reads the first row. Once only.
  Iterator begin() { return Iterator(this); }
  /// Behind the last row.
  std::default_sentinel_t end() const { return {}; }

  /// The rows as tuples. Called on a temporary it takes the result over, so that
  /// `for (auto& row : client.Query(…).rows<int>())` is right.
  template <typename... Ts>
  TypedRows<Ts...> rows() & {
    return TypedRows<Ts...>(this);
  }
  /// The same of a temporary.
  template <typename... Ts>
  TypedRows<Ts...> rows() && {
    return TypedRows<Ts...>(std::move(*this));
  }

  /// The next row; an empty optional at the end. What the iterators are made of.
  StatusOr<std::optional<Row>> Next();

  /// Reads the rest away. The status of the whole statement.
  Status Finish();

  /// Reads the rest into a value. The status of the whole statement, when that is an error.
  StatusOr<Table> ReadTable();

  /// The columns; reads up to the header when it has not come yet. Empty for what is no SELECT.
  const std::vector<Column>& columns();
  /// The messages that have come so far: all of them once the range has ended. A service that
  /// sends more than kMostMessageBytes of them is cut off with RESOURCE_EXHAUSTED.
  const std::vector<Message>& messages() const;
  /// The statement as the service echoes it in the answer to a script; otherwise empty.
  const std::string& statement() const;
  /// Rows read so far.
  std::uint64_t row_count() const;

  /// Ends the statement: the range ends with CANCELLED.
  void Cancel();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The rows of a QueryResult as tuples: an input range of StatusOr<std::tuple<Ts...>>. A row that
/// does not convert is an error element, and the range goes on after it.
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

  /// `result` must outlive it.
  explicit TypedRows(QueryResult* result) : result_(result) {}
  /// Owns `result`.
  explicit TypedRows(QueryResult&& result)
      : owned_(std::make_unique<QueryResult>(std::move(result))), result_(owned_.get()) {}

  /// Reads the first row. Once only.
  Iterator begin() { return Iterator(result_); }
  /// Behind the last row.
  std::default_sentinel_t end() const { return {}; }

 private:
  std::unique_ptr<QueryResult> owned_;
  QueryResult* result_;
};

/// A whole result as a value: it owns everything, in memory. Copies share their rows.
///
/// ```cpp
/// tql::StatusOr<tql::Table> stores = client.QueryTable("select name, city from store;");
/// if (!stores) return stores.status();
/// for (const tql::Row& row : *stores) std::cout << row.text(0) << '\n';
/// ```
///
/// Thread safety: a value; several threads may read one object.
class Table {
 public:
  Table() = default;
  /// `rows` must own their cells (Row::Own).
  Table(std::vector<Column> columns, std::vector<Row> rows, std::vector<Message> messages = {})
      : columns_(std::move(columns)), rows_(std::move(rows)), messages_(std::move(messages)) {}

  /// Empty for what is no SELECT.
  const std::vector<Column>& columns() const { return columns_; }
  /// The rows in their order.
  const std::vector<Row>& rows() const { return rows_; }
  /// What the service said, e.g. "(2 result rows)\n".
  const std::vector<Message>& messages() const { return messages_; }

  /// Of the rows, which are numbered from 0.
  std::size_t size() const { return rows_.size(); }
  /// Whether there is no row.
  bool empty() const { return rows_.empty(); }
  /// Undefined beyond size().
  const Row& operator[](std::size_t index) const { return rows_[index]; }
  /// The first row.
  std::vector<Row>::const_iterator begin() const { return rows_.begin(); }
  /// Behind the last row.
  std::vector<Row>::const_iterator end() const { return rows_.end(); }

 private:
  std::vector<Column> columns_;
  std::vector<Row> rows_;
  std::vector<Message> messages_;
};

/// The answer to a script: the results of its statements, in their order, while they arrive.
///
/// ```cpp
/// while (std::optional<tql::QueryResult> statement = script.Next()) {
///   tql::Status status = statement->Finish();
///   if (!status.ok()) std::cout << statement->statement() << ": " << status << '\n';
/// }
/// return script.status();
/// ```
class ScriptResult {
 public:
  /// A result that is nothing but an error (which must not be OK).
  explicit ScriptResult(Status error);
  /// `null`: RowShape's null_string and null_text.
  explicit ScriptResult(std::shared_ptr<ResultStream> stream, NullTexts null = NullTexts(),
                        ProgressCallback on_progress = {});

  /// The next statement; nothing after the last one, or after an error of the transport. What was
  /// left unread of the one before is read away.
  std::optional<QueryResult> Next();

  /// The error that ended the script as a whole; failed statements have their own.
  const Status& status() const;

  /// Ends the script at once, from any thread.
  void Cancel();

 private:
  struct Cursor;
  class StatementStream;
  std::shared_ptr<Cursor> cursor_;
  NullTexts null_;
  ProgressCallback on_progress_;
};

/// What is left of a statement whose rows do not matter.
struct Outcome {
  Status status;
  std::vector<Message> messages;
  std::uint64_t rows = 0;
};

}  // namespace tql

#endif  // TQL_RESULT_H_
