#include "mockserver/testdouble/facts.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <unordered_set>
#include <utility>

#include "mockserver/dialect/lexer.h"
#include "mockserver/dialect/parser.h"
#include "mockserver/dialect/postgres/postgres_parser.h"
#include "mockserver/dialect/table_names.h"
#include "mockserver/service/coverage.h"
#include "mockserver/testdouble/patterns.h"
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

std::uint64_t TableKey(std::string_view table) {
  base::Fnv1a hash;
  for (const char c : table) hash.Add(static_cast<unsigned char>(base::ToLower(c)));
  return hash.value();
}

std::string_view BareText(std::string_view text) {
  return base::Trim(base::Trim(text), " \t\n\v\f\r;");
}

std::uint64_t TextKey(std::string_view text) {
  return std::hash<std::string_view>()(BareText(text));
}

std::string TableName::ToString() const {
  return (database.empty() ? "" : database + ".") + schema + "." + table;
}

const dialect::Statement* Facts::Parsed() const {
  if (statement != nullptr) return statement;
  if (!std::exchange(parsed_, true)) {
    const bool postgres =
        std::ranges::find(option_values(), OptionValue{std::string(kPostgresOption), "true"}) !=
        option_values().end();
    StatusOr<dialect::Statement> parsed =
        postgres ? dialect::ParsePostgresStatement(text) : dialect::ParseStatement(text);
    if (parsed.ok()) own_ = *std::move(parsed);
  }
  return own_ ? &*own_ : nullptr;
}

const dialect::Statement* Facts::Pattern() const {
  if (statement != nullptr) return statement;
  if (pattern != nullptr) return pattern;
  if (patterns == nullptr || own_) return Parsed();
  if (!found_) found_ = patterns->Find(text);
  return found_ ? found_.get() : Parsed();
}

std::uint64_t Facts::kind_bit() const {
  if (kind_bit_ == 0) {
    if (known != nullptr) {
      kind_bit_ = KindBit(known->kind);
    } else if (const dialect::Statement* const same_kind = Pattern()) {
      kind_bit_ = std::uint64_t{1} << static_cast<unsigned>(same_kind->kind());
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
    const dialect::Statement* const same_tables = Pattern();
    if (same_tables == nullptr) return *tables_;
    for (const dialect::ObjectName* name : dialect::TableNamesIn(*same_tables)) {
      TableName table = Resolve(*name, database, schema);
      if (seen.insert(base::Lower(table.ToString())).second) tables_->push_back(std::move(table));
    }
  }
  return *tables_;
}

const std::vector<std::uint64_t>& Facts::table_keys() const {
  if (table_keys_) return *table_keys_;
  table_keys_.emplace();
  if (known != nullptr) {
    for (const TableName& table : known->tables) table_keys_->push_back(TableKey(table.table));
  } else if (const dialect::Statement* const same_tables = Pattern()) {
    for (const dialect::ObjectName* name : dialect::TableNamesIn(*same_tables)) {
      table_keys_->push_back(TableKey(name->last().text));
    }
  }
  return *table_keys_;
}

std::uint64_t Facts::text_key() const {
  if (!text_key_) text_key_ = TextKey(text);
  return *text_key_;
}

bool Facts::has_unordered_rows() const {
  const dialect::Statement* const same_order = Pattern();
  const auto* const select = same_order != nullptr ? same_order->as<dialect::Select>() : nullptr;
  return select != nullptr && select->query.order_by.empty();
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
