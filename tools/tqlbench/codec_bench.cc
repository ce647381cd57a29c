// Encoding and decoding in process.
#include <fstream>
#include <functional>
#include <sstream>

#include "tools/tqlbench/bench.h"
#include "tools/tqlbench/codec.h"
#include "tools/tqlbench/measurements.h"

namespace tqlbench {
namespace {

// JsonUtil needs about ten microseconds per row; more rows would only take longer.
std::uint64_t CodecRows(const Bench& bench) {
  return std::min<std::uint64_t>(bench.options().rows, 100'000);
}

struct NamedShape {
  const char* name;
  Shape shape;
};
constexpr NamedShape kShapes[] = {
    {"lineitem", Shape::kShort}, {"non-ASCII", Shape::kNonAscii}, {"wide", Shape::kWide}};

// The lines of a block, which are the same from both encoders.
tql::StatusOr<std::string> LinesOf(const RowBlock& block) {
  std::string fast;
  std::string reference;
  EncodeFast(block, &fast);
  EncodeReference(block, &reference);
  if (std::hash<std::string>()(fast) != std::hash<std::string>()(reference)) {
    return tql::InternalError("the encoders do not write the same bytes");
  }
  return fast;
}

tql::Status CheckDecoded(const tql::StatusOr<Decoded>& decoded, const RowBlock& block) {
  if (!decoded) return decoded.status();
  if (decoded->rows == block.rows() && decoded->cell_bytes == block.cell_bytes()) return {};
  return tql::InternalError("the decoder lost rows or cells");
}

double PerRow(double seconds, const RowBlock& block) {
  return seconds * 1e6 / static_cast<double>(block.rows());
}

// Runs json.loads on a file, one pass at a time.
class PythonPeer {
 public:
  static tql::StatusOr<PythonPeer> Start(Bench& bench, const std::string& lines) {
    auto path = bench.WorkFile("lines.ndjson");
    if (!path) return path.status();
    if (!(std::ofstream(*path, std::ios::binary) << lines)) {
      return tql::InternalError("cannot write " + *path);
    }
    auto process = Process::Start(
        {bench.options().python, bench.options().script_folder + "/json_loads.py", *path},
        Process::Output::kPipe, {}, true);
    if (!process) return process.status();
    return PythonPeer(std::move(*process));
  }

  tql::StatusOr<double> Pass(std::uint64_t rows) {
    if (tql::Status status = process_.WriteLine("go"); !status.ok()) return status;
    const auto line = process_.ReadLine(std::chrono::minutes(5));
    if (!line) return line.status();
    double seconds = 0;
    std::uint64_t decoded = 0;
    std::istringstream(*line) >> seconds >> decoded;
    if (decoded != rows) return tql::InternalError("json.loads: " + *line);
    return seconds;
  }

 private:
  explicit PythonPeer(Process process) : process_(std::move(process)) {}
  Process process_;
};

}  // namespace

tql::Status MeasureEncode(Bench& bench) {
  for (const NamedShape& named : kShapes) {
    const RowBlock block(named.shape, CodecRows(bench));
    if (auto lines = LinesOf(block); !lines) return lines.status();
    const std::string name = std::string("encode, ") + named.name;
    tql::Status status = ForEachPair(bench, name, [&]() -> tql::Status {
      const double fast = TimeOf([&] { EncodeFast(block, nullptr); });
      const double reference = TimeOf([&] { EncodeReference(block, nullptr); });
      if (named.shape == Shape::kShort) bench.recorder().Add("encode", reference / fast);
      bench.recorder().Detail(name, "us/row", PerRow(fast, block));
      bench.recorder().Detail(name + ", JsonUtil", "us/row", PerRow(reference, block));
      return {};
    });
    if (!status.ok()) return status;
  }
  return {};
}

tql::Status MeasureDecode(Bench& bench) {
  for (const NamedShape& named : kShapes) {
    const RowBlock block(named.shape, CodecRows(bench));
    const auto lines = LinesOf(block);
    if (!lines) return lines.status();
    auto python = PythonPeer::Start(bench, *lines);
    if (!python) return python.status();
    const std::string name = std::string("decode, ") + named.name;
    tql::Status status = ForEachPair(bench, name, [&]() -> tql::Status {
      tql::StatusOr<Decoded> decoded = Decoded{};
      const double fast = TimeOf([&] { decoded = DecodeFast(*lines); });
      if (tql::Status checked = CheckDecoded(decoded, block); !checked.ok()) return checked;
      const double reference = TimeOf([&] { decoded = DecodeReference(*lines); });
      if (tql::Status checked = CheckDecoded(decoded, block); !checked.ok()) return checked;
      const auto loads = python->Pass(block.rows());
      if (!loads) return loads.status();
      if (named.shape == Shape::kShort) {
        bench.recorder().Add("decode/jsonutil", reference / fast);
        bench.recorder().Add("decode/python", *loads / fast);
      }
      bench.recorder().Detail(name, "us/row", PerRow(fast, block));
      bench.recorder().Detail(name + ", JsonUtil", "us/row", PerRow(reference, block));
      bench.recorder().Detail(name + ", json.loads", "us/row", PerRow(*loads, block));
      return {};
    });
    if (!status.ok()) return status;
  }
  return {};
}

}  // namespace tqlbench
