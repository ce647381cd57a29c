#!/usr/bin/env bash
# Installs missing Debian packages, as root or through sudo, and prints their names.
#   tools/deps.sh [build|test|check|bench|package]   the packages to build the programs (default), and
#                                                    in addition those for the tests, tools/check.sh,
#                                                    the benchmark or cpack
set -euo pipefail

packages=(
  g++ cmake ninja-build pkg-config
  libprotobuf-dev protobuf-compiler libgrpc++-dev protobuf-compiler-grpc
  libcpp-httplib-dev libsqlite3-dev libssl-dev libcli11-dev libspdlog-dev
  libpg-query-dev libutf8proc-dev libre2-dev libyaml-cpp-dev
)
packaging=(dpkg-dev file binutils)
case "${1:-build}" in
  build) ;;
  test) packages+=(curl libgtest-dev libgmock-dev python3 python3-grpcio python3-pytest python3-requests sqlite3 man-db doxygen zsh lintian "${packaging[@]}") ;;
  check) packages+=(clang libclang-rt-14-dev clang-format clang-tidy) ;;
  package) packages+=("${packaging[@]}") ;;
  bench) packages+=(libbenchmark-dev nodejs postgresql python3 sqlite3 valgrind) ;;
  *) echo "usage: tools/deps.sh [build|test|check|bench|package]" >&2; exit 1 ;;
esac

missing=()
for package in "${packages[@]}"; do
  if [[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" != installed ]]; then
    missing+=("$package")
  fi
done
((${#missing[@]})) || exit 0

as_root=()
if ((EUID != 0)); then
  command -v sudo >/dev/null || {
    echo "deps.sh: these packages are missing, and there is neither root nor sudo to install them:" >&2
    echo "  ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi
echo "Installing ${missing[*]}" >&2
"${as_root[@]}" apt-get update -qq >&2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
