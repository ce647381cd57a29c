// Names that resemble each other, for messages and for ranking.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_NEAR_NAMES_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_NEAR_NAMES_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace tql::testdouble {

/// The number of bytes to insert, remove or replace to make `b` of `a`, ignoring the case of ASCII
/// letters; `most` if it is not less. Takes time in proportion to `most` times the length.
std::size_t EditDistance(std::string_view a, std::string_view b, std::size_t most);

/// "; near names: INSERT, SELECT" with up to three names that resemble `name`, the nearest first;
/// empty if none does.
std::string NearNames(std::string_view name, std::span<const std::string_view> names);

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_NEAR_NAMES_H_
