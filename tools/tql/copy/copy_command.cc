#include "tools/tql/copy/copy_command.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "mockserver/dialect/lexer.h"
#include "proto/base/text.h"
#include "tools/tql/copy/encoding.h"
#include "tools/tql/home.h"
#include "tools/tql/quoted_text.h"

namespace tql::shell {
namespace {

using dialect::TokenKind;

/// A tokenizer for words, strings, names and parenthesised text.
class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) { SkipBlanks(); }

  bool done() const { return rest_.empty(); }
  char next() const { return rest_.empty() ? '\0' : rest_.front(); }

  /// Reads a table: names, optionally quoted, separated by dots.
  std::string Name() {
    std::size_t end = 0;
    while (end < rest_.size() && !base::IsBlank(rest_[end]) && rest_[end] != '(') {
      end = rest_[end] == '"' ? std::min(BehindQuoted(rest_, end), rest_.size()) : end + 1;
    }
    return std::string(Take(end));
  }

  /// Reads from a parenthesis to the matching one. Empty if there is none, or if a statement ends
  /// before it.
  std::string Parentheses() {
    int depth = 0;
    dialect::Lexer lexer(rest_);
    for (;;) {
      const dialect::Token token = lexer.Next();
      if (token.kind == TokenKind::kEnd || token.kind == TokenKind::kError ||
          token.kind == TokenKind::kSemicolon) {
        return {};
      }
      if (token.kind == TokenKind::kLeftParen) ++depth;
      if (token.kind == TokenKind::kRightParen && --depth == 0) return std::string(Take(token.end));
    }
  }

  /// Whether the next token is 'text' or E'text'.
  bool AtQuoted() const { return next() == '\'' || AtEscaped(); }

  /// Reads such a string. Returns whether it is well-formed.
  bool Quoted(std::string* text) {
    if (AtEscaped()) {
      std::optional<std::string> plain = TakeEscaped(&rest_);
      if (!plain) return false;
      *text = *std::move(plain);
    } else {
      if (next() != '\'' || BehindQuoted(rest_, 0) == rest_.npos) return false;
      *text = TakeQuoted(&rest_);
    }
    SkipBlanks();
    return true;
  }

  /// Reads a string in single quotes, or the text up to the next of `ends`.
  std::string Text(std::string_view ends = " \t") {
    if (next() != '\'') return std::string(Take(std::min(rest_.find_first_of(ends), rest_.size())));
    std::string text = TakeQuoted(&rest_);
    SkipBlanks();
    return text;
  }

  /// Consumes the word, in any case, if it is next. Returns whether it was.
  bool Is(std::string_view word, std::string_view ends = " \t") {
    const std::string_view found = rest_.substr(0, rest_.find_first_of(ends));
    const bool same = base::EqualsIgnoreCase(found, word);
    if (same) Take(word.size());
    return same;
  }

  /// Skips the separators between options.
  void SkipCommas() {
    while (!rest_.empty() && (std::string_view(",()").find(rest_.front()) != rest_.npos)) Take(1);
  }

  Status Expected(const std::string& what) const {
    const std::string found =
        done() ? "the end" : "'" + std::string(rest_.substr(0, rest_.find_first_of(" \t"))) + "'";
    return InvalidArgumentError("\\copy: found " + found + ", expected " + what);
  }

 private:
  bool AtEscaped() const {
    return rest_.size() > 1 && (rest_[0] == 'E' || rest_[0] == 'e') && rest_[1] == '\'';
  }
  std::string_view Take(std::size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    SkipBlanks();
    return taken;
  }
  void SkipBlanks() {
    while (!rest_.empty() && base::IsBlank(rest_.front())) rest_.remove_prefix(1);
  }

  std::string_view rest_;
};

constexpr std::string_view kOptionEnds = " \t,()";

/// Reads the character of an option after its name and an optional AS. '\t' is a tab, because users
/// of psql write it in single quotes.
Status ReadCharacter(Words& words, char* out) {
  words.Is("as", kOptionEnds);
  const Status wrong = words.Expected("one character in single quotes, or '\\t'");
  std::string text;
  if (!words.AtQuoted() || !words.Quoted(&text)) return wrong;
  if (text == "\\t") text = "\t";
  const bool fits = text.size() == 1 && text[0] > 0 && text[0] != '\r' && text[0] != '\n';
  if (!fits) return wrong;
  *out = text[0];
  return {};
}

/// Reads the name of an encoding, with or without quotes.
Status ReadEncoding(Words& words, std::string* encoding) {
  const Status wrong = words.Expected("an encoding, such as utf8, latin1 or windows-1252");
  std::string name;
  if (!words.AtQuoted()) {
    name = words.Text(kOptionEnds);
  } else if (!words.Quoted(&name)) {
    return wrong;
  }
  const std::optional<std::string> known = EncodingOf(name);
  if (!known) return wrong;
  *encoding = *known;
  return {};
}

/// Reads the optional value of header.
CopyCommand::Header ReadHeader(Words& words) {
  using Header = CopyCommand::Header;
  constexpr std::pair<std::string_view, Header> kModes[] = {
      {"false", Header::kNone},    {"off", Header::kNone},      {"0", Header::kNone},
      {"true", Header::kChecked},  {"on", Header::kChecked},    {"1", Header::kChecked},
      {"match", Header::kChecked}, {"ignore", Header::kIgnored}};
  for (const auto& [word, header] : kModes) {
    if (words.Is(word, kOptionEnds)) return header;
  }
  return Header::kChecked;
}

/// Checks that files with these options can be read again. PostgreSQL has the same rules.
Status CheckOptions(const CopyCommand& command) {
  const CsvDialect& csv = command.csv;
  if (csv.delimiter == csv.quote) {
    return InvalidArgumentError("\\copy: the delimiter and the quote are the same character");
  }
  const std::string special = {csv.quote, csv.delimiter, '\r', '\n'};
  if (command.null_text.find_first_of(special) == std::string::npos) return {};
  return InvalidArgumentError("\\copy: the text of NULL has a quote, delimiter or line end in it");
}

Status ReadOptions(Words& words, CopyCommand* command) {
  bool csv = false;
  std::optional<char> escape;
  words.Is("with", kOptionEnds);
  for (words.SkipCommas(); !words.done(); words.SkipCommas()) {
    Status status;
    if (words.Is("csv", kOptionEnds)) {
      csv = true;
    } else if (words.Is("format", kOptionEnds)) {
      csv = words.Is("csv", kOptionEnds) || words.Is("'csv'", kOptionEnds);
      if (!csv) return words.Expected("csv, the only format");
    } else if (words.Is("header", kOptionEnds)) {
      command->header = ReadHeader(words);
    } else if (words.Is("null", kOptionEnds)) {
      words.Is("as", kOptionEnds);
      status = words.Expected("a text in single quotes");
      if (words.AtQuoted() && words.Quoted(&command->null_text)) status = {};
    } else if (words.Is("delimiter", kOptionEnds)) {
      status = ReadCharacter(words, &command->csv.delimiter);
    } else if (words.Is("quote", kOptionEnds)) {
      status = ReadCharacter(words, &command->csv.quote);
    } else if (words.Is("escape", kOptionEnds)) {
      status = ReadCharacter(words, &escape.emplace());
    } else if (words.Is("encoding", kOptionEnds)) {
      status = ReadEncoding(words, &command->encoding);
    } else {
      return words.Expected("csv, header, null, delimiter, quote, escape or encoding");
    }
    if (!status.ok()) return status;
  }
  if (!csv) return words.Expected("csv, the only format");
  command->csv.escape = escape.value_or(command->csv.quote);
  return CheckOptions(*command);
}

/// Reads the file, the program or the standard stream.
Status ReadPlace(Words& words, CopyCommand* command) {
  if (words.done()) return words.Expected("a file");
  // psql accepts stdin and stdout in both directions.
  command->of_shell = words.Is("pstdin") || words.Is("pstdout");
  if (command->of_shell || words.Is("stdin") || words.Is("stdout")) return {};
  const bool program = words.Is("program");
  const Status wrong = words.Expected(program ? "a command in single quotes" : "a file");
  if (program && words.next() != '\'') return wrong;
  std::string& text = program ? command->program : command->file;
  text = words.Text();
  if (!program) text = ExpandTilde(text);
  return text.empty() ? wrong : Status();
}

/// Only a SELECT is permitted; any other statement would be executed as well.
bool IsQuery(std::string_view text) {
  const dialect::Token first = dialect::Lexer(text).Next();
  return first.kind == TokenKind::kLeftParen || dialect::KeywordLower(first.keyword) == "select";
}

}  // namespace

std::string CopyCommand::Select() const {
  if (!query.empty()) return query;
  // In a SELECT, the parentheses would combine the columns to one value.
  const std::string list = columns.empty() ? "*" : columns.substr(1, columns.size() - 2);
  return "select " + list + " from " + table;
}

std::string CopyCommand::Insert() const {
  return "insert into " + table + " " + columns + " values ";
}

StatusOr<CopyCommand> ParseCopy(std::string_view text) {
  CopyCommand command;
  Words words(text);
  if (words.next() == '(') {
    const std::string query = words.Parentheses();
    if (query.empty()) return words.Expected("a SELECT in parentheses");
    command.query = query.substr(1, query.size() - 2);
    if (!IsQuery(command.query)) {
      return InvalidArgumentError("found '" + query + "', expected a SELECT in parentheses");
    }
  } else {
    command.table = words.Name();
    if (command.table.empty()) return words.Expected("a table, or a SELECT in parentheses");
    if (words.next() == '(') {
      command.columns = words.Parentheses();
      if (command.columns.empty()) return words.Expected("columns in parentheses");
    }
  }
  if (words.Is("to")) {
    command.direction = CopyCommand::Direction::kTo;
  } else if (!command.query.empty() || !words.Is("from")) {
    return words.Expected(command.query.empty() ? "from or to" : "to");
  }
  if (Status status = ReadPlace(words, &command); !status.ok()) return status;
  if (Status status = ReadOptions(words, &command); !status.ok()) return status;
  return command;
}

bool MeansScriptData(std::string_view command) {
  const std::string lower = base::Lower(command);
  if (!lower.starts_with("\\copy")) return false;
  constexpr std::string_view kFrom = "from";
  for (std::size_t at = lower.find(kFrom); at != lower.npos; at = lower.find(kFrom, at + 1)) {
    std::string_view rest = std::string_view(lower).substr(at + kFrom.size());
    while (!rest.empty() && base::IsBlank(rest.front())) rest.remove_prefix(1);
    if (rest.starts_with("stdin") || rest.starts_with("stdout")) return true;
  }
  return false;
}

}  // namespace tql::shell
