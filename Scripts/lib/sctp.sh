# Where SCTP comes from: this kernel, or User Mode Linux. Sourced after common.sh.

# Debian has a package of User Mode Linux; Ubuntu 24.04 has none, and runs Debian's, unpacked under .build-peers/ and known by its hash.
UML_UNPACKED=$ROOT/.build-peers/user-mode-linux
UML_PACKAGE=user-mode-linux_6.1um4+b13_amd64.deb
UML_SHA256=0ce700f835c385ab09860ad33137817402403a29e424177510244bd75a81c687
UML_SOURCES=(
  "http://deb.debian.org/debian/pool/main/u/user-mode-linux/$UML_PACKAGE"
  "https://snapshot.debian.org/file/3ff2430c233973a1c3fc21a4d684fd19485947ea"
)

# Whether a socket of SCTP can be opened; opening one loads the module where the system allows it.
kernel_has_sctp() {
  [ -z "${NASUE_FORCE_UML:-}" ] || return 1
  [ -d /proc/net/sctp ] && return 0
  [ -x /usr/bin/python3 ] || return 1
  /usr/bin/python3 -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132).close()' 2>/dev/null
}

# Prints the folder above User Mode Linux's bin/ and lib/; fails when it is not there, or without SCTP.
uml_folder() {
  local folder
  for folder in ${NASUE_UML:+"$NASUE_UML"} /usr "$UML_UNPACKED/usr"; do
    if [ -x "$folder/bin/linux.uml" ] && grep -qs 'net/sctp/sctp\.ko' "$folder"/lib/uml/modules/*/modules.dep; then
      echo "$folder"
      return 0
    fi
  done
  return 1
}

# What the kernel SCTP stages need and this machine lacks.
sctp_packages() {
  missing_unless python3 /usr/bin/python3
  missing_unless iproute2 /usr/bin/ip /bin/ip /sbin/ip /usr/sbin/ip
  kernel_has_sctp && return 0
  missing_unless kmod /sbin/modprobe /usr/sbin/modprobe
  if grep -qs '^ID=debian' /etc/os-release && [ "$(uname -m)" = x86_64 ]; then
    uml_folder >/dev/null || echo user-mode-linux
  fi
}

# Fetches and unpacks Debian's User Mode Linux where no package brought one. Nothing outside .build-peers/ is touched.
unpack_uml() {
  local source package=$ROOT/.build-peers/$UML_PACKAGE
  [ "$(uname -m)" = x86_64 ] || return 1
  command -v dpkg-deb >/dev/null || return 1
  say "unpacking Debian's User Mode Linux under .build-peers/ (once, 41 MB)"
  mkdir -p "$ROOT/.build-peers"
  for source in "${UML_SOURCES[@]}"; do
    timeout 300 /usr/bin/python3 -c 'import sys, urllib.request; urllib.request.urlretrieve(sys.argv[1], sys.argv[2])' \
      "$source" "$package" 2>/dev/null || continue
    if echo "$UML_SHA256  $package" | sha256sum --check --status; then
      rm -rf "$UML_UNPACKED"
      dpkg-deb --extract "$package" "$UML_UNPACKED" && rm -f "$package" && return 0
    fi
  done
  rm -f "$package"
  say "could not fetch $UML_PACKAGE from ${UML_SOURCES[*]}"
  return 1
}

# Tries all there is, after the packages are installed; fails when SCTP is nowhere.
find_sctp() { kernel_has_sctp || uml_folder >/dev/null || unpack_uml; }
