#!/usr/bin/env python3
"""How often is saxid right on measured curves of known shape?

    make bench-measured [ARGUMENTS="--rows"]
    bench-measured.py [--saxid PATH] [--data FOLDER] [--options TEXT] [--json FILE] [--rows]
                      [NAME=OPTIONS ...]

The curves are those of $SAXID_DATA/measured; the README there says how they were chosen. Each
begins with a comment of its id, class, other answers that an expert with this curve alone
would accept, grade and source. A star behind the grade marks a visible structure factor: such
a curve is judged and shown, and not counted.

    exact      the label is the class or one that is accepted, and the curve is not refused
    strict     the label is the class itself, and the curve is not refused
    family     the label is of the family (globular, elongated, flat, hollow) of the class or
               of an accepted answer, refused or not
    fam.ans    the same, and not refused
    refused    flagged as an outlier, abstained from or rejected
    conf.wrong p above 0.9, not exact, and not refused
    NONE       of the curves that are none of the classes: refused, or no p above 0.6, or an
               accepted label; a material (two_phase, three_phase) is no particle
    labs       exact as a mean over the laboratories (source repositories), each counted once
    ECE        expected calibration error of p against right, over the curves that are not
               refused, ten bins of equal width; a curve of NONE is right by an accepted label
    chance     what as many curves show of it where every p is right; beside it the mean p and
               the part of them that is right
    median, worst  seconds from one verdict to the next: reading, judging, printing

Each NAME=OPTIONS is a row of the table: the options go to saxid tag (--options to every row).
Without any there is one row and the classes one by one. --json FILE gets one object per row
and curve, --rows lists the curves.
"""
import argparse
import glob
import json
import os
import random
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict

FAMILY = {shape: family for family, shapes in {
    "globular": ("sphere", "core_shell_sphere"),
    "elongated": ("cylinder", "core_shell_cylinder", "prolate", "core_shell_prolate"),
    "flat": ("disc", "core_shell_disc", "oblate", "core_shell_oblate"),
    "hollow": ("hollow_sphere",)}.items() for shape in shapes}
NONE = "NONE"
MATERIALS = {"two_phase", "three_phase"}
CONFIDENT, OPEN, BINS = 0.9, 0.6, 10


def known(path):
    """What the head of a file says of its sample."""
    with open(path, encoding="utf-8") as lines:
        head = dict(part.split("=", 1) for part in re.split(r"; +", lines.readline().lstrip("# ").strip()))
    accept = set(filter(lambda name: name != "-", head["accept"].split("|")))
    return {"id": head["id"], "class": head["class"].split(":")[0], "sample": head["sample"], "accept": accept,
            "counted": not head["grade"].endswith("*"), "grade": head["grade"], "lab": head["source"].split("@")[0]}


def nexus(saxid, paths, folder):
    """The curves as files that saxid tag reads. One that cannot be imported is missing there."""
    done = subprocess.run([saxid, "import", "--quiet", "--directory", folder, *paths], stderr=subprocess.PIPE, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"bench-measured: saxid import failed: {done.stderr}")
    return [path for path in (os.path.join(folder, stem(p) + ".nxs") for p in paths) if os.path.exists(path)]


def stem(path):
    return os.path.splitext(os.path.basename(path))[0]


def verdicts(saxid, options, files):
    """The verdict on each file, by its stem, with the seconds that it took. The first file is
    judged twice, so that the start of the program is in no figure."""
    found = {}
    with subprocess.Popen([saxid, "tag", "--json", "--dry-run", "--quiet", *shlex.split(options), files[0], *files],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        then = time.monotonic()
        for line in run.stdout:
            verdict, now = json.loads(line), time.monotonic()
            verdict["seconds"], then = now - then, now
            found[stem(verdict["file"])] = verdict
        complaint = run.stderr.read()
    if not found:
        sys.exit(f"bench-measured: saxid tag {options} gave no verdict: {complaint}")
    return found


def judge(curve, verdict):
    """A row: what is known, what was said, and what follows."""
    verdict = verdict or {"status": "rejected", "label": None, "confidence": 0, "outlier": False, "outlier_score": 0,
                          "probability": {}, "seconds": 0}
    label, p = verdict["label"], verdict["confidence"]
    most = max(verdict["probability"].values(), default=0)
    refused = verdict["status"] != "ok" or verdict["outlier"]
    is_none = curve["class"] == NONE
    accepted = label in curve["accept"] | {curve["class"]} | (MATERIALS if is_none else set())
    right = (refused or most <= OPEN or accepted) if is_none else accepted and not refused
    return {**curve, "accept": sorted(curve["accept"]), "label": label, "p": p, "outlier_score": verdict["outlier_score"],
            "family": verdict.get("family"), "refused": refused, "accepted": accepted, "right": right,
            "strict": label == curve["class"] and not refused,
            "family_right": not is_none and FAMILY.get(label) in {FAMILY[c] for c in curve["accept"] | {curve["class"]}},
            "confidently_wrong": most > CONFIDENT and not right and not refused, "seconds": verdict["seconds"]}


def calibration_error(rows):
    """Of the answers; nan where there is none."""
    bins = defaultdict(list)
    for row in (r for r in rows if not r["refused"]):
        bins[min(int(row["p"] * BINS), BINS - 1)].append((row["p"], row["accepted"]))
    n = sum(map(len, bins.values()))
    return sum(abs(sum(p - right for p, right in inside)) for inside in bins.values()) / n if n else float("nan")


def error_by_chance(rows, draws=200):
    """What as many curves show of a calibration error, if every p is right."""
    dice = random.Random(1)
    return statistics.mean(calibration_error([dict(row, accepted=dice.random() < row["p"]) for row in rows])
                           for _ in range(draws))


def over_labs(rows):
    labs = defaultdict(list)
    for row in rows:
        labs[row["lab"]].append(row["right"])
    return statistics.mean(map(statistics.mean, labs.values())), len(labs)


def score(rows):
    counted = [row for row in rows if row["counted"]]
    shapes = [row for row in counted if row["class"] != NONE]
    none = [row for row in counted if row["class"] == NONE]
    labs, n_labs = over_labs(shapes)
    return {"shapes": len(shapes), "exact": sum(r["right"] for r in shapes), "strict": sum(r["strict"] for r in shapes),
            "family": sum(r["family_right"] for r in shapes),
            "fam.ans": sum(r["family_right"] and not r["refused"] for r in shapes),
            "refused": sum(r["refused"] for r in shapes),
            "conf.wrong": sum(r["confidently_wrong"] for r in shapes), "none": len(none),
            "none right": sum(r["right"] for r in none),
            "none conf.wrong": sum(r["confidently_wrong"] for r in none), "labs": labs, "n labs": n_labs,
            "ECE": calibration_error(counted), "chance": error_by_chance(counted),
            "mean p": statistics.mean(r["p"] for r in counted if not r["refused"]),
            "mean right": statistics.mean(r["accepted"] for r in counted if not r["refused"]),
            "median": statistics.median(r["seconds"] for r in rows), "worst": max(r["seconds"] for r in rows)}


def say_table(scores):
    first = next(iter(scores.values()))
    width = max(map(len, scores))
    print(f"{'':{width}}  shapes: exact strict family fam.ans refused conf.wrong   labs | none: right conf.wrong |"
          "   ECE chance  mean p right |  median   worst")
    for name, s in scores.items():
        print(f"{name:{width}}  of {s['shapes']:3}: {s['exact']:5} {s['strict']:6} {s['family']:6} {s['fam.ans']:7}"
              f" {s['refused']:7} {s['conf.wrong']:10} {s['labs']:6.1%} | of {s['none']}: {s['none right']:4}"
              f" {s['none conf.wrong']:10} | {s['ECE']:5.3f} {s['chance']:6.3f}"
              f" {s['mean p']:7.3f} {s['mean right']:5.3f} |"
              f" {s['median']:5.3f} s {s['worst']:5.3f} s")
    print(f"(labs: mean over {first['n labs']} laboratories of what is exact)")


def say_classes(rows):
    classes = defaultdict(list)
    for row in rows:
        if row["counted"]:
            classes[row["class"]].append(row)
    print(f"\n{'class':20} curves right family refused conf.wrong  labels")
    for name in sorted(classes, key=lambda c: (c == NONE, c)):
        inside = classes[name]
        labels = defaultdict(int)
        for row in inside:
            labels["refused" if row["refused"] else row["label"]] += 1
        print(f"{name:20} {len(inside):6} {sum(r['right'] for r in inside):5}"
              f" {sum(r['family_right'] for r in inside):6} {sum(r['refused'] for r in inside):7}"
              f" {sum(r['confidently_wrong'] for r in inside):10}  "
              + ", ".join(f"{label} {n}" for label, n in sorted(labels.items(), key=lambda x: -x[1])))


def say_labs(rows):
    labs = defaultdict(list)
    for row in rows:
        if row["counted"] and row["class"] != NONE:
            labs[row["lab"]].append(row)
    print(f"\n{'laboratory (shapes)':54} curves exact family")
    for lab, inside in sorted(labs.items(), key=lambda x: -len(x[1])):
        print(f"{lab:54} {len(inside):6} {sum(r['right'] for r in inside):5} {sum(r['family_right'] for r in inside):6}")


def say_rows(rows):
    width = max(len(row["id"]) for row in rows)
    print(f"\n{'curve':{width}} {'class':19} {'label':19}     p outlier right")
    for row in sorted(rows, key=lambda r: (r["class"], r["id"])):
        remark = ("" if row["counted"] else "not counted") + ("  confidently wrong" if row["confidently_wrong"] else "")
        print(f"{row['id']:{width}} {row['class']:19} {row['label'] or '-':19} {row['p']:5.2f}"
              f" {row['outlier_score']:5.2f} {'!' if row['refused'] else ' '} {'yes' if row['right'] else 'no':5}"
              f" {row['seconds']:7.3f} s {remark}".rstrip())


def say_score(s):
    """For programs: parts of 1."""
    for name, value in (("exact", s["exact"] / s["shapes"]), ("family", s["family"] / s["shapes"]),
                        ("refused", s["refused"] / s["shapes"]), ("confidently-wrong", s["conf.wrong"] / s["shapes"]),
                        ("none", s["none right"] / s["none"]), ("laboratories", s["labs"]), ("ece", s["ECE"])):
        print(f"score {name} {value:.3f}")


def arguments():
    build = os.environ.get("SAXID_BUILDDIR", ".")
    words = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    words.add_argument("--saxid", default=os.path.join(build, "saxid"), metavar="PATH")
    words.add_argument("--data", default=os.path.join(os.environ.get("SAXID_DATA", ""), "measured"), metavar="FOLDER")
    words.add_argument("--options", default="", metavar="TEXT", help="of saxid tag, for every row: --options=--fast")
    words.add_argument("--json", metavar="FILE", help="one object per row and curve")
    words.add_argument("--rows", action="store_true", help="list the curves")
    words.add_argument("row", nargs="*", metavar="NAME=OPTIONS", help="a row of the table, with options of saxid tag")
    return words.parse_args()


def main():
    chosen = arguments()
    paths = sorted(glob.glob(os.path.join(chosen.data, "*.csv")))
    if not paths:
        sys.exit(f"bench-measured: no curves in '{chosen.data}'; SAXID_DATA says where they lie")
    curves = [known(path) for path in paths]
    with tempfile.TemporaryDirectory() as folder:
        files = nexus(chosen.saxid, paths, folder)
        table = {}
        for name, _, options in (row.partition("=") for row in chosen.row or ["saxid="]):
            found = verdicts(chosen.saxid, f"{chosen.options} {options}", files)
            table[name] = [judge(curve, found.get(stem(path))) for path, curve in zip(paths, curves)]
    scores = {name: score(rows) for name, rows in table.items()}
    say_table(scores)
    for name, rows in table.items():
        if len(table) == 1 or chosen.rows:
            print(f"\n{name}") if len(table) > 1 else None
            say_classes(rows)
            say_labs(rows)
        if chosen.rows:
            say_rows(rows)
    if chosen.json:
        with open(chosen.json, "w", encoding="utf-8") as out:
            for name, rows in table.items():
                out.writelines(json.dumps({"row": name, **row}) + "\n" for row in rows)
    print()
    say_score(scores[next(reversed(scores))])


main()
