// A list of objects in the order in which they are returned: generated ones, then those of a world.
#ifndef TQLKIT_MOCKSERVER_THENA_OBJECT_LIST_H_
#define TQLKIT_MOCKSERVER_THENA_OBJECT_LIST_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "proto/base/json_writer.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace tql::thena {

/// Makes the objects of one kind when they are needed, each from its position alone. Thread-safe.
class ObjectSource {
 public:
  virtual ~ObjectSource() = default;
  virtual std::size_t size() const = 0;
  virtual std::string IdOf(std::size_t index) const = 0;
  virtual std::optional<std::size_t> Find(std::string_view id) const = 0;
  virtual std::unique_ptr<google::protobuf::Message> Make(std::size_t index) const = 0;
};

/// Thread-safe after all objects were added.
class ObjectList {
 public:
  /// The object at a position, which may be made for the caller.
  using Object = std::shared_ptr<const google::protobuf::Message>;

  void SetSource(std::unique_ptr<const ObjectSource> source) { source_ = std::move(source); }
  /// Adds an object at the end. Returns false if another one has this id.
  bool Add(std::string id, Object object);

  std::size_t size() const { return generated() + ids_.size(); }
  std::string IdOf(std::size_t index) const;
  Object Get(std::size_t index) const;
  std::optional<std::size_t> Find(std::string_view id) const;

 private:
  std::size_t generated() const { return source_ ? source_->size() : 0; }

  std::unique_ptr<const ObjectSource> source_;  // null: nothing is generated
  std::vector<Object> objects_;
  std::vector<std::string> ids_;                                 // of objects_
  std::unordered_map<std::string, std::size_t> position_by_id_;  // in objects_
};

}  // namespace tql::thena

#endif  // TQLKIT_MOCKSERVER_THENA_OBJECT_LIST_H_
