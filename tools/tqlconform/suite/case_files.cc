#include "tools/tqlconform/suite/case_files.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include "proto/base/file.h"
#include "proto/base/text.h"
#include "proto/document/document.h"
#include "proto/document/message_reader.h"

namespace tqlconform {
namespace {

namespace fs = std::filesystem;
using tql::Status;
using tql::StatusOr;

constexpr std::size_t kMaxFileBytes = std::size_t{10} << 20;

Status In(const std::string& file, const Status& status) {
  return Status(status.code(), file + ": " + status.message());
}

bool IsCaseFile(const fs::path& path) {
  const std::string extension = path.extension();
  return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

/// The path itself, or the case files of a folder.
StatusOr<std::vector<std::string>> FilesAt(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return std::vector<std::string>{path};
  std::vector<std::string> files;
  for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    if (IsCaseFile(at->path())) files.push_back(at->path());
  }
  if (error) return tql::NotFoundError(path + ": " + error.message());
  if (files.empty()) return tql::NotFoundError(path + ": no file *.yaml, *.yml or *.json");
  std::ranges::sort(files);
  return files;
}

struct SourceFile {
  std::string name;
  std::string text;
};

/// The files parsed, in their order, or the error of the first invalid one. They are parsed side by
/// side, because that is most of the time until the first case runs.
StatusOr<std::vector<CaseFile>> ParseAll(std::vector<SourceFile> sources) {
  std::vector<StatusOr<CaseFile>> parsed(sources.size(), tql::InternalError("not parsed"));
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < sources.size(); i = next++) {
      parsed[i] = ParseCaseFile(std::move(sources[i].name), std::move(sources[i].text));
    }
  };
  {
    constexpr std::size_t kMostThreads = 4;
    const std::size_t threads =
        std::min<std::size_t>({kMostThreads, sources.size(), std::thread::hardware_concurrency()});
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < threads; ++i) others.emplace_back(work);
    work();
  }
  std::vector<CaseFile> files;
  for (StatusOr<CaseFile>& file : parsed) {
    if (!file.ok()) return file.status();
    files.push_back(*std::move(file));
  }
  return files;
}

/// Where a list item "- id: …" begins: the lines of a case in YAML in block style.
bool BeginsCase(std::string_view line) {
  return line.starts_with("- ") && line.find("id:") != line.npos;
}

}  // namespace

StatusOr<CaseFile> ParseCaseFile(std::string name, std::string text) {
  CaseFile file{std::move(name), std::move(text), {}};
  const Status status =
      tql::document::ReadMessage(file.text, &file.suite, {.max_bytes = kMaxFileBytes});
  if (!status.ok()) return In(file.name, status);
  return file;
}

StatusOr<std::vector<CaseFile>> BuiltInCases() {
  std::vector<SourceFile> sources;
  for (const EmbeddedFile& embedded : EmbeddedFiles()) {
    sources.push_back({std::string(embedded.name), std::string(embedded.text)});
  }
  return ParseAll(std::move(sources));
}

StatusOr<std::vector<CaseFile>> ReadCases(std::span<const std::string> paths) {
  std::vector<SourceFile> sources;
  for (const std::string& path : paths) {
    const StatusOr<std::vector<std::string>> names = FilesAt(path);
    if (!names.ok()) return names.status();
    for (const std::string& name : *names) {
      StatusOr<std::string> text = tql::base::ReadFile(name, kMaxFileBytes);
      if (!text.ok()) return In(name, text.status());
      sources.push_back({name, *std::move(text)});
    }
  }
  return ParseAll(std::move(sources));
}

std::string SourceOf(const CaseFile& file, std::string_view id) {
  std::string source;
  bool inside = false;
  for (std::string_view rest = file.text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (BeginsCase(line)) {
      const std::string_view value = line.substr(line.find("id:") + 3);
      const std::string_view word = tql::base::Trim(value.substr(0, value.find_first_of(",}")));
      inside = tql::base::Trim(word, "\"' ") == id;
    }
    if (inside) source.append(line).append("\n");
  }
  while (source.ends_with("\n\n")) source.pop_back();
  return source;
}

}  // namespace tqlconform
