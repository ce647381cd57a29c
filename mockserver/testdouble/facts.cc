#include "mockserver/testdouble/facts.h"

#include <algorithm>
#include <bit>
#include <unordered_set>
#include <utility>

#include "mockserver/dialect/lexer.h"
#include "mockserver/dialect/parser.h"
#include "mockserver/dialect/postgres/postgres_parser.h"
#include "mockserver/dialect/table_names.h"
#include "mockserver/service/coverage.h"
#include "proto/base/fnv1a.h"
#include "proto/base/text.h"

namespace tql::testdouble {
namespace {

constexpr std::string_view kPostgresOption = "adv_options.use_postgres_sql_parser";

TableName Resolve(const dialect::ObjectName& name, std::string_view database,
                  std::string_view schema) {
  const std::size_t parts = name.parts.size();
  TableName table;
  table.table = name.last().text;
  table.schema = parts > 1 ? name.parts[parts - 2].text : std::string(schema);
  table.database = parts > 2 ? name.parts[parts - 3].text : std::string(database);
  return table;
}

/// The kind of a text that the dialect rejects, by its first words; empty for most.
std::string_view RejectedKind(std::string_view text) {
  const auto& kinds = StatementKinds();
  for (std::size_t i = dialect::kStatementKindCount; i < kinds.size(); ++i) {
    const std::string_view kind = kinds[i];
    dialect::Lexer words(kind);
    dialect::Lexer lexer(text);
    const auto text_of = [](const dialect::Lexer& from, const dialect::Token& token) {
      return from.text().substr(token.begin, token.end - token.begin);
    };
    for (;;) {
      const dialect::Token word = words.Next();
      if (word.kind == dialect::TokenKind::kEnd) return kind;
      const dialect::Token token = lexer.Next();
      if (token.kind != dialect::TokenKind::kWord ||
          !base::EqualsIgnoreCase(text_of(words, word), text_of(lexer, token))) {
        break;
      }
    }
  }
  return "";
}

}  // namespace

// Those of the dialect, then those that only the table of coverage has: the dialect rejects them.
const std::vector<std::string_view>& StatementKinds() {
  static const auto* const kinds = [] {
    auto* const names = new std::vector<std::string_view>;
    for (std::size_t i = 0; i < dialect::kStatementKindCount; ++i) {
      names->push_back(dialect::StatementKindName(static_cast<dialect::StatementKind>(i)));
    }
    for (const service::StatementCoverage& row : service::StatementsCovered()) {
      const bool known = std::find(names->begin(), names->end(), row.statement) != names->end();
      if (!known) names->push_back(row.statement);
    }
    return names;
  }();
  return *kinds;
}

std::uint64_t KindBit(std::string_view kind) {
  const auto& kinds = StatementKinds();
  return std::uint64_t{1} << (std::find(kinds.begin(), kinds.end(), kind) - kinds.begin());
}

std::uint64_t TableBit(std::string_view table) {
  base::Fnv1a hash;
  for (const char c : table) hash.Add(static_cast<unsigned char>(base::ToLower(c)));
  return std::uint64_t{1} << (hash.value() >> 58U);
}

std::uint64_t TableBits(const std::vector<TableName>& tables) {
  std::uint64_t bits = 0;
  for (const TableName& table : tables) bits |= TableBit(table.table);
  return bits;
}

std::string TableName::ToString() const {
  return (database.empty() ? "" : database + ".") + schema + "." + table;
}

const dialect::Statement* Facts::Parsed() const {
  if (statement != nullptr) return statement;
  if (!std::exchange(parsed_, true)) {
    const bool postgres =
        std::find(options.begin(), options.end(),
                  OptionValue{std::string(kPostgresOption), "true"}) != options.end();
    StatusOr<dialect::Statement> parsed =
        postgres ? dialect::ParsePostgresStatement(text) : dialect::ParseStatement(text);
    if (parsed.ok()) own_ = *std::move(parsed);
  }
  return own_ ? &*own_ : nullptr;
}

std::uint64_t Facts::kind_bit() const {
  if (kind_bit_ == 0) {
    if (known != nullptr) {
      kind_bit_ = KindBit(known->kind);
    } else if (const dialect::Statement* const parsed = Parsed()) {
      kind_bit_ = std::uint64_t{1} << static_cast<unsigned>(parsed->kind());
    } else {
      kind_bit_ = KindBit(RejectedKind(text));
    }
  }
  return kind_bit_;
}

std::string_view Facts::kind() const {
  const auto number = static_cast<std::size_t>(std::countr_zero(kind_bit()));
  return number < StatementKinds().size() ? StatementKinds()[number] : "";
}

const std::vector<TableName>& Facts::tables() const {
  if (known != nullptr) return known->tables;
  if (!tables_) {
    tables_.emplace();
    std::unordered_set<std::string> seen;
    const dialect::Statement* const parsed = Parsed();
    if (parsed == nullptr) return *tables_;
    for (const dialect::ObjectName* name : dialect::TableNamesIn(*parsed)) {
      TableName table = Resolve(*name, database, schema);
      if (seen.insert(base::Lower(table.ToString())).second) tables_->push_back(std::move(table));
    }
  }
  return *tables_;
}

std::uint64_t Facts::table_bits() const {
  if (!table_bits_) table_bits_ = TableBits(tables());
  return *table_bits_;
}

const dialect::Shape& Facts::shape() const {
  if (known != nullptr) return known->shape;
  if (!shape_) {
    const dialect::Statement* const parsed = Parsed();
    shape_ = parsed != nullptr ? dialect::ShapeOf(*parsed) : dialect::Shape();
  }
  return *shape_;
}

}  // namespace tql::testdouble
