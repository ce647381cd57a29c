// Statements that stand for others which differ from them in literals only.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_PATTERNS_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_PATTERNS_H_

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "mockserver/dialect/ast.h"
#include "mockserver/dialect/literal_scan.h"
#include "proto/base/mutex.h"

namespace tql::testdouble {

/// Keeps one parsed statement for each of the shapes that were asked for lately, so that the rules
/// of a plan can look at the kind and the tables of a text whose result is kept, which is not
/// parsed to run. Thread-safe.
class Patterns {
 public:
  static constexpr std::size_t kMost = 256;
  /// Longer texts are parsed by the caller: their statements take much memory.
  static constexpr std::size_t kMostText = 2048;

  /// A statement that differs from `text` in the values of its literals at most. Null for a text
  /// that is long, is not a statement of TQL, or cannot be recognized without parsing it.
  std::shared_ptr<const dialect::Statement> Find(std::string_view text);

 private:
  struct Entry {
    Entry(const dialect::ScannedText& of, dialect::Statement parsed);
    const std::string text;
    dialect::ScannedText scanned;  // of `text`
    const dialect::Statement statement;
  };
  base::Mutex mutex_;
  /// Each at the place that its hash determines.
  std::array<std::shared_ptr<const Entry>, kMost> entries_ TQL_GUARDED_BY(mutex_);
};

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_PATTERNS_H_
