#!/usr/bin/env python3
"""Does saxid answer for any file that it is given: by a verdict, or by the verb that takes it?

Columns of text and canSAS XML are judged as the file is that `saxid import` makes of them, with
the same words; frames of a detector as the curves are that `saxid reduce` makes of them, and
without a geometry the verbs that take them are told.
"""
import json
import os
import subprocess
import tempfile

from tap import check, finish, skip_all

try:
    import numpy as np
except ImportError as missing:
    skip_all(missing)

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
Q = np.geomspace(0.006, 0.3, 80)


def run(*words):
    return subprocess.run([SAXID, *words], capture_output=True, text=True, check=False)


def sphere(radius):
    x = Q * radius
    return 100 * (3 * (np.sin(x) - x * np.cos(x)) / x**3)**2 + 0.01


def text(path, scale=1.0):
    with open(path, "w", encoding="utf-8") as file:
        file.write("# q I sigma\n")
        for q, i in zip(Q * scale, sphere(60)):
            file.write(f"{q:.8g} {i:.8g} {0.02 * i:.8g}\n")
    return path


def xml(path):
    rows = "".join(f'<Idata><Q unit="1/A">{q:.8g}</Q><I unit="1/cm">{i:.8g}</I><Idev unit="1/cm">{0.02 * i:.8g}</Idev></Idata>\n'
                   for q, i in zip(Q, sphere(60)))
    with open(path, "w", encoding="utf-8") as file:
        file.write('<?xml version="1.0"?>\n<SASroot version="1.1" xmlns="urn:cansas1d:1.1"><SASentry><Title>silica</Title>'
                   f'<Run>1</Run><SASdata>{rows}</SASdata><SASsample><ID>gold</ID></SASsample>'
                   '<SASinstrument><name>any</name></SASinstrument><SASnote/></SASentry></SASroot>\n')
    return path


def edf(path, counts=None):
    """64 × 64 pixels, of 1 where no counts are given."""
    head = "{\nHeaderID = EH:000001:000000:000000 ;\nByteOrder = LowByteFirst ;\nDataType = UnsignedShort ;\nDim_1 = 64 ;\nDim_2 = 64 ;\n" \
           "Size = 8192 ;\n"
    with open(path, "wb") as file:
        file.write((head + " " * (1024 - len(head) - 2) + "}\n").encode() + (np.ones(4096) if counts is None else counts).astype("<u2").tobytes())
    return path


def frame_of_sphere(path):
    """Where sphere.poni has its detector: 3 mm pixels at 1 m, the beam in a corner, 1 Å."""
    row, column = np.indices((64, 64))
    q = 4 * np.pi * np.sin(np.arctan(3e-3 * np.hypot(row - 1.5, column - 1.5)) / 2)
    x = np.maximum(q, 1e-3) * 30
    sphere_counts = 4e4 * (3 * (np.sin(x) - x * np.cos(x)) / x**3)**2 + 20
    return edf(path, np.random.default_rng(4).poisson(sphere_counts))


def poni(path):
    with open(path, "w", encoding="utf-8") as file:
        file.write('poni_version: 2\nDetector: Detector\nDetector_config: {"pixel1": 0.003, "pixel2": 0.003}\nDistance: 1\n'
                   "Poni1: 0.006\nPoni2: 0.006\nRot1: 0\nRot2: 0\nRot3: 0\nWavelength: 1e-10\n")
    return path


def lines(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def same_as_imported(path):
    """What is said of a text, and of the NeXus file that is made of it."""
    made = run("import", "-o", "made.nxs", "--force", "--quiet", path)
    direct, imported = run("tag", "--json", path), run("tag", "--json", "--dry-run", "made.nxs")
    check(made.returncode == 0 and direct.returncode == 0 and imported.returncode == 0, f"{path} is judged as it is", direct)
    for row in lines(direct) + lines(imported):
        row.pop("file")
        row.pop("note") # of one of the two that q had no unit
        said.append(row)
    check(len(said) == 2 and said[0]["label"] == "sphere" and said[0] == said[1], "as the file that is made of it", said)
    said.clear()


def judged():
    before = sorted(os.listdir("."))
    result = run("tag", "curve.dat", "curve.xml")
    check(result.returncode == 0 and result.stdout.count("sphere") >= 2 and result.stderr.count("nothing written") == 1
          and "saxid import" in result.stderr and sorted(os.listdir(".")) == before, "nothing is written, which is said once", result)
    check("nothing written" not in run("tag", "--dry-run", "curve.dat").stderr, "and not where nothing was to be written")
    for path in ("curve.dat", "curve.xml"):
        same_as_imported(path)
    one, ten = (lines(run("tag", "--json", "--fast", *words))[0] for words in (("curve.dat",), ("--q-unit", "1/nm", "nm.dat")))
    check(one["probability"] == ten["probability"], "--q-unit counts for a text", one, ten)
    result = run("tag", "--path", "I=/entry/I", "curve.dat")
    check(result.returncode == 1 and "no paths inside" in result.stderr, "a text has no paths", result)
    result = run("report", "curve.dat", "curve.xml", "-o", "page.html")
    with open("page.html", encoding="utf-8") as page:
        html = page.read()
    check(result.returncode == 0 and "text columns" in html and "canSAS XML" in html and "silica" in html, "report draws both", result)
    result = run("seed", "curve.dat")
    check(result.returncode == 0 and "sphere" in result.stdout and "radius" in result.stdout, "seed fits it", result)
    result = run("tag", "--cumulative", "curve.dat")
    check(result.returncode == 0 and "sphere" in result.stdout, "--cumulative takes it for a run of one", result)


def frames():
    """Frames of a detector become curves, and get the verdict of the curves that saxid reduce makes."""
    before = sorted(os.listdir("."))
    result = run("tag", "sphere.edf", "curve.dat", "--geometry", "sphere.poni")
    check(result.returncode == 0 and "sphere.edf" in result.stdout and "curve.dat" in result.stdout and "2 curves" in result.stdout
          and "detector frames: reduced and judged" in result.stderr, "a frame with its geometry is judged", result)
    check(sorted(os.listdir(".")) == before, "and nothing is left", os.listdir("."))
    direct = lines(run("tag", "--json", "sphere.edf", "-g", "sphere.poni"))
    kept = run("reduce", "sphere.edf", "-g", "sphere.poni", "-o", "kept.nxs")
    stored = lines(run("tag", "--json", "--dry-run", "kept.nxs"))
    for row in direct + stored:
        row.pop("file")
    check(kept.returncode == 0 and len(direct) == 1 and direct == stored, "as the curve is that saxid reduce keeps", direct, stored)
    with open("chain.key", "w", encoding="utf-8") as file:
        file.write("[chain]\nreducers = mask; integrate\n[integrate]\nbins = 40\n")
    coarse = lines(run("tag", "--json", "sphere.edf", "-g", "sphere.poni", "--chain", "chain.key"))
    check(len(coarse) == 1 and coarse[0]["probability"] != direct[0]["probability"], "--chain says how it is reduced", coarse)
    result = run("tag", "curve.dat", "--geometry", "sphere.poni")
    check(result.returncode == 0 and "--geometry had nothing to do" in result.stderr, "a geometry that is not used is told of", result)
    for words, code, word in ((("sphere.edf", "-g", "none.poni"), 1, "none.poni"), (("sphere.edf", "--chain", "words.txt"), 2, "words.txt"),
                              (("sphere.edf", "--chain", "chain.key"), 1, "without"),
                              (("sphere.edf", "--cumulative", "-g", "sphere.poni"), 2, "saxid reduce")):
        result = run("tag", *words)
        check(result.returncode == code and result.stderr.count("\n") == 1 and word in result.stderr, f"of {words} there is one line", result)


def refused():
    for verb in ("tag", "seed"):
        result = run(verb, "frame.edf")
        check(result.returncode == 1 and result.stderr.count("\n") == 1 and "EDF frames" in result.stderr
              and "saxid reduce" in result.stderr and "saxid tag --geometry" in result.stderr,
              f"{verb} of a frame tells the verbs that take it", result)
    result = run("report", "frame.edf", "-o", "x.html")
    check(result.returncode == 0 and os.path.exists("x.html"), "report shows the frame itself", result)
    for name, word in (("noise", "neither text nor HDF5"), ("words.txt", "two columns"), (".", "directory"), ("none.dat", "No such file")):
        result = run("tag", name)
        check(result.returncode == 1 and result.stderr.count("\n") == 1 and word in result.stderr, f"of {name} there is one line", result)


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    said = []
    text("curve.dat")
    text("nm.dat", 10)
    xml("curve.xml")
    edf("frame.edf")
    frame_of_sphere("sphere.edf")
    poni("sphere.poni")
    with open("noise", "wb") as noise:
        noise.write(bytes(range(256)) * 20)
    with open("words.txt", "w", encoding="utf-8") as words:
        words.write("no numbers here\nat all\n")
    judged()
    frames()
    refused()
    os.chdir("/")
finish()
