"""Does saxid study --techniques judge by frame and by experiment, and write its table?"""
import os
import subprocess
import tempfile

from tap import check, finish

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
work = tempfile.mkdtemp()


def run(*arguments):
    kept = () if "-d" in arguments else ("-d", tempfile.mkdtemp(dir=work))
    return subprocess.run([SAXID, "study", "--techniques", "--epochs", "0", *kept, *arguments], capture_output=True, text=True, timeout=3000, check=False)


result = run("--per-class", "20", "--frames", "4", "--folds", "3", "--threads", "1", "--report", work)
rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in result.stdout.splitlines() if line.startswith("| ")][1:]
check(result.returncode == 0 and len(rows) == 16 and all(len(row) == 15 for row in rows), "four features, two ways, two classifiers",
      result.stderr, result.stdout)
numbers = [[float(cell) for cell in row[3:]] for row in rows]
# frames that are dealt out at random are of experiments that were met
check(all(row[0] > row[6] + 15 for row in numbers), "experiments are known again, techniques are not", numbers)
check(max(row[0] for row in numbers) > 85 and all(15 < row[6] < 75 for row in numbers), "by frame and by experiment", numbers)
# the classes are of one size: chance agrees in a quarter of the frames, and recall is accuracy
check(all(abs(row[at + 4] - (row[at] / 100 - 0.25) / 0.75) < 2e-3 and abs(row[at + 1] - row[at]) < 0.11
          for row in numbers for at in (0, 6)), "kappa and recall follow from accuracy", numbers)
check(all(abs(row[at + 5] - row[at + 4]) < 0.05 for row in numbers for at in (0, 6)), "Gorodkin's coefficient is near kappa", numbers)
with open(os.path.join(work, "README.md"), encoding="utf-8") as page:
    check(page.read() == result.stdout, "the page is what was printed")
again = run("--per-class", "20", "--frames", "4", "--folds", "3", "--threads", "2")
check(again.stdout == result.stdout, "threads do not show in the result", again.stdout)
lenet = run("--per-class", "20", "--frames", "4", "--folds", "3", "--threads", "1", "--epochs", "6")
rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lenet.stdout.splitlines() if line.startswith("| LeNet, ")]
check(lenet.returncode == 0 and len(rows) == 12 and all(len(row) == 15 for row in rows), "LeNet of three sets, judged in four ways",
      lenet.stderr, lenet.stdout)
costs = {line.split("|")[1].strip(): int(line.split("|")[2]) for line in lenet.stdout.splitlines() if line.startswith(("| UB |", "| BL |", "| BLA |"))}
# in half of the frames all GISAXS and a fifth of the others; as many of each as of the scarcest; those in four turns
check(costs["BLA"] == 4 * costs["BL"] and costs["BL"] < costs["UB"] < 2 * costs["BL"] + 40, "sets in the published proportions", costs)
best = [float(row[3]) for row in rows if row[0] == "LeNet, BLA"], [float(row[9]) for row in rows if row[0] == "LeNet, BLA"]
check(max(best[0]) > 60 and max(best[0]) > max(best[1]) + 10, "it knows experiments again", rows)
kept = os.path.join(work, "kept")
first = run("--per-class", "20", "--frames", "4", "--folds", "3", "--threads", "1", "-d", kept)
ledger = os.path.join(kept, "ledger.jsonl")
with open(ledger, encoding="utf-8") as lines:
    units = lines.readlines()
check(first.stdout == result.stdout and len(units) == 1 + 32, "what is done is kept, a line a way and split", units[:2])
# as if it had been stopped in the middle of a line, and with a score that nobody would find
changed = [line.replace(line[line.index('"scores":[') + 10:].split(",")[0], "0.125", 1) if k == 3 else line for k, line in enumerate(units)]
with open(ledger, "w", encoding="utf-8") as lines:
    lines.writelines(changed[:20] + [units[20][:30]])
second = run("--per-class", "20", "--frames", "4", "--folds", "3", "--threads", "1", "-d", kept)
old, new = first.stdout.splitlines(), second.stdout.splitlines()
different = [k for k, pair in enumerate(zip(old, new)) if pair[0] != pair[1]]
with open(ledger, encoding="utf-8") as lines:
    check(second.returncode == 0 and len(different) == 1 and "| 12.5 |" in new[different[0]] and len(lines.readlines()) == 33,
          "it goes on from there, and does nothing twice", different, second.stderr)
third = run("--per-class", "21", "--frames", "4", "-d", kept)
check(third.returncode == 1 and "other settings" in third.stderr and third.stderr.count("\n") == 1, "and not with other settings", third.stderr)
for words, arguments in (("--frames is 1", ("--frames", "1")), ("--per-class is 3", ("--per-class", "3"))):
    result = run(*arguments)
    check(result.returncode == 2 and words in result.stderr and result.stderr.count("\n") == 1, f"{words} is refused", result.stderr)

finish()
