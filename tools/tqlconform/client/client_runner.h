// Runs the cases for clients.
#ifndef TQLKIT_TOOLS_TQLCONFORM_CLIENT_CLIENT_RUNNER_H_
#define TQLKIT_TOOLS_TQLCONFORM_CLIENT_CLIENT_RUNNER_H_

#include <chrono>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "tools/tqlconform/suite/messages.h"
#include "tql/status.h"

namespace tqlconform {

struct ClientOptions {
  confpb::Adapter adapter;
  std::vector<std::string> command;
  std::vector<std::string> environment;       // NAME=VALUE, for the program
  std::vector<confpb::Transport> transports;  // None: all that a case can be run over.
  std::chrono::milliseconds timeout{10'000};  // Of a statement, where the case has none.
  /// The most time that requests have to arrive before they are verified.
  std::chrono::milliseconds verify_within{std::chrono::minutes(1)};
  bool strict = false;           // INFERRED and MAY are failed, too.
  bool keeps_exchanges = false;  // Also of cases that pass.
  unsigned jobs = 4;             // Programs at the same time.
  std::stop_token stop = {};
  /// How often a case is run until it passes; null: once.
  std::function<unsigned(const confpb::Case& test, const std::string& target)> tries = {};
};

/// A case over one transport.
struct ClientTask {
  const confpb::Case* test = nullptr;
  confpb::Transport transport = confpb::HTTP;
};

/// The tasks of the cases for clients among `cases`, in their order.
std::vector<ClientTask> ClientTasks(std::span<const confpb::Case* const> cases,
                                    std::span<const confpb::Transport> transports);

/// After so many cases in a row in which the program could not be judged, or did not end in its
/// time, the others are not run.
inline constexpr int kMostBreakdowns = 3;
inline constexpr int kMostHung = 10;

/// Runs the tasks, and calls `done` with each result in the order of the tasks, from one thread at
/// a time. Returns why the run ended early; empty if it did not.
std::string RunClientTasks(std::span<const ClientTask> tasks, const ClientOptions& options,
                           const std::function<void(confpb::Result)>& done);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_CLIENT_CLIENT_RUNNER_H_
