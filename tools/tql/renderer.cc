#include "tools/tql/renderer.h"

namespace tql::shell {
namespace {

struct Named {
  std::string_view name;
  Format format;
};
constexpr Named kFormats[] = {
    {"tql", Format::kTql}, {"aligned", Format::kAligned}, {"expanded", Format::kExpanded},
    {"csv", Format::kCsv}, {"json", Format::kJson},       {"jsonl", Format::kJsonl},
};

}  // namespace

std::optional<Format> FormatOf(std::string_view name) {
  for (const Named& named : kFormats) {
    if (named.name == name) return named.format;
  }
  return std::nullopt;
}

std::string_view NameOf(Format format) {
  for (const Named& named : kFormats) {
    if (named.format == format) return named.name;
  }
  return "";
}

std::string_view FormatNames() { return "tql, aligned, expanded, csv, json, jsonl"; }

std::unique_ptr<Renderer> MakeRenderer(Format format, Output& out, Output& aside) {
  switch (format) {
    case Format::kTql:
      return MakeTqlRenderer(out, aside);
    case Format::kAligned:
      return MakeAlignedRenderer(out);
    case Format::kExpanded:
      return MakeExpandedRenderer(out);
    case Format::kCsv:
      return MakeCsvRenderer(out);
    case Format::kJson:
      return MakeJsonRenderer(out, false);
    case Format::kJsonl:
      return MakeJsonRenderer(out, true);
  }
  return MakeTqlRenderer(out, aside);
}

}  // namespace tql::shell
