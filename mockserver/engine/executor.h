// Runs one statement: one arm for each kind.
#ifndef TQLKIT_MOCKSERVER_ENGINE_EXECUTOR_H_
#define TQLKIT_MOCKSERVER_ENGINE_EXECUTOR_H_

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "mockserver/engine/alter_plan.h"
#include "mockserver/engine/catalog.h"
#include "mockserver/engine/engine.h"
#include "mockserver/engine/script_comment.h"
#include "mockserver/engine/script_writer.h"
#include "mockserver/engine/table_activity.h"
#include "mockserver/engine/text_table.h"

namespace tql::engine {

/// Lives for one statement. An arm answers OK after it has written its output and the success
/// line, or a reason, for which Run writes the one ERROR message.
class Executor {
 public:
  Executor(Catalog& catalog, storage::Storage& storage, GuidSource& guids, TableActivity& activity,
           const Engine::Request& request, StatementSink& sink)
      : catalog_(catalog),
        storage_(storage),
        guids_(guids),
        activity_(activity),
        request_(request),
        sink_(sink) {}

  Status Run();

 private:
  using TransactionPtr = std::unique_ptr<storage::Transaction>;

  Status At(const Status& reason, const dialect::SourceRange& range) const;
  /// The context as it is answered now.
  Context Answered(const Context& context) const;
  /// Begin, unless it was called already. False when the client is gone.
  bool Begin(const Context& context);
  /// Begin, the warnings, the success line.
  Status Finish();
  /// Begin, the lines as INFO messages, the success line.
  Status Print(const std::vector<std::string>& lines);
  /// The same with the lines of a table, or with its rows as such when format_output is off.
  Status Print(const TextTable& table);
  Status WriteRows(const TextTable& table);
  Status CheckSeparators() const;

  /// What the comment before the statement says, when generate_guids_in_ddl is off; else nothing.
  ScriptComment Comment() const {
    return request_.options.generate_guids_in_ddl ? ScriptComment()
                                                  : ReadScriptComment(request_.preamble);
  }
  std::string GuidFrom(const ScriptComment& comment) {
    return comment.guid.empty() ? guids_.NewGuid() : comment.guid;
  }
  /// Whether a change that breaks these goes ahead: there are none, the client said yes, or
  /// allow_unsafe is set. False when the question is written or was answered with no: the answer to
  /// the statement is complete. An error in a script, where there is nobody to ask. Takes the
  /// transaction back before anything is written: nobody waits for a client that does not read.
  StatusOr<bool> MayBreak(const std::vector<Dependent>& dependents, TransactionPtr& transaction);

  // exec_show.cc
  Status Execute(const dialect::ShowDatabases& node);
  Status Execute(const dialect::ShowSchemas& node);
  Status Execute(const dialect::ShowTables& node);
  Status Execute(const dialect::ShowTable& node);
  Status Execute(const dialect::ShowViews& node);
  Status Execute(const dialect::ShowView& node);
  Status Execute(const dialect::Use& node);
  Status Execute(const dialect::Help& node);
  Status Execute(const dialect::Exit& node);
  // exec_statistics.cc
  struct Located {
    std::string database;
    std::string schema;
    plan::TablePtr table;
  };
  Status Execute(const dialect::ShowStatistics& node);
  StatusOr<std::vector<Located>> TablesIn(const dialect::ShowStatistics& node) const;
  // exec_script.cc
  Status Execute(const dialect::Script& node);
  StatusOr<ScriptSource> ScriptSourceOf(const dialect::Script& node) const;
  std::string WithRowSeparator(std::string_view part) const;
  // exec_ddl.cc
  Status Execute(const dialect::CreateDatabase& node);
  Status Execute(const dialect::CreateSchema& node);
  Status Execute(const dialect::DropDatabase& node);
  Status Execute(const dialect::DropSchema& node);
  Status Execute(const dialect::DropTable& node);
  Status Execute(const dialect::TruncateTable& node);
  struct Removal;
  Status Remove(TransactionPtr& transaction, const Removal& removal,
                const std::function<Status()>& records,
                const std::function<void(CatalogState&)>& change);
  Status Commit(storage::Transaction& transaction, plan::Id last_id,
                const std::function<void(CatalogState&)>& change);
  // exec_alter.cc
  Status Execute(const dialect::AlterTable& node);
  Status Alter(const dialect::AlterTable& node, const storage::Cancellation& cancellation);
  Status Store(storage::Transaction& transaction, const AlterPlan& plan,
               const storage::Cancellation& cancellation);
  StatusOr<std::optional<bool>> Offline(const plan::TableDef& table, std::int64_t rows,
                                        TransactionPtr& transaction);
  Status Execute(const dialect::Compact& node);
  // exec_create_table.cc
  struct NewTable;
  StatusOr<NewTable> PlaceTable(const CatalogState& catalog, const dialect::ObjectName& name);
  Status CreateTable(storage::Transaction& transaction, const NewTable& made);
  Status CommitTable(storage::Transaction& transaction, const NewTable& made);
  Status SelectInto(const dialect::Query& query, const std::vector<dialect::ObjectName>& targets);
  Status Execute(const dialect::CreateTable& node);
  // exec_dml.cc
  Status Execute(const dialect::Insert& node);
  Status Execute(const dialect::Update& node);
  Status Execute(const dialect::Delete& node);
  // exec_select.cc
  Status Execute(const dialect::Select& node);
  Status WriteHeader(const plan::Query& query);
  Status WriteRows(const plan::Query& query, storage::Cursor& cursor);

  Catalog& catalog_;
  storage::Storage& storage_;
  GuidSource& guids_;
  TableActivity& activity_;
  const Engine::Request& request_;
  StatementSink& sink_;
  bool begun_ = false;
  std::vector<std::string> warnings_;  // written before the success line
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_EXECUTOR_H_
