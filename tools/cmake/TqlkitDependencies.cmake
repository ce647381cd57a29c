# The libraries that the project uses, all packaged for Debian 12; tools/deps.sh installs them.
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(Protobuf REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
# cpp-httplib is a compiled library; its class layouts depend on the macros in its .pc file.
pkg_check_modules(cpp-httplib REQUIRED IMPORTED_TARGET cpp-httplib)
# Character widths and boundaries, for the shell.
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)
# Patterns and plan files of the test double. The prefix "re2" would hide re2 from gRPC's package.
pkg_check_modules(pc-re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(yaml-cpp REQUIRED IMPORTED_TARGET yaml-cpp)
find_package(CLI11 CONFIG REQUIRED)
find_package(spdlog CONFIG REQUIRED)
include(TqlkitGrpc)
# PostgreSQL's parser, which has neither a .pc file nor a CMake package.
find_path(PG_QUERY_INCLUDE_DIR pg_query.h REQUIRED)
find_library(PG_QUERY_LIBRARY pg_query REQUIRED)
add_library(tqlkit::pg_query UNKNOWN IMPORTED)
set_target_properties(tqlkit::pg_query PROPERTIES
  IMPORTED_LOCATION ${PG_QUERY_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${PG_QUERY_INCLUDE_DIR})
find_program(TQLKIT_GZIP gzip REQUIRED)

if(TQLKIT_BUILD_TESTS)
  find_package(GTest CONFIG REQUIRED)
  include(GoogleTest)
  # Prefer Debian's interpreter, because only it finds Debian's Python packages.
  find_program(TQLKIT_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
  find_program(TQLKIT_PYTHON NAMES python3 REQUIRED)
endif()
if(TQLKIT_BUILD_BENCH)
  find_package(benchmark CONFIG)
endif()
