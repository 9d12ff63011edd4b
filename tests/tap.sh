# TAP of a shell script: `. "$SAXID_SRCDIR/tests/tap.sh"`.
#
# A folder `scratch` that goes with the script, and `report STATUS WHAT`, which tells a test and, where it
# failed, what the one before left in $scratch/out.
# shellcheck shell=sh
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
count=0

report () {
  count=$((count + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $count - $2"
  else
    echo "not ok $count - $2"
    sed 's/^/# /' "$scratch/out"
  fi
}
