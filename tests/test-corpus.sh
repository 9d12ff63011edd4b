#!/bin/sh
# Do the fuzz targets survive every file that ever broke or explored them?
status=0
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
number=0
echo 1..10
for target in reader text model keys poni frame tags; do
  number=$((number + 1))
  corpus=$SAXID_SRCDIR/tests/fuzz/corpus-$target
  output=$("$SAXID_BUILDDIR/tests/fuzz/fuzz-$target" "$corpus" 2>&1)
  code=$?
  if [ "$code" -eq 0 ]; then
    echo "ok $number - $target: $(echo "$output" | grep -c '^ok') files"
  else
    status=1
    echo "not ok $number - $target: it ended with status $code behind the last file below"
    echo "$output" | tail -n 20 | sed 's/^/# /'
  fi
done

# The corpus must reach the reader: its sound files hold curves.
missed=
for name in cansas slit pyfai azint angle plain; do
  "$SAXID_BUILDDIR/tests/read-curves" "$SAXID_SRCDIR/tests/fuzz/corpus-reader/$name.h5" >/dev/null || missed="$missed $name"
done
if [ -z "$missed" ]; then
  echo "ok 8 - the sound files of the corpus hold curves"
else
  status=1
  echo "not ok 8 - no curve in:$missed"
fi

# And so must the others reach what they are for.
missed=
for name in stack.h5 series.h5 tilted.h5 float.tif deflate.tif small.cbf; do
  "$SAXID_BUILDDIR/saxid" reduce --quiet -n 3 -o "$scratch/$name.nxs" "$SAXID_SRCDIR/tests/fuzz/corpus-frame/$name" \
    >/dev/null || missed="$missed $name"
done
if [ -z "$missed" ]; then
  echo "ok 9 - the sound frames are reduced"
else
  status=1
  echo "not ok 9 - not reduced:$missed"
fi
if "$SAXID_BUILDDIR/saxid" model info "$SAXID_SRCDIR/tests/fuzz/corpus-model/trees.h5" >/dev/null \
  && "$SAXID_BUILDDIR/saxid" simulate --quiet -n 2 -p "$SAXID_SRCDIR/tests/fuzz/corpus-keys/sphere.population" \
    -o "$scratch/x.h5" >/dev/null; then
  echo "ok 10 - the sound model and population are taken"
else
  status=1
  echo "not ok 10 - the sound model or population is refused"
fi
exit $status
