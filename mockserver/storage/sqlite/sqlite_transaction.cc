#include "mockserver/storage/sqlite/sqlite_transaction.h"

#include <sqlite3.h>

#include <algorithm>

#include "mockserver/storage/sqlite/alter_table.h"
#include "mockserver/storage/sqlite/catalog_store.h"
#include "mockserver/storage/sqlite/sqlite_cursor.h"
#include "mockserver/storage/sqlite/table_schema.h"

namespace tql::storage::sqlite {
namespace {

/// The fewest rows of the first batch for which changes of the schema pay.
constexpr std::size_t kRowsForLateKey = 500;

Status CheckWidth(const Connection& writer, const plan::TableDef& table) {
  const std::size_t most = writer.MostColumns();
  if (table.columns.size() <= most) return Status();
  return InvalidArgumentError("more than " + std::to_string(most) + " columns");
}

const std::vector<TableVersion>& TablesOf(const PrintedSql& sql) { return sql.tables; }
const std::vector<TableVersion>& TablesOf(const PrintedUpdate& update) { return update.sql.tables; }

}  // namespace

StatusOr<std::unique_ptr<Transaction>> SqliteTransaction::Begin(Intent intent,
                                                                WriterQueue::Turn turn,
                                                                Connection& writer,
                                                                Versions versions) {
  std::unique_ptr<SqliteTransaction> made(
      new SqliteTransaction(intent, std::move(turn), writer, versions));
  if (Status status = made->Own("BEGIN IMMEDIATE"); !status.ok()) {
    made->ended_ = true;
    return status;
  }
  return std::unique_ptr<Transaction>(std::move(made));
}

SqliteTransaction::~SqliteTransaction() {
  if (ended_) return;
  if (sqlite3_get_autocommit(writer_.db()) == 0) (void)Own("ROLLBACK");
  writer_.RemoveImage();
}

Status SqliteTransaction::Own(const std::string& sql) {
  const Connection::OwnStatements own(writer_);
  StatusOr<Statement> statement = writer_.Prepare(sql);
  return statement ? statement->Run() : statement.status();
}

Status SqliteTransaction::Alive() const {
  if (ended_) return FailedPreconditionError("the transaction has ended");
  if (sqlite3_get_autocommit(writer_.db()) != 0) {
    return AbortedError("the transaction was rolled back after an error");
  }
  return Status();
}

Status SqliteTransaction::MayChangeRecords() const {
  if (Status status = Alive(); !status.ok() || intent_ == Intent::kSchema) return status;
  return FailedPreconditionError("the transaction has begun without the intent to change records");
}

Status SqliteTransaction::Change(const std::function<Status()>& change) {
  if (Status status = Alive(); !status.ok()) return status;
  if (Status status = Own("SAVEPOINT change"); !status.ok()) return status;
  Status status = change();
  // SQLite rolls back the whole transaction when it interrupts a statement.
  if (sqlite3_get_autocommit(writer_.db()) != 0) return status;
  if (!status.ok()) {
    insert_.reset();  // its table may have been created by the change
    (void)Own("ROLLBACK TO change");
  }
  const Status released = Own("RELEASE change");
  return status.ok() ? released : status;
}

Status SqliteTransaction::ChangeRecords(const std::function<Status()>& change) {
  const Status status = MayChangeRecords();
  return status.ok() ? Change(change) : status;
}

Status SqliteTransaction::PutDatabase(const plan::DatabaseDef& database) {
  return ChangeRecords([&] { return PutDatabaseRecord(writer_, database); });
}
Status SqliteTransaction::PutSchema(const plan::SchemaDef& schema) {
  return ChangeRecords([&] { return PutSchemaRecord(writer_, schema); });
}
Status SqliteTransaction::PutTable(const plan::TableDef& table) {
  return ChangeRecords([&] { return PutTableRecord(writer_, table); });
}
Status SqliteTransaction::DeleteDatabase(plan::Id id) {
  return ChangeRecords([&] { return DeleteDatabaseRecord(writer_, id); });
}
Status SqliteTransaction::DeleteSchema(plan::Id id) {
  return ChangeRecords([&] { return DeleteSchemaRecord(writer_, id); });
}
Status SqliteTransaction::PutVersion(std::int64_t schema_version, plan::Id last_id) {
  const Status status =
      ChangeRecords([&] { return PutVersionRecord(writer_, schema_version, last_id); });
  if (status.ok()) new_schema_version_ = schema_version;
  return status;
}

Status SqliteTransaction::CreateTable(const plan::TableDef& table) {
  if (Status status = CheckWidth(writer_, table); !status.ok()) return status;
  return PutTable(table);
}

/// Uses no savepoint, for which SQLite would copy every changed page: an error rolls back the whole
/// transaction.
StatusOr<std::vector<plan::Inconvertible>> SqliteTransaction::AlterTable(
    const plan::Alteration& alteration, const Cancellation& cancellation) {
  if (Status status = MayChangeRecords(); !status.ok()) return status;
  insert_.reset();
  changed_.insert(alteration.after->id);
  const Connection::Cancellable cancellable(writer_, cancellation);
  const auto alter = [&]() -> StatusOr<std::vector<plan::Inconvertible>> {
    if (Status status = cancellation.Check(); !status.ok()) return status;
    if (Status status = CheckWidth(writer_, *alteration.after); !status.ok()) return status;
    StatusOr<std::vector<plan::Inconvertible>> found = AlterRows(writer_, alteration);
    if (!found) return found;
    if (Status status = PutTableRecord(writer_, *alteration.after); !status.ok()) return status;
    return found;
  };
  StatusOr<std::vector<plan::Inconvertible>> found = alter();
  if (found.ok()) {
    altered_.push_back({alteration.after->id, alteration.after->live_schema_version});
  } else if (sqlite3_get_autocommit(writer_.db()) == 0) {
    (void)Own("ROLLBACK");
  }
  return found;
}

Status SqliteTransaction::DropTable(plan::Id id) {
  changed_.insert(id);
  return ChangeRecords([&]() -> Status {
    if (Status status = Own("DROP TABLE IF EXISTS " + PhysicalTable(id)); !status.ok()) {
      return status;
    }
    return DeleteTableRecord(writer_, id);
  });
}

Status SqliteTransaction::Truncate(plan::Id id) {
  if (!writer_.HasTable(PhysicalTable(id))) return Alive();
  changed_.insert(id);
  return Change([&] { return Own("DELETE FROM " + PhysicalTable(id)); });
}

StatusOr<std::int64_t> SqliteTransaction::ChangeRows(
    const Cancellation& cancellation, const std::function<StatusOr<std::int64_t>()>& change) {
  const Connection::Cancellable cancellable(writer_, cancellation);
  std::int64_t rows = 0;
  const Status status = Change([&]() -> Status {
    const StatusOr<std::int64_t> changed = change();
    if (changed) rows = *changed;
    return changed.status();
  });
  if (!status.ok()) return status;
  return rows;
}

template <typename Print>
auto SqliteTransaction::Printed(const Print& print) -> decltype(print(AbsentTables())) {
  auto printed = print(AbsentTables());
  if (!printed) return printed;
  const StatusOr<AbsentTables> absent = FindAbsent(writer_, TablesOf(*printed));
  if (!absent) return absent.status();
  return absent->empty() ? std::move(printed) : print(*absent);
}

StatusOr<std::int64_t> SqliteTransaction::RunPrinted(const PrintedSql& sql) {
  StatusOr<Statement> statement = writer_.Prepare(sql.text);
  if (!statement) return statement.status();
  BindAll(*statement, sql.parameters);
  const Connection::Explained explained(writer_, sql.checked);
  if (Status status = statement->Run(); !status.ok()) return status;
  return sqlite3_changes64(writer_.db());
}

StatusOr<std::int64_t> SqliteTransaction::Count(const plan::Query& query,
                                                const Cancellation& cancellation) {
  if (Status status = Alive(); !status.ok()) return status;
  const StatusOr<PrintedSql> sql =
      Printed([&](const AbsentTables& absent) { return PrintCount(query, absent); });
  if (!sql) return sql.status();
  StatusOr<Statement> statement = writer_.Prepare(sql->text);
  if (!statement) return statement.status();
  BindAll(*statement, sql->parameters);
  const Connection::Cancellable cancellable(writer_, cancellation);
  const Connection::Explained explained(writer_, sql->checked);
  const StatusOr<bool> row = statement->Step();
  if (!row) return row.status();
  return *row ? statement->Integer(0) : 0;
}

StatusOr<std::int64_t> SqliteTransaction::Insert(const plan::Insert& insert,
                                                 const Cancellation& cancellation) {
  changed_.insert(insert.table->id);
  if (std::holds_alternative<plan::LiteralRows>(insert.source)) {
    return InsertLiterals(insert, cancellation);
  }
  return ChangeRows(cancellation, [&]() -> StatusOr<std::int64_t> {
    if (Status status = EnsureThere(writer_, *insert.table); !status.ok()) return status;
    const StatusOr<PrintedSql> sql =
        Printed([&](const AbsentTables& absent) { return PrintInsert(insert, absent); });
    if (!sql) return sql.status();
    return RunPrinted(*sql);
  });
}

StatusOr<std::int64_t> SqliteTransaction::InsertRows(const plan::Insert& insert,
                                                     const Cancellation& cancellation) {
  const std::vector<values::Datum>& cells = std::get<plan::LiteralRows>(insert.source).cells;
  const std::size_t width = insert.columns.size();
  if (cells.size() % width != 0) return InternalError("the rows of an INSERT are not complete");
  if (!insert_ || !insert_->Serves(insert)) {  // INSERTs of one shape often follow each other
    insert_.reset();
    if (Status status = EnsureThere(writer_, *insert.table); !status.ok()) return status;
    StatusOr<std::unique_ptr<LiteralInsert>> prepared = LiteralInsert::Prepare(writer_, insert);
    if (!prepared) return prepared.status();
    insert_ = *std::move(prepared);
  }
  if (Status status = insert_->Rows(cells, cancellation); !status.ok()) return status;
  return static_cast<std::int64_t>(cells.size() / width);
}

StatusOr<std::int64_t> SqliteTransaction::InsertLiterals(const plan::Insert& insert,
                                                         const Cancellation& cancellation) {
  if (Status status = Alive(); !status.ok()) return status;
  // A single row is atomic without a savepoint.
  if (std::get<plan::LiteralRows>(insert.source).cells.size() == insert.columns.size()) {
    return InsertRows(insert, cancellation);
  }
  return ChangeRows(cancellation, [&] { return InsertRows(insert, cancellation); });
}

StatusOr<std::int64_t> SqliteTransaction::InsertAll(const plan::TablePtr& table,
                                                    const NextRows& next,
                                                    const Cancellation& cancellation) {
  plan::Insert insert;
  insert.table = table;
  insert.columns = AllColumns(*table);
  std::int64_t rows = 0;
  for (;;) {
    const StatusOr<bool> more = next(&std::get<plan::LiteralRows>(insert.source));
    if (!more) return more.status();
    if (!*more) return rows;
    const StatusOr<std::int64_t> inserted = InsertRows(insert, cancellation);
    if (!inserted) return inserted;
    rows += *inserted;
  }
}

StatusOr<bool> SqliteTransaction::HasRows(plan::Id table) {
  if (!writer_.HasTable(PhysicalTable(table))) return false;
  const Connection::OwnStatements own(writer_);
  StatusOr<Statement> any = writer_.Prepare("SELECT 1 FROM " + PhysicalTable(table) + " LIMIT 1");
  return any ? any->Step() : any.status();
}

/// One savepoint serves all batches, because SQLite copies each page that it removes from its cache
/// if the page is older than the current savepoint. Rows for an empty table are inserted without
/// its key, which is made afterwards: SQLite sorts keys faster than it inserts them one by one.
StatusOr<std::int64_t> SqliteTransaction::InsertBatches(const plan::TablePtr& table,
                                                        const NextRows& next,
                                                        const Cancellation& cancellation) {
  if (Status status = Alive(); !status.ok()) return status;
  changed_.insert(table->id);
  plan::LiteralRows first;
  const StatusOr<bool> more = next(&first);
  if (!more) return more.status();
  if (!*more) return 0;
  bool is_first = true;
  const NextRows all = [&](plan::LiteralRows* rows) -> StatusOr<bool> {
    if (!std::exchange(is_first, false)) return next(rows);
    std::swap(*rows, first);
    return true;
  };
  const std::size_t rows_of_first = first.cells.size() / table->columns.size();
  return ChangeRows(cancellation, [&]() -> StatusOr<std::int64_t> {
    const StatusOr<bool> has_rows = HasRows(table->id);
    if (!has_rows) return has_rows.status();
    if (table->primary_key.empty() || *has_rows || rows_of_first < kRowsForLateKey) {
      return InsertAll(table, all, cancellation);
    }
    if (Status status = EnsureThere(writer_, *table); !status.ok()) return status;
    for (const std::string& sql : DropKeySql(*table)) {
      if (Status status = Own(sql); !status.ok()) return status;
    }
    const auto without_key = std::make_shared<plan::TableDef>(*table);
    without_key->primary_key.clear();
    const StatusOr<std::int64_t> rows = InsertAll(without_key, all, cancellation);
    insert_.reset();
    if (!rows) return rows;
    if (Status status = MakeKey(*table); !status.ok()) return status;
    return rows;
  });
}

Status SqliteTransaction::MakeKey(const plan::TableDef& table) {
  Status made;
  for (const std::string& sql : CreateKeySql(table)) {
    if (made = Own(sql); !made.ok()) break;
  }
  if (made.code() != StatusCode::kAlreadyExists) return made;
  std::vector<std::string> steps = DropKeySql(table);
  for (std::string& sql : InsertAgainSql(table)) steps.push_back(std::move(sql));
  for (const std::string& sql : steps) {
    // An error may have ended the transaction.
    if (Status status = Alive(); !status.ok()) return status;
    if (Status status = Own(sql); !status.ok()) return status;
  }
  return Status();
}

StatusOr<std::int64_t> SqliteTransaction::Update(const plan::Update& update,
                                                 const Cancellation& cancellation) {
  if (update.assignments.empty()) return InternalError("an UPDATE assigns nothing");
  changed_.insert(update.table->id);
  return ChangeRows(cancellation, [&]() -> StatusOr<std::int64_t> {
    if (Status status = EnsureThere(writer_, *update.table); !status.ok()) return status;
    const StatusOr<PrintedUpdate> printed =
        Printed([&](const AbsentTables& absent) { return PrintUpdate(update, absent); });
    if (!printed) return printed.status();
    return printed->through_scratch ? UpdateThroughScratch(*update.table, printed->sql)
                                    : RunPrinted(printed->sql);
  });
}

StatusOr<std::int64_t> SqliteTransaction::UpdateThroughScratch(const plan::TableDef& table,
                                                               const PrintedSql& sql) {
  const ScratchSql steps = ScratchSqlFor(table);
  if (Status status = Own(steps.create); !status.ok()) return status;
  const StatusOr<std::int64_t> changed = RunPrinted(sql);
  if (!changed) return changed;
  for (const std::string& step : {steps.remove, steps.put_back, steps.drop}) {
    if (Status status = Own(step); !status.ok()) return status;
  }
  return changed;
}

StatusOr<std::int64_t> SqliteTransaction::Delete(const plan::Delete& del,
                                                 const Cancellation& cancellation) {
  changed_.insert(del.table->id);
  return ChangeRows(cancellation, [&]() -> StatusOr<std::int64_t> {
    if (Status status = EnsureThere(writer_, *del.table); !status.ok()) return status;
    const StatusOr<PrintedSql> sql =
        Printed([&](const AbsentTables& absent) { return PrintDelete(del, absent); });
    if (!sql) return sql.status();
    return RunPrinted(*sql);
  });
}

Status SqliteTransaction::Commit(const std::function<void()>& stored) {
  if (Status status = Alive(); !status.ok()) return status;
  const DataVersions::Change change(versions_.data, changed_);
  const std::vector<TableVersion> before = versions_.tables.Announce(altered_);
  if (Status status = Own("COMMIT"); !status.ok()) {
    versions_.tables.Withdraw(before);
    return status;
  }
  ended_ = true;
  versions_.schema = new_schema_version_;
  if (stored) stored();
  writer_.RemoveImage();
  insert_.reset();  // another transaction may use the connection from now on
  turn_.reset();
  return Status();
}

}  // namespace tql::storage::sqlite
