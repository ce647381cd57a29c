#include "mockserver/engine/errors.h"

#include <algorithm>

#include "mockserver/dialect/foreign_sql.h"
#include "mockserver/dialect/source_text.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::engine::errors {
namespace {

/// A client's text, cut to the length that an error quotes.
std::string Shortened(std::string_view text) {
  constexpr std::size_t kLimit = 200;
  std::string shortened(base::Utf8Prefix(text, kLimit));
  if (shortened.size() < text.size()) shortened += "...";
  return shortened;
}

std::string Quoted(std::string_view name) { return '"' + Shortened(name) + '"'; }

std::string Number(std::size_t n) { return std::to_string(n); }

std::string Name(values::TypeKind type) { return std::string(values::TypeName(type)); }

std::string_view ThingName(Thing thing) {
  switch (thing) {
    case Thing::kDatabase:
      return "Database";
    case Thing::kSchema:
      return "Schema";
    case Thing::kTable:
      return "Table";
    case Thing::kView:
      return "View";
    case Thing::kColumn:
      return "Column";
    case Thing::kConstraint:
      return "Constraint";
  }
  return "Object";
}

/// "CREATE TABLE" -> "Create table".
std::string Sentence(std::string_view words) {
  std::string out(words);
  for (std::size_t i = 1; i < out.size(); ++i) {
    out[i] = base::ToLower(out[i]);
  }
  return out;
}

Status Invalid(std::string reason) { return InvalidArgumentError(std::move(reason)); }

std::string Named(Thing thing, std::string_view name) {
  return std::string(ThingName(thing)) + ' ' + Quoted(name);
}

}  // namespace

std::string SuccessText() { return "Statement executed successfully. \n"; }

std::string ContextChangedText(std::string_view database) {
  return "Changing database context to " + std::string(database) + '\n';
}

std::string ResultRowsText(std::int64_t rows) {
  return '(' + std::to_string(rows) + " result rows)\n";
}

std::vector<std::string> HelpLines() {
  return {
      "Statements end with a semicolon. Names with other characters than letters, digits and _ are "
      "written in double quotes, texts in single quotes.\n",
      "SHOW DATABASES; SHOW SCHEMAS [db]; SHOW TABLES [db]; SHOW VIEWS [db]; SHOW TABLE table; "
      "SHOW VIEW view;\n",
      "SHOW STATISTICS FOR SERVER | DATABASE db | TABLE table;\n",
      "SCRIPT SERVER | DATABASE db | SCHEMA [db.]schema | TABLE table;\n",
      "USE db;\n",
      "CREATE DATABASE db; CREATE SCHEMA [db.]schema;\n",
      "CREATE [FACT | DIMENSION] TABLE table (column type, ..., PRIMARY KEY (column, ...)) "
      "[PARTITION BY HASH (shards) [KEY (column, ...)]];\n",
      "ALTER TABLE table ADD COLUMN column type [DEFAULT value] | DROP COLUMN column | RENAME "
      "COLUMN column TO column | MODIFY COLUMN column type [[parsinghint=\"format\"]], ...;\n",
      "ALTER TABLE table ADD CONSTRAINT [name] PRIMARY KEY (...) | ADD CONSTRAINT [name] FOREIGN "
      "KEY (...) REFERENCES table (...) | ADD RELATIONSHIP [name] WITH table AS condition, ...;\n",
      "ALTER TABLE table DROP CONSTRAINT PRIMARY KEY | DROP CONSTRAINT name | DROP FOREIGN KEY "
      "[name] | DROP RELATIONSHIP [name | WITH table], ...;\n",
      "ALTER TABLE table SET FACT [PARTITION BY HASH ...] | SET DIMENSION | SET LOAD PRIORITY n;\n",
      "DROP DATABASE db; DROP SCHEMA [db.]schema; DROP TABLE table; TRUNCATE TABLE table; COMPACT "
      "TABLE table | ALL_TABLES;\n",
      "INSERT INTO table [(column, ...)] VALUES (value, ...), ...;\n",
      "UPDATE table SET column = value, ... [WHERE condition]; DELETE FROM table [WHERE "
      "condition];\n",
      "SELECT [TOP n] [DISTINCT] expression, ... [INTO table] FROM table, ... [WHERE ...] [GROUP "
      "BY ...] [HAVING ...] [ORDER BY ...] [LIMIT n];\n",
      "HELP; EXIT; QUIT;\n",
  };
}

namespace {

std::string WithPlace(const Status& reason) {
  const TextPlace* place = reason.place();
  if (place == nullptr) return reason.message();
  return reason.message() + " (line " + Number(place->line) + ", column " + Number(place->column) +
         ')';
}

}  // namespace

std::string FailedText(dialect::StatementKind kind, const Status& reason) {
  return Sentence(dialect::StatementKindName(kind)) + " returned error: " + WithPlace(reason) +
         '\n';
}

std::string ParseErrorText(const Status& parse_error) {
  std::string text = "Error parsing SQL. Check SQL input.";
  if (const TextPlace* place = parse_error.place()) {
    text += " Line " + Number(place->line) + ", column " + Number(place->column) + ':';
  }
  return text + ' ' + parse_error.message() + '\n';
}

namespace {

/// The number of list entries that a text names.
constexpr std::size_t kDependentsNamed = 10;

std::string Breaks(const std::vector<Dependent>& dependents) {
  std::string text;
  const std::size_t named = std::min(dependents.size(), kDependentsNamed);
  for (std::size_t i = 0; i < named; ++i) {
    const Dependent& dependent = dependents[i];
    if (i > 0) text += i + 1 == dependents.size() ? " and " : ", ";
    text += dependent.foreign_key ? "the Foreign Key relationship " : "the relationship ";
    if (!dependent.name.empty()) text += "“" + Shortened(dependent.name) + "” ";
    text += "with table “" + Shortened(dependent.table) + "”";
  }
  if (named < dependents.size()) text += " and " + Number(dependents.size() - named) + " others";
  return text;
}

}  // namespace

std::string BreakDependentsText(const std::vector<Dependent>& dependents) {
  return "WARNING: This operation will break " + Breaks(dependents) +
         ". We recommend taking a snapshot before performing this operation.";
}
std::string ProceedText() { return "Do you wish to proceed? (yes/no)."; }
std::string ReshardText(std::string_view table, std::int64_t rows) {
  return "Table “" + Shortened(table) + "” has " + std::to_string(rows) +
         " rows that will be redistributed.";
}
std::string OfflineText() { return "Take the table offline while it is resharded? (yes/no)."; }
Progress ReshardProgress(const plan::TableDef& table, std::int64_t rows, bool offline) {
  return {
      .id = table.guid,
      .label = "Resharding table " + Quoted(table.name),
      .percentage = 0,
      .details = std::to_string(rows) + (offline ? " rows, table offline" : " rows, table online")};
}
Progress AlterProgress(const plan::TableDef& table, std::int64_t rows) {
  return {.id = table.guid,
          .label = "Altering table " + Quoted(table.name),
          .percentage = 0,
          .details = std::to_string(rows) + " rows"};
}
Progress CompactProgress(const plan::DatabaseDef& database, std::size_t tables) {
  return {.id = database.guid,
          .label = "Compacting database " + Quoted(database.name),
          .percentage = 0,
          .details = std::to_string(tables) + (tables == 1 ? " table" : " tables")};
}
Progress ScriptProgress(std::size_t done, std::size_t all, std::size_t number) {
  return {.id = "script",
          .label = "Running script",
          .percentage = static_cast<std::int32_t>(done * 100 / all),
          .details = "statement " + std::to_string(number)};
}
Status ProgressTimeout(std::int64_t seconds) {
  return DeadlineExceededError("It took longer than progress_wrapper_timeout_sec, " +
                               std::to_string(seconds) + " s; nothing was changed");
}
std::string NothingDoneText() { return "Nothing was done.\n"; }
Status HasDependents(const std::vector<Dependent>& dependents) {
  return FailedPreconditionError("It would break " + Breaks(dependents) +
                                 "; to run it anyway, set the option allow_unsafe");
}

namespace {

Status Of(const std::string& object, const Status& reason) {
  const std::string message = object + ": " + reason.message();
  const TextPlace* place = reason.place();
  return place ? Status(reason.code(), message, *place) : Status(reason.code(), message);
}

}  // namespace

Status OfColumn(std::string_view column, const Status& reason) {
  return Of(Named(Thing::kColumn, column), reason);
}
Status OfExpression(std::string_view expression, const Status& reason) {
  return Of("Expression " + Shortened(expression), reason);
}

Status Placed(const Status& reason, std::string_view text) {
  const TextPlace* place = reason.place();
  if (place == nullptr || place->line > 0) return reason;
  return Status(reason.code(), reason.message(), PlaceOf(text, place->offset));
}

Status InScript(const Status& reason, const TextPlace& origin) {
  const TextPlace* place = reason.place();
  if (place == nullptr) return reason;
  return Status(reason.code(), reason.message(), dialect::InScript(*place, origin));
}

Status At(const Status& reason, std::string_view text, std::size_t offset) {
  if (reason.ok() || reason.place() != nullptr) return reason;
  return Status(reason.code(), reason.message(), PlaceOf(text, offset));
}

Status NotFound(Thing thing, std::string_view name) {
  return NotFoundError(Named(thing, name) + " does not exist");
}
Status Exists(Thing thing, std::string_view name) {
  return AlreadyExistsError(Named(thing, name) + " already exists");
}
Status Ambiguous(Thing thing, std::string_view name) {
  return Invalid(Named(thing, name) + " is ambiguous");
}
Status EmptyName(Thing thing) { return Invalid(std::string(ThingName(thing)) + " name is empty"); }
Status NoDatabase() {
  return FailedPreconditionError("No database is selected: name it, or run USE first");
}
Status TooManyNameParts(Thing thing) {
  return Invalid(std::string(ThingName(thing)) + " name has too many parts");
}
Status DuplicateAlias(std::string_view name) {
  return Invalid("Table name " + Quoted(name) + " is used more than once: give an alias");
}
Status BuiltIn(std::string_view database) {
  return PermissionDeniedError(Named(Thing::kDatabase, database) + " is built in");
}

Status NoColumns() { return Invalid("A table needs at least one column"); }
Status TooManyColumns(std::size_t limit) {
  return Invalid("A table has at most " + Number(limit) + " columns");
}
Status LengthTooLarge() { return Invalid("The length of the type is too large"); }
Status SeveralPrimaryKeys() { return Invalid("A table has only one primary key"); }
Status BadDefault(std::string_view column, const Status& reason) {
  return Invalid("Default of column " + Quoted(column) + ": " + reason.message());
}
Status ForeignKeyNeedsPrimaryKey(std::string_view table) {
  return Invalid("A foreign key needs a primary key in table " + Quoted(table));
}
Status ForeignKeyMismatch(std::string_view table) {
  return Invalid("A foreign key must match the primary key of table " + Quoted(table) +
                 " in number, type and order of its columns");
}
std::string LeftOutText(std::string_view foreign_key, const Status& reason) {
  return "The table was created without " + ConstraintText(true, foreign_key) + ": " +
         WithPlace(reason) + '\n';
}
Status ClosesCycle(std::string_view constraint, const std::vector<std::string>& tables) {
  std::string cycle;
  for (const std::string& table : tables) {
    if (!cycle.empty()) cycle += " -> ";
    cycle += Quoted(table);
  }
  return FailedPreconditionError("Cycles of tables are not allowed; " + std::string(constraint) +
                                 " would create one: " + cycle);
}
Status RelationshipCondition() {
  return Invalid(
      "A relationship needs conditions joined by AND, one of them an equality between columns of "
      "the two tables");
}
Status ShardKeyMissing() {
  return Invalid(
      "A sharded table with a primary key needs a shard KEY that is part of the primary key");
}
Status ShardKeyNotInPrimaryKey(std::string_view column) {
  return Invalid("Shard key column " + Quoted(column) + " is not part of the primary key");
}
Status BadShardCount() { return Invalid("The number of shards must be between 1 and 2147483647"); }

Status SeveralActions(std::string_view column) {
  return Invalid("Column " + Quoted(column) + " is changed by more than one action");
}
Status ColumnInUse(std::string_view column, std::string_view use) {
  return FailedPreconditionError("Column " + Quoted(column) + " belongs to " + std::string(use));
}
std::string ConstraintText(bool foreign_key, std::string_view name, std::string_view table) {
  std::string text = foreign_key ? "foreign key" : "relationship";
  text = name.empty() ? "a " + text : text + ' ' + Quoted(name);
  return table.empty() ? text : text + " of table " + Quoted(table);
}
Status NoPrimaryKey(std::string_view table) {
  return NotFoundError(Named(Thing::kTable, table) + " has no primary key");
}
Status NoForeignKeys(std::string_view table) {
  return NotFoundError(Named(Thing::kTable, table) + " has no foreign key");
}
Status NoRelationships(std::string_view table) {
  return NotFoundError(Named(Thing::kTable, table) + " has no relationship");
}
Status NoRelationshipsWith(std::string_view table, std::string_view target) {
  return NotFoundError(Named(Thing::kTable, table) + " has no relationship with table " +
                       Quoted(target));
}
Status BadLoadPriority() { return Invalid("The load priority must be between 1 and 100"); }
Status BadParsingHint(std::string_view hint, std::size_t place, std::string_view problem) {
  return Invalid("Parsing hint " + Quoted(hint) + ", character " + std::to_string(place) + ": " +
                 std::string(problem));
}
Status IncompleteParsingHint(std::string_view hint, values::TypeKind type,
                             std::string_view lacking) {
  return Invalid("Parsing hint " + Quoted(hint) + " lacks " + std::string(lacking) + ", which a " +
                 Name(type) + " needs");
}
Status BadWords(std::string_view hint) {
  return Invalid("Parsing hint " + Quoted(hint) +
                 " must be two words joined by _, as in true_false");
}
Status UselessColumnHint(values::TypeKind type) {
  return Invalid("A column of type " + Name(type) +
                 " does not support parsing hints; bool, date, datetime, time and varchar do");
}
Status UselessParsingHint(values::TypeKind from, values::TypeKind to) {
  return Invalid("A parsing hint has no effect on the conversion of " + Name(from) + " to " +
                 Name(to));
}
Status Inconvertible(std::string_view column, values::TypeKind to, std::int64_t count,
                     std::string_view first) {
  return Invalid(
      "Column " + Quoted(column) + ": " + std::to_string(count) +
      (count == 1 ? " value cannot be converted to " : " values cannot be converted to ") +
      Name(to) + ", the first is '" + Shortened(first) +
      "'; the option allow_unsafe converts them to NULL");
}

Status CannotConvert(std::string_view value, values::TypeKind type, std::string_view reason) {
  std::string text = "Cannot convert '" + Shortened(value) + "' to " + Name(type);
  if (!reason.empty()) text += ": " + std::string(reason);
  return Invalid(text);
}
Status OutOfRange(std::string_view value, values::TypeKind type) {
  return OutOfRangeError('\'' + Shortened(value) + "' is out of the range of " + Name(type));
}
Status CannotConvertType(values::TypeKind from, values::TypeKind to) {
  return Invalid("Cannot convert " + Name(from) + " to " + Name(to));
}
Status CannotCompare(values::TypeKind left, values::TypeKind right) {
  return Invalid("Cannot compare " + Name(left) + " with " + Name(right));
}
Status CannotCombine(values::TypeKind left, values::TypeKind right) {
  return Invalid("Values of types " + Name(left) + " and " + Name(right) + " have no common type");
}
Status BadOperand(std::string_view operation, values::TypeKind type) {
  return Invalid("Operator " + std::string(operation) + " does not take " + Name(type));
}
Status NotACondition(values::TypeKind type) {
  return Invalid("A condition must be bool, not " + Name(type));
}
Status ValueCount(std::size_t expected, std::size_t found) {
  return Invalid("Expected " + Number(expected) + " values in a row, found " + Number(found));
}
Status NamedTwice(std::string_view column) {
  return Invalid("Column " + Quoted(column) + " is named more than once");
}

Status UnknownFunction(std::string_view name) {
  return NotFoundError(
      dialect::WithFunctionAdvice("Function " + Quoted(name) + " does not exist", name));
}
Status ColumnWithoutFrom(std::string_view column) {
  return NotFoundError(Named(Thing::kColumn, column) + " does not exist: no FROM names its table");
}
Status ArgumentCount(std::string_view function, std::size_t expected) {
  return Invalid("Function " + std::string(function) + " takes " + Number(expected) +
                 (expected == 1 ? " argument" : " arguments"));
}
Status BadArgument(std::string_view function, values::TypeKind type) {
  return Invalid("Function " + std::string(function) + " does not take " + Name(type));
}
Status MisplacedStar(std::string_view function) {
  return Invalid("Function " + std::string(function) + " does not take *");
}
Status MisplacedDistinct(std::string_view function) {
  return Invalid("Function " + std::string(function) + " does not take DISTINCT");
}
Status MisplacedAggregate(std::string_view clause) {
  return Invalid("An aggregate is not allowed in " + std::string(clause));
}
Status NestedAggregate() { return Invalid("Aggregates cannot be nested"); }
Status OuterAggregate(std::string_view function) {
  return Invalid("Function " + Quoted(function) +
                 " in a sub-query must read a column of that sub-query");
}
Status NotGrouped(std::string_view column) {
  return Invalid("Column " + Quoted(column) + " must be grouped or aggregated");
}
Status BadPosition(std::string_view clause, std::size_t items) {
  return Invalid(std::string(clause) + " position must be between 1 and " + Number(items));
}
Status OrderNotSelected() {
  return Invalid("ORDER BY after DISTINCT or a set operation can use only columns of the result");
}
Status SeveralTargets() { return Invalid("SELECT INTO takes one table"); }
Status OuterColumn(std::string_view clause) {
  return Invalid(std::string(clause) + " cannot use a column of an outer query");
}
Status StarWithoutFrom() { return Invalid("* needs a FROM"); }
Status SubqueryColumns() { return Invalid("A sub-query used as a value must have one column"); }
Status SetColumns(std::size_t left, std::size_t right) {
  return Invalid("The queries of a set operation have " + Number(left) + " and " + Number(right) +
                 " columns");
}
Status TooManyQueries(std::size_t limit) {
  return Invalid("TQL has no set operations of more than " + Number(limit) +
                 " queries; use brackets around groups of them");
}
Status TooManyOperands(std::size_t limit) {
  return Invalid("More than " + Number(limit) + " operands in one chain of operators");
}
Status MixedTypesTooDeep() {
  return Invalid("Comparisons with values of several types are nested too deeply");
}
Status TooManyTables(std::size_t limit) {
  return Invalid("More than " + Number(limit) + " tables in one FROM");
}
Status FormatTooLong(std::size_t limit) {
  return Invalid("A date format has more than " + Number(limit) + " bytes");
}
Status SeparatorTooLong(std::size_t limit) {
  return Invalid("A separator of fields or rows has more than " + Number(limit) + " bytes");
}
Status KeepsChanging() { return AbortedError("The tables of the statement keep changing"); }
Status UnknownOutcome(const Status& reason) {
  return UnknownError("The outcome of the statement is unknown: " + reason.message() +
                      ". Its change is stored completely or not at all; check before you repeat "
                      "the statement");
}
Status ClientGone() { return CancelledError("The client disconnected"); }

}  // namespace tql::engine::errors
