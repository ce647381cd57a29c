#!/usr/bin/env bash
# Assigning an empty std::string does not free the memory of a long one in libstdc++, other than
# assigning an empty std::vector.
#
# "text = std::string();" is a move assignment, which for most containers hands over the memory of the
# source. The source has none, because short texts lie in the object itself; libstdc++ then copies the
# zero characters and keeps the memory of the target, as clear() does. A structure that contains the text
# keeps it, too, when an empty structure is assigned. libc++ frees the memory in both cases. "text = {};"
# keeps it in both libraries. std::string().swap(text) frees it in both.
#
# Seen with Debian 12's g++ 12.2.0 and clang 14 with libc++-14. Ends with 1 if the behaviour is another.
# Needs apt-get, dpkg-deb, g++ and clang++; installs nothing outside a temporary folder.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq libstdc++-12-dev=12.2.0-14+deb12u1 libc++-14-dev=1:14.0.6-12 libc++1-14=1:14.0.6-12 \
  libc++abi1-14=1:14.0.6-12 libunwind-14=1:14.0.6-12 >/dev/null 2>&1
for package in *.deb; do dpkg-deb -x "$package" root; done
cat >assign.cc <<'CC'
#include <cstdio>
#include <string>
#include <vector>

struct Record {
  std::string text;
};

template <typename Change>
int Kept(Change change) {
  std::string text(100000, 'x');
  change(text);
  return text.capacity() >= 100000;
}

int main() {
  Record record{std::string(100000, 'x')};
  record = Record();
  std::vector<char> bytes(100000);
  bytes = std::vector<char>();
  std::printf("assigned %d, braces %d, in a structure %d, swapped %d, vector %d\n",
              Kept([](std::string& text) { text = std::string(); }),
              Kept([](std::string& text) { text = {}; }), record.text.capacity() >= 100000,
              Kept([](std::string& text) { std::string().swap(text); }), bytes.capacity() >= 100000);
}
CC
includes=root/usr/include
g++ -std=c++20 -O1 -nostdinc++ -isystem $includes/c++/12 -isystem $includes/x86_64-linux-gnu/c++/12 assign.cc -o gnu
libraries=$PWD/root/usr/lib/llvm-14/lib
clang++ -std=c++20 -O1 -nostdinc++ -isystem root/usr/lib/llvm-14/include/c++/v1 assign.cc -o llvm -nostdlib++ \
  "$libraries/libc++.so.1" "$libraries/libc++abi.so.1" "-Wl,-rpath,$libraries"
{
  echo "libstdc++: $(./gnu)"
  echo "libc++: $(./llvm)"
} | tee seen
diff seen - <<'SEEN'
libstdc++: assigned 1, braces 1, in a structure 1, swapped 0, vector 0
libc++: assigned 0, braces 1, in a structure 0, swapped 0, vector 0
SEEN
