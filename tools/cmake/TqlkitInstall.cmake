# Installation, in components: lib and mockserver (for running programs), dev (for building
# programs) and tools. A build with sanitizers only installs the tools, because its libraries would
# require the sanitizer in every program.
include(CMakePackageConfigHelpers)

set(programs tql tqlconform tqlmockd)
if(TARGET tqlbench)
  list(APPEND programs tqlbench)
  install(FILES ${PROJECT_SOURCE_DIR}/tools/tqlbench/json_loads.py
                ${PROJECT_SOURCE_DIR}/tools/tqlbench/rest_peer.js
                ${PROJECT_SOURCE_DIR}/tests/bench/python_client.py
    DESTINATION ${CMAKE_INSTALL_DATADIR}/tqlkit COMPONENT tools)
endif()
install(TARGETS ${programs} RUNTIME COMPONENT tools)
foreach(program IN LISTS programs)
  set(share ${PROJECT_BINARY_DIR}/share)
  install(FILES ${share}/man/man1/${program}.1.gz
    DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT tools)
  install(FILES ${share}/bash-completion/completions/${program}
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT tools)
  # zsh reads completions from the first folder below /usr/local, and from the second below /usr.
  install(FILES ${share}/zsh/vendor-completions/_${program}
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions COMPONENT local)
  install(FILES ${share}/zsh/vendor-completions/_${program}
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT tools EXCLUDE_FROM_ALL)
endforeach()

install(FILES ${PROJECT_BINARY_DIR}/share/man/man1/tql-load.1.gz
  DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT tools)

# Fixtures for tests in other languages, to be copied.
foreach(fixture TqlMock.java tqlmock.go tqlmock.mjs tqlmock_pytest.py)
  install(FILES ${PROJECT_SOURCE_DIR}/client/fixtures/${fixture}
    DESTINATION ${CMAKE_INSTALL_DATADIR}/tqlkit/fixtures COMPONENT tools)
endforeach()

# Adapters of tqlconform and examples of them, to be copied.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/tools/tqlconform/adapters/
  DESTINATION ${CMAKE_INSTALL_DATADIR}/tqlkit/adapters COMPONENT tools USE_SOURCE_PERMISSIONS
  PATTERN __pycache__ EXCLUDE PATTERN libtql_adapter.cc EXCLUDE)

if(TQLKIT_SANITIZE)
  return()
endif()

install(TARGETS tqlkit_libtql EXPORT tqlkit LIBRARY COMPONENT lib NAMELINK_COMPONENT dev)
install(TARGETS tqlkit_libtqlmockserver EXPORT tqlkit
  LIBRARY COMPONENT mockserver NAMELINK_COMPONENT dev)
foreach(folder client mockserver)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}/include/ TYPE INCLUDE COMPONENT dev)
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/proto/include/tql/cxx20.h ${PROJECT_SOURCE_DIR}/proto/include/tql/status.h
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/tql COMPONENT dev)
# The .proto files, for clients in other languages and for programs that compile them.
set(TQLKIT_PROTO_DIR ${CMAKE_INSTALL_DATADIR}/tqlkit/proto)
install(FILES ${PROJECT_SOURCE_DIR}/proto/tql/tql.proto ${PROJECT_SOURCE_DIR}/proto/tql/tql_service.proto
  DESTINATION ${TQLKIT_PROTO_DIR}/tql COMPONENT dev)

# find_package(tqlkit)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/tqlkit)
install(EXPORT tqlkit NAMESPACE tqlkit:: FILE tqlkitTargets.cmake DESTINATION ${package_folder}
  COMPONENT dev)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/tqlkitConfig.cmake.in tqlkitConfig.cmake
  INSTALL_DESTINATION ${package_folder} PATH_VARS TQLKIT_PROTO_DIR)
write_basic_package_version_file(tqlkitConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/tqlkitConfig.cmake ${PROJECT_BINARY_DIR}/tqlkitConfigVersion.cmake
  DESTINATION ${package_folder} COMPONENT dev)

# The .pc files tql and tqlmockserver. They derive the prefix from their own location, so that an
# installed tree can be moved.
file(RELATIVE_PATH TQLKIT_PREFIX_OF_PC ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
foreach(name tql tqlmockserver)
  configure_file(${CMAKE_CURRENT_LIST_DIR}/${name}.pc.in ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
    COMPONENT dev)
endforeach()

include(TqlkitPackages)
