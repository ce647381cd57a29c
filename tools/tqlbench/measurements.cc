#include "tools/tqlbench/measurements.h"

namespace tqlbench {
namespace {

using enum Better;

constexpr Target kEncode[] = {
    {"encode", "encode rows", "the JsonUtil path, same bytes", "x", kMore, 3, 4}};
constexpr Target kDecode[] = {
    {"decode/jsonutil", "decode rows to views", "JsonUtil", "x", kMore, 30, 50},
    {"decode/python", "decode rows to views", "Python json.loads", "x", kMore, 8, 13}};
constexpr Target kSelect[] = {
    {"select/json", "SELECT * over HTTP to rows", "sqlite3 -json | pipe", "x", kMore, 3, 4.2},
    {"select/csv", "SELECT * over HTTP to rows", "sqlite3 -csv | pipe", "x", kMore, 2.2, 3.1},
    {"select/list", "SELECT * over HTTP to rows", "sqlite3 -list | pipe", "x", kMore, 1.8, 2.6}};
constexpr Target kTls[] = {
    {"select/https", "SELECT * over HTTPS to rows", "over HTTP", "x", kMore, 0.6, 0.85}};
constexpr Target kGrpc[] = {
    {"select/grpc", "SELECT * over gRPC to rows", "over HTTPS", "x", kMore, 0.5, 0.9}};
constexpr Target kShell[] = {{"select/shell", "SELECT * into tql --format csv >/dev/null",
                              "sqlite3 -csv >/dev/null", "x", kMore, 1.5, 2.5}};
constexpr Target kPsql[] = {{"select/psql", "SELECT * into tql --format csv >/dev/null",
                             "psql --csv >/dev/null", "x", kMore, 1, 2}};
constexpr Target kPythonClient[] = {{"select/python-client",
                                     "SELECT * into tql --format csv >/dev/null",
                                     "a Python client >/dev/null", "x", kMore, 10, 12}};
constexpr Target kPoint[] = {
    {"point/1", "point SELECT, 1 connection", "httplib echo", "x", kMore, 0.35, 0.6},
    {"point/8", "point SELECT, 8 connections", "httplib echo", "x", kMore, 0.35, 0.6},
    {"point/64", "point SELECT, 64 connections", "httplib echo", "x", kMore, 0.35, 0.6}};
constexpr Target kScript[] = {{"script", "script of 100,000 single-row INSERTs",
                               "sqlite3, one transaction", "x", kMore, 0.5, 1.5}};
constexpr Target kCatalog[] = {
    {"catalog/create", "time of the last 100 of 10,000 CREATE TABLEs", "the first 100", "x", kLess,
     1.5, 1.2},
    {"catalog/point", "time of a point SELECT, 10,000 tables", "1 table", "x", kLess, 1.2, 1.1},
    {"catalog/memory", "peak RSS growth by SHOW TABLES and SCRIPT SERVER, 10,000 tables", "", "MiB",
     kLess, 16, 4}};
constexpr Target kFork[] = {
    {"fork/put", "PUT of a fork of the table's database, 1 connection", "", "ms", kLess, 3, 0.5},
    {"fork/test", "fork, login, 10 statements, verification and removal", "", "ms", kLess, 6, 3}};
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
    {"start", "start to the ready line", "", "ms", kLess, 80, 30},
    {"idle-memory", "resident memory when ready", "", "MiB", kLess, 32, 20}};
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
    {"script", kScript, MeasureScript},
    {"catalog", kCatalog, MeasureCatalog},
    {"memory", kMemory, MeasureMemory},
    {"fork", kFork, MeasureFork},
    {"plan", kPlan, MeasurePlan},
    {"journal", kJournal, MeasureJournal},
    {"idle-connections", kIdleConnections, MeasureIdleConnections},
};

constexpr Measurement kAgainstMeasurements[] = {
    {"start", kStartAgainst, MeasureStartAgainst},    {"point", kPointAgainst, MeasurePointAgainst},
    {"select", kSelectAgainst, MeasureSelectAgainst}, {"shell", kShellAgainst, MeasureShellAgainst},
    {"script", kScriptAgainst, MeasureScriptAgainst},
};

}  // namespace

std::span<const Measurement> AllMeasurements() { return kMeasurements; }
std::span<const Measurement> AgainstMeasurements() { return kAgainstMeasurements; }

}  // namespace tqlbench
