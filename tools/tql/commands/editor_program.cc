#include "tools/tql/commands/editor_program.h"

#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "proto/base/environment.h"
#include "proto/base/file.h"
#include "tools/tql/child.h"

namespace tql::shell {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 30;

std::string Program() {
  for (const char* variable : {"VISUAL", "EDITOR"}) {
    const std::string program = base::Environment(variable);
    if (!program.empty()) return program;
  }
  return "vi";
}

/// A file of a private folder that goes with it.
class TemporaryFile {
 public:
  TemporaryFile() {
    std::error_code error;
    std::string name = (std::filesystem::temp_directory_path(error) / "tql-XXXXXX").string();
    if (!error && mkdtemp(name.data()) != nullptr) folder_ = name;
  }
  ~TemporaryFile() {
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  bool ok() const { return !folder_.empty(); }
  std::string path() const { return folder_ + "/statement.tql"; }

 private:
  std::string folder_;
};

}  // namespace

StatusOr<std::string> EditFile(const std::string& file) {
  const std::string program = Program();
  const pid_t pid = SpawnShell(program + " \"$1\"", file, STDIN_FILENO);
  if (pid == 0 || !EndOf(program, pid).ok()) {
    return UnavailableError("the editor failed: " + program);
  }
  StatusOr<std::string> text = base::ReadFile(file, kMostBytes);
  if (!text.ok()) {
    return UnavailableError("cannot read " + file + ": " + text.status().message());
  }
  return text;
}

StatusOr<std::string> EditText(const std::string& text) {
  const TemporaryFile file;
  if (!file.ok()) return UnavailableError("cannot make a temporary file");
  if (!(std::ofstream(file.path(), std::ios::binary) << text << '\n')) {
    return UnavailableError("cannot write " + file.path());
  }
  return EditFile(file.path());
}

}  // namespace tql::shell
