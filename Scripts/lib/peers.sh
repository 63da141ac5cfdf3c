# The virtual environment of the third-party peers under .build-peers/. Sourced after common.sh.

PEERS=$ROOT/.build-peers
PEER_PYTHON=$PEERS/venv/bin/python
PEER_REQUIREMENTS=$ROOT/Tests/Peers/pycrate/requirements.txt

# What making it needs and this machine lacks. The system's Python on purpose: a user's pyenv may be of any version, without wheels.
peer_packages() {
  [ -x /usr/bin/python3 ] || echo python3
  /usr/bin/python3 -c 'import ensurepip' 2>/dev/null || echo python3-venv
}

# Makes or renews it when the requirements or the Python changed since; quiet and quick otherwise.
need_peers() {
  local stamp=$PEERS/stamp wanted
  wanted=$(/usr/bin/python3 --version && cat "$PEER_REQUIREMENTS")
  if [ -x "$PEER_PYTHON" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then return 0; fi
  say "installing pycrate's MME under .build-peers/ (once)"
  rm -rf "$PEERS/venv" "$stamp"
  mkdir -p "$PEERS"
  timeout 120 /usr/bin/python3 -m venv "$PEERS/venv" >&2 &&
    timeout 600 "$PEERS/venv/bin/pip" install -q --disable-pip-version-check -r "$PEER_REQUIREMENTS" >&2 || return 1
  printf '%s\n' "$wanted" >"$stamp"
}
