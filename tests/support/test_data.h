#ifndef TQLKIT_TESTS_SUPPORT_TEST_DATA_H_
#define TQLKIT_TESTS_SUPPORT_TEST_DATA_H_

#include <string>

namespace tql {

// The path of a file in tests/data, e.g. "engine/select.test".
std::string TestData(const char* file);

}  // namespace tql

#endif  // TQLKIT_TESTS_SUPPORT_TEST_DATA_H_
