/// \file
/// Included first by every public C++ header. Reports an older language standard with one clear
/// error.
#ifndef TQL_CXX20_H_
#define TQL_CXX20_H_

#if __cplusplus < 202002L
#error "the headers of tqlkit need C++20: compile with -std=c++20, or CXX_STANDARD 20 in CMake"
#endif

#endif  // TQL_CXX20_H_
