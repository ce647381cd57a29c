# Compile options of all targets, and the functions that declare targets.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(THREADS_PREFER_PTHREAD_FLAG ON)

# Debian's folder for libraries, below any prefix.
if(EXISTS /etc/debian_version AND CMAKE_LIBRARY_ARCHITECTURE)
  set(CMAKE_INSTALL_LIBDIR lib/${CMAKE_LIBRARY_ARCHITECTURE} CACHE PATH "Folder of libraries")
endif()
include(GNUInstallDirs)

add_library(tqlkit_options INTERFACE)
target_compile_options(tqlkit_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  # GCC 12 reports overlaps in "text" + std::string that cannot occur (GCC bug 105329).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<BOOL:${TQLKIT_WERROR}>:-Werror>)
if(TQLKIT_SANITIZE)
  add_compile_options(-fsanitize=${TQLKIT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TQLKIT_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # With a sanitizer GCC reports the inactive alternative of a variant as uninitialised.
    target_compile_options(tqlkit_options INTERFACE -Wno-maybe-uninitialized)
  endif()
  if(TQLKIT_SANITIZE MATCHES thread)
    add_compile_definitions(TQLKIT_TSAN)
    if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
      # With __SANITIZE_THREAD__, protobuf's headers give maps members that the packaged library does
      # not know (findings/protobuf_maps_differ_with_tsan.sh). libstdc++ derives its macro from it.
      add_compile_options(-U__SANITIZE_THREAD__ -D_GLIBCXX_TSAN=1)
    endif()
  endif()
endif()
if(TQLKIT_BUILD_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# tqlkit_library(NAME ALIAS SOURCES… [PUBLIC libs…] [PRIVATE libs…] [HEADERS dir])
# declares a static library tqlkit::ALIAS. HEADERS is its folder of public headers, if any; all other
# headers are included relative to the root of the project.
function(tqlkit_library name alias)
  cmake_parse_arguments(ARG "" "HEADERS" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  add_library(tqlkit::${alias} ALIAS ${name})
  target_compile_features(${name} PUBLIC cxx_std_20)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  if(ARG_HEADERS)
    target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${ARG_HEADERS}>)
  endif()
  target_link_libraries(${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE}
                        $<BUILD_INTERFACE:tqlkit_options>)
endfunction()

# tqlkit_shared_library(NAME ALIAS OUTPUT LIB PARTS targets… [PUBLIC libs…] PRIVATE libs…)
# declares the installed library libLIB.so, which users link as tqlkit::ALIAS. It is linked from the
# objects of static libraries, so nothing is compiled twice, and exports only the symbols that LIB.map
# in the calling folder lists. The project's own programs link the static libraries, which start
# faster.
function(tqlkit_shared_library name alias)
  if(TQLKIT_SANITIZE)
    return()
  endif()
  cmake_parse_arguments(ARG "" "OUTPUT" "PARTS;PUBLIC;PRIVATE" ${ARGN})
  list(TRANSFORM ARG_PARTS REPLACE "(.+)" "$<TARGET_OBJECTS:\\1>" OUTPUT_VARIABLE objects)
  set(map ${CMAKE_CURRENT_SOURCE_DIR}/lib${ARG_OUTPUT}.map)
  add_library(${name} SHARED ${objects})
  set_target_properties(${name} PROPERTIES
    OUTPUT_NAME ${ARG_OUTPUT}
    EXPORT_NAME ${alias}
    LINKER_LANGUAGE CXX
    LINK_DEPENDS ${map}
    VERSION ${PROJECT_VERSION}
    SOVERSION ${TQLKIT_ABI_VERSION}
    INSTALL_RPATH "$ORIGIN")  # one may need the other, wherever both are
  target_compile_features(${name} INTERFACE cxx_std_20)
  target_include_directories(${name} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_options(${name} PRIVATE "LINKER:--version-script=${map}" LINKER:--no-undefined
                      LINKER:--as-needed)
  target_link_libraries(${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
endfunction()

# tqlkit_program(NAME SOURCES… LIBS…)
function(tqlkit_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} $<BUILD_INTERFACE:tqlkit_options>)
endfunction()

# tqlkit_documents(PROGRAM [COMMANDS…]) generates the man page and the completions of a program, which
# writes them itself, and the man pages of its commands, below share/ in the build folder.
function(tqlkit_documents program)
  set(share ${PROJECT_BINARY_DIR}/share)
  set(man ${share}/man/man1/${program}.1.gz)
  set(bash ${share}/bash-completion/completions/${program})
  set(zsh ${share}/zsh/vendor-completions/_${program})
  cmake_path(GET bash PARENT_PATH bash_folder)
  cmake_path(GET zsh PARENT_PATH zsh_folder)
  file(MAKE_DIRECTORY ${share}/man/man1 ${bash_folder} ${zsh_folder})
  add_custom_command(
    OUTPUT ${man} ${bash} ${zsh}
    COMMAND ${program} --generate man | ${TQLKIT_GZIP} -9n > ${man}
    COMMAND ${program} --generate bash > ${bash}
    COMMAND ${program} --generate zsh > ${zsh}
    DEPENDS ${program})
  set(pages "")
  foreach(command ${ARGN})
    set(page ${share}/man/man1/${program}-${command}.1.gz)
    add_custom_command(
      OUTPUT ${page}
      COMMAND ${program} ${command} --generate man | ${TQLKIT_GZIP} -9n > ${page}
      DEPENDS ${program})
    list(APPEND pages ${page})
  endforeach()
  add_custom_target(${program}_documents ALL DEPENDS ${man} ${bash} ${zsh} ${pages})
endfunction()

# tqlkit_test(NAME SOURCES… LIBS…) declares a GoogleTest program. Each of its cases is a ctest test with
# the label NAME.
function(tqlkit_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} tqlkit_test_data GTest::gmock GTest::gtest_main
                        $<BUILD_INTERFACE:tqlkit_options>)
  # The tests ignore the caller's proxy settings, because they only connect to the local machine.
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 300 LABELS ${name}
                       ENVIRONMENT "no_proxy=*")
endfunction()

# tqlkit_fuzzer(NAME SOURCE LIBS…) declares a fuzzer: a source with LLVMFuzzerTestOneInput. In every
# build a test runs it over its corpus, tests/fuzz/corpus/NAME. With TQLKIT_BUILD_FUZZERS the
# libFuzzer program is built as well.
function(tqlkit_fuzzer name source)
  cmake_parse_arguments(ARG "" "" "LIBS" ${ARGN})
  add_executable(${name}_corpus ${source} ${PROJECT_SOURCE_DIR}/tests/fuzz/run_corpus.cc)
  set(targets ${name}_corpus)
  add_dependencies(fuzz_corpora ${name}_corpus)
  add_test(NAME fuzz.${name}.corpus
           COMMAND ${name}_corpus ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  if(TQLKIT_BUILD_FUZZERS)
    add_executable(${name} ${source})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    list(APPEND targets ${name})
  endif()
  foreach(target ${targets})
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${target} PRIVATE ${ARG_LIBS} $<BUILD_INTERFACE:tqlkit_options>)
  endforeach()
endfunction()
