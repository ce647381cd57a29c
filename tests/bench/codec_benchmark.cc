// Micro benchmarks for work on the row codec; the relevant figures are those of tqlbench.
#include <benchmark/benchmark.h>

#include <string>

#include "tools/tqlbench/codec.h"

namespace tqlbench {
namespace {

constexpr std::uint64_t kRows = 10'000;

void CountRows(benchmark::State& state, std::size_t bytes) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

template <std::uint64_t (*Encode)(const RowBlock&, std::string*)>
void BM_Encode(benchmark::State& state) {
  const RowBlock block(static_cast<Shape>(state.range(0)), kRows);
  std::size_t bytes = 0;
  for (auto _ : state) benchmark::DoNotOptimize(bytes = Encode(block, nullptr));
  CountRows(state, bytes);
}

template <tql::StatusOr<Decoded> (*Decode)(std::string_view)>
void BM_Decode(benchmark::State& state) {
  const RowBlock block(static_cast<Shape>(state.range(0)), kRows);
  std::string lines;
  EncodeFast(block, &lines);
  for (auto _ : state) benchmark::DoNotOptimize(Decode(lines)->rows);
  CountRows(state, lines.size());
}

// The argument is the Shape of the texts.
BENCHMARK(BM_Encode<EncodeFast>)->DenseRange(0, 2);
BENCHMARK(BM_Encode<EncodeReference>)->DenseRange(0, 2);
BENCHMARK(BM_Decode<DecodeFast>)->DenseRange(0, 2);
BENCHMARK(BM_Decode<DecodeReference>)->DenseRange(0, 2);

}  // namespace
}  // namespace tqlbench

BENCHMARK_MAIN();
