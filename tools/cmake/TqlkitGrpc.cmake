# tqlkit::grpc: gRPC's C++ library, from its static archives if they are installed. Loading its 45
# shared libraries takes 6 ms (tools/doc/decisions/static_grpc.md). Builds with a sanitizer use the
# shared libraries, so that reports about uninstrumented code can be recognised.
add_library(tqlkit_grpc INTERFACE)
add_library(tqlkit::grpc ALIAS tqlkit_grpc)

pkg_check_modules(grpcpp QUIET grpc++)
set(archives "")
set(missing "")
foreach(name IN LISTS grpcpp_STATIC_LIBRARIES)
  if(name MATCHES "^(grpc|gpr|upb|address_sorting|re2|cares|absl_)")
    find_library(TQLKIT_ARCHIVE_${name} lib${name}.a)
    mark_as_advanced(TQLKIT_ARCHIVE_${name})
    if(TQLKIT_ARCHIVE_${name})
      list(APPEND archives ${TQLKIT_ARCHIVE_${name}})
    else()
      list(APPEND missing ${name})
    endif()
  endif()
endforeach()

if(TQLKIT_SANITIZE OR missing OR NOT archives)
  target_link_libraries(tqlkit_grpc INTERFACE gRPC::grpc++)
else()
  # The archives depend on each other, so the linker must scan them repeatedly.
  list(REMOVE_DUPLICATES archives)
  list(JOIN archives "," archives)
  target_link_libraries(tqlkit_grpc INTERFACE
    "$<LINK_GROUP:RESCAN,${archives}>" protobuf::libprotobuf OpenSSL::SSL OpenSSL::Crypto
    ZLIB::ZLIB Threads::Threads ${CMAKE_DL_LIBS})
endif()
