#include "mockserver/storage/sqlite/alter_table.h"

#include <sqlite3.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "mockserver/plan/default_value.h"
#include "mockserver/storage/sqlite/functions.h"
#include "mockserver/storage/sqlite/sqlite_cursor.h"
#include "mockserver/storage/sqlite/table_schema.h"
#include "proto/base/status_macros.h"

namespace tql::storage::sqlite {
namespace {

using values::Datum;

/// The most columns added in place: each ALTER TABLE of SQLite reads the whole schema.
constexpr std::size_t kMaxAppended = 8;
/// The longest default of a column added in place, because SQLite stores it in the schema.
constexpr std::size_t kMaxDefaultInSchema = 1000;

class TableAlteration {
 public:
  TableAlteration(Connection& writer, const plan::Alteration& alteration)
      : writer_(writer),
        alteration_(alteration),
        before_(*alteration.before),
        after_(*alteration.after),
        own_(writer) {}

  StatusOr<std::vector<plan::Inconvertible>> Run() {
    TQL_RETURN_IF_ERROR(Prepare());
    if (!writer_.HasTable(PhysicalTable(before_.id))) return std::vector<plan::Inconvertible>();
    TQL_RETURN_IF_ERROR(InPlace() ? ChangeInPlace() : Rewrite());
    std::vector<plan::Inconvertible> found;
    for (std::size_t i = 0; i < conversions_.size(); ++i) {
      if (conversions_[i] == nullptr || conversions_[i]->failures == 0) continue;
      found.push_back(
          {static_cast<std::int32_t>(i), conversions_[i]->failures, conversions_[i]->first});
    }
    return found;
  }

 private:
  /// The value of one column of the new table.
  struct Value {
    std::string sql;                   // An expression over the old row.
    std::optional<Datum> constant;     // Bound to the expression's parameter.
    Conversion* conversion = nullptr;  // Bound to it as a pointer.
  };

  Status Run(const std::string& sql) {
    StatusOr<Statement> statement = writer_.Prepare(sql);
    return statement ? statement->Run() : statement.status();
  }

  /// Checks the alteration and prepares conversions and defaults.
  Status Prepare() {
    const std::size_t width = after_.columns.size();
    if (before_.id != after_.id || alteration_.sources.size() != width ||
        before_.live_schema_version >= after_.live_schema_version) {
      return InternalError("an alteration does not say where its columns come from");
    }
    conversions_.resize(width);
    defaults_.resize(width);
    std::vector<bool> kept(before_.columns.size());
    for (std::size_t i = 0; i < width; ++i) {
      const plan::Alteration::Source& source = alteration_.sources[i];
      if (source.column < 0) {
        StatusOr<Datum> value = plan::DefaultOf(after_.columns[i]);
        if (!value) return value.status();
        defaults_[i] = *value;
        appended_.push_back(i);
        continue;
      }
      const auto old = static_cast<std::size_t>(source.column);
      if (old >= kept.size() || kept[old] || before_.columns[old].id != after_.columns[i].id) {
        return InternalError("an alteration takes a column from a wrong place");
      }
      kept[old] = true;
      const auto& conversion = source.conversion;
      if (conversion && !values::KeepsValues(conversion->from, conversion->to)) {
        conversions_[i] = std::make_unique<Conversion>(*conversion);
      }
    }
    drops_ = std::find(kept.begin(), kept.end(), false) != kept.end();
    return Status();
  }

  bool InPlace() const {
    if (drops_ || appended_.size() > kMaxAppended) return false;
    for (std::size_t i = 0; i < after_.columns.size(); ++i) {
      const plan::Alteration::Source& source = alteration_.sources[i];
      if (source.column < 0) {
        const Datum& value = defaults_[i];
        if (value.kind() == Datum::Kind::kText && (value.text().size() > kMaxDefaultInSchema ||
                                                   value.text().find('\0') != value.text().npos)) {
          return false;
        }
      } else if (!SameNativeType(before_.columns[static_cast<std::size_t>(source.column)].type.kind,
                                 after_.columns[i].type.kind)) {
        return false;
      }
    }
    return true;
  }

  /// Whether the rows keep their keys, in the same columns.
  bool KeyStays() const {
    if (before_.primary_key.size() != after_.primary_key.size()) return false;
    for (std::size_t i = 0; i < after_.primary_key.size(); ++i) {
      const auto now = static_cast<std::size_t>(after_.primary_key[i]);
      if (alteration_.sources[now].column != before_.primary_key[i]) return false;
      if (conversions_[now] != nullptr) return false;
    }
    return true;
  }

  Status ChangeInPlace() {
    const bool key_stays = KeyStays();
    if (!key_stays) {
      for (const std::string& sql : DropKeySql(before_)) {
        TQL_RETURN_IF_ERROR(Run(sql));
      }
    }
    for (const std::size_t column : appended_) {
      TQL_RETURN_IF_ERROR(Append(column));
    }
    TQL_RETURN_IF_ERROR(ConvertInPlace());
    return key_stays ? Status() : MakeKey();
  }

  /// Does not modify existing rows: SQLite returns the default for them.
  Status Append(std::size_t column) {
    const std::string sql = "ALTER TABLE " + PhysicalTable(after_.id) + " ADD COLUMN " +
                            NativeColumn(after_.columns[column]);
    const Datum& value = defaults_[column];
    if (value.is_null()) return Run(sql);
    const StatusOr<std::string> literal = ExactLiteral(value);
    if (!literal) return literal.status();
    if (!literal->empty()) return Run(sql + " DEFAULT " + *literal);
    TQL_RETURN_IF_ERROR(Run(sql));
    StatusOr<Statement> fill = writer_.Prepare("UPDATE " + PhysicalTable(after_.id) + " SET " +
                                               PhysicalColumn(after_.columns[column].id) + " = ?1");
    if (!fill) return fill.status();
    BindAll(*fill, {value});
    return fill->Run();
  }

  /// Returns an empty text for a real that SQLite does not read back exactly as a default.
  StatusOr<std::string> ExactLiteral(const Datum& value) {
    if (value.kind() == Datum::Kind::kText) {
      std::string literal = "'";
      for (const char c : value.text()) literal.append(c == '\'' ? 2 : 1, c);
      return literal + "'";
    }
    char digits[values::kMaxNumberText];
    const bool real = value.kind() == Datum::Kind::kReal;
    if (real && !std::isfinite(value.real())) return std::string();
    // SQLite keeps the sign of the literal -0.0, but not in a default.
    if (real && value.real() == 0 && std::signbit(value.real())) return std::string();
    std::string literal(digits, real ? values::FormatDouble(value.real(), digits)
                                     : values::FormatInteger(value.integer(), digits));
    if (real && literal.find_first_of(".e") == literal.npos) literal += ".0";
    StatusOr<Statement> read = writer_.Prepare("SELECT " + literal);
    if (!read) return read.status();
    const StatusOr<bool> row = read->Step();
    if (!row) return row.status();
    const bool exact = real ? sqlite3_column_type(read->get(), 0) == SQLITE_FLOAT &&
                                  std::bit_cast<std::uint64_t>(sqlite3_column_double(
                                      read->get(), 0)) == std::bit_cast<std::uint64_t>(value.real())
                            : sqlite3_column_type(read->get(), 0) == SQLITE_INTEGER;
    return exact ? literal : std::string();
  }

  Status ConvertInPlace() {
    std::vector<Value> values;
    std::string sql;
    for (std::size_t i = 0; i < conversions_.size(); ++i) {
      if (conversions_[i] == nullptr) continue;
      Value& value = values.emplace_back(ValueOf(i));
      sql += (sql.empty() ? "UPDATE " + PhysicalTable(after_.id) + " SET " : std::string(", ")) +
             PhysicalColumn(after_.columns[i].id) + " = " + Numbered(value, values.size());
    }
    return values.empty() ? Status() : RunWith(sql, values);
  }

  Status Rewrite() {
    const std::string old_name = PhysicalTable(before_.id);
    const std::string new_name = WorkTable(after_.id);
    TQL_RETURN_IF_ERROR(Run(CreateTableSql(after_, new_name)));
    std::vector<Value> values;
    std::string columns;
    std::string list;
    for (std::size_t i = 0; i < after_.columns.size(); ++i) {
      Value& value = values.emplace_back(ValueOf(i));
      columns += (i > 0 ? ", " : "") + PhysicalColumn(after_.columns[i].id);
      list += (i > 0 ? ", " : "") + Numbered(value, values.size());
    }
    // Keep the insertion order, even if an index would be faster to read.
    const std::string copy = "INSERT INTO " + new_name + "(" + columns + ") SELECT " + list +
                             " FROM " + old_name + " ORDER BY rowid";
    TQL_RETURN_IF_ERROR(RunWith(copy, values));
    for (const std::string& sql :
         {"DROP TABLE " + old_name, "ALTER TABLE " + new_name + " RENAME TO " + old_name}) {
      TQL_RETURN_IF_ERROR(Run(sql));
    }
    return MakeKey();
  }

  Value ValueOf(std::size_t column) {
    const std::int32_t from = alteration_.sources[column].column;
    if (from < 0) return {"?", defaults_[column], nullptr};
    std::string name = PhysicalColumn(before_.columns[static_cast<std::size_t>(from)].id);
    if (conversions_[column] == nullptr) return {std::move(name), std::nullopt, nullptr};
    return {"tql_convert(" + name + ", ?", std::nullopt, conversions_[column].get()};
  }

  /// The value's SQL with the number of its parameter.
  static std::string Numbered(const Value& value, std::size_t number) {
    if (value.conversion != nullptr) return value.sql + std::to_string(number) + ")";
    return value.constant ? value.sql + std::to_string(number) : value.sql;
  }

  /// Runs a statement in which value i has parameter i + 1.
  Status RunWith(const std::string& sql, const std::vector<Value>& values) {
    StatusOr<Statement> statement = writer_.Prepare(sql);
    if (!statement) return statement.status();
    for (std::size_t i = 0; i < values.size(); ++i) {
      const int parameter = static_cast<int>(i) + 1;
      if (values[i].conversion != nullptr) {
        sqlite3_bind_pointer(statement->get(), parameter, values[i].conversion, kConversionPointer,
                             nullptr);
      } else if (values[i].constant) {
        statement->Bind(parameter, *values[i].constant);
      }
    }
    if (!alteration_.on_rows) return statement->Run();
    Running& running = writer_.running();
    running.on_rows = &alteration_.on_rows;
    running.counted = statement->get();
    Status status = statement->Run();
    running.on_rows = nullptr;
    return status;
  }

  /// Creates the key. Rows with equal keys are rare, so they are looked for only if creating an
  /// index fails.
  Status MakeKey() {
    const std::vector<std::string> indexes = CreateKeySql(after_);
    bool unique = false;
    for (std::size_t i = 0; i < indexes.size();) {
      Status status = Run(indexes[i]);
      if (status.ok()) {
        ++i;
      } else if (status.code() != StatusCode::kAlreadyExists || std::exchange(unique, true)) {
        return status;
      } else if (status = Run(KeepLastSql(after_)); !status.ok()) {
        return status;
      }
    }
    return Status();
  }

  Connection& writer_;
  const plan::Alteration& alteration_;
  const plan::TableDef& before_;
  const plan::TableDef& after_;
  const Connection::OwnStatements own_;
  // By position in after_.columns.
  std::vector<std::unique_ptr<Conversion>> conversions_;  // Null: a copied or a new column.
  std::vector<Datum> defaults_;                           // Of new columns.
  std::vector<std::size_t> appended_;                     // The new columns.
  bool drops_ = false;
};

}  // namespace

StatusOr<std::vector<plan::Inconvertible>> AlterRows(Connection& writer,
                                                     const plan::Alteration& alteration) {
  return TableAlteration(writer, alteration).Run();
}

}  // namespace tql::storage::sqlite
