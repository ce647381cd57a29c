#!/usr/bin/env bash
# Builds everything and runs all tests. Exits with a non-zero status on any failure.
#   tools/test.sh [PRESET] [CTEST ARGUMENTS…]   PRESET: dev (the default), asan or tsan
set -euo pipefail
cd "$(dirname "$0")/.."

preset=dev
if [[ $# -gt 0 && "$1" != -* ]]; then
  preset=$1
  shift
fi
tools/deps.sh test
cmake --preset "$preset" --log-level=WARNING
cmake --build --preset "$preset"
ctest --preset "$preset" -j "$(nproc)" "$@"
