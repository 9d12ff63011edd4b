#!/bin/sh
# Makes the pictures and the table of README.md again, with the shipped model and
# simulated curves:
#
#   docs/make-pictures.sh [BUILD-DIRECTORY]
#
# docs/report.png is a page of saxid report in Chromium, docs/curve.svg a plot of
# saxid report, and the table what saxid tag prints.
set -eu

top=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
build=$(CDPATH= cd -- "${1-$top/build}" && pwd)
saxid=$build/saxid
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# One particle of each class, in the order of the classes; 5 is a hollow sphere.
"$saxid" simulate --count 9 --seed 11 --output run.h5
set -- --path I=/curves/I --path q=/curves/q --path sigma=/curves/sigma run.h5

"$saxid" report "$@" --frame 5 --output "$top/docs/curve.svg"
"$saxid" report "$@" --frame 5 --output page.html

browser=
for name in chromium chromium-browser google-chrome; do
  if [ -z "$browser" ] && command -v "$name" >/dev/null; then
    browser=$name
  fi
done
if [ -n "$browser" ]; then
  "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1180,740 \
    --screenshot="$work/report.png" "file://$work/page.html" >browser.log 2>&1 || { cat browser.log >&2; exit 1; }
  mv report.png "$top/docs/report.png"
else
  echo "docs/report.png was not made again: there is no Chromium" >&2
fi

{
  echo '$ saxid tag run.h5'
  "$saxid" tag "$@" --quiet --dry-run
} >table
awk '
  /^<!-- table/ { print; print "```console"; while ((getline line < "table") > 0) print line; print "```"; skip = 1; next }
  /^<!-- end of table/ { skip = 0 }
  !skip' "$top/README.md" >README.md
if ! cmp -s README.md "$top/README.md"; then
  cat README.md >"$top/README.md"
fi
