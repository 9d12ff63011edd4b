#!/bin/sh
# Does a short round of every fuzz target find a crash of ours?
#
#   minute.sh TREE CORPORA SECONDS      (TREE was configured with --enable-fuzzing)
set -u
tree=$1
corpora=$2
seconds=$3
status=0
found=$(mktemp -d) || exit 99
trap 'rm -rf "$found"' EXIT
export ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=0

for target in "$tree"/tests/fuzz/fuzz-*; do
  name=${target##*/fuzz-}
  [ -d "$corpora/corpus-$name" ] && [ -x "$target" ] || continue
  mkdir -p "$found/$name/new"
  # libhdf5 1.10.8 crashes on files that are made for it: go on behind such a crash
  case $name in
    reader | frame) more='-fork=1 -ignore_crashes=1 -ignore_ooms=1 -ignore_timeouts=1' ;;
    *) more= ;;
  esac
  "$target" $more -rss_limit_mb=2500 -timeout=20 -max_total_time="$seconds" -artifact_prefix="$found/$name/" \
    "$found/$name/new" "$corpora/corpus-$name" >"$found/$name.log" 2>&1
  ended=$?
  crashes=$(find "$found/$name" -maxdepth 1 -type f)
  ours=$([ -z "$crashes" ] || sh "$corpora/triage.sh" "$target" $crashes | grep -v '^libhdf5')
  [ -n "$crashes" ] || [ "$ended" -eq 0 ] || ours="ended with $ended"
  if [ -n "$ours" ]; then
    status=1
    printf '%s: %s\n' "$name" "$ours"
    tail -n 20 "$found/$name.log"
  else
    printf '%s: nothing of ours in %s s\n' "$name" "$seconds"
  fi
done
exit "$status"
