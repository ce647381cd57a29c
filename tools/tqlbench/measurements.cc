#include "tools/tqlbench/measurements.h"

namespace tqlbench {
namespace {

using enum Better;

constexpr Target kEncode[] = {
    {"encode", "encode rows", "the JsonUtil path, same bytes", "x", kMore, 3, 4}};
constexpr Target kDecode[] = {
    {"decode/jsonutil", "decode rows to views", "JsonUtil", "x", kMore, 30, 50},
    {"decode/python", "decode rows to views", "Python json.loads", "x", kMore, 12, 15}};
constexpr Target kSelect[] = {
    {"select/json", "SELECT * over HTTP to rows", "sqlite3 -json | pipe", "x", kMore, 3, 4.2},
    {"select/csv", "SELECT * over HTTP to rows", "sqlite3 -csv | pipe", "x", kMore, 2.2, 3.1},
    {"select/list", "SELECT * over HTTP to rows", "sqlite3 -list | pipe", "x", kMore, 1.8, 2.6}};
constexpr Target kTls[] = {
    {"select/https", "SELECT * over HTTPS to rows", "over HTTP", "x", kMore, 0.6, 0.85}};
constexpr Target kGrpc[] = {
    {"select/grpc", "SELECT * over gRPC to rows", "over HTTPS", "x", kMore, 0.95, 1.05}};
constexpr Target kShell[] = {{"select/shell", "SELECT * into tql --format csv >/dev/null",
                              "sqlite3 -csv >/dev/null", "x", kMore, 1.5, 2.5}};
constexpr Target kPsql[] = {{"select/psql", "SELECT * into tql --format csv >/dev/null",
                             "psql --csv >/dev/null", "x", kMore, 2.6, 3.2}};
constexpr Target kPythonClient[] = {{"select/python-client",
                                     "SELECT * into tql --format csv >/dev/null",
                                     "a Python client >/dev/null", "x", kMore, 10, 12}};
constexpr Target kPoint[] = {
    {"point/1", "point SELECT again, 1 connection", "httplib echo", "x", kMore, 0.85, 1},
    {"point/8", "point SELECT again, 8 connections", "httplib echo", "x", kMore, 0.85, 1},
    {"point/64", "point SELECT again, 64 connections", "httplib echo", "x", kMore, 0.85, 1}};
constexpr Target kPointNew[] = {
    {"point-new/1", "point SELECT, new keys, 1 connection", "httplib echo", "x", kMore, 0.75, 0.9},
    {"point-new/8", "point SELECT, new keys, 8 connections", "httplib echo", "x", kMore, 0.75, 0.9},
    {"point-new/64", "point SELECT, new keys, 64 connections", "httplib echo", "x", kMore, 0.75,
     0.9}};
constexpr Target kPgbench[] = {{"pgbench/1", "point SELECT, new keys, 1 connection",
                                "pgbench -M prepared", "x", kMore, 0.7, 1},
                               {"pgbench/8", "point SELECT, new keys, 8 connections",
                                "pgbench -M prepared", "x", kMore, 0.7, 1},
                               {"pgbench/64", "point SELECT, new keys, 64 connections",
                                "pgbench -M prepared", "x", kMore, 1, 1.5}};
constexpr Target kDashboard[] = {{"dashboard", "40 aggregates, 100 times between two INSERTs",
                                  "skip_cache", "x", kMore, 20, 100}};
constexpr Target kGroupBy[] = {
    {"group-by", "aggregates of each group of rows", "sqlite3", "x", kMore, 1.5, 1.8}};
constexpr Target kScript[] = {{"script", "script of 100,000 single-row INSERTs",
                               "sqlite3, one transaction", "x", kMore, 1.3, 2}};
constexpr Target kLoad[] = {
    {"load/copy", "load of a CSV file", "PostgreSQL COPY", "x", kMore, 0.9, 1.5},
    {"load/import", "load of a CSV file", "sqlite3 .import", "x", kMore, 2, 4},
    {"load/import-key", "load with a key, new rows", "sqlite3 .import", "x", kMore, 2, 3},
    {"load/replace-postgres", "load with a key, replaced rows",
     "PostgreSQL COPY and INSERT ON CONFLICT", "x", kMore, 1.5, 3}};
constexpr Target kLoadMemory[] = {{"load/memory",
                                   "peak RSS growth of the server, load of 5,000,000 rows",
                                   "50,000 rows", "MiB", kLess, 16, 4}};
constexpr Target kRestPages[] = {
    {"rest-pages", "REST pages of 10,000 users", "node's JSON.stringify", "x", kMore, 1.5, 3}};
constexpr Target kCatalog[] = {
    {"catalog/create", "time of the last 100 of 10,000 CREATE TABLEs", "the first 100", "x", kLess,
     1.2, 1.05},
    {"catalog/point", "time of a point SELECT, 10,000 tables", "1 table", "x", kLess, 1.1, 1.05},
    {"catalog/memory", "peak RSS growth by SHOW TABLES and SCRIPT SERVER, 10,000 tables", "", "MiB",
     kLess, 16, 4}};
constexpr Target kFork[] = {
    {"fork/put", "PUT of a fork of the table's database, 1 connection", "", "ms", kLess, 3, 0.5},
    {"fork/backup", "PUT of a fork", "sqlite3_backup", "x", kMore, 20, 50},
    {"fork/serialize", "PUT of a fork", "sqlite3_serialize and _deserialize", "x", kMore, 20, 50},
    {"fork/template", "PUT of a fork", "PostgreSQL's CREATE DATABASE TEMPLATE", "x", kMore, 100,
     250}};
constexpr Target kForkSize[] = {{"fork-size", "PUT of a fork of a database of ten times the size",
                                 "the size", "x", kLess, 3, 1.2}};
constexpr Target kForkFirst[] = {
    {"fork-first/100", "fork to first answer, 100 tables", "", "ms", kLess, 3, 1},
    {"fork-first/1000", "fork to first answer, 1,000 tables", "", "ms", kLess, 10, 4}};
constexpr Target kForkMemory[] = {
    {"fork-memory/idle", "memory of a fork, one of many", "", "KiB", kLess, 256, 16},
    {"fork-memory/used", "the same, used for one row", "", "KiB", kLess, 2048, 700}};
constexpr Target kForkChurn[] = {
    {"fork-churn", "RSS growth by 100,000 forks made and removed", "", "MiB", kLess, 16, 4}};
constexpr Target kForkUse[] = {
    {"fork-use/scan", "scan in a fork", "a database never forked", "x", kLess, 1.1, 1.03},
    {"fork-use/first-writes", "first UPDATEs of random rows in a fork", "a database never forked",
     "x", kLess, 1.5, 1.2},
    {"fork-use/later-writes", "UPDATEs of the same rows again", "a database never forked", "x",
     kLess, 1.1, 1.03}};
constexpr Target kForkTest[] = {
    {"fork-test/one", "fork, login, 10 statements, verification and removal", "", "ms", kLess, 6,
     3},
    {"fork-test/suite", "200 such tests on 8 threads, tests/s",
     "a database of PostgreSQL for each test", "x", kMore, 10, 20}};
constexpr Target kPlan[] = {
    {"plan", "point SELECT with 100 rules that do not match", "no rules", "x", kMore, 0.9, 0.95}};
constexpr Target kJournal[] = {
    {"journal", "point SELECT with the journal", "--journal off", "x", kMore, 0.9, 0.97}};
constexpr Target kFirstRow[] = {{"first-row", "first row of SELECT *", "", "ms", kLess, 20, 5}};
constexpr Target kMemory[] = {{"memory/server", "peak RSS growth of the server, 5,000,000 rows",
                               "50,000 rows", "MiB", kLess, 16, 4},
                              {"memory/client", "peak RSS growth of the client, 5,000,000 rows",
                               "50,000 rows", "MiB", kLess, 16, 4}};
constexpr Target kStart[] = {
    {"start", "start to the ready line", "", "ms", kLess, 13, 9},
    {"idle-memory", "resident memory when ready", "", "MiB", kLess, 20, 15}};
constexpr Target kStop[] = {
    {"stop", "stop with idle and streaming clients", "", "ms", kLess, 1000, 200}};

constexpr Target kIdleConnections[] = {
    {"idle-connections/memory", "memory of an idle TLS connection, one of many", "", "KiB", kLess,
     40, 16},
    {"idle-connections/cpu", "CPU of the server meanwhile", "", "%", kLess, 0.5, 0.1},
    {"idle-connections/latency", "a new client's login meanwhile", "without them", "x", kLess, 1.2,
     1.1}};

constexpr Target kStartAgainst[] = {
    {"against/start", "start to the ready line", "the other build", "x", kLess, 1.1, 0.8},
    {"against/idle-memory", "resident memory when ready", "the other build", "x", kLess, 1.1, 0.8}};
constexpr Target kPointAgainst[] = {
    {"against/point/1", "point SELECT, 1 connection", "the other build", "x", kMore, 1.2, 1.7},
    {"against/point/8", "point SELECT, 8 connections", "the other build", "x", kMore, 0.85, 1},
    {"against/point/64", "point SELECT, 64 connections", "the other build", "x", kMore, 0.85, 1}};
constexpr Target kPointNewAgainst[] = {
    {"against/point-new/1", "point SELECT, skip_cache, 1 connection", "the other build", "x", kMore,
     0.85, 1},
    {"against/point-new/8", "point SELECT, skip_cache, 8 connections", "the other build", "x",
     kMore, 0.85, 1},
    {"against/point-new/64", "point SELECT, skip_cache, 64 connections", "the other build", "x",
     kMore, 0.85, 1}};
constexpr Target kSelectAgainst[] = {
    {"against/http", "SELECT * over HTTP", "the other build", "x", kMore, 1, 1.05},
    {"against/https", "SELECT * over HTTPS", "the other build", "x", kMore, 1, 1.05},
    {"against/grpc", "SELECT * over gRPC", "the other build", "x", kMore, 1, 1.05}};
constexpr Target kShellAgainst[] = {{"against/shell", "SELECT * into tql --format csv >/dev/null",
                                     "the other build", "x", kMore, 1, 1.05}};
constexpr Target kScriptAgainst[] = {{"against/script", "script of 100,000 single-row INSERTs",
                                      "the other build", "x", kMore, 1, 1.1}};

constexpr Measurement kMeasurements[] = {
    {"start", kStart, MeasureStart},
    {"stop", kStop, MeasureStop},
    {"encode", kEncode, MeasureEncode},
    {"decode", kDecode, MeasureDecode},
    {"select", kSelect, MeasureSelect},
    {"https", kTls, MeasureTls},
    {"grpc", kGrpc, MeasureGrpc},
    {"shell", kShell, MeasureShell},
    {"psql", kPsql, MeasurePsql},
    {"python-client", kPythonClient, MeasurePythonClient},
    {"first-row", kFirstRow, MeasureFirstRow},
    {"point", kPoint, MeasurePoint},
    {"point-new", kPointNew, MeasurePointNew},
    {"pgbench", kPgbench, MeasurePgbench},
    {"dashboard", kDashboard, MeasureDashboard},
    {"group-by", kGroupBy, MeasureGroupBy},
    {"script", kScript, MeasureScript},
    {"load", kLoad, MeasureLoad},
    {"load-memory", kLoadMemory, MeasureLoadMemory},
    {"rest-pages", kRestPages, MeasureRestPages},
    {"catalog", kCatalog, MeasureCatalog},
    {"memory", kMemory, MeasureMemory},
    {"fork", kFork, MeasureFork},
    {"fork-test", kForkTest, MeasureForkTest},
    {"fork-size", kForkSize, MeasureForkSize},
    {"fork-first", kForkFirst, MeasureForkFirst},
    {"fork-memory", kForkMemory, MeasureForkMemory},
    {"fork-churn", kForkChurn, MeasureForkChurn},
    {"fork-use", kForkUse, MeasureForkUse},
    {"plan", kPlan, MeasurePlan},
    {"journal", kJournal, MeasureJournal},
    {"idle-connections", kIdleConnections, MeasureIdleConnections},
};

constexpr Measurement kAgainstMeasurements[] = {
    {"start", kStartAgainst, MeasureStartAgainst},
    {"point", kPointAgainst, MeasurePointAgainst},
    {"point-new", kPointNewAgainst, MeasurePointNewAgainst},
    {"select", kSelectAgainst, MeasureSelectAgainst},
    {"shell", kShellAgainst, MeasureShellAgainst},
    {"script", kScriptAgainst, MeasureScriptAgainst},
};

}  // namespace

std::span<const Measurement> AllMeasurements() { return kMeasurements; }
std::span<const Measurement> AgainstMeasurements() { return kAgainstMeasurements; }

}  // namespace tqlbench
