#include "tools/tqlconform/client/client_mutants.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace tqlconform {
namespace {

/// By the name of a fault the cases that it must fail.
std::map<std::string, std::vector<ClientTask>> TasksOfMutants(std::span<const ClientTask> tasks) {
  std::map<std::string, std::vector<ClientTask>> mutants;
  for (const ClientTask& task : tasks) {
    for (const std::string& kill : task.test->kills()) mutants[kill].push_back(task);
  }
  return mutants;
}

/// Each case over the first transport that it can be run over.
std::vector<ClientTask> OneTaskEach(std::span<const confpb::Case* const> cases,
                                    std::span<const confpb::Transport> transports) {
  std::vector<ClientTask> tasks;
  for (const confpb::Case* const test : cases) {
    const std::vector<ClientTask> all = ClientTasks({&test, 1}, transports);
    if (!all.empty()) tasks.push_back(all.front());
  }
  return tasks;
}

ClientOptions OptionsOf(const std::string& mutant, const ClientOptions& options) {
  ClientOptions own = options;
  own.strict = true;
  own.environment.push_back(std::string(kMutantVariable) + "=" + mutant);
  return own;
}

constexpr int kTriesOfMutants = 3;

/// Most mutants fail after a wait for something that does not come: it is kept short. The time of a
/// first case includes the start of the client.
ClientOptions OptionsOfMutant(const std::string& name, const ClientOptions& options) {
  ClientOptions own = OptionsOf(name, options);
  own.jobs = 2;
  own.timeout = std::min(own.timeout, std::chrono::milliseconds(8'000));
  own.verify_within = std::chrono::milliseconds(300);
  return own;
}

/// A mutant that the case fails has been killed.
confpb::Result Reversed(confpb::Result result) {
  if (result.outcome() == confpb::FAILED) {
    result.set_outcome(confpb::PASSED);
    result.clear_reason();
    result.clear_finding();
    result.clear_exchange();
  } else if (result.outcome() == confpb::PASSED) {
    result.set_outcome(confpb::FAILED);
    result.set_reason("the mutant survives the case");
  }
  return result;
}

}  // namespace

std::string RunClientMutants(std::span<const confpb::Case* const> cases,
                             const ClientOptions& options,
                             const std::function<void(confpb::Result)>& done) {
  const std::vector<ClientTask> tasks = OneTaskEach(cases, options.transports);
  std::string stopped = RunClientTasks(tasks, OptionsOf("", options), [&](confpb::Result result) {
    result.set_target(std::string(kControlClient));
    done(std::move(result));
  });
  if (!stopped.empty()) return stopped;

  const auto by_name = TasksOfMutants(tasks);
  std::vector<std::pair<std::string, std::vector<ClientTask>>> mutants(by_name.begin(),
                                                                       by_name.end());
  std::ranges::stable_sort(mutants, std::greater<>(),  // The longest ones first.
                           [](const auto& mutant) { return mutant.second.size(); });
  std::mutex mutex;
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < mutants.size(); i = next++) {
      const auto& mutant = mutants[i];
      const ClientOptions own = OptionsOfMutant(mutant.first, options);
      std::vector<ClientTask> tasks_left = mutant.second;
      // On a loaded machine bytes that were sent apart may arrive together, and a mutant survive.
      for (int tries_left = kTriesOfMutants - 1; !tasks_left.empty(); --tries_left) {
        std::vector<ClientTask> survived;
        static_cast<void>(RunClientTasks(tasks_left, own, [&](confpb::Result result) {
          if (result.outcome() == confpb::PASSED && tries_left > 0) {
            survived.push_back(*std::ranges::find_if(tasks_left, [&](const ClientTask& task) {
              return task.test->id() == result.id();
            }));
            return;
          }
          result = Reversed(std::move(result));
          result.set_target(mutant.first);
          const std::lock_guard lock(mutex);
          done(std::move(result));
        }));
        tasks_left = std::move(survived);
      }
    }
  };
  {
    std::vector<std::jthread> workers;
    for (std::size_t i = 1; i < std::min<std::size_t>(options.jobs, mutants.size()); ++i) {
      workers.emplace_back(work);
    }
    work();
  }
  return options.stop.stop_requested() ? "interrupted" : "";
}

}  // namespace tqlconform
