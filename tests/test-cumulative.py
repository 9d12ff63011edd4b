#!/usr/bin/env python3
"""Is the advice to stop counting right: does the label stay when one counts on?"""
import json
import os
import subprocess
import tempfile

from tap import check, finish, note, skip_all

try:
    import h5py
    import numpy
except ImportError as error:
    skip_all(f"no {error.name}")

saxid = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
FRAMES, SAMPLES = 30, 16


def sphere(x):
    return 3 * (numpy.sin(x) - x * numpy.cos(x)) / x ** 3


def truth_of(q, kind, radius):
    """Polydisperse spheres, hollow or whole."""
    sizes = radius * (1 + 0.08 * numpy.linspace(-3, 3, 25))
    weights = numpy.exp(-0.5 * numpy.linspace(-3, 3, 25) ** 2)
    total = 0
    for size, weight in zip(sizes, weights):
        amplitude = size ** 3 * sphere(q * size)
        if kind == "hollow_sphere":
            amplitude = (1.3 * radius - radius + size) ** 3 * sphere(q * (0.3 * radius + size)) - amplitude
        total = total + weight * amplitude ** 2
    return total / total.max()


def write(path, random):
    """Acquisitions of FRAMES frames each; one frame has few counts."""
    q = numpy.linspace(0.005, 0.25, 220)
    kinds = []
    with h5py.File(path, "w") as file:
        for k in range(SAMPLES):
            kinds.append(("sphere", "hollow_sphere")[k % 2])
            per_unit = 10 ** random.uniform(1.0, 3.0) * (q / q[0])
            truth = truth_of(q, kinds[-1], random.uniform(40, 110))
            seen = random.poisson(per_unit * (truth + 1e-3), (FRAMES, len(q)))
            ground = random.poisson(per_unit * 1e-3, (FRAMES, len(q)))
            entry = file.create_group(f"sample{k:02}")
            entry.attrs["NX_class"] = "NXentry"
            data = entry.create_group("data")
            data.attrs.update(NX_class="NXdata", signal="I", axes=[".", "Q"])
            data["I"] = (seen - ground) / per_unit
            data["I_errors"] = numpy.sqrt(numpy.maximum(seen + ground, 1)) / per_unit
            data["Q"] = q
            data["Q"].attrs["units"] = "1/angstrom"
    return kinds


with tempfile.TemporaryDirectory() as directory:
    os.chdir(directory)
    if "portraits" not in subprocess.run([saxid, "model", "info"], capture_output=True, text=True).stdout:
        skip_all("the shipped model needs a window of its own")
    kinds = write("run.h5", numpy.random.default_rng(3))
    with open("run.h5", "rb") as file:
        before = file.read()
    result = subprocess.run([saxid, "tag", "--cumulative", "--json", "run.h5"], capture_output=True, text=True, timeout=600)
    rows = {}
    for row in map(json.loads, result.stdout.splitlines()):
        rows.setdefault(row["entry"], []).append(row)
    check(result.returncode == 0 and len(rows) == SAMPLES
          and all([row["frames"] for row in each] == list(range(1, FRAMES + 1)) for each in rows.values()),
          "a line for each frame of each sample", result.stderr)
    with open("run.h5", "rb") as file:
        check(file.read() == before, "nothing is written")
    stopped = stayed = saved = 0
    for each in rows.values():
        at = next((k for k, row in enumerate(each) if row["stop"]), None)
        if at is not None:
            stopped += 1
            stayed += each[at]["label"] == each[-1]["label"]
            saved += FRAMES - 1 - at
    note(f"{stopped} of {SAMPLES} were told to stop, {saved / max(stopped, 1):.0f} frames early in the mean; {stayed} kept their label")
    check(stopped >= SAMPLES // 3, "most can stop before the end", stopped)
    check(stayed >= 0.9 * stopped, "and then counting on would not have changed the label", stayed, stopped)
    right = sum(each[-1]["label"] == kind for each, kind in zip(rows.values(), kinds))
    check(right >= 0.7 * SAMPLES, "at the end most labels are right", right)
    first = numpy.mean([each[0]["agreement"] for each in rows.values()])
    last = numpy.mean([each[-1]["agreement"] for each in rows.values()])
    check(last > first, "agreement grows with counting", first, last)
    result = subprocess.run([saxid, "tag", "--cumulative", "run.h5"], capture_output=True, text=True, timeout=600)
    check(result.returncode == 0 and "stop" in result.stdout and "frames:" in result.stdout, "words for people", result)
    last = [line for line in result.stdout.splitlines() if f": {FRAMES} frames: " in line]
    check(len(last) == SAMPLES and sum("the frames are alike" in line for line in last) >= 0.8 * SAMPLES
          and sum("frames were enough" in line for line in last) == stopped, "a run ends in one line", last)
    check(sum(any(row["p_alike"] < 0.01 for row in each) for each in rows.values()) <= 0.2 * SAMPLES, "frames of one sample are alike")

    def course(name, frames):
        """What is said of a run that is there as an array."""
        with h5py.File(name, "w") as file:
            data = file.create_group("entry/data")
            data.parent.attrs["NX_class"] = "NXentry"
            data.attrs.update(NX_class="NXdata", signal="I", axes=[".", "Q"])
            data["I"], data["I_errors"] = frames, 0.02 * frames + 1e-4
            data["Q"] = Q
            data["Q"].attrs["units"] = "1/angstrom"
        lines = subprocess.run([saxid, "tag", "--cumulative", name], capture_output=True, text=True, timeout=600).stdout.splitlines()
        return lines[:-1], lines[-1]

    random = numpy.random.default_rng(5)
    Q = numpy.linspace(0.005, 0.25, 220)
    one = numpy.tile(truth_of(Q, "sphere", 60.0) + 1e-3, (24, 1))
    noise = 1 + 0.02 * random.standard_normal(one.shape)
    grown = 1 + 0.03 * numpy.arange(24)[:, None] * numpy.exp(-(Q / 0.02) ** 2)
    lines, end = course("alike.h5", one * noise)
    check("the frames are alike" in end and any("stop" in line for line in lines) and "were enough" in end, "frames that are alike", end)
    lines, end = course("damaged.h5", one * noise * grown)
    changed = next((k for k, line in enumerate(lines) if "not like those before" in line), len(lines))
    check("the sample changes" in end and "radiation damage" in end and not any("stop" in line for line in lines[changed:]),
          "a sample that changes: it is named, and no advice is given from there", end, changed)
    lines, end = course("fading.h5", one * noise * (1 - 0.01 * numpy.arange(24)[:, None]))
    check("the scale drifts (by -" in end and "the sample changes" not in end, "a beam that fades", end)
    peaks = numpy.tile(1e-3 + numpy.exp(-((Q - 0.1) / 0.004) ** 2) + 0.5 * numpy.exp(-((Q - 0.2) / 0.004) ** 2), (24, 1))
    lines, end = course("peaks.h5", peaks * noise)
    check("none of the classes" in end and not any("stop" in line for line in lines), "no advice on what is none of the classes", end)
finish()
