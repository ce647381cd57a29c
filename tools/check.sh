#!/usr/bin/env bash
# Checks the sources (tools/lint.py), builds all presets, runs the tests of dev, asan and tsan, and runs
# each fuzzer over its corpus and then for some time. Takes hours on two cores; .ci/run has the part
# that fits into CI. Tries everything and exits with a non-zero status on any failure.
#   tools/check.sh [--build-only] [--fuzz-seconds N] [PRESET…]     default: 60 s, all presets
set -uo pipefail
cd "$(dirname "$0")/.."

all=(dev release asan tsan coverage fuzz)
build_only=
seconds=60
presets=()
while (($#)); do
  case "$1" in
    --build-only) build_only=1 ;;
    --fuzz-seconds) seconds=${2:?}; shift ;;
    -*) sed -n '2,/^set -/s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    *)
      [[ " ${all[*]} " == *" $1 "* ]] || { echo "check.sh: unknown preset $1; presets: ${all[*]}" >&2; exit 2; }
      presets+=("$1")
      ;;
  esac
  shift
done
((${#presets[@]})) || presets=("${all[@]}")
tools/deps.sh test || exit 1
tools/deps.sh check || exit 1

failed=()
attempt() {
  local what=$1
  shift
  echo "== $what"
  "$@" || failed+=("$what")
}

build() { cmake --preset "$1" --log-level=WARNING && cmake --build --preset "$1"; }

# New inputs are written to a scratch folder; an input that fails is kept in build/fuzz.
fuzz() {
  local scratch status=0
  scratch=$(mktemp -d)
  build/fuzz/tests/"$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/$1-" "$scratch" "tests/fuzz/corpus/$1" || status=$?
  rm -rf "$scratch"
  return "$status"
}

attempt "lint" tools/lint.py
for preset in "${presets[@]}"; do
  attempt "$preset: build" build "$preset"
  [[ -z "$build_only" && " ${failed[*]:-} " != *" $preset: build "* ]] || continue
  case "$preset" in
    dev | asan | tsan) attempt "$preset: tests" ctest --preset "$preset" -j "$(nproc)" ;;
    fuzz)
      for corpus in tests/fuzz/corpus/*/; do
        fuzzer=$(basename "$corpus")
        attempt "fuzz: $fuzzer" fuzz "$fuzzer"
      done
      ;;
  esac
done

if ((${#failed[@]})); then
  printf 'FAILED: %s\n' "${failed[@]}"
  exit 1
fi
echo "Passed: ${presets[*]}"
