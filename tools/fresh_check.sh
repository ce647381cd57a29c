#!/usr/bin/env bash
# Runs both commands of the README on bare Debian 12 systems: as root, and on another system as a user
# with sudo. Prints what failed and exits with a non-zero status on any failure. Not part of CI,
# because it needs root, debootstrap, a Debian mirror and, without --ccache, about an hour on two cores.
#   tools/fresh_check.sh [--as root|user] [--keep] [--mirror URL] [--ccache DIR]
#     --as        run only one of the two
#     --keep      keep the scratch folder, with the systems and the logs, after success as well
#     --mirror    the mirror of Debian's packages; default: that of debootstrap
#     --ccache    compile with ccache and its cache in DIR, which is faster
# The scratch folder is created in $TMPDIR (/tmp) and needs about 10 GB. All mounts are in a mount
# namespace of the run, so they disappear with its processes.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  sed -n '2,/^set -e/s/^# \{0,1\}//p' "$0" >&2
  exit 2
}
users=(root user)
keep=
mirror=
ccache=
while (($#)); do
  case "$1" in
    --as) [[ "${2:-}" == root || "${2:-}" == user ]] || usage; users=("$2"); shift ;;
    --keep) keep=1 ;;
    --mirror) mirror=${2:?}; shift ;;
    --ccache) ccache=$(realpath "${2:?}"); shift ;;
    *) usage ;;
  esac
  shift
done
((EUID == 0)) || { echo "fresh_check.sh: only root may make a system and enter it" >&2; exit 2; }
command -v debootstrap >/dev/null || {
  echo "fresh_check.sh: debootstrap is missing (apt-get install debootstrap)" >&2
  exit 2
}

# Both users write to the cache.
[[ -z "$ccache" ]] || chmod -R a+rwX "$ccache"
scratch=$(mktemp -d "${TMPDIR:-/tmp}/tqlkit-fresh.XXXXXX")
failed=()
clean_up() {
  if [[ -z "$keep" && ${#failed[@]} -eq 0 ]]; then
    rm -rf --one-file-system "$scratch"
  else
    echo "Systems and logs are kept in $scratch" >&2
  fi
}
trap clean_up EXIT
trap 'failed+=(interrupted); exit 130' INT TERM HUP

# enter SYSTEM COMMAND… executes a command in a system, with its own /proc, /dev and processes.
enter() {
  local system=$1
  shift
  SYSTEM=$system CCACHE=$ccache unshare --mount --pid --fork --kill-child bash -euc '
    mount -t proc proc "$SYSTEM/proc"
    mount -t tmpfs -o mode=755 tmpfs "$SYSTEM/dev"
    for device in null zero full random urandom tty; do
      touch "$SYSTEM/dev/$device"
      mount --bind "/dev/$device" "$SYSTEM/dev/$device"
    done
    mkdir "$SYSTEM/dev/pts" "$SYSTEM/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$SYSTEM/dev/pts"
    mount -t tmpfs -o mode=1777 tmpfs "$SYSTEM/dev/shm"
    ln -s pts/ptmx "$SYSTEM/dev/ptmx"
    ln -s /proc/self/fd "$SYSTEM/dev/fd"
    ln -s fd/0 "$SYSTEM/dev/stdin"
    ln -s fd/1 "$SYSTEM/dev/stdout"
    ln -s fd/2 "$SYSTEM/dev/stderr"
    if [[ -n "$CCACHE" ]]; then
      mkdir -p "$SYSTEM/ccache"
      mount --bind "$CCACHE" "$SYSTEM/ccache"
    fi
    exec chroot "$SYSTEM" "$@"' enter "$@"
}

echo "Making a bare Debian 12 in $scratch" >&2
# debootstrap mounts /proc in the new system.
unshare --mount debootstrap --variant=minbase bookworm "$scratch/bare" ${mirror:+"$mirror"} \
  >"$scratch/debootstrap.log" 2>&1 || {
  failed+=(debootstrap)
  tail -n 20 "$scratch/debootstrap.log" >&2
  exit 1
}
cp /etc/hosts /etc/resolv.conf "$scratch/bare/etc/"

clean_environment=(env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TERM=dumb)
if [[ -n "$ccache" ]]; then
  clean_environment+=(CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_DIR=/ccache CCACHE_NOHASHDIR=1
                      CCACHE_COMPILERCHECK=content CCACHE_UMASK=000)
fi

# make_system USER creates a bare system with the sources in the user's home folder.
make_system() {
  local system=$scratch/$1 home=/root
  cp -a "$scratch/bare" "$system"
  if [[ $1 != root ]]; then
    home=/home/$1
    enter "$system" "${clean_environment[@]}" bash -euc '
      apt-get update -qq
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends sudo
      useradd --create-home --shell /bin/bash "$1"
      echo "$1 ALL=(ALL) NOPASSWD: ALL" >"/etc/sudoers.d/$1"' make "$1"
  fi
  if [[ -n "$ccache" ]]; then
    enter "$system" "${clean_environment[@]}" bash -euc '
      apt-get update -qq
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ccache'
  fi
  mkdir "$system$home/tqlkit"
  git ls-files -z --cached --others --exclude-standard |
    tar --create --null --files-from=- --ignore-failed-read |
    tar --extract --directory "$system$home/tqlkit"
  if [[ $1 != root ]]; then
    enter "$system" chown -R "$1:$1" "$home"
  fi
}

# run USER SCRIPT executes one command of the README, as a new user would after a download.
run() {
  local user=$1 script=$2 home=/root log=$scratch/$1-$2.log start=$SECONDS
  local as=()
  if [[ $user != root ]]; then
    home=/home/$user
    as=(setpriv --reuid "$user" --regid "$user" --init-groups --)
  fi
  local environment=("${clean_environment[@]}" "HOME=$home" "USER=$user" "LOGNAME=$user")
  [[ -z "$ccache" ]] || environment+=("CCACHE_BASEDIR=$home")
  if enter "$scratch/$user" "${as[@]}" "${environment[@]}" \
       bash -c "cd $home/tqlkit && exec ./tools/$script" </dev/null >"$log" 2>&1; then
    echo "passed: ./tools/$script as $user ($((SECONDS - start)) s)"
  else
    failed+=("$user:$script")
    echo "FAILED: ./tools/$script as $user ($((SECONDS - start)) s); the end of $log:"
    # ctest lists the failed tests at the end.
    tail -n 25 "$log" | sed 's/^/  | /'
  fi
}

for user in "${users[@]}"; do
  make_system "$user" >"$scratch/$user-system.log" 2>&1 || {
    failed+=("$user:system")
    echo "FAILED: making the system of $user; the end of $scratch/$user-system.log:"
    tail -n 25 "$scratch/$user-system.log" | sed 's/^/  | /'
    continue
  }
  # Neither script needs the other, in any order; run.sh is first because it installs less.
  run "$user" run.sh
  run "$user" test.sh
  [[ -n "$keep" || ${#failed[@]} -gt 0 ]] || rm -rf --one-file-system "${scratch:?}/$user"
done
if ((${#failed[@]})); then
  echo "Failed: ${failed[*]}"
  exit 1
fi
echo "Both commands pass on a bare Debian 12."
