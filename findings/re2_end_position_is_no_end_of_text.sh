#!/usr/bin/env bash
# RE2::Match() with an end position does not let "$" match there, nor "\b", other than Python's re.
#
# Match(text, start, end, …) restricts where a match lies, but "$", "\z" and "\b" are judged by the whole
# text. In Python, pattern.search(text, pos, endpos) treats the text as if it ended at endpos. Code that
# checks a part of a buffer with an anchored pattern and positions, as it does in Python, finds nothing in
# RE2; a StringPiece of the part behaves as expected. For the start both agree: "^" does not match there.
#
# Seen with Debian 12's libre2 20220601+dfsg-1+b1 and Python 3.11. Ends with 1 if the behaviour is another.
# Needs apt-get, dpkg-deb, g++ and python3; installs nothing outside a temporary folder.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq libre2-dev=20220601+dfsg-1+b1 libre2-9=20220601+dfsg-1+b1 >/dev/null 2>&1
for package in *.deb; do dpkg-deb -x "$package" root; done
cat >match.cc <<'CC'
#include <re2/re2.h>

#include <iostream>

int main() {
  const re2::StringPiece text("abc");
  for (const char* pattern : {"b$", "b\\b", "^b", "b"}) {
    const RE2 regex(pattern);
    std::cout << pattern << ": positions " << regex.Match(text, 1, 2, RE2::UNANCHORED, nullptr, 0)
              << ", part " << RE2::PartialMatch(text.substr(1, 1), regex) << "\n";
  }
}
CC
library=$PWD/root/usr/lib/x86_64-linux-gnu
g++ -std=c++17 -I root/usr/include match.cc -o match -L "$library" -Wl,-rpath,"$library" -lre2 -pthread
seen="$(./match)
$(python3 -c '
import re
for pattern in ("b$", r"b\b", "^b", "b"):
    found = re.compile(pattern).search("abc", 1, 2)
    print(f"{pattern}: Python {int(found is not None)}")')"
printf '%s\n' "$seen"
[[ $seen == "b\$: positions 0, part 1
b\\b: positions 0, part 1
^b: positions 0, part 1
b: positions 1, part 1
b\$: Python 1
b\\b: Python 1
^b: Python 0
b: Python 1" ]]
