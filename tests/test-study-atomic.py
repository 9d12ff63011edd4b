"""Does saxid study --atomic learn, judge, go on after it was stopped, and write its tables and page?"""
import json
import os
import re
import subprocess
import tempfile

from tap import check, finish

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
work = tempfile.mkdtemp()


def run(*arguments):
    # BLAS on as many threads as there are processors waits for itself on a busy machine
    return subprocess.run([SAXID, "study", *arguments], capture_output=True, text=True, timeout=3000, check=False,
                          env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})


page = os.path.join(work, "page")
directory = os.path.join(work, "ledger")
quick = ("--atomic", "--quick", "--threads", "1", "-d", directory)
result = run(*quick, "--report", page)
rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in result.stdout.splitlines() if line.startswith("| ")]
table = {(row[0], row[1]): row[2:] for row in rows}
full = "full, 0.01 to 19.99"
check(result.returncode == 0 and len(rows) == 2 + 3 * 4 + 3 * 4, "three windows have four targets and four learners", result.stderr, result.stdout)
check(table.get((full, "ln N"), [""])[0] == "0.00015, 0.999" and table[full, "n"][0] == "0.846, 0.881"
      and [table[full, name][0] for name in ("shape, logistic regression", "shape, CNN", "size, CNN")] == ["99.4", "96.0", "91.0"],
      "with the published figures", result.stdout)
q2 = {target: [float(cell.split(",")[1]) for cell in table[full, target][1:]] for target in ("ln N", "n", "radius of every shape")}
check(all(value > 0.99 for value in q2["ln N"]), "the number of atoms is read off by every split", q2)
check(q2["radius of every shape"][0] > 0.95 > float(table[full, "radius, 0 for three shapes"][1].split(",")[1]),
      "the radius of every shape is, that of the data base is not", table)
shape = [float(cell) for cell in table[full, "shape, logistic regression"][1:]]
check(all(value > 20 for value in shape) and shape[0] > 60 and shape[0] > shape[1] > shape[2],
      "shapes are, the worse the less of them was seen", shape)
network = [float(cell) for cell in table[full, "shape, CNN"][1:3]]
check(all(value > 25 for value in network) and table[full, "shape, CNN"][3:] == ["–", "–"],
      "six epochs teach a network more than the most frequent of nine shapes", network)
text = open(os.path.join(page, "README.md"), encoding="utf-8").read() if result.returncode == 0 else ""
check("10.5281/zenodo.18644730" in text and "A random split leaks" in text and re.search(r"\d weights \(published: 293,193\)", text)
      and os.path.getsize(os.path.join(page, "curves.svg")) > 10000, "the page has tables, words and a figure", text[:400])

# a ledger that lacks its end: three whole lines, and half of the one before
path = os.path.join(directory, "ledger.jsonl")
with open(path, encoding="utf-8") as file:
    lines = file.read().splitlines(keepends=True)
units = [json.loads(line) for line in lines[1:]]
check(len(units) == 3 * 4 + 3 * 4 and len({unit["unit"] for unit in units}) == 24, "each learner on each split is a line of the ledger",
      [unit["unit"] for unit in units])
with open(path, "w", encoding="utf-8") as file:
    file.write("".join(lines[:-4]) + lines[-4][:40])
again = run(*quick, "--report", page)
learned = re.findall(r"^saxid study: (\S.*): done$", again.stderr, re.MULTILINE)
check(again.returncode == 0 and learned == [unit["unit"] for unit in units[-4:]], "a study that was stopped learns what is missing", again.stderr)
with open(path, encoding="utf-8") as file:
    same = [{**json.loads(line), "seconds": 0} for line in file][1:] == [{**unit, "seconds": 0} for unit in units]
check(again.stdout == result.stdout and same, "and comes to the same", again.stdout)
with open(os.path.join(page, "README.md"), encoding="utf-8") as file:
    check("24 of 24 units" in file.read(), "which its page says")
result = run(*quick, "--seed", "7")
check(result.returncode == 2 and "other settings" in result.stderr and result.stderr.count("\n") == 1,
      "the ledger of another seed is refused with one line", result.stderr)

for words, arguments in ((("--epochs is -1",), ("--atomic", "--epochs=-1")),
                         (("studies of their own",), ("--atomic", "--materials"))):
    result = run(*arguments)
    check(result.returncode == 2 and all(word in result.stderr for word in words) and result.stderr.count("\n") == 1,
          f"{' '.join(arguments)} is refused with one line", result.stderr)

finish()
