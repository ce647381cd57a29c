#!/usr/bin/env bash
# A project that looks up RE2 with pkg_check_modules(re2 …), behind find_package(gRPC), can be
# configured once. The second run of cmake, on the same folder and without any change, fails.
#
# pkg_check_modules() keeps its result in the cache as PREFIX_FOUND, here re2_FOUND. gRPC's package
# configuration calls find_package(re2) only if re2_FOUND is not set, so that from the second run on
# nothing makes the target re2::re2, which gRPC::grpc links. The order of the calls does not matter:
# in the first run gRPC's call is evaluated before the cache has the variable, in the second after it.
# A prefix of another name, such as pc-re2, avoids it.
#
# Seen with Debian 12's libgrpc-dev 1.51.1-3+b1 and cmake 3.25.1. Ends with 1 if the behaviour is
# another. Needs apt-get, dpkg-deb, cmake, g++ and pkg-config; installs nothing outside a temporary
# folder.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
packages=(libgrpc-dev=1.51.1-3+b1 libgrpc++-dev=1.51.1-3+b1 libgrpc29=1.51.1-3+b1 libgrpc++1.51=1.51.1-3+b1
  libre2-dev=20220601+dfsg-1+b1 libre2-9=20220601+dfsg-1+b1 protobuf-compiler-grpc=1.51.1-3+b1
  libabsl-dev libabsl20220623 libprotobuf-dev libprotobuf32 libprotobuf-lite32 libprotoc-dev libprotoc32
  protobuf-compiler libc-ares-dev libc-ares2 zlib1g-dev zlib1g libssl-dev libssl3)
apt-get download -qq "${packages[@]}" >/dev/null 2>&1
for package in *.deb; do dpkg-deb -x "$package" root; done
export PKG_CONFIG_LIBDIR=$PWD/root/usr/lib/x86_64-linux-gnu/pkgconfig PKG_CONFIG_SYSROOT_DIR=$PWD/root
configure() { # the prefix and the folder: prints whether cmake succeeds
  sed "s/PREFIX/$1/" >CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(demo CXX)
find_package(PkgConfig REQUIRED)
find_package(gRPC CONFIG REQUIRED)
pkg_check_modules(PREFIX REQUIRED IMPORTED_TARGET re2)
file(WRITE ${CMAKE_BINARY_DIR}/main.cc "int main() {}\n")
add_executable(demo ${CMAKE_BINARY_DIR}/main.cc)
target_link_libraries(demo gRPC::grpc)
CMAKE
  if cmake -S . -B "$2" -DCMAKE_PREFIX_PATH="$PWD/root/usr" >"$2.log" 2>&1; then echo works; else echo fails; fi
}
seen="re2: first run $(configure re2 a), second run $(configure re2 a)
pc-re2: first run $(configure pc-re2 b), second run $(configure pc-re2 b)
$(grep -o 'but the target was not found' a.log)"
echo "$seen"
[[ "$seen" == "re2: first run works, second run fails
pc-re2: first run works, second run works
but the target was not found" ]]
