#!/usr/bin/env python3
"""Curves of a Bonse-Hart camera: how often is a form factor named that was seen through a slit?

    make bench-slit [CURVES=10] [SEED=5]

The judge is sasmodels (Slit1D): CURVES particles of each of seven classes, q from 3e-4 to 0.08 1/Å,
a slit of 0.045 1/Å, errors of 2 %. The rows are the same particles without a slit, with a slit of
which the file says the length (dQl), and with one of which it says nothing.
"""
import json
import os
import subprocess
import tempfile
import warnings

import h5py
import numpy

warnings.filterwarnings("ignore")

from sasmodels.core import load_model  # noqa: E402
from sasmodels.direct_model import call_kernel  # noqa: E402
from sasmodels.resolution import Slit1D  # noqa: E402

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
CURVES, SEED = int(os.environ.get("CURVES") or 10), int(os.environ.get("SEED") or 5)
LENGTH = 0.045
Q = numpy.geomspace(3e-4, 0.08, 160)
VERDICTS = {"full": [], "fast": ["--fast"]}


def particles(dice):
    """Class, model of sasmodels and parameters."""
    def size(low, high):
        return float(numpy.exp(dice.uniform(numpy.log(low), numpy.log(high))))

    def width(name, low, high):
        return {name + "_pd": dice.uniform(low, high), name + "_pd_n": 30}

    for _ in range(CURVES):
        yield "sphere", "sphere", dict(radius=size(150, 1500), **width("radius", 0.05, 0.2))
        r = size(80, 300)
        yield "cylinder", "cylinder", dict(radius=r, length=r * dice.uniform(8, 25), **width("radius", 0.05, 0.2))
        r = size(300, 1500)
        yield "disc", "cylinder", dict(radius=r, length=r / dice.uniform(6, 15), **width("radius", 0.05, 0.2))
        r = size(150, 800)
        yield ("core_shell_sphere", "core_shell_sphere",
               dict(radius=r, thickness=r * dice.uniform(0.2, 0.5), sld_core=1, sld_shell=6, sld_solvent=3, **width("radius", 0.05, 0.15)))
        r = size(200, 1000)
        yield ("hollow_sphere", "core_shell_sphere",
               dict(radius=r, thickness=r * dice.uniform(0.1, 0.3), sld_core=1, sld_shell=4, sld_solvent=1, **width("radius", 0.05, 0.15)))
        r = size(150, 600)
        yield ("oblate", "ellipsoid", dict(radius_equatorial=r, radius_polar=r / dice.uniform(2.5, 4), **width("radius_equatorial", 0.08, 0.12)))
        r = size(100, 400)
        yield ("prolate", "ellipsoid", dict(radius_equatorial=r, radius_polar=r * dice.uniform(2.5, 4), **width("radius_equatorial", 0.08, 0.12)))


def put(file, name, intensity, dice, length):
    sigma = 0.02 * intensity
    entry = file.create_group(name)
    entry.attrs.update(NX_class="NXentry", canSAS_class="SASentry")
    entry["definition"] = "NXcanSAS"
    data = entry.create_group("sasdata")
    data.attrs.update(NX_class="NXdata", canSAS_class="SASdata", signal="I", I_axes="Q", Q_indices=0)
    for field, values, unit in (("Q", Q, "1/angstrom"), ("I", intensity + sigma * dice.normal(size=len(Q)), "1/cm"), ("Idev", sigma, "1/cm"),
                                ("dQl", numpy.full(len(Q), length), "1/angstrom")):
        if field != "dQl" or length > 0:
            data[field] = values
            data[field].attrs["units"] = unit
    data["I"].attrs["uncertainties"] = "Idev"


def write(folder):
    """One file for each row."""
    slit = Slit1D(Q, LENGTH)
    dice = numpy.random.default_rng(SEED)
    paths = {name: os.path.join(folder, name + ".h5") for name in ("pinhole", "slit", "unsaid")}
    files = {name: h5py.File(path, "w") for name, path in paths.items()}
    for k, (label, model, parameters) in enumerate(particles(dice)):
        model = load_model(model)
        sharp, beyond = (call_kernel(model.make_kernel([q]), dict(parameters, background=0)) for q in (Q, slit.q_calc))
        smeared = slit.apply(beyond)
        for name, intensity, length in (("pinhole", sharp, 0), ("slit", smeared, LENGTH), ("unsaid", smeared, 0)):
            put(files[name], "%s-%02d" % (label, k), intensity + 1e-5 * intensity[20], dice, length)
    for file in files.values():
        file.close()
    return paths


def main():
    print("%-34s %7s %9s %9s" % ("%d curves" % (7 * CURVES), "verdict", "right", "refused"))
    with tempfile.TemporaryDirectory() as folder:
        paths = write(folder)
        for name, what in (("pinhole", "no slit"), ("slit", "slit, its length in the file"), ("unsaid", "slit, taken for a pinhole")):
            for verdict, options in VERDICTS.items():
                done = subprocess.run([SAXID, "tag", "--json", "--dry-run", "--quiet", *options, paths[name]], capture_output=True, text=True,
                                      check=True)
                rows = [json.loads(line) for line in done.stdout.splitlines()]
                right = sum(row["label"] == row["entry"].strip("/").rsplit("-", 1)[0] and not row["outlier"] for row in rows)
                print("%-34s %7s %9d %9d" % (what, verdict, right, sum(bool(row["outlier"]) for row in rows)))


main()
