"""Does saxid study --materials train, judge, and write its table and page?"""
import os
import subprocess
import tempfile

from tap import check, finish

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
work = tempfile.mkdtemp()
# mean absolute error, in per cent, of who always says the middle of the range: by the closed form for a uniform value
GUESS = {"a": 49.0, "ε": 40.0, "ν": 60.0}


def run(*arguments):
    return subprocess.run([SAXID, "study", "--materials", *arguments], capture_output=True, text=True, timeout=3000, check=False)


page = os.path.join(work, "page")
result = run("--quick", "--threads", "1", "--report", page)
rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in result.stdout.splitlines()[2:]]
check(result.returncode == 0 and len(rows) == 10 and all(len(row) == 10 for row in rows), "the table has ten outputs of four sets",
      result.stderr, result.stdout)
check([row[7] for row in rows] == ["0.71", "4.19", "0.70", "2.03", "0.73", "2.79", "1.28", "0.62", "1.58", "2.88"],
      "with the published figures", result.stdout)
for column, name, most in ((2, "the curve", 0.4), (3, "components", 0.3)):
    learned = [float(row[column]) < (most if row[1] == "a" else 0.8) * GUESS[row[1]] for row in rows]
    check(all(learned), f"a thousand curves teach trees of {name} something of each", result.stdout)
check(all(float(row[5]) < 1.5 * float(row[7]) for row in rows), "trees of the fit come near the published errors", result.stdout)
check(all(float(row[5]) < float(row[3]) for row in rows), "and nearer than those of components", result.stdout)
bounds = [float(row[9]) for row in rows]
check(all(0.3 < bound < 1 for bound, row in zip(bounds, rows) if row[1] == "a"), "the bound of a is that of its cube", bounds)
text = open(os.path.join(page, "README.md"), encoding="utf-8").read() if result.returncode == 0 else ""
check("10.3389/fmats.2022.956839" in text and "| two phases, low porosity | a |" in text and "4.004 ± 0.025" in text
      and os.path.getsize(os.path.join(page, "found.svg")) > 10000, "the page has table, case study and figure", text[:400])

for words, arguments in ((("--curves is 100", "200"), ("--curves", "100")), (("--cubes is -1",), ("--cubes=-1",)),
                         (("--rounds is 0",), ("--rounds", "0"))):
    result = run(*arguments)
    check(result.returncode == 2 and all(word in result.stderr for word in words) and result.stderr.count("\n") == 1,
          f"{' '.join(arguments)} is refused with one line", result.stderr)

finish()
