# Shared by the scripts of this folder; sourced by bash with `set -euo pipefail`.
# Exit status 3 is the environment's fault (as with nasue itself), always with one line that says what to do.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
SCRIPT=${0##*/}

say() { printf '%s: %s\n' "$SCRIPT" "$*" >&2; }
die() { # STATUS MESSAGE
  local status=$1
  shift
  say "$*"
  exit "$status"
}

# --- The toolchain -------------------------------------------------------------------------------------------------

# The version of Swift as MAJOR.MINOR, nothing when it does not run.
swift_version() {
  { swift --version 2>/dev/null || true; } | sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p'
}

# What the shared libraries of the toolchain lack on this machine, as package names.
toolchain_packages() {
  local folder library
  folder=$(dirname "$(readlink -f "$(command -v swift)")")
  { ldd "$folder/swift-build" "$folder/swift-frontend" "$folder/clang" 2>/dev/null || true; } |
    sed -nE 's/^[[:space:]]*(lib[^ ]+) => not found.*/\1/p' | sort -u | while read -r library; do
    case $library in
      libcurl.so.4) echo libcurl4 ;;
      libedit.so.2) echo libedit2 ;;
      libncurses.so.6 | libtinfo.so.6) echo libncurses6 ;;
      libsqlite3.so.0) echo libsqlite3-0 ;;
      libstdc++.so.6) echo libstdc++6 ;;
      libxml2.so.2) echo libxml2 ;;
      libz.so.1) echo zlib1g ;;
      libz3.so.4) echo libz3-4 ;;
      *) say "the toolchain needs $library, which is missing here" ;;
    esac
  done
}

need_toolchain() {
  local advice="install Swift 6.2 or newer (https://www.swift.org/install/linux) and put its usr/bin on PATH"
  command -v swift >/dev/null || die 3 "no Swift toolchain: $advice"
  local version
  version=$(swift_version)
  if [ -z "$version" ]; then # found, but does not start: its libraries first
    # shellcheck disable=SC2046
    need_packages $(toolchain_packages)
    version=$(swift_version)
  fi
  [ -n "$version" ] || die 3 "'swift --version' does not run ($(command -v swift)): $advice"
  if [ "${version%%.*}" -lt 6 ] || { [ "${version%%.*}" -eq 6 ] && [ "${version#*.}" -lt 2 ]; }; then
    die 3 "Swift $version is too old: $advice"
  fi
}

# --- System packages -----------------------------------------------------------------------------------------------

# Prints PACKAGE unless something matches one of the paths: what is there is left alone, wherever it came from.
missing_unless() { # PACKAGE PATH…
  local package=$1 path
  shift
  for path; do
    # shellcheck disable=SC2086
    compgen -G "$path" >/dev/null && return 0
  done
  echo "$package"
}

# What building needs and this machine lacks.
build_packages() {
  missing_unless libssl-dev /usr/include/openssl/evp.h /usr/local/include/openssl/evp.h
  missing_unless pkg-config /usr/bin/pkg-config /usr/local/bin/pkg-config
  missing_unless libc6-dev /usr/include/stdio.h
  missing_unless linux-libc-dev /usr/include/linux/sctp.h
  missing_unless g++ "/usr/lib/gcc/*/*/libstdc++.so"
  missing_unless ca-certificates /etc/ssl/certs/ca-certificates.crt
  toolchain_packages
}

# Installs packages through apt-get, with sudo when not root. Nothing is touched when the list is empty.
need_packages() { # PACKAGE…
  [ $# -gt 0 ] || return 0
  local sudo=() once
  mapfile -t once < <(printf '%s\n' "$@" | sort -u)
  set -- "${once[@]}"
  command -v apt-get >/dev/null || die 3 "missing: $*; this is no Debian or Ubuntu, install their equivalents and start again"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die 3 "missing: $*; no sudo here, so as root: apt-get install -y --no-install-recommends $*"
    sudo=(sudo)
  fi
  say "installing what is missing: $*"
  {
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
      "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
  } >&2 || die 3 "apt-get could not install: $*; the lines above say why"
}

need_build_packages() {
  # shellcheck disable=SC2046
  need_packages $(build_packages)
}

# --- Processes -----------------------------------------------------------------------------------------------------

CHILDREN=()

# Ends what was started with `start`: TERM, then KILL after two seconds. Only by process id.
end_children() {
  local pid tries
  for pid in "${CHILDREN[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${CHILDREN[@]}"; do
    for tries in 1 2 3 4 5 6 7 8 9 10; do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.2
      [ "$tries" -lt 10 ] || kill -KILL "$pid" 2>/dev/null || true
    done
    wait "$pid" 2>/dev/null || true
  done
  CHILDREN=()
}

# Ends the children however the script ends.
end_children_at_exit() {
  trap end_children EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

# Starts a command in the background, its output in LOG; its process id is in $STARTED.
start() { # LOG COMMAND…
  local log=$1
  shift
  "$@" >"$log" 2>&1 </dev/null &
  STARTED=$!
  CHILDREN+=("$STARTED")
}
