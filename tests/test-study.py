#!/usr/bin/env python3
"""Does a study run, go on after it was stopped, and report what its ledger says?"""
import json
import os
import re
import signal
import subprocess
import tempfile
import time

import numpy as np

from tap import check, finish

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
SMALL = ("-n", "40", "--repeats", "1", "--folds", "2", "--effort", "0.1", "-t", "1")


def run(*arguments):
    return subprocess.run([SAXID, "study", *arguments], capture_output=True, text=True)


def ledger(directory):
    with open(os.path.join(directory, "ledger.jsonl")) as file:
        return [json.loads(line) for line in file]


def outcomes(directory):
    """What was found, without how long it took."""
    found = {}
    for unit in ledger(directory)[1:]:
        for outcome in unit["outcome"]:
            key = (unit["unit"], outcome["classifier"], outcome["test"])
            found[key] = (outcome["accuracy"], tuple(outcome["confusion"]))
    return found


def whole():
    result = run(*SMALL, "-d", "whole", "--quiet")
    check(result.returncode == 0, "a small study runs", result.stderr)
    lines = ledger("whole")
    check(lines[0]["format"] == "saxid-study-1" and lines[0]["per_class"] == 40 and len(lines[0]["class"]) == 9,
          "the ledger begins with the settings", lines[0])
    found = outcomes("whole")
    names = {key[0].split("/")[4] + "/" + key[1] for key in found}
    wanted = {f"{r}/{c}" for r in ("I", "PCA90", "CAE10", "CAE50", "CAE200", "CNN", "Franke5", "Franke200")
              for c in ("KNN", "RF", "XGBoost")} | {"CNN/perceptron"}
    check(names == wanted, "every representation meets every classifier", sorted(wanted ^ names))
    for key, (accuracy, confusion) in found.items():
        matrix = np.reshape(confusion, (9, 9))
        if abs(np.trace(matrix) / matrix.sum() - accuracy) > 1e-5:
            check(False, "confusion and accuracy agree", key, matrix)
            break
    else:
        check(True, "confusion and accuracy agree")
    folds = {}
    for (unit, classifier, test), (_, confusion) in found.items():
        if unit.startswith("table1") and classifier == "KNN" and "/PCA90/" in unit:
            folds[unit] = np.reshape(confusion, (9, 9)).sum(axis=1)
    check(len(folds) == 2 and all((sizes == 20).all() for sizes in folds.values()),
          "two folds hold every particle once, each class alike", folds)
    accuracies = [v[0] for k, v in found.items() if k[0].startswith("table1") and "/I/I/" in k[0] and k[1] == "XGBoost"]
    check(np.mean(accuracies) > 0.25, "trees on 20 curves a class are far better than chance", accuracies)
    tests = {key[2] for key in found if key[0].startswith("table2")}
    check(tests == {"xeuss", "nano"}, "table 2 is tested on both configurations", tests)
    return found


def resumed(found):
    process = subprocess.Popen([SAXID, "study", *SMALL, "-d", "parts", "--quiet"], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    path = os.path.join("parts", "ledger.jsonl")
    while time.monotonic() < deadline and process.poll() is None:
        if os.path.exists(path) and open(path).read().count("\n") > 3:
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    with open(path, "a") as file:
        file.write('{"unit": "half a li')
    result = run(*SMALL, "-d", "parts", "--quiet")
    check(result.returncode == 0, "a study that was killed goes on", result.stderr)
    again = outcomes("parts")
    same = {key: again.get(key) == value for key, value in found.items()}
    check(again.keys() == found.keys() and all(same.values()), "to the same results",
          [key for key, good in same.items() if not good], again.keys() ^ found.keys())
    units = [unit["unit"] for unit in ledger("parts")[1:]]
    check(len(units) == len(set(units)), "no unit twice")
    before = os.path.getmtime(path)
    check(run(*SMALL, "-d", "parts", "--quiet").returncode == 0 and os.path.getmtime(path) >= before
          and len(ledger("parts")) == len(units) + 1, "a finished study has nothing to do")
    other = run(*SMALL[2:], "-n", "41", "-d", "parts", "--quiet")
    check(other.returncode == 2 and "other settings" in other.stderr, "one of other settings is refused", other.stderr)


def interrupted():
    process = subprocess.Popen([SAXID, "study", "-n", "400", "--only", "table2", "-d", "stopped", "--quiet", "-t", "1"],
                               stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    path = os.path.join("stopped", "checkpoint")
    while time.monotonic() < deadline and process.poll() is None and not os.path.exists(path):
        time.sleep(0.01)
    second = run("-n", "400", "--only", "table2", "-d", "stopped", "--quiet", "-t", "1")
    check(second.returncode == 1 and "another study is at work" in second.stderr, "a second study keeps away",
          second.stderr)
    process.send_signal(signal.SIGINT)
    error = process.communicate()[1]
    check(process.returncode == 1 and "goes on from there" in error and os.path.exists(path),
          "Ctrl-C stops within an epoch, which the next run goes on from", process.returncode, error)
    with open(path, "rb") as file:
        name, state = file.read().split(b"\n", 1)
    check(name.startswith(b"table2/") and name.endswith(b"/0/0") and len(state) > 4 * 175241,
          "the checkpoint says whose it is", name, len(state))


def report():
    result = run("-d", "whole", "--report", "page")
    check(result.returncode == 0, "a report is written", result.stderr)
    text = open(os.path.join("page", "README.md")).read()
    for table in ("Table 1", "Table 2", "Franke", "Preprocessing", "Settings"):
        check(f"{table}" in text, f"with {table}")
    found = outcomes("whole")
    values = [v[0] for k, v in found.items() if k[0].startswith("table1") and "/PCA90/" in k[0] and k[1] == "RF"]
    expected = f"{100 * np.mean(values):.1f} ± {300 * np.std(values, ddof=1):.1f}"
    row = next(line for line in text.splitlines() if line.startswith("| PCA90 |"))
    check(expected in row, "whose numbers are those of the ledger", expected, row)
    for name in re.findall(r"\]\(([^)]*\.svg)\)", text):
        drawing = open(os.path.join("page", name)).read()
        check(drawing.startswith("<?xml") or drawing.startswith("<svg"), f"and {name}")
    empty = run("-d", "nowhere", "--report", "page2", "--only", "nothing")
    check(empty.returncode == 2 and "no part of the study" in empty.stderr, "a part that is none is refused",
          empty.stderr)
    os.mkdir("foreign")
    with open("foreign/ledger.jsonl", "w") as file:
        file.write("something else\n")
    for arguments in (("-d", "foreign", *SMALL), ("-d", "foreign", "--report", "page2")):
        wrong = run(*arguments)
        check(wrong.returncode == 1 and "no ledger" in wrong.stderr
              and open("foreign/ledger.jsonl").read() == "something else\n", "a foreign file is left alone",
              wrong.stderr)


with tempfile.TemporaryDirectory() as directory:
    os.chdir(directory)
    try:
        results = whole()
        resumed(results)
        report()
        interrupted()
    except Exception as error:
        check(False, "the test itself", repr(error))
    os.chdir("/")
finish()
