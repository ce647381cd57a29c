#!/usr/bin/env bash
# mold reads [!S] in a version script as a set that has the member "!", GNU ld as the negated set.
#
# Patterns of version scripts are those of the shell, where "!" and "^" both negate a set (POSIX names
# "!" alone). With the same script and object, GNU ld and lld export pick_apple for pick_[!S]*, mold exports pick_Salad,
# the one symbol that the pattern excludes, without a warning. The library links; its users do not. All
# three linkers agree on [^S].
#
# Seen with Debian 12's mold 1.10.1+dfsg-1, binutils 2.40-2 and lld 14. Ends with 1 if the behaviour is
# another. Needs apt-get, dpkg-deb and g++; installs nothing outside a temporary folder.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq mold=1.10.1+dfsg-1 libmimalloc2.0 libtbb12 libxxhash0 lld-14 libllvm14 libedit2 \
  libbsd0 libmd0 libz3-4 >/dev/null 2>&1
for package in *.deb; do dpkg-deb -x "$package" root; done
export LD_LIBRARY_PATH=$PWD/root/usr/lib/x86_64-linux-gnu:$PWD/root/lib/x86_64-linux-gnu
mkdir bin
ln -s "$PWD/root/usr/bin/mold" bin/ld.mold
ln -s "$PWD/root/usr/bin/ld.lld-14" bin/ld.lld
printf 'int pick_apple() { return 1; }\nint pick_Salad() { return 2; }\n' >library.c
exports() { # the linker and the pattern: prints the functions that the library exports
  echo "{ global: $2; local: *; };" >library.map
  gcc -shared -fPIC ${1:+-B"$PWD/bin" -fuse-ld="$1"} -Wl,--version-script=library.map library.c -o library.so
  nm -D --defined-only library.so | awk '$3 ~ /^pick_/ { printf "%s ", $3 }'
}
seen=$(
  for linker in "" lld mold; do
    for pattern in 'pick_[!S]*' 'pick_[^S]*'; do
      echo "${linker:-GNU ld} $pattern: $(exports "$linker" "$pattern")"
    done
  done
)
printf '%s\n' "$seen"
[[ $seen == "GNU ld pick_[!S]*: pick_apple 
GNU ld pick_[^S]*: pick_apple 
lld pick_[!S]*: pick_apple 
lld pick_[^S]*: pick_apple 
mold pick_[!S]*: pick_Salad 
mold pick_[^S]*: pick_apple " ]]
