// The incremental search in the history.
#include <utility>

#include "tools/tql/edit/terminal_editor.h"
#include "tools/tql/render/characters.h"

namespace tql::shell {

void TerminalEditor::BeginSearch(bool older) {
  // Not emplace(): clang treats a nested type with member initializers as not constructible within
  // the enclosing class, where std::optional checks it.
  search_ = Search{.query = "",
                   .older = older,
                   .text = buffer_.text(),
                   .cursor = buffer_.cursor(),
                   .entry = walk_->place(),
                   .at = std::nullopt};
}

/// Handles a key of the search. Returns false for other keys, which end the search and keep their
/// meaning.
bool TerminalEditor::HandleInSearch(const Key& key) {
  using Kind = Key::Kind;
  const bool plain = !key.control && !key.alt;
  const bool again = key.control && key.kind == Kind::kText && (key.text == "r" || key.text == "s");
  if (again) {
    SearchOn(key.text == "r");
  } else if (key.kind == Kind::kText && plain) {
    search_->query += key.text;
    SearchFrom(search_->entry);
  } else if (key.kind == Kind::kPaste) {
    search_->query += key.text.substr(0, key.text.find('\n'));
    SearchFrom(search_->entry);
  } else if (key.kind == Kind::kBackspace && plain) {
    ShortenQuery();
  } else if (key.control && key.kind == Kind::kText && key.text == "g") {
    buffer_.Reset(search_->text);
    buffer_.MoveTo(search_->cursor);
    search_.reset();
  } else {
    if (search_->at) walk_->GoTo(search_->entry, search_->text);
    if (!search_->query.empty()) last_query_ = search_->query;
    search_.reset();
    return key.kind == Kind::kEscape;
  }
  return true;
}

void TerminalEditor::SearchFrom(std::size_t entry) {
  const std::size_t count = history_.entries().size();
  if (search_->older && entry == count && count > 0) --entry;
  const auto found = history_.Find(search_->query, entry, search_->older);
  search_->failed = !found;
  if (!found) return;
  search_->entry = found->entry;
  search_->at = found->at;
  buffer_.Reset(history_.entries()[found->entry]);
  buffer_.MoveTo(found->at);
}

/// Searches for the next entry that contains the text.
void TerminalEditor::SearchOn(bool older) {
  search_->older = older;
  if (search_->query.empty()) {
    search_->query = last_query_;
    if (!last_query_.empty()) SearchFrom(search_->entry);
    return;
  }
  const bool beyond = older ? search_->entry == 0 : search_->entry + 1 >= history_.entries().size();
  if (beyond) {
    search_->failed = true;
  } else {
    SearchFrom(older ? search_->entry - 1 : search_->entry + 1);
  }
}

/// Removes the last character of the query and restarts the search.
void TerminalEditor::ShortenQuery() {
  std::string& query = search_->query;
  EditBuffer shorter;
  shorter.Reset(query);
  shorter.EraseTo(shorter.Back(Unit::kCharacter));
  query = shorter.text();
  search_->entry = walk_->place();
  search_->failed = false;
  search_->at.reset();
  if (!query.empty()) return SearchFrom(search_->entry);
  buffer_.Reset(search_->text);
  buffer_.MoveTo(search_->cursor);
}

std::string TerminalEditor::SearchPrompt() const {
  return std::string("(") + (search_->failed ? "failed " : "") +
         (search_->older ? "reverse-i-search)`" : "i-search)`") + Visible(search_->query) + "': ";
}

}  // namespace tql::shell
