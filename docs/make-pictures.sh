#!/bin/sh
# Makes the pictures and the table of README.md and of the tutorial again, from the run and
# the frame of the demo and the shipped model:
#
#   docs/make-pictures.sh [BUILD-DIRECTORY]
#
# docs/report.png is a page of saxid report in Chromium, the table is what
# saxid tag prints.
set -eu

top=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
build=$(CDPATH= cd -- "${1-$top/build}" && pwd)
saxid=$build/saxid
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$top/demo/run.nxs" "$work"
cd "$work"

data=/sphere/sasdata
"$saxid" report run.nxs --path I=$data/I --path q=$data/Q --path sigma=$data/Idev --output page.html

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

"$saxid" reduce --quiet "$top/demo/frame.h5" --geometry "$top/demo/frame.poni" -o frame.nxs
"$saxid" report frame.nxs -o frame.png
mv frame.png "$top/docs/tutorial.png"

{
  echo '$ saxid tag run.nxs'
  "$saxid" tag --quiet --dry-run run.nxs
} >table
awk '
  /^<!-- table/ { print; print "```console"; while ((getline line < "table") > 0) print line; print "```"; skip = 1; next }
  /^<!-- end of table/ { skip = 0 }
  !skip' "$top/README.md" >README.md
if ! cmp -s README.md "$top/README.md"; then
  cat README.md >"$top/README.md"
fi
