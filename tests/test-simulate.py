#!/usr/bin/env python3
"""Does a simulation that was killed go on to the same bytes, and is a library
measured again what the particles themselves would have given?"""
import os
import signal
import subprocess
import tempfile
import time

import h5py
import numpy as np

from tap import check, finish

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")


def run(*arguments):
    return subprocess.run([SAXID, "simulate", *arguments], capture_output=True, text=True)


def content(path):
    with open(path, "rb") as file:
        return file.read()


def stopped(number, *arguments):
    """Starts, and sends the signal once two blocks of the six are there, whole. A
    block's bytes come to the file page by page, so a size that grows is no block:
    0.4 of the bytes of the finished set are two of them and the head."""
    process = subprocess.Popen([SAXID, "simulate", *arguments], stderr=subprocess.PIPE, text=True)
    part = arguments[arguments.index("-o") + 1] + ".part"
    enough, deadline = 0.4 * os.path.getsize("whole.h5"), time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        if os.path.exists(part) and os.path.getsize(part) > enough:
            break
        time.sleep(0.002)
    process.send_signal(number)
    err = process.communicate()[1]
    return process.returncode, err


def resume():
    wanted = ("-n", "1500", "-i", "SANS2m", "--seed", "4", "-t", "1")
    run(*wanted, "-o", "whole.h5")
    for number in (signal.SIGKILL, signal.SIGINT):
        code, err = stopped(number, *wanted, "-o", "set.h5")
        check(code != 0 and os.path.exists("set.h5.part") and not os.path.exists("set.h5"),
              f"{number.name} leaves a spool and no set", code, err)
        if number == signal.SIGINT:
            check("goes on from there" in err.splitlines()[-1] and "--restart" in err, "and says how to go on", err)
        other = run("-n", "1500", "-i", "SANS2m", "--seed", "5", "-o", "set.h5")
        check(other.returncode == 1 and "other settings" in other.stderr, "another set does not go on from it",
              other.stderr)
        with open("set.h5.part", "r+b") as spool:  # the last block is damaged
            spool.seek(-3, os.SEEK_END)
            spool.write(b"\0\1\2")
        again = run(*wanted[:-1], "2", "-o", "set.h5")
        check(again.returncode == 0 and "going on after" in again.stderr, "the same command goes on", again.stderr)
        check(content("set.h5") == content("whole.h5") and not os.path.exists("set.h5.part"),
              "to the bytes of an uninterrupted run")
        os.remove("set.h5")
    with open("set.h5.part", "w") as spool:
        spool.write("something else\n")
    check(run(*wanted, "-o", "set.h5").returncode == 1 and content("set.h5.part") == b"something else\n",
          "a foreign file is no spool, and is left alone")
    check(run(*wanted, "-o", "set.h5", "--restart").returncode == 0 and content("set.h5") == content("whole.h5"),
          "unless --restart is given")


def library():
    result = run("--library", "-n", "90", "--seed", "6", "-o", "lib.h5")
    check(result.returncode == 0, "a library is made", result.stderr)
    result = run("--from-library", "lib.h5", "-i", "SANS8m", "--noiseless", "-o", "again.h5")
    check(result.returncode == 0 and "90 curves of 9 classes, SANS8m" in result.stdout, "and measured", result.stderr)
    run("-n", "90", "--seed", "6", "-i", "SANS8m", "--noiseless", "-o", "direct.h5")
    with h5py.File("again.h5") as again, h5py.File("direct.h5") as direct, h5py.File("lib.h5") as whole:
        a, b = again["curves/I"][:], direct["curves/I"][:]
        forward = whole["curves/I"][:, :1] * whole["parameter"][:, 1:2]
        high = b > 1e-6 * forward  # below, form factors are not that precise
        worst = np.max(np.abs(a / b - 1)[high])
        check(worst < 1e-3, "as the particles themselves would be", worst)
        check(np.array_equal(again["parameter"][:], direct["parameter"][:], equal_nan=True)
              and again.attrs["seed"] == direct.attrs["seed"], "with the same particles")
    for name, threads in (("one.h5", "1"), ("eight.h5", "8")):
        run("--from-library", "lib.h5", "-i", "random", "--nuisances", "--seed", "9", "-t", threads, "-o", name)
    check(content("one.h5") == content("eight.h5"), "random instruments do not depend on threads")
    with h5py.File("one.h5") as random:
        q, intensity = random["curves/q"][:], random["curves/I"][:]
        points = np.isfinite(q).sum(axis=1)
        check(len(set(points)) > 60 and np.array_equal(np.isfinite(q), np.isfinite(intensity)),
              "each curve has points of its own", points)
    for arguments, word in ((("--from-library", "direct.h5"), "a library is needed"),
                            (("--from-library", "lib.h5", "-n", "91"), "91 are wanted"),
                            (("--from-library", "lib.h5", "-p", "paper"), "population already"),
                            (("--library", "--noiseless"), "no instrument"),
                            (("-p", "bad.population"), "bad.population, line 2, [sphere] radius")):
        with open("bad.population", "w") as file:
            file.write("[sphere]\nradius = -1\n")
        result = run(*arguments, "-o", "no.h5")
        check(result.returncode == 2 and word in result.stderr and not os.path.exists("no.h5"), f"refused: {word}",
              result.stderr)
    result = subprocess.run([SAXID, "train", "one.h5", "-o", "no.saxid-model"], capture_output=True, text=True)
    check(result.returncode == 1 and "grids of their own" in result.stderr, "training refuses them", result.stderr)


def populations():
    paper = os.path.join(os.environ["SAXID_SRCDIR"], "models", "populations", "paper.population")
    os.symlink(paper, "mine.population")
    run("-p", "mine.population", "-n", "18", "-o", "mine.h5")
    run("-n", "18", "-o", "paper.h5")
    with h5py.File("mine.h5") as mine, h5py.File("paper.h5") as shipped:
        check(mine.attrs["population"] == b"mine" and np.array_equal(mine["curves/I"][:], shipped["curves/I"][:]),
              "a population of one's own is drawn as a shipped one")


def atoms():
    """Particles of metal atoms: their own grids, their own instrument, and peaks where the lattice has them."""
    made = [run("-p", "atomic", "--element", "Pb", "-n", "6", "-s", "11", "-t", threads, "-o", f"atoms{threads}.h5", "--quiet")
            for threads in ("1", "2")]
    check(all(one.returncode == 0 for one in made) and content("atoms1.h5") == content("atoms2.h5"),
          "particles of atoms do not depend on the number of threads", *[one.stderr for one in made])
    with h5py.File("atoms1.h5", "r") as file:
        classes = [name.decode() for name in file["class"][()]]
        label, parameter = file["label"][()], file["parameter"][()]
        names = [name.decode() for name in file["parameter_name"][0]]
        q, intensity, sigma = file["curves/q"][()], file["curves/I"][()], file["curves/sigma"][()]
        unit = file["curves/I"].attrs["units"].decode()
    value = {name: parameter[:, k] for k, name in enumerate(names)}
    check(len(classes) == 9 and "icosahedron" in classes and unit == "electron^2" and label.max() < 9, "the classes are the nine polyhedra",
          classes, unit)
    there = np.isfinite(q)
    check(all((np.diff(row[here]) > 0).all() and here[:200].all() for row, here in zip(q, there))
          and (np.isfinite(intensity) == there).all() and (sigma[there] > 0).all(), "each curve has points of its own", there.sum(axis=1))
    check((value["atomic_number"] == 82).all() and (abs(value["d"] / 3.479 - 1) < 0.031).all() and (value["equivalent_radius"] > 3).all()
          and (value["equivalent_radius"] < 60).all() and (value["n_atoms"] >= 10).all(), "of lead, d near that of its crystal", value)
    volume = 4 / 3 * np.pi * value["equivalent_radius"]**3 / value["n_atoms"] / value["d"]**3
    check(((volume > 0.6) & (volume < 0.9)).all(), "atoms, radius and d fit together", volume)
    peaked = []
    for row, here, curve, d in zip(q, there, intensity, value["d"]):
        near, beside = abs(row * d - 7.695) < 0.25, abs(row * d - 5.5) < 0.4
        peaked.append(np.nanmean(curve[here & near]) / np.nanmean(curve[here & beside]) if near.any() and beside.any() else np.nan)
    check(np.nanmedian(peaked) > 1.3, "with the first peak at q d = 7.695", peaked)
    for arguments, word in ((("--element", "Xx", "-p", "atomic"), "'Xx' is not known"), (("--element", "Au"), "goes with --population atomic"),
                            (("-p", "atomic", "-i", "random"), "its own instrument")):
        wrong = run(*arguments, "-o", "wrong.h5")
        check(wrong.returncode == 2 and word in wrong.stderr and wrong.stderr.count("\n") == 1 and not os.path.exists("wrong.h5"),
              f"{' '.join(arguments)} is refused with one line", wrong.stderr)


def frames():
    """Pictures of frames: the same for any number of threads, alike within an experiment only."""
    result = run("--frames", "16", "--per-experiment", "2", "-t", "1", "-o", "frames.h5", "--plot", "sheet.png")
    run("--frames", "16", "--per-experiment", "2", "-t", "2", "-o", "again.h5")
    check(result.returncode == 0 and "16 frames of 8 experiments" in result.stdout, "frames are simulated", result.stderr)
    with h5py.File("frames.h5") as file, h5py.File("again.h5") as again:
        grey = file["picture"][:].astype(float)
        check(grey.shape == (16, 128 * 128) and list(file["technique"]) == [0, 0, 1, 1, 2, 2, 3, 3] * 2
              and list(file["experiment"]) == sorted(list(range(8)) * 2) and file.attrs["techniques"] == b"SAXS WAXS GISAXS GIWAXS",
              "two of each experiment, techniques in turn")
        check(all(np.array_equal(file[name][:], again[name][:]) for name in ("picture", "share", "technique")),
              "whatever the number of threads")
        alike = [np.corrcoef(grey[k], grey[k + 1])[0, 1] for k in range(0, 16, 2)]
        other = [np.corrcoef(grey[k], grey[k + 2])[0, 1] for k in range(0, 14, 2)]
        check(min(alike) > max(other) - 0.3 and np.median(alike) > 0.8 > np.median(other), "frames of an experiment are alike", alike, other)
    with open("sheet.png", "rb") as sheet:
        head = sheet.read(24)
    width, height = int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    check(head[:8] == b"\x89PNG\r\n\x1a\n" and width > 12 * 128 and height > 2 * 128, "the sheet is a PNG of two rows", width, height)
    for arguments, word in ((("--frames", "-1"), "--frames"), (("--frames", "4", "--plot", "x.svg"), "PNG"), (("--frames", "4", "more.h5"), "--plot"),
                            (("--frames", "4", "--noiseless"), "--frames"), (("--frames", "4", "--per-experiment", "0"), "--per-experiment")):
        result = run(*arguments, "-o", "no.h5")
        check(result.returncode == 2 and word in result.stderr and not os.path.exists("no.h5"), f"refused: {' '.join(arguments)}", result.stderr)


with tempfile.TemporaryDirectory() as directory:
    os.chdir(directory)
    for part in (resume, library, populations, atoms, frames):
        try:
            part()
        except Exception as error:
            check(False, part.__name__, repr(error))
    os.chdir("/")
finish()
