// The self-test: the cases against the mock server, over each transport, by way of proxies that
// change nothing that counts, and against mutants, on each of which a case must fail.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SELFTEST_SELFTEST_H_
#define TQLKIT_TOOLS_TQLCONFORM_SELFTEST_SELFTEST_H_

#include <cstddef>
#include <functional>
#include <span>
#include <stop_token>

#include "tools/tqlconform/suite/messages.h"
#include "tools/tqlconform/suite/selection.h"

namespace tqlconform {

struct SelftestOptions {
  std::span<const confpb::Mutant> mutants;
  unsigned jobs = 2;  // Servers at a time.
  /// Called with each result, by one thread at a time.
  std::function<void(const confpb::Result& result)> on_result;
};

/// The number of results of a self-test, if every case can be run over everything.
std::size_t MostSelftestResults(std::span<const SelectedCase> cases);

/// A result has the id of its case; its target is that of the run:
///   "http", "https", "grpc"     passed: the case passes
///   "http variant NAME"         the same, of a server with a wire variant
///   "control NAME"              the same, by way of a proxy that changes bytes but no meaning
///   "mutant NAME"               passed: the case fails, as it should
/// Cases that the server lacks a feature for are failed: the mock server has them all.
confpb::Report RunSelftest(std::span<const SelectedCase> cases, const SelftestOptions& options,
                           const std::stop_token& stop);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SELFTEST_SELFTEST_H_
