#!/usr/bin/env bash
# yaml-cpp decodes the escapes "\N" and "\_" of YAML to one byte of Latin-1, not to UTF-8.
#
# YAML 1.2 defines "\N" as U+0085 and "\_" as U+00A0. Elsewhere yaml-cpp gives texts as UTF-8, also for
# "\xA0" and "\u00a0". For these two it gives the single bytes 85 and A0, so that a valid document of
# ASCII characters yields a text that is not valid UTF-8: what writes it as JSON or into protobuf fails
# later, far from the document. PyYAML gives the characters.
#
# Seen with Debian 12's libyaml-cpp 0.7.0+dfsg-8+b1 and python3-yaml 6.0-3+b2. Ends with 1 if the
# behaviour is another. Needs apt-get, dpkg-deb, g++ and python3; installs nothing outside a temporary
# folder.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq libyaml-cpp-dev=0.7.0+dfsg-8+b1 libyaml-cpp0.7=0.7.0+dfsg-8+b1 \
  python3-yaml=6.0-3+b2 >/dev/null 2>&1
for package in *.deb; do dpkg-deb -x "$package" root; done
cat >show.cc <<'CC'
#include <yaml-cpp/yaml.h>

#include <cstdio>

int main() {
  for (const auto& item : YAML::Load(R"(["\N", "\_", "\xA0", "\u00a0"])")) {
    for (unsigned char byte : item.as<std::string>()) std::printf("%02x", byte);
    std::printf(" ");
  }
}
CC
library=$PWD/root/usr/lib/x86_64-linux-gnu
g++ -std=c++17 -I root/usr/include show.cc -o show -L "$library" -Wl,-rpath,"$library" -lyaml-cpp
seen="yaml-cpp: $(./show)
PyYAML: $(PYTHONPATH=root/usr/lib/python3/dist-packages python3 -c '
import yaml
print(*(text.encode().hex() for text in yaml.safe_load(r"""["\N", "\_", "\xA0", "\u00a0"]""")))')"
printf '%s\n' "$seen"
[[ $seen == "yaml-cpp: 85 a0 c2a0 c2a0 
PyYAML: c285 c2a0 c2a0 c2a0" ]]
