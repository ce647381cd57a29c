#!/usr/bin/env bash
# glibc's <sys/pidfd.h> cannot be used from C++: its functions are declared without extern "C".
#
# glibc 2.36 introduced pidfd_open(), pidfd_getfd() and pidfd_send_signal(). Every other header of glibc
# wraps its declarations in __BEGIN_DECLS. This one does not, so that a C++ program compiles and does not
# link: the linker looks for the mangled name. C programs work; C++ has to wrap the #include.
#
# Seen with Debian 12's libc6-dev 2.36-9+deb12u14. Ends with 1 if the behaviour is another. Needs
# apt-get, dpkg-deb and g++; installs nothing outside a temporary folder.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq libc6-dev=2.36-9+deb12u14 >/dev/null 2>&1
dpkg-deb -x libc6-dev_*.deb root
mkdir -p include/sys
cp root/usr/include/x86_64-linux-gnu/sys/pidfd.h include/sys/
echo 'int main() { return pidfd_open(1, 0) < 0; }' >body
{ echo '#include <sys/pidfd.h>'; cat body; } >program.c
cp program.c program.cc
{ echo 'extern "C" {'; echo '#include <sys/pidfd.h>'; echo '}'; cat body; } >wrapped.cc
seen=$(
  for program in program.c program.cc wrapped.cc; do
    if gcc -I include "$program" -o out 2>errors; then
      echo "$program: links"
    else
      echo "$program: $(grep -o 'undefined reference to .*' errors)"
    fi
  done
)
printf '%s\n' "$seen"
[[ $seen == "program.c: links
program.cc: undefined reference to \`pidfd_open(int, unsigned int)'
wrapped.cc: links" ]]
