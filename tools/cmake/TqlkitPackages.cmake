# Debian packages, one per component of TqlkitInstall, made by `cpack` in the build folder for the
# running version of Debian. dpkg-shlibdeps determines the dependencies on other packages.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR tqlkit)
# The maintainer is whoever builds the package, as named by Debian's usual variables. The default is
# recognisable as a placeholder.
set(maintainer "Whoever built this package <packager@tqlkit.invalid>")
if(DEFINED ENV{DEBEMAIL})
  set(maintainer "$ENV{DEBFULLNAME} <$ENV{DEBEMAIL}>")
endif()
set(TQLKIT_PACKAGE_CONTACT "${maintainer}" CACHE STRING "Maintainer of the Debian packages")
set(CPACK_PACKAGE_CONTACT "${TQLKIT_PACKAGE_CONTACT}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")  # each package has its own
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_STRIP_FILES ON)
# The packages install to /usr; the .pc files contain the prefix.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL lib mockserver dev tools)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS
  ${PROJECT_BINARY_DIR}/client ${PROJECT_BINARY_DIR}/mockserver)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(documents ${PROJECT_BINARY_DIR}/package_documents)
configure_file(tools/packaging/changelog.in ${documents}/changelog @ONLY)
execute_process(COMMAND ${TQLKIT_GZIP} -9nf ${documents}/changelog COMMAND_ERROR_IS_FATAL ANY)

# tqlkit_package(COMPONENT NAME SECTION DEPENDS DESCRIPTION…) declares a package. The first line of
# the description is its synopsis.
macro(tqlkit_package component name section depends)
  string(TOUPPER ${component} key)
  string(JOIN "\n" CPACK_DEBIAN_${key}_DESCRIPTION ${ARGN})
  set(CPACK_DEBIAN_${key}_PACKAGE_NAME ${name})
  set(CPACK_DEBIAN_${key}_PACKAGE_SECTION ${section})
  set(CPACK_DEBIAN_${key}_PACKAGE_DEPENDS "${depends}")
  # Included in the packages only, not installed by `cmake --install`.
  install(FILES tools/packaging/copyright ${documents}/changelog.gz
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name} COMPONENT ${component} EXCLUDE_FROM_ALL)
endmacro()

set(same "(= ${PROJECT_VERSION})")
set(libtql libtql${TQLKIT_ABI_VERSION})
set(libtqlmockserver libtqlmockserver${TQLKIT_ABI_VERSION})
tqlkit_package(lib ${libtql} libs ""
  "client library for ThoughtSpot's TQL service"
  "libtql sends statements of TQL, the SQL dialect of ThoughtSpot's in-memory"
  "database, to its remote service, over HTTPS or gRPC, and streams the answers.")
tqlkit_package(mockserver ${libtqlmockserver} libs "${libtql} ${same}"
  "mock of ThoughtSpot's TQL service inside a program"
  "libtqlmockserver is a TQL service within the program that tests against it,"
  "over SQLite; tqlmockd of the package tqlkit-tools is the same as a program.")
tqlkit_package(dev libtql-dev libdevel "${libtql} ${same}, ${libtqlmockserver} ${same}"
  "client library for ThoughtSpot's TQL service (development files)"
  "libtql sends statements of TQL, the SQL dialect of ThoughtSpot's in-memory"
  "database, to its remote service. These are the C++20 headers, the CMake package"
  "and the pkg-config files of it and of libtqlmockserver, the service for tests.")
tqlkit_package(tools tqlkit-tools database ""
  "shell, mock server, checker and benchmark for ThoughtSpot's TQL service"
  "tql is a shell for TQL, the SQL dialect of ThoughtSpot's in-memory database;"
  "tqlmockd a mock of its remote service, over SQLite; tqlconform checks whether"
  "servers and clients of the service conform; tqlbench measures them.")
# Packages of Debian 12 have their units here. It is not enabled: the package is for tests first.
install(FILES tools/packaging/tqlmockd.service
  DESTINATION /lib/systemd/system COMPONENT tools EXCLUDE_FROM_ALL)
set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS "cmake, libgmock-dev, pkg-config")
set(CPACK_DEBIAN_TOOLS_PACKAGE_SUGGESTS "python3, sqlite3, valgrind")

# Additions for packages with a shared library.
function(tqlkit_library_package component name)
  string(TOUPPER ${component} key)
  set(CPACK_DEBIAN_${key}_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/tools/packaging/triggers
    PARENT_SCOPE)
  install(FILES tools/packaging/lintian-overrides RENAME ${name}
    DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides COMPONENT ${component} EXCLUDE_FROM_ALL)
endfunction()
tqlkit_library_package(lib ${libtql})
tqlkit_library_package(mockserver ${libtqlmockserver})
include(CPack)
