#include "mockserver/dialect/table_names.h"

#include <utility>

#include "mockserver/dialect/tree_walk.h"

namespace tql::dialect {
namespace {

class Finder : public TreeWalk<Finder> {
 public:
  std::vector<const ObjectName*> Take() { return std::move(found_); }

  template <typename Node>
  void Enter(const Node& /*other*/) {}
  void Enter(const ObjectName& table) {
    if (!table.empty()) found_.push_back(&table);
  }

 private:
  std::vector<const ObjectName*> found_;
};

}  // namespace

std::vector<const ObjectName*> TableNamesIn(const Statement& statement) {
  Finder finder;
  finder.Visit(statement.node);
  return finder.Take();
}

}  // namespace tql::dialect
