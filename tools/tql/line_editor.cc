#include "tools/tql/line_editor.h"

#include <fcntl.h>
#include <histedit.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cwchar>
#include <deque>
#include <filesystem>
#include <utility>

#include "tools/tql/visible.h"

namespace tql::shell {
namespace {

constexpr int kHistorySize = 1000;
constexpr wchar_t kReplacement = L'\xFFFD';
constexpr wchar_t kQuote = L'\x16';  // Ctrl-V: takes the next character as it is

class LibeditEditor : public LineEditor {
 public:
  LibeditEditor(int interrupt_fd, std::string history_file, LineCompleter completer)
      : interrupt_fd_(interrupt_fd),
        history_file_(std::move(history_file)),
        completer_(std::move(completer)) {
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
    el_set(editor_, EL_ADDFN, "tql-complete", "Complete the word", &LibeditEditor::Complete);
    el_set(editor_, EL_BIND, "^I", "tql-complete", nullptr);
    el_set(editor_, EL_ADDFN, "tql-paste", "Take a paste", &LibeditEditor::Paste);
    el_set(editor_, EL_BIND, "\\e[200~", "tql-paste", nullptr);
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
    MarkPastes(true);
    const char* text = el_gets(editor_, &count);
    MarkPastes(false);
    if (interrupted_) {
      pasted_.clear();
      return Event::kInterrupt;
    }
    if (text == nullptr || count <= 0) return Event::kEnd;
    line->assign(text, static_cast<std::size_t>(count));
    if (!line->empty() && line->back() == '\n') line->pop_back();
    return Event::kLine;
  }

  void AddHistory(const std::string& entry) override {
    history(history_, &event_, H_ENTER, entry.c_str());
    Save();
  }

  std::vector<std::string> Entries() override {
    std::vector<std::string> entries;
    for (int found = history(history_, &event_, H_LAST); found == 0;
         found = history(history_, &event_, H_PREV)) {
      entries.emplace_back(event_.str);
    }
    return entries;
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
    from_paste_ = !pasted_.empty();
    if (from_paste_) {
      *out = pasted_.front();
      pasted_.pop_front();
      return 1;
    }
    std::mbstate_t state{};
    for (;;) {
      char byte = 0;
      if (!ReadByte(&byte)) return 0;
      const std::size_t length = std::mbrtowc(out, &byte, 1, &state);
      if (length == 0 || length == 1) return 1;
      if (length == static_cast<std::size_t>(-1)) {
        state = {};
        *out = kReplacement;
        return 1;
      }
    }
  }

  bool ReadByte(char* byte) {
    for (;;) {
      pollfd wait[2] = {{STDIN_FILENO, POLLIN, 0}, {interrupt_fd_, POLLIN, 0}};
      if (poll(wait, 2, -1) < 0) continue;
      if (wait[1].revents != 0) {
        interrupted_ = true;
        return false;
      }
      return read(STDIN_FILENO, byte, 1) == 1;
    }
  }

  /// Asks the terminal to say where a paste begins and ends.
  static void MarkPastes(bool on) {
    const std::string_view sequence = on ? "\x1b[?2004h" : "\x1b[?2004l";
    (void)!write(STDOUT_FILENO, sequence.data(), sequence.size());
  }

  /// The beginning of a paste was read: takes all of it before anything else happens, so that the
  /// terminal cannot lose it while its first statements run.
  static unsigned char Paste(EditLine* editor, wint_t) {
    constexpr std::string_view kEnd = "\x1b[201~";
    LibeditEditor& self = Self(editor);
    std::string text;
    for (char byte = 0; !text.ends_with(kEnd); text += byte) {
      if (!self.ReadByte(&byte)) return CC_EOF;
    }
    text.resize(text.size() - kEnd.size());
    self.TakePaste(text);
    return CC_NORM;
  }

  void TakePaste(std::string_view text) {
    std::mbstate_t state{};
    while (!text.empty()) {
      wchar_t c = 0;
      std::size_t length = std::mbrtowc(&c, text.data(), text.size(), &state);
      if (length > text.size()) {  // no character, or half of one
        state = {};
        c = kReplacement;
        length = 1;
      }
      length = std::max<std::size_t>(length, 1);
      const bool line_end = c == L'\n' || c == L'\r';
      if (c == L'\r' && text.substr(length).starts_with('\n')) ++length;
      text.remove_prefix(length);
      // Other control characters are quoted, so that they do nothing.
      if (!line_end && c != L'\t' && (c < L' ' || c == L'\x7f')) pasted_.push_back(kQuote);
      pasted_.push_back(line_end ? L'\n' : c);
    }
  }

  static unsigned char Complete(EditLine* editor, wint_t) {
    LibeditEditor& self = Self(editor);
    if (self.from_paste_) return el_insertstr(editor, "\t") == 0 ? CC_REFRESH : CC_ERROR;
    const LineInfo* line = el_line(editor);
    const Completer::Completion found =
        self.completer_({line->buffer, static_cast<std::size_t>(line->cursor - line->buffer)});
    if (found.text.empty()) return CC_REFRESH_BEEP;
    const std::string_view before(line->cursor - found.replaced, found.replaced);
    const bool more = before != found.text;
    const bool unique = found.candidates.size() == 1;
    if (more || unique) {
      el_deletestr(editor, static_cast<int>(CharactersOf(before)));
      el_insertstr(editor, (found.text + (unique ? " " : "")).c_str());
      return CC_REFRESH;
    }
    std::string list = "\n";
    for (const std::string& candidate : found.candidates) list += Visible(candidate) + "  ";
    list += found.candidates.size() == Completer::kMost ? "...\n" : "\n";
    (void)!write(STDOUT_FILENO, list.data(), list.size());
    return CC_REDISPLAY;
  }

  static std::size_t CharactersOf(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
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
  const LineCompleter completer_;
  std::deque<wchar_t> pasted_;  // what libedit has not read yet
  bool from_paste_ = false;     // the last character that it read
};

}  // namespace

std::unique_ptr<LineEditor> MakeLineEditor(int interrupt_fd, const std::string& history_file,
                                           LineCompleter completer) {
  return std::make_unique<LibeditEditor>(interrupt_fd, history_file, std::move(completer));
}

}  // namespace tql::shell
