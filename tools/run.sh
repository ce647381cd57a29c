#!/usr/bin/env bash
# Tries the project on a fresh Debian 12 machine: installs missing packages, builds a release, starts
# tqlmockd on free ports with the sample database, and connects the tql shell to it. Without a
# terminal it executes the sample script in the same way, prints its results and exits.
#   tools/run.sh [ARGUMENTS FOR tql…]     e.g. tools/run.sh -c 'show tables;'
# TQLKIT_PRESET=dev uses another preset than release, whose build may exist already.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/deps.sh build
preset=${TQLKIT_PRESET:-release}
if [[ ! -f build/$preset/build.ninja ]]; then
  cmake --preset "$preset" --log-level=WARNING >&2
fi
cmake --build --preset "$preset" --target tqlmockd tql >&2

state=$(mktemp -d)
server=
clean_up() {
  if [[ -n "$server" ]]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$state"
}
trap clean_up EXIT

TQLMOCKD_PASSWORD=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf 'tsadmin:%s\n' "$TQLMOCKD_PASSWORD" >"$state/users"
chmod 600 "$state/users"
# The server gets a process session of its own, so that Ctrl-C at tql's prompt does not stop it.
setsid "build/$preset/bin/tqlmockd" --https 127.0.0.1:0 --http off --grpc off \
  --user-file "$state/users" --init tools/sample/retail.tql --log-level warning \
  --ready-file "$state/ready" --tls-cert-out "$state/server.pem" >/dev/null &
server=$!
until [[ -s "$state/ready" ]]; do
  kill -0 "$server" 2>/dev/null || { wait "$server" || exit 1; }
  sleep 0.02
done
url=$(sed -n 's/.*"https":"\([^"]*\)".*/\1/p' "$state/ready")
echo "tqlmockd answers at $url" >&2

arguments=(--user tsadmin --cacert "$state/server.pem")
if (($#)); then
  arguments+=(--database retail "$@")
elif [[ -t 0 && -t 1 ]]; then
  arguments+=(--database retail)
else
  arguments+=(--format aligned -f tools/sample/tour.tql)
fi
TQL_PASSWORD=$TQLMOCKD_PASSWORD "build/$preset/bin/tql" "$url" "${arguments[@]}"
