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

# Whether an option takes a number. One that does not lets the unknown option be refused: PROGRAM VERB OPTION
takes_number () {
  "$1" "$2" "$3=word" --no-such-option 2>&1 </dev/null | grep -q "Cannot parse .*$3"
}

# What the program says is possible of an option with a number: PROGRAM VERB OPTION
bounds_of () {
  for rest in '' 'no-file' "-o $scratch/none no-file"; do
    "$1" "$2" "$3=-2147483647" $rest 2>&1 </dev/null
  done | sed -n 's/^saxid [a-z]*: .* is -[0-9.e+]*, \(.*\) is possible.*/\1/p' | head -1
}

# The text of an option in a page, on one line: PAGE OPTION
text_of () {
  sed -n '/^\.SH OPTIONS/,/^\.SH [^O]/p' "$1" | sed -e 's/\\~/ /g' -e 's/\\f[A-Z]//g' -e 's/\\-/-/g' | awk -v option="$2" '
    function say() { if (tag ~ "(^|[ ,])" option "([ =,]|$)") print text; text = ""; tag = "" }
    /^\.(TP|SH)/ { say(); first = 1; next }
    first { sub (/^\.B[A-Z]* /, ""); tag = $0; first = 0; next }
    { sub (/^\.[BI][BIR]* /, ""); text = text " " $0 }
    END { say() }'
}

# Bounds that nobody meets need not be in a page: a lower end of about 0, an upper one of a hundred thousand.
matter () {
  echo "$1" | awk '{ low = $1 == "more" ? $3 : $1; high = $0 ~ /or more$/ ? 1e9 : $NF
                     exit !(high < 1e5 || low > 1e-5 || low < -1e5) }'
}

# Bounds of numbers that the pages in a directory do not give: PROGRAM MAN-DIRECTORY
compare_bounds () {
  for verb in $(verbs_of "$1"); do
    "$1" "$verb" --help | sed -nE 's/^  (-[A-Za-z], )?(--[a-z][a-z0-9-]*)=.*/\2/p' | while read -r option; do
      takes_number "$1" "$verb" "$option" || continue
      bounds=$(bounds_of "$1" "$verb" "$option")
      [ -n "$bounds" ] && matter "$bounds" || continue
      echo "$verb $option" >>"$scratch/bounded"
      case $(text_of "$2/saxid-$verb.1" "$option") in
        *"$bounds"*) ;;
        *) echo "$verb: $option: not in the page: $bounds" ;;
      esac
    done
  done
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
  eat) case $2 in
    --help) printf 'Options:\n  -o, --output=FILE   x\n  --no-salt           see --pepper\n  --times=N           x\n' ;;
    --times=word) echo 'saxid eat: Cannot parse integer value word for --times' >&2 ;;
    --times=-2147483647) echo 'saxid eat: --times is -2147483647, 2 to 9 is possible (see)' >&2 ;;
    esac ;;
  sit) printf 'Options:\n  -h, --help          x\n' ;;
esac
END
  chmod +x "$scratch/saxid"
  printf '.BR saxid\\-eat (1)\n.BR saxid\\-sit (1)\n' >"$scratch/man/saxid.1"
  printf '.SH OPTIONS\n.TP\n.BI \\-o\\~ FILE \\fR,\\~ \\-\\-output= FILE\nText\n.B \\-\\-other\n.TP\n.B \\-\\-no\\-salt\nText\n.TP\n.BI \\-\\-times= N\nOnce a day,\n2 to 9.\n.SH SEE\n' \
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

echo 1..12

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

compare_bounds "$SAXID_BUILDDIR/saxid" "$SAXID_SRCDIR/man" >"$scratch/out" 2>&1
[ ! -s "$scratch/out" ] && [ "$(wc -l <"$scratch/bounded")" -ge 30 ]
report $? "the pages give the bounds of every number that an option takes"
make_manual
compare_bounds "$scratch/saxid" "$scratch/man" >"$scratch/out" 2>&1
[ ! -s "$scratch/out" ]
report $? "so does a sound manual"
sed -i 's/2 to 9/2 to 8/' "$scratch/man/saxid-eat.1"
compare_bounds "$scratch/saxid" "$scratch/man" >"$scratch/out" 2>&1
grep -qxF 'eat: --times: not in the page: 2 to 9' "$scratch/out"
report $? "a page with another bound"

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
  echo "ok 11 - the pages are sound # SKIP neither mandoc nor groff is there"
  echo "ok 12 - a page that is not sound # SKIP neither mandoc nor groff is there"
fi
