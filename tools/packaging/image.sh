#!/usr/bin/env bash
# Builds the image of tqlmockd with docker, podman or buildah, whichever there is.
#   tools/packaging/image.sh [NAME]               over debian:bookworm-slim [NAME: tqlmockd]
#   tools/packaging/image.sh --bootstrap [NAME]   over a base that debootstrap makes, without a
#                                                 registry of images; needs root and buildah
# Further options for the builder, e.g. --network=host, are taken from IMAGE_FLAGS.
set -euo pipefail

source_folder=$(cd "$(dirname "$0")/../.." && pwd)
bootstrap=
if [[ "${1:-}" == --bootstrap ]]; then
  bootstrap=1
  shift
fi
name=${1:-tqlmockd}
read -ra flags <<<"${IMAGE_FLAGS:-}"
# The options that docker, podman and buildah share.
flags+=(-f "$source_folder/tools/packaging/Dockerfile" -t "$name")

if [[ -z $bootstrap ]]; then
  for builder in docker podman buildah; do
    command -v "$builder" >/dev/null || continue
    exec "$builder" build "${flags[@]}" "$source_folder"
  done
  echo "image.sh: none of docker, podman and buildah is installed" >&2
  exit 1
fi

for program in buildah debootstrap; do
  command -v "$program" >/dev/null || {
    echo "image.sh: $program is not installed: apt-get install buildah debootstrap" >&2
    exit 1
  }
done
base=localhost/tqlkit-base
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! buildah inspect --type image "$base" >/dev/null 2>&1; then
  debootstrap --variant=minbase bookworm "$work/root" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >&2
  container=$(buildah from scratch)
  buildah add --quiet "$container" "$work/root" / >/dev/null
  buildah commit --quiet --rm "$container" "$base" >/dev/null
fi
buildah build --isolation chroot --format docker --build-arg "BASE=$base" "${flags[@]}" \
  --ignorefile "$source_folder/tools/packaging/Dockerfile.dockerignore" "$source_folder"
