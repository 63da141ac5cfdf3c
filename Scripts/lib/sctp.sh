# Where SCTP comes from: this kernel, or User Mode Linux. Sourced after common.sh.

UML_KERNEL=${NASUE_UML_KERNEL:-linux.uml}
UML_MODULES=/usr/lib/uml/modules

# Whether a socket of SCTP can be opened; opening one loads the module where the system allows it.
kernel_has_sctp() {
  [ -z "${NASUE_FORCE_UML:-}" ] || return 1
  [ -d /proc/net/sctp ] && return 0
  [ -x /usr/bin/python3 ] || return 1
  /usr/bin/python3 -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132).close()' 2>/dev/null
}

# What the kernel SCTP stages need and this machine lacks.
sctp_packages() {
  missing_unless python3 /usr/bin/python3
  missing_unless iproute2 /usr/bin/ip /bin/ip /sbin/ip /usr/sbin/ip
  kernel_has_sctp && return 0
  missing_unless user-mode-linux /usr/bin/linux.uml
  missing_unless kmod /sbin/modprobe /usr/sbin/modprobe
}

# Whether User Mode Linux is there with SCTP among its modules.
uml_has_sctp() {
  command -v "$UML_KERNEL" >/dev/null && grep -rqs 'sctp\.ko' "$UML_MODULES"/*/modules.dep
}
