#include "mockserver/load/record_scanner.h"

#include <algorithm>
#include <cstring>

namespace tql::load {
namespace {

const char* Find(char c, const char* from, const char* end) {
  const void* const found = std::memchr(from, c, static_cast<std::size_t>(end - from));
  return found != nullptr ? static_cast<const char*>(found) : end;
}

std::string_view Between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

std::unique_ptr<std::string> WithoutEscapes(std::string_view field, char escape) {
  auto text = std::make_unique<std::string>();
  text->reserve(field.size());
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] == escape && i + 1 < field.size()) ++i;
    *text += field[i];
  }
  return text;
}

}  // namespace

RecordScanner::RecordScanner(const TextFormat& format) : format_(format) {
  stops_[static_cast<unsigned char>(format.separator)] = true;
  stops_[static_cast<unsigned char>('\n')] = true;
  if (format.escape) stops_[static_cast<unsigned char>(*format.escape)] = true;
}

// Leaves `at` at the separator or line end, or at the end of the text.
RecordScanner::End RecordScanner::ScanPlain(const char*& at, const char* end, bool ended,
                                            Field* field) const {
  const char* const begin = at;
  for (;; ++at) {
    while (at < end && !stops_[static_cast<unsigned char>(*at)]) ++at;
    if (at >= end || *at == format_.separator || *at == '\n') break;
    field->escape = format_.escape;
    if (++at == end) break;  // an escape at the end, unless more follows
    if (*at == '\r' && (end - at == 1 || at[1] == '\n') && ++at == end) break;  // both
  }
  if (at >= end && !ended) return End::kMore;
  at = std::min(at, end);
  const End result = at < end && *at == format_.separator ? End::kSeparator : End::kLine;
  const char* stop = at;
  if (result == End::kLine && stop > begin && stop[-1] == '\r') --stop;
  field->text = Between(begin, stop);
  return result;
}

// After a mistake leaves `at` at the end of the line or of the text.
RecordScanner::End RecordScanner::ScanEnclosed(const char*& at, const char* end, bool ended,
                                               Field* field) {
  const char enclosing = *format_.enclosing;
  const char* const begin = ++at;
  for (;;) {
    at = Find(enclosing, at, end);
    if (end - at <= 1 && !ended) return End::kMore;
    if (at == end) {
      problem_ = "the enclosing character is not closed";
      return End::kMistake;
    }
    if (end - at == 1 || at[1] != enclosing) break;
    field->escape = enclosing;
    at += 2;
  }
  field->text = Between(begin, at);
  ++at;
  if (at < end && *at == format_.separator) return End::kSeparator;
  const char* const line_end = Find('\n', at, end);
  if (line_end == end && !ended) return End::kMore;
  const std::string_view rest = Between(at, line_end);
  at = line_end;
  if (rest.empty() || rest == "\r") return End::kLine;
  problem_ = "text after the closing enclosing character";
  return End::kMistake;
}

void RecordScanner::TakeTrailingSeparator(Record* record) const {
  const bool kept = record->fields.size() == record->field_count;
  if (record->text.ends_with(format_.separator) && (!kept || record->fields.back().empty())) {
    --record->field_count;
    if (kept) record->fields.pop_back();
  } else if (!record->text.empty()) {
    record->problem = "no field separator at the end";
  }
}

bool RecordScanner::Next(std::string_view& text, bool ended, Record* record, OwnedTexts* owned) {
  const char* at = text.data();
  const char* const end = at + text.size();
  record->fields.clear();
  record->field_count = 0;
  record->problem = {};
  End found = End::kSeparator;
  while (found == End::kSeparator) {
    Field field;
    const bool enclosed = format_.enclosing && at < end && *at == *format_.enclosing;
    found = enclosed ? ScanEnclosed(at, end, ended, &field) : ScanPlain(at, end, ended, &field);
    if (found == End::kMore) return false;
    if (record->field_count++ < kMostFields) {
      if (field.escape) {
        owned->push_back(WithoutEscapes(field.text, *field.escape));
        field.text = *owned->back();
      }
      record->fields.push_back(field.text);
    }
    if (found == End::kSeparator) ++at;
  }
  if (found == End::kMistake) record->problem = problem_;
  record->text = Between(text.data(), at);
  record->lines = 1 + static_cast<std::uint64_t>(std::count(text.data(), at, '\n'));
  if (record->text.ends_with('\n')) record->text.remove_suffix(1);  // of an unclosed field
  if (record->text.ends_with('\r')) record->text.remove_suffix(1);
  if (format_.trailing_separator && found == End::kLine) TakeTrailingSeparator(record);
  text = Between(at == end ? end : at + 1, end);
  return true;
}

}  // namespace tql::load
