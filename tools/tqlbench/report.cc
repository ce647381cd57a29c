#include "tools/tqlbench/report.h"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <ostream>
#include <string>
#include <thread>

#include "proto/base/json_writer.h"
#include "tools/tqlbench/stats.h"

namespace tqlbench {
namespace {

// Formats three significant digits; whole numbers from 1000 on.
std::string Number(double value) {
  char text[32];
  const double size = std::fabs(value);
  const char* format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
  std::snprintf(text, sizeof text, format, value);
  return text;
}

// A number of JSON, which has no infinity.
std::string Exact(double value) {
  if (!std::isfinite(value)) return "null";
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

std::string Padded(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

Verdict VerdictOf(const Target& target, const Summary& summary, const Recorder& recorder) {
  if (summary.count > 0) return Judge(target, summary.median);
  return recorder.ReasonToSkip(target.name).empty() ? Verdict::kNotMeasured : Verdict::kSkipped;
}

std::string_view NameOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAim:
      return "aim";
    case Verdict::kFloor:
      return "floor";
    case Verdict::kMissed:
      return "MISSED";
    case Verdict::kSkipped:
      return "skipped";
    case Verdict::kNotMeasured:
      break;
  }
  return "not measured";
}

void PutSummary(const Summary& summary, std::string_view unit, tql::base::JsonWriter& json) {
  json.Key("unit").String(unit).Key("samples").Integer(static_cast<std::int64_t>(summary.count));
  json.Key("median").Raw(Exact(summary.median)).Key("min").Raw(Exact(summary.min));
  json.Key("max").Raw(Exact(summary.max));
}

}  // namespace

RunDescription DescribeRun(std::uint64_t rows, int pairs) {
  RunDescription run{rows, pairs, {}};
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; run.machine.empty() && std::getline(cpuinfo, line);) {
    if (line.starts_with("model name")) run.machine = line.substr(line.find(':') + 2);
  }
  run.machine += ", " + std::to_string(std::thread::hardware_concurrency()) + " cores";
  return run;
}

void PrintText(const RunDescription& run, std::span<const Measurement> measurements,
               const Recorder& recorder, std::ostream& out) {
  out << run.rows << " rows, " << run.pairs << " pairs, " << run.machine << "\n\n"
      << Padded("work", 48) << Padded("against", 30) << Padded("median", 12)
      << Padded("min .. max", 18) << Padded("floor", 8) << Padded("aim", 8) << "reached\n";
  for (const Measurement& measurement : measurements) {
    for (const Target& target : measurement.targets) {
      const Summary summary = Summarize(recorder.SamplesOf(target.name));
      const Verdict verdict = VerdictOf(target, summary, recorder);
      const bool measured = summary.count > 0;
      out << Padded(std::string(target.work), 48)
          << Padded(std::string(target.against.empty() ? "-" : target.against), 30)
          << Padded(measured ? Number(summary.median) + " " + std::string(target.unit) : "-", 12)
          << Padded(measured ? Number(summary.min) + " .. " + Number(summary.max) : "-", 18)
          << Padded(Number(target.floor), 8) << Padded(Number(target.aim), 8) << NameOf(verdict);
      const std::string_view why = recorder.ReasonToSkip(target.name);
      out << (why.empty() ? "" : ": ") << why << "\n";
    }
  }
  if (!recorder.details().empty()) out << "\n";
  for (const Recorder::DetailSeries& detail : recorder.details()) {
    const Summary summary = Summarize(detail.samples);
    out << Padded(detail.name, 60) << Padded(Number(summary.median) + " " + detail.unit, 18)
        << Number(summary.min) << " .. " << Number(summary.max) << "\n";
  }
}

void PrintJson(const RunDescription& run, std::span<const Measurement> measurements,
               const Recorder& recorder, std::ostream& out) {
  constexpr std::string_view kNextLine = "\n  ";
  std::string text;
  tql::base::JsonWriter json(&text);
  json.BeginObject().Key("rows").Integer(static_cast<std::int64_t>(run.rows));
  json.Key("pairs").Integer(run.pairs).Key("machine").String(run.machine);
  json.Space("\n ").Key("targets").BeginArray();
  for (const Measurement& measurement : measurements) {
    for (const Target& target : measurement.targets) {
      const Summary summary = Summarize(recorder.SamplesOf(target.name));
      json.Space(kNextLine).BeginObject().Key("name").String(target.name);
      json.Key("work").String(target.work).Key("against").String(target.against);
      PutSummary(summary, target.unit, json);
      json.Key("floor").Raw(Exact(target.floor)).Key("aim").Raw(Exact(target.aim));
      json.Key("reached").String(NameOf(VerdictOf(target, summary, recorder))).EndObject();
    }
  }
  json.EndArray().Space("\n ").Key("details").BeginArray();
  for (const Recorder::DetailSeries& detail : recorder.details()) {
    json.Space(kNextLine).BeginObject().Key("name").String(detail.name);
    PutSummary(Summarize(detail.samples), detail.unit, json);
    json.EndObject();
  }
  json.EndArray().EndObject();
  out << text << '\n';
}

int CountMissed(std::span<const Measurement> measurements, const Recorder& recorder) {
  int missed = 0;
  for (const Measurement& measurement : measurements) {
    for (const Target& target : measurement.targets) {
      const Verdict verdict =
          VerdictOf(target, Summarize(recorder.SamplesOf(target.name)), recorder);
      if (verdict == Verdict::kMissed || verdict == Verdict::kNotMeasured) ++missed;
    }
  }
  return missed;
}

}  // namespace tqlbench
