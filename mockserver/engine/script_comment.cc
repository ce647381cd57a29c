#include "mockserver/engine/script_comment.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "mockserver/dialect/printer.h"
#include "mockserver/engine/column_conversion.h"
#include "mockserver/engine/convert.h"

namespace tql::engine {
namespace {

bool Skip(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

/// Removes and returns the first line of `text`.
std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// Removes and returns a name in double quotes, which may span lines.
std::optional<std::string> TakeName(std::string_view& text) {
  if (!text.starts_with('"')) return std::nullopt;
  std::string name;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] != '"') {
      name += text[i];
    } else if (i + 1 < text.size() && text[i + 1] == '"') {
      name += text[i++];
    } else {
      text.remove_prefix(i + 1);
      return name;
    }
  }
  return std::nullopt;
}

constexpr std::string_view kCompressionMark = " compression ";
constexpr std::string_view kGuidShape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

bool IsGuid(std::string_view text) {
  return text.size() == kGuidShape.size() &&
         std::equal(text.begin(), text.end(), kGuidShape.begin(), [](char c, char shape) {
           return shape == '-' ? c == '-' : std::isxdigit(static_cast<unsigned char>(c)) != 0;
         });
}

std::string TakeGuid(std::string_view& text) {
  if (!Skip(text, " guid = ")) return {};
  const std::string_view word = text.substr(0, kGuidShape.size());
  if (!IsGuid(word)) return {};
  text.remove_prefix(word.size());
  return std::string(word);
}

/// ` guid = G parsing hint H"name" default V compression C`; each part is optional.
ScriptComment::Column ReadColumn(std::string name, std::string_view rest) {
  ScriptComment::Column column;
  column.guid = TakeGuid(rest);
  column.compression = CompressionAtEnd(rest);
  if (!column.compression.empty()) {
    rest.remove_suffix(kCompressionMark.size() + column.compression.size());
  }
  const std::string default_mark = dialect::QuoteName(name);
  const std::size_t at = rest.find(default_mark);
  if (at != std::string_view::npos) {
    std::string_view value = rest.substr(at + default_mark.size());
    if (Skip(value, " default ")) column.default_text = std::string(value);
    rest = rest.substr(0, at);
  }
  if (Skip(rest, " parsing hint ")) column.parsing_hint = std::string(rest);
  column.name = std::move(name);
  return column;
}

/// The contents of the last block comment.
std::string_view LastComment(std::string_view preamble) {
  std::string_view last;
  for (std::size_t at = 0; at < preamble.size();) {
    const std::string_view rest = preamble.substr(at);
    std::size_t end = 1;
    if (rest.starts_with("--")) {
      end = rest.find_first_of("\r\n");
    } else if (rest.starts_with("/*")) {
      end = rest.find("*/", 2);
      if (end == std::string_view::npos) break;
      last = rest.substr(2, end - 2);
      end += 2;
    }
    if (end == std::string_view::npos) break;
    at += end;
  }
  return last;
}

}  // namespace

std::string_view CompressionAtEnd(std::string_view text) {
  for (const std::string_view word : {"AUTO", "DISABLED"}) {
    if (text.ends_with(word) &&
        text.substr(0, text.size() - word.size()).ends_with(kCompressionMark)) {
      return word;
    }
  }
  return {};
}

ScriptComment ReadScriptComment(std::string_view preamble) {
  ScriptComment comment;
  std::string_view rest = LastComment(preamble);
  while (!rest.empty()) {
    if (Skip(rest, "Column ")) {
      if (std::optional<std::string> name = TakeName(rest)) {
        comment.columns.push_back(ReadColumn(*std::move(name), TakeLine(rest)));
        continue;
      }
    } else if (Skip(rest, "Database ") || Skip(rest, "Schema ") || Skip(rest, "Table ")) {
      if (TakeName(rest)) {
        std::string_view line = TakeLine(rest);
        comment.guid = TakeGuid(line);
        continue;
      }
    } else if (Skip(rest, "Live Schema Version ")) {
      std::int64_t version = 0;
      const std::string_view line = TakeLine(rest);
      std::from_chars(line.data(), line.data() + line.size(), version);
      comment.live_schema_version = std::max<std::int64_t>(version, 0);
      continue;
    }
    TakeLine(rest);
  }
  return comment;
}

void ApplyScriptComment(const ScriptComment& comment, plan::TableDef& table) {
  if (!comment.guid.empty()) table.guid = comment.guid;
  table.live_schema_version = comment.live_schema_version;
  for (const ScriptComment::Column& said : comment.columns) {
    const auto column = std::ranges::find(table.columns, said.name, &plan::ColumnDef::name);
    if (column == table.columns.end()) continue;
    if (!said.guid.empty()) column->guid = said.guid;
    if (!said.compression.empty()) column->compression = said.compression;
    if (values::IsTemporal(column->type.kind) || column->type.kind == values::TypeKind::kBool) {
      const bool valid = CheckColumnHint(column->type.kind, said.parsing_hint).ok();
      if (!said.parsing_hint.empty() && valid) column->parsing_hint = said.parsing_hint;
      column->shows_default_hint = false;
    }
    if (!said.default_text || column->default_text) continue;
    if (*said.default_text == "null") {
      column->default_text = "null";
      continue;
    }
    std::string scratch;
    const Constant text{values::Datum::Text(*said.default_text), values::TypeKind::kVarchar};
    if (ConvertConstant(text, column->type.kind, {}, scratch).ok()) {
      column->default_text = said.default_text;
    }
  }
}

}  // namespace tql::engine
