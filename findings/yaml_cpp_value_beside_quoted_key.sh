#!/usr/bin/env bash
# yaml-cpp reads the YAML document `"a":1` as the text "a" and ignores the rest, without an error.
#
# Behind a quoted key, YAML 1.2 (section 7.4.2, example 7.21) permits a value without a space, so that JSON
# is YAML; the document is a mapping. Inside braces yaml-cpp reads it so. As a block mapping, Load()
# returns the key alone, and LoadAll() two documents, although the text has no document marker. A hand-written
# configuration with one such line loses all that follows.
#
# Seen with Debian 12's libyaml-cpp 0.7.0+dfsg-8+b1. Ends with 1 if the
# behaviour is another. Needs apt-get, dpkg-deb and g++; installs nothing outside a temporary folder.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq libyaml-cpp-dev=0.7.0+dfsg-8+b1 libyaml-cpp0.7=0.7.0+dfsg-8+b1 >/dev/null 2>&1
for package in *.deb; do dpkg-deb -x "$package" root; done
cat >show.cc <<'CC'
#include <yaml-cpp/yaml.h>

#include <iostream>

std::string Text(const YAML::Node& node) {
  YAML::Emitter emitter;
  emitter << YAML::Flow << node;
  return emitter.c_str();
}

int main() {
  for (const char* text : {"\"a\": 1", "{\"a\":1}", "\"a\":1", "\"a\":1\n\"b\":2"}) {
    std::cout << Text(YAML::Load(text)) << ", documents: " << YAML::LoadAll(text).size() << "\n";
  }
}
CC
library=$PWD/root/usr/lib/x86_64-linux-gnu
g++ -std=c++17 -I root/usr/include show.cc -o show -L "$library" -Wl,-rpath,"$library" -lyaml-cpp
seen=$(./show)
printf '%s\n' "$seen"
[[ $seen == "a: 1, documents: 1
{a: 1}, documents: 1
a, documents: 2
a, documents: 4" ]]
