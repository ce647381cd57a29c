#include "tools/tql/line_editor.h"

#include <fcntl.h>
#include <histedit.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cwchar>
#include <filesystem>

namespace tql::shell {
namespace {

constexpr int kHistorySize = 1000;

class LibeditEditor : public LineEditor {
 public:
  LibeditEditor(int interrupt_fd, std::string history_file)
      : interrupt_fd_(interrupt_fd), history_file_(std::move(history_file)) {
    editor_ = el_init("tql", stdin, stdout, stderr);
    history_ = history_init();
    history(history_, &event_, H_SETSIZE, kHistorySize);
    history(history_, &event_, H_SETUNIQUE, 1);
    el_set(editor_, EL_EDITOR, "emacs");
    el_set(editor_, EL_SIGNAL, 0);
    el_set(editor_, EL_HIST, history, history_);
    el_set(editor_, EL_CLIENTDATA, this);
    el_set(editor_, EL_PROMPT, &LibeditEditor::Prompt);
    el_set(editor_, EL_GETCFN, &LibeditEditor::GetChar);
    el_set(editor_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
    el_set(editor_, EL_BIND, "\\e[3~", "ed-delete-next-char", nullptr);
    el_set(editor_, EL_BIND, "\\e[H", "ed-move-to-beg", nullptr);
    el_set(editor_, EL_BIND, "\\e[F", "ed-move-to-end", nullptr);
    Load();
  }
  ~LibeditEditor() override {
    Save();
    el_end(editor_);
    history_end(history_);
  }

  Event ReadLine(const std::string& prompt, std::string* line) override {
    prompt_ = prompt;
    interrupted_ = false;
    int count = 0;
    // Before the prompt shows: a Ctrl-D that is typed at once would else be the terminal's own.
    el_set(editor_, EL_PREP_TERM, 1);
    const char* text = el_gets(editor_, &count);
    if (interrupted_) return Event::kInterrupt;
    if (text == nullptr || count <= 0) return Event::kEnd;
    line->assign(text, static_cast<std::size_t>(count));
    if (!line->empty() && line->back() == '\n') line->pop_back();
    return Event::kLine;
  }

  void AddHistory(const std::string& entry) override {
    history(history_, &event_, H_ENTER, entry.c_str());
    Save();
  }

 private:
  static LibeditEditor& Self(EditLine* editor) {
    void* self = nullptr;
    el_get(editor, EL_CLIENTDATA, &self);
    return *static_cast<LibeditEditor*>(self);
  }
  static char* Prompt(EditLine* editor) { return Self(editor).prompt_.data(); }

  static int GetChar(EditLine* editor, wchar_t* out) { return Self(editor).ReadChar(out); }

  /// One character, or nothing when the terminal ends or Ctrl-C comes first.
  int ReadChar(wchar_t* out) {
    std::mbstate_t state{};
    for (;;) {
      pollfd wait[2] = {{STDIN_FILENO, POLLIN, 0}, {interrupt_fd_, POLLIN, 0}};
      if (poll(wait, 2, -1) < 0) continue;
      if (wait[1].revents != 0) {
        interrupted_ = true;
        return 0;
      }
      char byte = 0;
      if (read(STDIN_FILENO, &byte, 1) != 1) return 0;
      const std::size_t length = std::mbrtowc(out, &byte, 1, &state);
      if (length == 0 || length == 1) return 1;
      if (length == static_cast<std::size_t>(-1)) {
        state = {};
        *out = L'\xFFFD';
        return 1;
      }
    }
  }

  void Load() {
    if (history_file_.empty()) return;
    std::error_code ignored;
    std::filesystem::create_directories(std::filesystem::path(history_file_).parent_path(),
                                        ignored);
    history(history_, &event_, H_LOAD, history_file_.c_str());
  }
  void Save() {
    if (history_file_.empty()) return;
    // Made before libedit writes it, so that it never is for others to read.
    const int fd = open(history_file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return;
    close(fd);
    chmod(history_file_.c_str(), 0600);
    history(history_, &event_, H_SAVE, history_file_.c_str());
  }

  const int interrupt_fd_;
  const std::string history_file_;
  EditLine* editor_;
  History* history_;
  HistEvent event_{};
  std::string prompt_;
  bool interrupted_ = false;
};

}  // namespace

std::unique_ptr<LineEditor> MakeLineEditor(int interrupt_fd, const std::string& history_file) {
  return std::make_unique<LibeditEditor>(interrupt_fd, history_file);
}

}  // namespace tql::shell
