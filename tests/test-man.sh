#!/bin/sh
# Does every verb have a man page, and does the page have the verb's options, all
# of them and no others? Are the pages sound to those who format them?
set -u
export LC_ALL=C

scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
count=0

# The long options, and "-x --long" where there is a short one: PROGRAM VERB
options_of_help () {
  "$1" $2 --help | sed -nE \
    -e 's/^  (-[A-Za-z]), (--[a-z][a-z0-9-]*).*/\1 \2/p' -e 's/^  (--[a-z][a-z0-9-]*).*/\1/p' | sort -u
}

# The same of the section OPTIONS of a page: every .TP whose next line is an option.
options_of_page () {
  sed -n '/^\.SH OPTIONS/,/^\.SH [^O]/p' "$1" | awk '
    tag && /^\.B[A-Z]* / {
      gsub (/\\~/, " ")
      gsub (/\\f[A-Z]/, "")
      gsub (/\\-/, "-")
      rest = $0
      short = ""
      while (match (rest, /(^|[ ,])--?[A-Za-z][a-z0-9-]*/))
        {
          name = substr (rest, RSTART, RLENGTH)
          rest = substr (rest, RSTART + RLENGTH)
          sub (/^[ ,]/, "", name)
          if (name ~ /^--/)
            {
              print (short == "" ? name : short " " name)
              short = ""
            }
          else
            short = name
        }
    }
    { tag = /^\.TP/ }' | sort -u
}

verbs_of () {
  "$1" --help | awk '/^  [a-z]/ { print $1 }'
}

# What the pages in a directory lack or have too much: PROGRAM MAN-DIRECTORY
compare () {
  program=$1
  man=$2
  for verb in $(verbs_of "$program"); do
    page=$man/saxid-$verb.1
    if [ ! -f "$page" ]; then
      echo "$verb: has no page"
      continue
    fi
    grep -q "saxid\\\\-$verb (1)" "$man/saxid.1" || echo "$verb: saxid.1 does not point to its page"
    options_of_help "$program" "$verb" >"$scratch/help"
    options_of_page "$page" >"$scratch/page"
    comm -23 "$scratch/help" "$scratch/page" | sed "s/^/$verb: not in the page: /"
    comm -13 "$scratch/help" "$scratch/page" | sed "s/^/$verb: not in the help: /"
  done
  for page in "$man"/saxid-*.1; do
    verb=${page##*/saxid-}
    verb=${verb%.1}
    verbs_of "$program" | grep -qxF "$verb" || echo "$verb: is a page of no verb"
  done
}

report () {
  count=$((count + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $count - $2"
  else
    echo "not ok $count - $2"
    sed 's/^/# /' "$scratch/out"
  fi
}

# What a broken manual must be reproached with: WHAT EXPECTED-LINE
rejects () {
  compare "$scratch/saxid" "$scratch/man" >"$scratch/out" 2>&1
  [ "$(cat "$scratch/out")" = "$2" ]
  report $? "$1"
}

# A program of two verbs and its manual, sound at first.
make_manual () {
  rm -rf "$scratch/man"
  mkdir "$scratch/man"
  cat >"$scratch/saxid" <<'END'
#!/bin/sh
case $1 in
  --help) printf 'Usage: x\n\n  eat        take in\n  sit        rest\n' ;;
  eat) printf 'Options:\n  -o, --output=FILE   x\n  --no-salt           see --pepper\n' ;;
  sit) printf 'Options:\n  -h, --help          x\n' ;;
esac
END
  chmod +x "$scratch/saxid"
  printf '.BR saxid\\-eat (1)\n.BR saxid\\-sit (1)\n' >"$scratch/man/saxid.1"
  printf '.SH OPTIONS\n.TP\n.BI \\-o\\~ FILE \\fR,\\~ \\-\\-output= FILE\nText\n.B \\-\\-other\n.TP\n.B \\-\\-no\\-salt\nText\n.SH SEE\n' \
    >"$scratch/man/saxid-eat.1"
  printf '.SH OPTIONS\n.TP\n.BR \\-h ,\\~ \\-\\-help\nText\n' >"$scratch/man/saxid-sit.1"
}

lint () {
  for page in "$1"/saxid*.1; do
    if command -v mandoc >/dev/null; then
      mandoc -T lint -W warning "$page"
    fi
    if command -v groff >/dev/null; then
      groff -t -man -Tutf8 -K utf8 -ww -z "$page"
    fi
  done 2>&1
}

echo 1..9

compare "$SAXID_BUILDDIR/saxid" "$SAXID_SRCDIR/man" >"$scratch/out" 2>&1
[ ! -s "$scratch/out" ] && [ "$(verbs_of "$SAXID_BUILDDIR/saxid" | wc -l)" -ge 7 ]
report $? "pages and programs agree"

make_manual
rejects "a sound manual is accepted" ''
rm "$scratch/man/saxid-sit.1"
rejects "a verb without a page" 'sit: has no page'
make_manual
sed -i '/no..salt/d' "$scratch/man/saxid-eat.1"
rejects "an option that the page lacks" 'eat: not in the page: --no-salt'
make_manual
printf '.TP\n.B \\-\\-lie\nText\n' >>"$scratch/man/saxid-sit.1"
rejects "an option that there is not" 'sit: not in the help: --lie'
make_manual
sed -i 's/^\.BR \\-h ,/.BR \\-x ,/' "$scratch/man/saxid-sit.1"
rejects "another short name" 'sit: not in the page: -h --help
sit: not in the help: -x --help'
make_manual
cp "$scratch/man/saxid-sit.1" "$scratch/man/saxid-fly.1"
rejects "a page of no verb" 'fly: is a page of no verb'

if command -v mandoc >/dev/null || command -v groff >/dev/null; then
  lint "$SAXID_SRCDIR/man" >"$scratch/out"
  [ ! -s "$scratch/out" ]
  report $? "the pages are sound"
  make_manual
  printf '.TH X 1 "2026-11-21"\n.SH NAME\nx \\- y\n.nosuchrequest\n' >"$scratch/man/saxid-sit.1"
  lint "$scratch/man" >"$scratch/out"
  grep -q nosuchrequest "$scratch/out"
  report $? "a page that is not sound"
else
  echo "ok 8 - the pages are sound # SKIP neither mandoc nor groff is there"
  echo "ok 9 - a page that is not sound # SKIP neither mandoc nor groff is there"
fi
