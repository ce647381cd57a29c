#include "mockserver/service/coverage.h"

namespace tql::service {
namespace {

using enum Support;
using enum Evidence;
using enum dialect::Feature;

constexpr StatementCoverage kStatements[] = {
    {"SHOW DATABASES", "", kWorks, kDocumented, "show databases", ""},
    {"SHOW SCHEMAS", "", kWorks, kDocumented, "show schemas", ""},
    {"SHOW SCHEMAS", "db", kWorks, kClient, "show schemas shop", "", kOfDatabase},
    {"SHOW TABLES", "", kWorks, kDocumented, "show tables", ""},
    {"SHOW TABLES", "db", kWorks, kClient, "show tables shop", "", kOfDatabase},
    {"SHOW TABLE", "", kWorks, kDocumented, "show table sales", ""},
    {"SHOW VIEWS", "", kWorks, kDocumented, "show views", "always empty: TQL makes no views"},
    {"SHOW VIEW", "", kRejected, kDocumented, "show view v", "no view exists"},
    {"SHOW STATISTICS", "FOR SERVER", kWorks, kDocumented, "show statistics for server", "",
     kOfServer},
    {"SHOW STATISTICS", "FOR DATABASE", kWorks, kInferred, "show statistics for database shop", "",
     kOfDatabase},
    {"SHOW STATISTICS", "FOR TABLE", kWorks, kInferred, "show statistics for table sales", "",
     kOfTable},
    {"SHOW CONSTRAINTS", "", kRejected, kInferred, "show constraints", ""},
    {"USE", "", kWorks, kDocumented, "use shop", ""},
    {"USE", "DATABASE", kWorks, kDocumented, "use database shop", ""},
    {"SCRIPT", "SERVER", kWorks, kDocumented, "script server", "without the built-in databases",
     kOfServer},
    {"SCRIPT", "DATABASE", kWorks, kDocumented, "script database shop", "", kOfDatabase},
    {"SCRIPT", "SCHEMA", kWorks, kInferred, "script schema falcon_default_schema", "", kOfSchema},
    {"SCRIPT", "TABLE", kWorks, kDocumented, "script table sales", "", kOfTable},
    {"HELP", "", kWorks, kClient, "help", ""},
    {"EXIT", "", kWorks, kClient, "exit", "ends a script with success"},

    {"CREATE DATABASE", "", kWorks, kDocumented, "create database d", ""},
    {"CREATE SCHEMA", "", kWorks, kDocumented, "create schema s", ""},
    {"CREATE TABLE", "columns, PRIMARY KEY", kWorks, kDocumented,
     "create table t (a int, primary key (a))", "the key makes INSERT an upsert",
     kColumns | kPrimaryKey},
    {"CREATE TABLE", "FACT, DIMENSION", kWorks, kSample, "create fact table t (a int)", "",
     kTableMark},
    {"CREATE TABLE", "FOREIGN KEY", kWorks, kDocumented,
     "create table t (a int, constraint foreign key (a) references store (id))",
     "describes a join, checks no row; a new table does without one that cannot be made",
     kForeignKey},
    {"CREATE TABLE", "RELATIONSHIP", kWorks, kDocumented,
     "create table t (a int, relationship r with store as t.a = store.id)", "", kRelationship},
    {"CREATE TABLE", "PARTITION BY HASH", kWorks, kDocumented,
     "create table t (a int) partition by hash (4) key (a)",
     "kept, and counted by SHOW STATISTICS; rows lie together", kPartition},
    {"CREATE TABLE", "VARCHAR(n)", kNoEffect, kClient, "create table t (a varchar(1))",
     "n is shown, not enforced", kLength},
    {"CREATE TABLE", "DEFAULT", kWorks, kInferred, "create table t (a int default 7)", "",
     kDefault},
    {"CREATE TABLE", "[parsinghint=\"...\"]", kWorks, kInferred,
     "create table t (a date [parsinghint=\"%d.%m.%Y\"])", "", kParsingHint},
    {"CREATE TABLE", "NOT NULL", kNoEffect, kInferred, "create table t (a int not null)",
     "not enforced", kNotNull},
    {"CREATE TABLE", "IF NOT EXISTS", kRejected, kInferred, "create table if not exists t (a int)",
     ""},
    {"CREATE VIEW", "", kRejected, kInferred, "create view v as select id from store", ""},

    {"DROP DATABASE", "", kWorks, kDocumented, "drop database shop", ""},
    {"DROP SCHEMA", "", kWorks, kDocumented, "drop schema falcon_default_schema", ""},
    {"DROP TABLE", "", kWorks, kDocumented, "drop table sales", ""},
    {"TRUNCATE TABLE", "", kWorks, kDocumented, "truncate table sales", ""},
    {"COMPACT", "TABLE", kWorks, kDocumented, "compact table sales",
     "folds the count of data versions", kOfTable},
    {"COMPACT", "ALL_TABLES", kWorks, kDocumented, "compact all_tables", "", kAllTables},

    {"ALTER TABLE", "ADD COLUMN", kWorks, kDocumented,
     "alter table sales add column x int default 0", "", kAddColumn},
    {"ALTER TABLE", "DROP COLUMN", kWorks, kDocumented, "alter table sales drop column amount", "",
     kDropColumn},
    {"ALTER TABLE", "RENAME COLUMN", kWorks, kDocumented,
     "alter table sales rename column amount to total", "", kRenameColumn},
    {"ALTER TABLE", "MODIFY COLUMN", kWorks, kDocumented,
     "alter table sales modify column amount bigint", "", kModifyColumn},
    {"ALTER TABLE", "MODIFY COLUMN [parsinghint=\"...\"]", kWorks, kDocumented,
     "alter table store modify column opened varchar(0) [parsinghint=\"%Y\"]", "", kParsingHint},
    {"ALTER TABLE", "ADD CONSTRAINT PRIMARY KEY", kWorks, kDocumented,
     "alter table log add constraint primary key (id)", "of rows with one key the last stays",
     kPrimaryKey},
    {"ALTER TABLE", "ADD CONSTRAINT FOREIGN KEY", kWorks, kDocumented,
     "alter table log add constraint k foreign key (id) references store (id)",
     "one that closes a cycle of tables is refused", kForeignKey},
    {"ALTER TABLE", "ADD RELATIONSHIP", kWorks, kDocumented,
     "alter table log add relationship r with store as log.id = store.id",
     "one that closes a cycle of tables is refused", kRelationship},
    {"ALTER TABLE", "DROP CONSTRAINT PRIMARY KEY", kWorks, kDocumented,
     "alter table sales drop constraint primary key", "", kDropPrimaryKey},
    {"ALTER TABLE", "DROP CONSTRAINT name", kWorks, kDocumented,
     "alter table sales drop constraint fk_store", "", kDropConstraint},
    {"ALTER TABLE", "DROP FOREIGN KEY", kWorks, kDocumented,
     "alter table sales drop constraint foreign key store", "", kDropForeignKey},
    {"ALTER TABLE", "DROP [CONSTRAINT] RELATIONSHIP", kWorks, kDocumented,
     "alter table sales drop constraint relationship seen", "", kDropRelationship},
    {"ALTER TABLE", "SET DIMENSION", kWorks, kDocumented, "alter table store set dimension", "",
     kSetDimension},
    {"ALTER TABLE", "SET FACT PARTITION BY HASH", kWorks, kDocumented,
     "alter table log set fact partition by hash (4) key (id)", "", kSetFact},
    {"ALTER TABLE", "SET LOAD PRIORITY", kNoEffect, kDocumented,
     "alter table sales set load priority 1", "kept; no loader looks at it", kSetLoadPriority},
    {"ALTER TABLE", "SET DIMENSIONS", kRejected, kClient, "alter table store set dimensions",
     "an error of one generator"},

    {"INSERT", "VALUES", kWorks, kDocumented, "insert into log values (1, 'x')", "", kValues},
    {"INSERT", "column list", kWorks, kDocumented, "insert into log (id) values (1)", "",
     kColumnList},
    {"INSERT", "several rows", kWorks, kInferred, "insert into log values (1, 'x'), (2, 'y')", "",
     kSeveralRows},
    {"INSERT", "SELECT", kWorks, kInferred, "insert into log (id) select id from store", "",
     kInsertSelect},
    {"UPDATE", "", kWorks, kDocumented, "update sales set amount = 0 where id = 1", ""},
    {"DELETE", "", kWorks, kDocumented, "delete from sales where id = 1", ""},

    {"SELECT", "", kWorks, kDocumented, "select id, amount from sales", ""},
    {"SELECT", "TOP, LIMIT", kWorks, kDocumented, "select top 3 id from sales", "", kTop},
    {"SELECT", "INTO", kWorks, kDocumented, "select id into copy from sales",
     "no cap but TOP and LIMIT; an existing table is an error", kInto},
    {"SELECT", "WHERE, GROUP BY, ORDER BY", kWorks, kDocumented,
     "select id, count(*) as n from sales where amount > 0 group by id order by n desc", "",
     kWhere},
    {"SELECT", "aggregates", kWorks, kDocumented,
     "select sum(id), avg(id), stddev(id), variance(id), min(id), max(id), count(distinct id) from "
     "sales",
     "", kAggregate},
    {"SELECT", "date functions", kWorks, kDocumented,
     "select absyear(opened), absquarter(opened), absmonth(opened), absday(opened) from store",
     "their meaning is inferred", kDateFunction},
    {"SELECT", "comma join", kWorks, kDocumented,
     "select s.id from sales s, store t where s.store_id = t.id", "", kCommaJoin},
    {"SELECT", "FULL OUTER JOIN", kWorks, kClient,
     "select s.id from sales s full outer join store t on s.store_id = t.id", "", kFullJoin},
    {"SELECT", "INNER, LEFT, RIGHT JOIN", kWorks, kInferred,
     "select s.id from sales s left join store t on s.store_id = t.id", "", kOtherJoin},
    {"SELECT", "DISTINCT, HAVING", kWorks, kInferred,
     "select distinct id from sales group by id having count(*) > 0", "", kDistinct},
    {"SELECT", "sub-queries", kWorks, kInferred,
     "select id from sales where store_id in (select id from store)", "", kSubquery},
    {"SELECT", "UNION, INTERSECT, EXCEPT", kWorks, kInferred,
     "select id from sales union select id from store", "", kSetOperation},
    {"SELECT", "= NULL", kWorks, kClient, "select id from sales where amount = null", "as IS NULL",
     kEqualsNull},
    {"SELECT", "CASE, CAST, LIKE, IN, BETWEEN, IS NULL", kWorks, kInferred,
     "select case when name like 'a%' then 1 else 0 end, cast(id as varchar(0)) from store where "
     "id in (1, 2) or id between 3 and 4 or name is null",
     "", kPredicate},
    {"SELECT", "without FROM", kWorks, kInferred, "select 1", "", kWithoutFrom},
    {"SELECT", "?", kRejected, kDocumented, "select id from sales where id = ?",
     "placeholders are for ODBC and JDBC"},
};

}  // namespace

std::span<const StatementCoverage> StatementsCovered() { return kStatements; }

std::vector<const StatementCoverage*> CoverageOf(const dialect::Statement& statement) {
  const std::string_view kind = StatementKindName(statement.kind());
  const std::string_view select = StatementKindName(dialect::StatementKind::kSelect);
  const dialect::Features features = FeaturesOf(statement);
  std::vector<const StatementCoverage*> rows;
  for (const StatementCoverage& row : kStatements) {
    const bool plain = row.clause.empty() && row.statement == kind;
    const bool has_clause =
        (row.statement == kind || row.statement == select) && row.features.Meets(features);
    if (row.support != Support::kRejected && (plain || has_clause)) rows.push_back(&row);
  }
  return rows;
}

std::string_view SupportName(Support support) {
  switch (support) {
    case kWorks:
      return "works";
    case kNoEffect:
      return "no effect";
    case kRejected:
      break;
  }
  return "rejected";
}

std::string_view EvidenceName(Evidence evidence) {
  switch (evidence) {
    case kDocumented:
      return "documented";
    case kClient:
      return "client";
    case kSample:
      return "sample";
    case kInferred:
      break;
  }
  return "inferred";
}

}  // namespace tql::service
