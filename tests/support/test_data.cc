#include "tests/support/test_data.h"

namespace tql {

std::string TestData(const char* file) { return std::string(TQLKIT_TEST_DATA "/") + file; }

}  // namespace tql
