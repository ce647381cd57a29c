#include "mockserver/testdouble/patterns.h"

#include <optional>
#include <utility>

#include "mockserver/dialect/parser.h"

namespace tql::testdouble {

Patterns::Entry::Entry(const dialect::ScannedText& of, dialect::Statement parsed)
    : text(of.text), scanned(of), statement(std::move(parsed)) {
  scanned.text = text;
}

std::shared_ptr<const dialect::Statement> Patterns::Find(std::string_view text) {
  if (text.size() > kMostText) return nullptr;
  const std::optional<dialect::ScannedText> scanned = dialect::ScanLiterals(text);
  if (!scanned) return nullptr;
  const std::size_t place = scanned->hash() % kMost;
  std::shared_ptr<const Entry> entry;
  {
    const base::MutexLock lock(mutex_);
    entry = entries_[place];
  }
  if (!entry || !entry->scanned.SameShape(*scanned)) {
    StatusOr<dialect::Statement> parsed = dialect::ParseStatement(text);
    if (!parsed.ok()) return nullptr;
    entry = std::make_shared<const Entry>(*scanned, *std::move(parsed));
    std::shared_ptr<const Entry> old = entry;  // destroyed without the lock
    const base::MutexLock lock(mutex_);
    entries_[place].swap(old);
  }
  return {entry, &entry->statement};
}

}  // namespace tql::testdouble
