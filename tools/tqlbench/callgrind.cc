#include "tools/tqlbench/callgrind.h"

#include <fstream>
#include <iostream>

#include "tools/tqlbench/codec.h"

namespace tqlbench {
namespace {

constexpr std::uint64_t kRowsPerPass = 1000;

// Returns the number of instructions of a process that makes so many passes.
tql::StatusOr<std::uint64_t> Count(Bench& bench, const std::string& name, std::uint64_t passes) {
  const auto file = bench.WorkFile("callgrind.out");
  if (!file) return file.status();
  auto process =
      Process::Start({"valgrind", "--quiet", "--tool=callgrind", "--callgrind-out-file=" + *file,
                      ProgramPath(), "part", "codec", name, std::to_string(passes)},
                     Process::Output::kNull);
  if (!process) return process.status();
  if (tql::Status status = process->Wait(); !status.ok()) return status;
  std::ifstream in(*file);
  for (std::string word; in >> word;) {
    std::uint64_t count = 0;
    if ((word == "summary:" || word == "totals:") && in >> count && count > 0) return count;
  }
  return tql::InternalError("valgrind counted nothing");
}

}  // namespace

bool RunCodecPasses(const std::string& name, std::uint64_t passes) {
  const RowBlock block(Shape::kShort, kRowsPerPass);
  std::string lines;
  EncodeFast(block, &lines);
  const auto run = [&](const auto& pass) {
    for (std::uint64_t i = 0; i < passes; ++i) pass();
    return true;
  };
  if (name == "encode") return run([&] { EncodeFast(block, nullptr); });
  if (name == "encode-jsonutil") return run([&] { EncodeReference(block, nullptr); });
  if (name == "decode") return run([&] { (void)DecodeFast(lines); });
  if (name == "decode-jsonutil") return run([&] { (void)DecodeReference(lines); });
  return false;
}

tql::Status RunCallgrind(Bench& bench) {
  for (const char* name : {"encode", "encode-jsonutil", "decode", "decode-jsonutil"}) {
    bench.Progress(std::string("callgrind: ") + name);
    const auto ten = Count(bench, name, 10);
    if (!ten) return ten.status();
    const auto twenty = Count(bench, name, 20);
    if (!twenty) return twenty.status();
    std::cout << name << ": " << (*twenty - *ten) / (10 * kRowsPerPass)
              << " instructions per row\n";
  }
  return {};
}

}  // namespace tqlbench
