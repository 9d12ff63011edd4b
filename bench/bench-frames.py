#!/usr/bin/env python3
"""How often is saxid right on measured detector frames?

    make bench-frames [ARGUMENTS="FOLDER …"]

The frames are those of $SAXID_DATA/frames, and of each FOLDER; the table of the README.md there
tells the technique of each file. A frame that the table does not name is not judged.

    image       four techniques, by the image alone
    header      by header and image together
    grazing     whether the beam grazes, by the image alone
    passed      grazing frames whose image is called transmission with p > 0.9
    stopped     frames in transmission that `saxid reduce` would not integrate
    ECE         expected calibration error of the best probability of the image, ten bins
"""
import json
import os
import re
import subprocess
import sys

import numpy

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
GRAZING = ("GISAXS", "GIWAXS")
CONFIDENT, BINS = 0.9, 10


def truths(folder):
    """{file: technique} of the tables `| file, file | technique, … |` of the folder's README or the one above."""
    found = {}
    for place in (folder, os.path.dirname(os.path.abspath(folder))):
        path = os.path.join(place, "README.md")
        if not os.path.exists(path):
            continue
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
                word = re.match(r"(GI)?[SW]AXS\b", cells[1]) if len(cells) > 2 else None
                if word:
                    found.update({name.strip(" `"): word.group() for name in cells[0].split(",")})
    return found


def judged(folder):
    """Rows of `saxid sort` with their truth."""
    known = truths(folder)
    paths = [os.path.join(folder, name) for name in sorted(known) if os.path.exists(os.path.join(folder, name))]
    out = subprocess.run([SAXID, "sort", "--json", *paths], capture_output=True, text=True, check=False).stdout if paths else ""
    return [(known[os.path.basename(row["file"])], row) for row in map(json.loads, out.splitlines())]


def image_grazing(row):
    p = row["image_probability"]
    return p["gisaxs"] + p["giwaxs"] if p else 0.5


def calibration(rows):
    """Mean of |p - right| over bins of the best p, weighed by their sizes."""
    p = numpy.array([max(row["image_probability"].values()) for _, row in rows if row["image_probability"]])
    right = numpy.array([truth == row["image"] for truth, row in rows if row["image_probability"]])
    bins = numpy.minimum((p * BINS).astype(int), BINS - 1)
    return sum(abs((p - right)[bins == k].sum()) for k in range(BINS)) / max(len(p), 1)


def main():
    folders = sys.argv[1:] + [os.path.join(os.environ["SAXID_DATA"], "frames")] * bool(os.environ.get("SAXID_DATA"))
    rows = [row for folder in folders for row in judged(folder)]
    if not rows:
        raise SystemExit("bench-frames: no measured frames: SAXID_DATA has no frames/, and no FOLDER was given")
    print(f"{'file':34} {'truth':7} {'image':7} {'p':>5} {'grazing':>7} {'both':7} {'grazing':>7}")
    for truth, row in rows:
        best = max(row["image_probability"].values()) if row["image_probability"] else float("nan")
        print(f"{os.path.basename(row['file'])[:34]:34} {truth:7} {str(row['image'] or 'none'):7} {best:5.2f} "
              f"{image_grazing(row):7.3f} {str(row['technique'] or 'none'):7} {row['grazing']:7.3f}")
    n = len(rows)
    graze = [truth in GRAZING for truth, _ in rows]
    print(f"image    {sum(truth == row['image'] for truth, row in rows)} of {n}")
    print(f"header   {sum(truth == row['technique'] for truth, row in rows)} of {n}")
    print(f"grazing  {sum(is_one == (image_grazing(row) > 0.5) for is_one, (_, row) in zip(graze, rows))} of {n}")
    print(f"passed   {sum(is_one and image_grazing(row) < 1 - CONFIDENT for is_one, (_, row) in zip(graze, rows))} of {sum(graze)}")
    print(f"stopped  {sum(not is_one and row['refused'] for is_one, (_, row) in zip(graze, rows))} of {n - sum(graze)}")
    print(f"ECE      {calibration(rows):.3f}")


if __name__ == "__main__":
    main()
