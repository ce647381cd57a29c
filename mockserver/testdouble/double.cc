#include "mockserver/testdouble/double.h"

namespace tql::testdouble {

std::shared_ptr<space::Attachment> Double::Fork() const {
  return std::make_shared<Double>(journal_.limits(), budget_, plan_->Fork());
}

}  // namespace tql::testdouble
