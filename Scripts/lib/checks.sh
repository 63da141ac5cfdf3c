# Results of stages: a line per check on standard output and in $NASUE_RESULTS. Sourced after common.sh.

export NASUE_RESULTS=${NASUE_RESULTS:-/dev/null}

result() { # WORD NAME WHY
  printf '%-4s %s%s\n' "$1" "$2" "${3:+: $3}" | tee -a "$NASUE_RESULTS"
}
pass() { result ok "$1" "${2:-}"; }
fail() { result FAIL "$1" "$2"; }

# A check that cannot run here: under CI that is a failure.
skip() {
  if [ "${CI:-}" = true ]; then fail "$1" "cannot run here, and CI=true: $2"; else result SKIP "$1" "$2"; fi
}

failed_checks() { grep -c '^FAIL' "$NASUE_RESULTS" || true; }

# Runs a command, bounded, and compares its exit status; what it printed is in $OUTPUT and shown when it fails.
expect() { # NAME STATUS SECONDS COMMAND…
  local name=$1 wanted=$2 seconds=$3 status=0 before after
  shift 3
  before=$(date +%s%N)
  OUTPUT=$(timeout -k 5 "$seconds" "$@" 2>&1 </dev/null) || status=$?
  after=$(date +%s%N)
  if [ "$status" -eq "$wanted" ]; then
    pass "$name" "$(((after - before) / 1000000)) ms"
    return 0
  fi
  fail "$name" "exit status $status instead of $wanted from: $*"
  # What of many checks failed, wherever it stands, then the end.
  printf '%s\n' "$OUTPUT" | grep -A 2 -E '^ *FAIL' | head -n 30 | sed 's/^/  | /' || true
  printf '%s\n' "$OUTPUT" | tail -n 60 | sed 's/^/  | /'
  return 1
}

# Says whether the last command's output has a line of this pattern (extended regular expression).
output_has() { # NAME PATTERN
  if grep -Eq -- "$2" <<<"$OUTPUT"; then
    pass "$1"
  else
    fail "$1" "no line like /$2/"
    printf '%s\n' "$OUTPUT" | tail -n 60 | sed 's/^/  | /'
  fi
}

output_has_not() { # NAME PATTERN
  if grep -Eq -- "$2" <<<"$OUTPUT"; then
    fail "$1" "has a line like /$2/"
    grep -E -- "$2" <<<"$OUTPUT" | sed 's/^/  | /'
  else
    pass "$1"
  fi
}

# Waits until a condition holds; gives up after so many seconds, or when the process is gone.
await() { # SECONDS PID CONDITION…
  local end=$((SECONDS + $1)) pid=$2
  shift 2
  while [ "$SECONDS" -lt "$end" ]; do
    "$@" && return 0
    kill -0 "$pid" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}

# Whether an SCTP endpoint listens on this port (column LPORT).
listens() { # PORT
  awk -v port="$1" 'NR > 1 && $6 == port {found = 1} END {exit !found}' /proc/net/sctp/eps 2>/dev/null
}
