#!/usr/bin/env bash
# Builds every preset that the README names and runs what each is for: the tests of dev, asan and
# tsan, and each fuzzer of fuzz over its corpus and for some time more. It takes hours on two cores,
# so it is not a part of CI. Ends non-zero on any failure, after all presets have been tried.
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

# Inputs that the fuzzer finds go to a scratch folder; one that fails is kept in build/fuzz.
fuzz() {
  local scratch status=0
  scratch=$(mktemp -d)
  build/fuzz/tests/"$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/$1-" "$scratch" "tests/fuzz/corpus/$1" || status=$?
  rm -rf "$scratch"
  return "$status"
}

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
