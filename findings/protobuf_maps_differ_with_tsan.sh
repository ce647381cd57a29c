#!/usr/bin/env bash
# A protobuf message with a map has another size for g++ -fsanitize=thread than for the packaged
# libprotobuf.
#
# With the macro __SANITIZE_THREAD__, map_field.h adds members to MapFieldBase, with which
# ThreadSanitizer can see races. A program that is built so does not agree with a libprotobuf that is
# not: all that its reflection does with such a message (TextFormat, JsonUtil) uses other offsets, and
# the program fails far from the cause. -U__SANITIZE_THREAD__, or an instrumented libprotobuf, avoids
# it; the instrumentation itself does not need the macro. Here only the sizes are compared.
#
# Seen with Debian 12's libprotobuf-dev 3.21.12-3+deb12u1 and g++ 12.2. Ends with 1 if the behaviour is
# another. Needs apt-get, dpkg-deb and g++; installs nothing outside a temporary folder.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq libprotobuf-dev=3.21.12-3+deb12u1 >/dev/null 2>&1
dpkg-deb -x libprotobuf-dev_*.deb root
size() { # the size of a Struct with the flags
  {
    echo '#include <google/protobuf/struct.pb.h>'
    echo 'template <int size> struct Size;'
    echo 'Size<sizeof(google::protobuf::Struct)> size;'
  } | { g++ -std=c++17 -fsyntax-only "$@" -isystem root/usr/include -x c++ - 2>&1 || true; } | grep -om 1 "Size<[0-9]*>"
}
seen="plain: $(size)
thread: $(size -fsanitize=thread)
thread, without the macro: $(size -fsanitize=thread -U__SANITIZE_THREAD__)"
echo "$seen"
[[ "$seen" == "plain: Size<144>
thread: Size<152>
thread, without the macro: Size<144>" ]]
