// JSON: an array of objects per statement, or one object per line. Numbers and booleans are JSON
// values, NULL is null, other values are strings. Columns with the same name are numbered, because
// most readers keep only the last member with a name. The array of a failed statement is not
// closed.
#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "proto/base/json_writer.h"
#include "tools/tql/render/renderer.h"

namespace tql::shell {
namespace {

/// Returns unique names of the columns: in [a, a, a_1] the second becomes a_2. The first column
/// with a name and columns with unique names keep their name.
std::vector<std::string> DistinctNames(const std::vector<Column>& columns) {
  std::set<std::string_view> wanted;
  for (const Column& column : columns) wanted.insert(column.name);
  std::set<std::string> taken;
  std::map<std::string_view, std::size_t> last;  // number of each repeated name
  std::vector<std::string> names;
  for (const Column& column : columns) {
    std::string name = column.name;
    if (taken.contains(name)) {
      std::size_t& number = last[column.name];
      do {
        name = column.name + "_" + std::to_string(++number);
      } while (wanted.contains(name) || taken.contains(name));
    }
    taken.insert(name);
    names.push_back(std::move(name));
  }
  return names;
}

class JsonRenderer : public Renderer {
 public:
  JsonRenderer(Output& out, bool lines) : out_(out), lines_(lines) {}

  void Begin(const std::vector<Column>& columns) override {
    keys_.clear();
    types_.clear();
    for (const std::string& name : DistinctNames(columns)) {
      std::string& key = keys_.emplace_back();
      base::AppendJsonString(name, &key);
      key += ':';
    }
    for (const Column& column : columns) types_.push_back(column.type);
    rows_ = 0;
    if (!lines_) out_.Write("[");
  }

  void Row(RowView cells) override {
    std::string& buffer = out_.buffer();
    if (!lines_) buffer += rows_ > 0 ? ",\n" : "\n";
    ++rows_;
    buffer += '{';
    for (std::size_t i = 0; i < cells.size() && i < keys_.size(); ++i) {
      if (i > 0) buffer += ',';
      buffer += keys_[i];
      AppendValue(cells[i], types_[i], &buffer);
    }
    buffer += lines_ ? "}\n" : "}";
    out_.Filled();
  }

  void End() override {
    if (!lines_) out_.Write(rows_ > 0 ? "\n]\n" : "]\n");
  }

  void Fail() override {
    if (!lines_) out_.Write("\n");
  }

 private:
  static void AppendValue(std::string_view cell, ColumnType type, std::string* out) {
    if (cell == kNullMark) {
      *out += "null";
    } else if ((IsNumeric(type) && base::IsJsonNumber(cell)) ||
               (type == ColumnType::kBool && (cell == "true" || cell == "false"))) {
      *out += cell;
    } else {
      base::AppendJsonString(cell, out);
    }
  }

  Output& out_;
  const bool lines_;
  std::vector<std::string> keys_;  // with their quotes and colon
  std::vector<ColumnType> types_;
  std::size_t rows_ = 0;
};

}  // namespace

std::unique_ptr<Renderer> MakeJsonRenderer(Output& out, bool lines) {
  return std::make_unique<JsonRenderer>(out, lines);
}

}  // namespace tql::shell
