// Numbers the loads of a namespace, so that a seed determines their ids.
#ifndef TQLKIT_MOCKSERVER_LOAD_LOAD_NUMBERS_H_
#define TQLKIT_MOCKSERVER_LOAD_LOAD_NUMBERS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "mockserver/space/namespaces.h"
#include "proto/base/mutex.h"

namespace tql::load {

/// Thread safety: every method may be called from any thread.
class LoadNumbers : public space::Attachment {
 public:
  /// A fork numbers its own loads.
  std::shared_ptr<space::Attachment> Fork() const override {
    return std::make_shared<LoadNumbers>();
  }
  /// The guid of the next load. With another seed than before, loads are numbered from 1 again.
  std::string NewGuid(space::Identifiers& identifiers);

 private:
  base::Mutex mutex_;
  std::optional<std::uint64_t> seed_ TQL_GUARDED_BY(mutex_);
  std::int64_t last_ TQL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tql::load

#endif  // TQLKIT_MOCKSERVER_LOAD_LOAD_NUMBERS_H_
