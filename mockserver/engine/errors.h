// The texts that users see, one function each: messages of successful statements and reasons of
// errors.
//
// A function that returns a Status returns a reason; FailedText() turns a reason into the ERROR
// message of a statement.
#ifndef TQLKIT_MOCKSERVER_ENGINE_ERRORS_H_
#define TQLKIT_MOCKSERVER_ENGINE_ERRORS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/dialect/ast.h"
#include "mockserver/engine/questions.h"
#include "mockserver/plan/schema.h"
#include "mockserver/values/type.h"
#include "tql/status.h"

namespace tql::engine::errors {

// ---- Messages of statements, each ending with a newline -----------------------------------------

std::string SuccessText();
std::string ContextChangedText(std::string_view database);
/// The output of HELP, line by line.
std::vector<std::string> HelpLines();
std::string ResultRowsText(std::int64_t rows);
/// "Create table returned error: REASON (line 1, column 8)".
std::string FailedText(dialect::StatementKind kind, const Status& reason);
/// "Error parsing SQL. Check SQL input.", followed by the parser's message and its place.
std::string ParseErrorText(const Status& parse_error);

// ---- Questions and progress ---------------------------------------------------------------------

/// "WARNING: This operation will break the Foreign Key relationship “fk” with table “sales”. ...".
std::string BreakDependentsText(const std::vector<Dependent>& dependents);
std::string ProceedText();
std::string ReshardText(std::string_view table, std::int64_t rows);
std::string OfflineText();
/// The progress of distributing a table's rows to new shards, at the start.
Progress ReshardProgress(const plan::TableDef& table, std::int64_t rows, bool offline);
/// The progress of rewriting a table's rows for its new columns, at the start.
Progress AlterProgress(const plan::TableDef& table, std::int64_t rows);
/// The progress of compacting the tables of a database, at the start.
Progress CompactProgress(const plan::DatabaseDef& database, std::size_t tables);
/// The progress of a script: `done` of `all` bytes, before statement `number`, counted from 1.
Progress ScriptProgress(std::size_t done, std::size_t all, std::size_t number);
Status ProgressTimeout(std::int64_t seconds);
/// The message after a question was answered with anything but yes.
std::string NothingDoneText();
/// The error of a statement that would have to ask in a session that is not interactive.
Status HasDependents(const std::vector<Dependent>& dependents);

/// Adds to a reason the column that the value belongs to or is for.
Status OfColumn(std::string_view column, const Status& reason);
/// Adds to a reason the expression whose value it is about.
Status OfExpression(std::string_view expression, const Status& reason);
/// Completes the place of a reason that has only an offset by line and column.
Status Placed(const Status& reason, std::string_view text);
/// Converts the place of a reason in a text that begins at `origin` into a place in the script.
Status InScript(const Status& reason, const TextPlace& origin);
/// Adds to a reason the place of byte `offset` of the statement's text.
Status At(const Status& reason, std::string_view text, std::size_t offset);

// ---- Names --------------------------------------------------------------------------------------

/// The kind of object that a name denotes.
enum class Thing { kDatabase, kSchema, kTable, kView, kColumn, kConstraint };
Status NotFound(Thing thing, std::string_view name);
Status Exists(Thing thing, std::string_view name);
/// Several names differ from this one in case only.
Status Ambiguous(Thing thing, std::string_view name);
Status EmptyName(Thing thing);
Status NoDatabase();
Status TooManyNameParts(Thing thing);
Status DuplicateAlias(std::string_view name);
Status BuiltIn(std::string_view database);

// ---- Definitions of tables ----------------------------------------------------------------------

Status NoColumns();
Status TooManyColumns(std::size_t limit);
Status LengthTooLarge();
Status SeveralPrimaryKeys();
Status BadDefault(std::string_view column, const Status& reason);
Status ForeignKeyNeedsPrimaryKey(std::string_view table);
Status ForeignKeyMismatch(std::string_view table);
/// A warning: the table was created without this foreign key, whose name may be empty.
std::string LeftOutText(std::string_view foreign_key, const Status& reason);
/// `constraint` is a result of ConstraintText(); `tables` are those of the cycle, with the first
/// one repeated at the end.
Status ClosesCycle(std::string_view constraint, const std::vector<std::string>& tables);
Status RelationshipCondition();
Status ShardKeyMissing();
Status ShardKeyNotInPrimaryKey(std::string_view column);
Status BadShardCount();

// ---- Alterations of tables ----------------------------------------------------------------------

Status SeveralActions(std::string_view column);
/// `use` is e.g. "the primary key" or "foreign key "fk"".
Status ColumnInUse(std::string_view column, std::string_view use);
/// "foreign key "fk"", or "a foreign key" without a name; likewise for a relationship. `table` is
/// the table that has it, if it is another one.
std::string ConstraintText(bool foreign_key, std::string_view name, std::string_view table = {});
Status NoPrimaryKey(std::string_view table);
Status NoForeignKeys(std::string_view table);
Status NoRelationships(std::string_view table);
Status NoRelationshipsWith(std::string_view table, std::string_view target);
Status BadLoadPriority();
/// `place` is a character of the hint, counted from 1.
Status BadParsingHint(std::string_view hint, std::size_t place, std::string_view problem);
Status IncompleteParsingHint(std::string_view hint, values::TypeKind type,
                             std::string_view lacking);
/// The hint of a BOOL is not a pair of words.
Status BadWords(std::string_view hint);
/// The type of the column does not support hints.
Status UselessColumnHint(values::TypeKind type);
Status UselessParsingHint(values::TypeKind from, values::TypeKind to);
/// Values of a column cannot be converted to its new type.
Status Inconvertible(std::string_view column, values::TypeKind to, std::int64_t count,
                     std::string_view first);

// ---- Values and types ---------------------------------------------------------------------------

/// `reason` is what is wrong with the value; it may be empty.
Status CannotConvert(std::string_view value, values::TypeKind type, std::string_view reason = {});
Status OutOfRange(std::string_view value, values::TypeKind type);
Status CannotConvertType(values::TypeKind from, values::TypeKind to);
Status CannotCompare(values::TypeKind left, values::TypeKind right);
Status CannotCombine(values::TypeKind left, values::TypeKind right);
Status BadOperand(std::string_view operation, values::TypeKind type);
Status NotACondition(values::TypeKind type);
Status ValueCount(std::size_t expected, std::size_t found);
Status NamedTwice(std::string_view column);

// ---- Queries ------------------------------------------------------------------------------------

Status UnknownFunction(std::string_view name);
Status ColumnWithoutFrom(std::string_view column);
Status ArgumentCount(std::string_view function, std::size_t expected);
Status BadArgument(std::string_view function, values::TypeKind type);
Status MisplacedStar(std::string_view function);
Status MisplacedDistinct(std::string_view function);
Status MisplacedAggregate(std::string_view clause);
Status NestedAggregate();
/// An aggregate over columns of an outer query only, which TQL does not allow in the inner query.
Status OuterAggregate(std::string_view function);
Status NotGrouped(std::string_view column);
Status BadPosition(std::string_view clause, std::size_t items);
Status OrderNotSelected();
/// A column of an outer query is constant within a sub-query and can neither order nor group rows.
Status OuterColumn(std::string_view clause);
Status StarWithoutFrom();
Status SeveralTargets();
Status SubqueryColumns();
Status SetColumns(std::size_t left, std::size_t right);
Status TooManyQueries(std::size_t limit);
Status TooManyOperands(std::size_t limit);
Status MixedTypesTooDeep();
Status TooManyTables(std::size_t limit);
Status FormatTooLong(std::size_t limit);
Status SeparatorTooLong(std::size_t limit);
Status KeepsChanging();
/// The storage was lost during a commit, for this reason.
Status UnknownOutcome(const Status& reason);
Status ClientGone();

}  // namespace tql::engine::errors

#endif  // TQLKIT_MOCKSERVER_ENGINE_ERRORS_H_
