#include "tools/tql/render/renderer.h"

namespace tql::shell {
namespace {

struct Named {
  std::string_view name;
  Format format;
};
constexpr Named kFormats[] = {
    {"tql", Format::kTql},           {"aligned", Format::kAligned},   {"box", Format::kBox},
    {"expanded", Format::kExpanded}, {"vertical", Format::kVertical}, {"auto", Format::kAuto},
    {"csv", Format::kCsv},           {"tsv", Format::kTsv},           {"json", Format::kJson},
    {"jsonl", Format::kJsonl},       {"markdown", Format::kMarkdown}, {"html", Format::kHtml},
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

std::string FormatNames() {
  std::string names;
  for (const Named& named : kFormats) {
    names += (names.empty() ? "" : ", ") + std::string(named.name);
  }
  return names;
}

bool IsNumeric(ColumnType type) {
  return type == ColumnType::kInt || type == ColumnType::kBigInt || type == ColumnType::kDouble ||
         type == ColumnType::kFloat;
}

std::unique_ptr<Renderer> MakeRenderer(Format format, Output& out, Output& aside,
                                       const Style& style) {
  switch (format) {
    case Format::kTql:
      return MakeTqlRenderer(out, aside, style);
    case Format::kAligned:
    case Format::kBox:
      return MakeAlignedRenderer(out, style, format == Format::kBox);
    case Format::kExpanded:
    case Format::kVertical:
      return MakeExpandedRenderer(out, style, format == Format::kVertical);
    case Format::kAuto:
      return MakeAutoRenderer(out, style);
    case Format::kCsv:
      return MakeCsvRenderer(out, style);
    case Format::kTsv:
      return MakeTsvRenderer(out, style);
    case Format::kJson:
    case Format::kJsonl:
      return MakeJsonRenderer(out, format == Format::kJsonl);
    case Format::kMarkdown:
      return MakeMarkdownRenderer(out, style);
    case Format::kHtml:
      return MakeHtmlRenderer(out, style);
  }
  return MakeTqlRenderer(out, aside, style);
}

}  // namespace tql::shell
