#include "tools/tqlbench/run.h"

#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>

#include "tools/documents/documents.h"
#include "tools/tqlbench/bench.h"
#include "tools/tqlbench/callgrind.h"
#include "tools/tqlbench/measurements.h"
#include "tools/tqlbench/parts.h"
#include "tools/tqlbench/report.h"

namespace tqlbench {
namespace {

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const auto& measurements : {AllMeasurements(), AgainstMeasurements()}) {
    for (const Measurement& measurement : measurements) names.emplace_back(measurement.name);
  }
  return names;
}

void AddOptions(CLI::App* app, BenchOptions* options) {
  app->add_option("--rows", options->rows, "Rows of the table")
      ->check(CLI::Range(std::uint64_t{1000}, std::uint64_t{5'000'000}))
      ->capture_default_str();
  app->add_option("--pairs", options->pairs, "Repetitions, interleaved with the peer's")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app->add_option("--only", options->only, "Run only these measurements (repeatable)")
      ->check(CLI::IsMember(Names()));
  app->add_option("--json", options->json_file, "File to also write the figures to")
      ->type_name("FILE");
  app->add_flag("--check", options->check, "Exit with status 3 if a floor is missed");
  app->add_option("--load-seconds", options->load_seconds,
                  "Duration of each run of point queries in seconds")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  app->add_option("--idle-connections", options->idle_connections,
                  "Number of connections in the measurement of idle ones")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app->add_option(
         "--forks", options->forks,
         "Forks that exist together in the measurement of their memory; a hundred times as "
         "many are made and removed in another one")
      ->check(CLI::Range(1, 9000))
      ->capture_default_str();
  app->add_option("--tqlmockd", options->tqlmockd, "Path of tqlmockd (default: beside tqlbench)")
      ->type_name("FILE");
  app->add_option("--tql", options->tql, "Path of tql (default: beside tqlbench)")
      ->type_name("FILE");
  app->add_option(
         "--against", options->against,
         "Run this build's programs and those of FOLDER, another build's, in turn, instead "
         "of the usual measurements; of these --only takes start, point, select, shell, "
         "script")
      ->type_name("FOLDER")
      ->check(CLI::ExistingDirectory);
  app->add_option("--sqlite3", options->sqlite3, "SQLite's shell")
      ->type_name("FILE")
      ->capture_default_str();
  app->add_option("--python", options->python, "Python 3")
      ->type_name("FILE")
      ->capture_default_str();
  app->add_option("--node", options->node, "Node.js (its measurement is skipped without it)")
      ->type_name("FILE")
      ->capture_default_str();
  app->add_option("--postgres", options->postgres,
                  "Folder of PostgreSQL's initdb and psql (default: the newest under "
                  "/usr/lib/postgresql; psql is skipped if there is none)")
      ->type_name("FOLDER");
  app->add_option(
         "--scripts", options->script_folder,
         "Folder of json_loads.py, python_client.py and rest_peer.js (default: ../share/tqlkit, "
         "relative to tqlbench)")
      ->type_name("FOLDER");
}

std::vector<Measurement> Chosen(const BenchOptions& options) {
  std::vector<Measurement> chosen;
  for (const Measurement& measurement :
       options.against.empty() ? AllMeasurements() : AgainstMeasurements()) {
    if (options.only.empty() || std::find(options.only.begin(), options.only.end(),
                                          measurement.name) != options.only.end()) {
      chosen.push_back(measurement);
    }
  }
  return chosen;
}

int RunMeasurements(Bench& bench) {
  const BenchOptions& options = bench.options();
  const std::vector<Measurement> chosen = Chosen(options);
  if (chosen.empty()) {
    std::cerr << "tqlbench: --only names no measurement that is made "
              << (options.against.empty() ? "without" : "with") << " --against\n";
    return 1;
  }
  int status = 0;
  for (const Measurement& measurement : chosen) {
    bench.Progress(measurement.name);
    if (tql::Status made = measurement.run(bench); !made.ok()) {
      std::cerr << "\ntqlbench: " << measurement.name << ": " << made << "\n";
      status = 2;
    }
  }
  std::cerr << "\n";
  const RunDescription run = DescribeRun(options.rows, options.pairs);
  PrintText(run, chosen, bench.recorder(), std::cout);
  if (!options.json_file.empty()) {
    std::ofstream file(options.json_file);
    PrintJson(run, chosen, bench.recorder(), file);
    if (!file.flush()) {
      std::cerr << "tqlbench: cannot write " << options.json_file << "\n";
      status = 2;
    }
  }
  if (status == 0 && options.check && CountMissed(chosen, bench.recorder()) > 0) status = 3;
  return status;
}

}  // namespace

int Run(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  if (argc > 1 && std::string_view(argv[1]) == "part") return RunPart({argv + 2, argv + argc});
  BenchOptions options;
  CLI::App app("Measures speed and memory of tqlmockd, the client library and tql.", "tqlbench");
  app.set_version_flag("--version", "tqlbench " TQLKIT_VERSION);
  AddOptions(&app, &options);
  const CLI::App* callgrind = app.add_subcommand(
      "callgrind", "Count the instructions per row of encoder and decoder with valgrind");
  if (const auto status = tql::tools::Parse(app, argc, argv)) return *status;
  Bench bench(std::move(options));
  if (!callgrind->parsed()) return RunMeasurements(bench);
  const tql::Status status = RunCallgrind(bench);
  if (!status.ok()) std::cerr << "tqlbench: " << status << "\n";
  return status.ok() ? 0 : 2;
}

}  // namespace tqlbench
