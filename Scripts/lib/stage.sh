# What a stage of Scripts/test begins with; sourced after common.sh.
. "$ROOT/Scripts/lib/sctp.sh"
. "$ROOT/Scripts/lib/checks.sh"

LOGS=$ROOT/.build-stages
mkdir -p "$LOGS"
export NASUE_LOGS=$LOGS
# A stage run by hand counts for itself.
if [ "$NASUE_RESULTS" = /dev/null ]; then
  NASUE_RESULTS=$LOGS/results
  : >"$NASUE_RESULTS"
fi

failed_before=$(failed_checks)

# Builds what the stages run, unless Scripts/test just did.
need_debug_build() {
  if [ -z "${NASUE_BUILT:-}" ]; then
    need_toolchain
    need_build_packages
    (cd "$ROOT" && swift build --build-tests >&2)
  fi
  local folder
  folder=$(cd "$ROOT" && swift build --show-bin-path)
  export NASUE=$folder/nasue NASUE_TESTS=$folder/nasuePackageTests.xctest
}

# Tries to install what running with SCTP needs. Fails, after saying why, when neither kernel nor User Mode Linux can do it.
need_sctp() {
  # shellcheck disable=SC2046
  (need_packages $(sctp_packages)) || true
  find_sctp || return 1
  if kernel_has_sctp; then
    say "SCTP of this kernel"
  else
    say "no SCTP in this kernel: User Mode Linux $(ls "$(uml_folder)/lib/uml/modules")"
  fi
}

# Runs a job where SCTP is; its checks write their results themselves. A job that does not end well is a failure of its own.
run_job() { # JOB SECONDS
  local status=0 before=$SECONDS
  NASUE_UML_TIMEOUT=$2 timeout -k 10 $(($2 + 30)) "$ROOT/Scripts/with-sctp" "$ROOT/Scripts/stages/jobs/$1" || status=$?
  [ "$status" -eq 0 ] || fail "$1" "the job ended with status $status"
  say "$1 took $((SECONDS - before)) s"
}

# The end of a stage: 1 when a check failed.
end_stage() { [ "$(failed_checks)" -eq "$failed_before" ]; }
