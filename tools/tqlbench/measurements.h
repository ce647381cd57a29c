// The table of all measurements.
#ifndef TOOLS_TQLBENCH_MEASUREMENTS_H_
#define TOOLS_TQLBENCH_MEASUREMENTS_H_

#include <span>

#include "tools/tqlbench/recorder.h"

namespace tqlbench {

/// The usual measurements, in the order of execution.
std::span<const Measurement> AllMeasurements();
/// Those of --against: this build's programs and another build's in turn.
std::span<const Measurement> AgainstMeasurements();

// codec_bench.cc
tql::Status MeasureEncode(Bench& bench);
tql::Status MeasureDecode(Bench& bench);
// select_bench.cc
tql::Status MeasureSelect(Bench& bench);
tql::Status MeasureTls(Bench& bench);
tql::Status MeasureGrpc(Bench& bench);
tql::Status MeasureFirstRow(Bench& bench);
// shell_bench.cc
tql::Status MeasureShell(Bench& bench);
tql::Status MeasurePsql(Bench& bench);
tql::Status MeasurePythonClient(Bench& bench);
// point_bench.cc
tql::Status MeasurePoint(Bench& bench);
tql::Status MeasurePointNew(Bench& bench);
tql::Status MeasurePgbench(Bench& bench);
// dashboard_bench.cc
tql::Status MeasureDashboard(Bench& bench);
tql::Status MeasureGroupBy(Bench& bench);
// script_bench.cc
tql::Status MeasureScript(Bench& bench);
// load_bench.cc
tql::Status MeasureLoad(Bench& bench);
tql::Status MeasureLoadMemory(Bench& bench);
// rest_bench.cc
tql::Status MeasureRestPages(Bench& bench);
// catalog_bench.cc
tql::Status MeasureCatalog(Bench& bench);
// memory_bench.cc
tql::Status MeasureMemory(Bench& bench);
// fork_bench.cc
tql::Status MeasureFork(Bench& bench);
tql::Status MeasureForkSize(Bench& bench);
tql::Status MeasureForkFirst(Bench& bench);
tql::Status MeasureForkMemory(Bench& bench);
tql::Status MeasureForkChurn(Bench& bench);
tql::Status MeasureForkUse(Bench& bench);
// suite_bench.cc
tql::Status MeasureForkTest(Bench& bench);
// double_bench.cc
tql::Status MeasurePlan(Bench& bench);
tql::Status MeasureJournal(Bench& bench);
// lifetime_bench.cc
tql::Status MeasureStart(Bench& bench);
tql::Status MeasureStop(Bench& bench);
// idle_bench.cc
tql::Status MeasureIdleConnections(Bench& bench);
// against_bench.cc
tql::Status MeasureStartAgainst(Bench& bench);
tql::Status MeasurePointAgainst(Bench& bench);
tql::Status MeasurePointNewAgainst(Bench& bench);
tql::Status MeasureSelectAgainst(Bench& bench);
tql::Status MeasureShellAgainst(Bench& bench);
tql::Status MeasureScriptAgainst(Bench& bench);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_MEASUREMENTS_H_
