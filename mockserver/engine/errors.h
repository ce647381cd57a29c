// Every text that a user sees, one function each: what a statement says when it succeeds, and why
// one fails.
//
// The functions that answer a Status make a reason; FailedText() makes of a reason the one ERROR
// message of its statement.
#ifndef TQLKIT_MOCKSERVER_ENGINE_ERRORS_H_
#define TQLKIT_MOCKSERVER_ENGINE_ERRORS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/dialect/ast.h"
#include "mockserver/engine/questions.h"
#include "mockserver/plan/schema.h"
#include "mockserver/plan/type.h"
#include "tql/status.h"

namespace tql::engine::errors {

// ---- Messages of statements, each with its final newline
// -----------------------------------------

std::string SuccessText();
std::string ContextChangedText(std::string_view database);
/// What HELP answers, line by line.
std::vector<std::string> HelpLines();
std::string ResultRowsText(std::int64_t rows);
/// "Create table returned error: REASON (line 1, column 8)".
std::string FailedText(dialect::StatementKind kind, const Status& reason);
/// "Error parsing SQL. Check SQL input.", then what the parser said and where.
std::string ParseErrorText(const Status& parse_error);

// ---- Questions
// -------------------------------------------------------------------------------------

/// "WARNING: This operation will break the Foreign Key relationship “fk” with table “sales”. ...".
std::string BreakDependentsText(const std::vector<Dependent>& dependents);
std::string ProceedText();
std::string ReshardText(std::string_view table, std::int64_t rows);
std::string OfflineText();
/// How far the rows of a table are on their way to new shards: at the start, nowhere.
Progress ReshardProgress(const plan::TableDef& table, std::int64_t rows, bool offline);
/// How far the rows of a table are on their way to other columns: at the start, nowhere.
Progress AlterProgress(const plan::TableDef& table, std::int64_t rows);
/// How many of a database's tables are compacted: at the start, none.
Progress CompactProgress(const plan::DatabaseDef& database, std::size_t tables);
/// How far a script is: `done` of its `all` bytes, before the statement with this number, from 1.
Progress ScriptProgress(std::size_t done, std::size_t all, std::size_t number);
Status ProgressTimeout(std::int64_t seconds);
/// To a statement whose question was answered with anything but yes.
std::string NothingDoneText();
/// Of a statement with nobody to ask.
Status HasDependents(const std::vector<Dependent>& dependents);

/// The same reason, of a value of this column or for it.
Status OfColumn(std::string_view column, const Status& reason);
/// The same reason, of the value of this expression.
Status OfExpression(std::string_view expression, const Status& reason);
/// The same reason; a place that has an offset alone gets its line and column.
Status Placed(const Status& reason, std::string_view text);
/// The same reason; its place in a text that begins at `origin` of a script is that in the script.
Status InScript(const Status& reason, const TextPlace& origin);
/// The same reason with the place of byte `offset` of the statement's text.
Status At(const Status& reason, std::string_view text, std::size_t offset);

// ---- Names
// -----------------------------------------------------------------------------------------

/// What a name names, for the texts below.
enum class Thing { kDatabase, kSchema, kTable, kView, kColumn, kConstraint };
Status NotFound(Thing thing, std::string_view name);
Status Exists(Thing thing, std::string_view name);
/// Several names differ from it in case alone.
Status Ambiguous(Thing thing, std::string_view name);
Status EmptyName(Thing thing);
Status NoDatabase();
Status TooManyNameParts(Thing thing);
Status DuplicateAlias(std::string_view name);
Status BuiltIn(std::string_view database);

// ---- Definitions of tables
// ------------------------------------------------------------------------

Status NoColumns();
Status TooManyColumns(std::size_t limit);
Status LengthTooLarge();
Status SeveralPrimaryKeys();
Status BadDefault(std::string_view column, const Status& reason);
Status ForeignKeyNeedsPrimaryKey(std::string_view table);
Status ForeignKeyMismatch(std::string_view table);
/// A warning: the table was made without this foreign key, whose name may be empty.
std::string LeftOutText(std::string_view foreign_key, const Status& reason);
/// `constraint`: as ConstraintText writes it; `tables`: those of the cycle, the first one again at
/// the end.
Status ClosesCycle(std::string_view constraint, const std::vector<std::string>& tables);
Status RelationshipCondition();
Status ShardKeyMissing();
Status ShardKeyNotInPrimaryKey(std::string_view column);
Status BadShardCount();

// ---- Alterations of tables
// -----------------------------------------------------------------------

Status SeveralActions(std::string_view column);
/// `use`: "the primary key", "foreign key "fk"".
Status ColumnInUse(std::string_view column, std::string_view use);
/// "foreign key "fk"", or "a foreign key" without a name; of a relationship likewise. `table`: the
/// one that has it, when that is another.
std::string ConstraintText(bool foreign_key, std::string_view name, std::string_view table = {});
Status NoPrimaryKey(std::string_view table);
Status NoForeignKeys(std::string_view table);
Status NoRelationships(std::string_view table);
Status NoRelationshipsWith(std::string_view table, std::string_view target);
Status BadLoadPriority();
/// `place`: the character of the hint, from 1.
Status BadParsingHint(std::string_view hint, std::size_t place, std::string_view problem);
Status IncompleteParsingHint(std::string_view hint, plan::TypeKind type, std::string_view lacking);
/// Of the hint of a BOOL.
Status BadWords(std::string_view hint);
/// Of a column whose type takes no hint.
Status UselessColumnHint(plan::TypeKind type);
Status UselessParsingHint(plan::TypeKind from, plan::TypeKind to);
/// Values of a column that have no counterpart in its new type.
Status Inconvertible(std::string_view column, plan::TypeKind to, std::int64_t count,
                     std::string_view first);

// ---- Values and types
// ------------------------------------------------------------------------------

/// `reason`: what is wrong with the value; may be empty.
Status CannotConvert(std::string_view value, plan::TypeKind type, std::string_view reason = {});
Status OutOfRange(std::string_view value, plan::TypeKind type);
Status CannotConvertType(plan::TypeKind from, plan::TypeKind to);
Status CannotCompare(plan::TypeKind left, plan::TypeKind right);
Status CannotCombine(plan::TypeKind left, plan::TypeKind right);
Status BadOperand(std::string_view operation, plan::TypeKind type);
Status NotACondition(plan::TypeKind type);
Status ValueCount(std::size_t expected, std::size_t found);
Status DefaultedTwice(std::string_view column);

// ---- Queries
// ---------------------------------------------------------------------------------------

Status UnknownFunction(std::string_view name);
Status ColumnWithoutFrom(std::string_view column);
Status ArgumentCount(std::string_view function, std::size_t expected);
Status BadArgument(std::string_view function, plan::TypeKind type);
Status MisplacedStar(std::string_view function);
Status MisplacedDistinct(std::string_view function);
Status MisplacedAggregate(std::string_view clause);
Status NestedAggregate();
/// Its value would be one of the query around, where it does not stand.
Status OuterAggregate(std::string_view function);
Status NotGrouped(std::string_view column);
Status BadPosition(std::string_view clause, std::size_t items);
Status OrderNotSelected();
/// Within a sub-query it has one value: it would neither order nor group.
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
Status ClientGone();

}  // namespace tql::engine::errors

#endif  // TQLKIT_MOCKSERVER_ENGINE_ERRORS_H_
