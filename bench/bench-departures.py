#!/usr/bin/env python3
"""Particles that depart smoothly from their form factor: how often is the class right?

    make bench-departures [CURVES=3]

The judge is sasmodels: it computes particles as laboratories have them (rods with flat and
round ends, worm-like micelles, plates, ellipsoids, spheres with shells, hollow ones), with
widths of two sizes, a flat background and an error of 1 %. Each curve is multiplied by
exp(g(ln q)), g a Gaussian process of the rms of a row and length 0.4. CURVES draws of each
particle. A round-ended rod counts as a cylinder. The columns are the network alone
(saxid tag --network), templates (--fast) and the full verdict; "wrong, sure" has p > 0.9.
"""
import json
import os
import subprocess
import sys
import tempfile
import warnings

import numpy

warnings.filterwarnings("ignore")

from sasmodels.core import load_model  # noqa: E402
from sasmodels.direct_model import call_kernel  # noqa: E402

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
CURVES = int(os.environ.get("CURVES") or 3)
RMS, LENGTH, COSINES = (0.0, 0.04, 0.10), 0.4, 16
Q = numpy.geomspace(0.006, 0.35, 250)
WATER, GOLD = 9.4, 120.0


def particles():
    """class, model, parameters with their widths"""
    for radius in (40, 80, 150):
        for aspect in (3, 5, 10, 30):
            length = 2 * radius * aspect
            rod = dict(sld=GOLD, sld_solvent=WATER, radius=radius, length=length, radius_pd=0.1, length_pd=0.2)
            yield "cylinder", "cylinder", rod
            yield "cylinder", "capped_cylinder", dict(rod, radius_cap=1.001 * radius, length=length - 2 * radius)
    for radius in (15, 25):
        for aspect in (8, 40):
            yield "core_shell_cylinder", "core_shell_cylinder", dict(
                sld_core=8, sld_shell=11, sld_solvent=WATER, radius=radius, thickness=9, length=2 * radius * aspect,
                radius_pd=0.1)
    for radius in (100, 300, 600):
        for thickness in (20, 60):
            yield "disc", "cylinder", dict(sld=GOLD, sld_solvent=WATER, radius=radius, length=thickness, radius_pd=0.2,
                                           length_pd=0.2)
    for radius in (30, 90, 200):
        yield "sphere", "sphere", dict(sld=20, sld_solvent=WATER, radius=radius, radius_pd=0.12)
    for radius in (50, 100, 250):
        yield "core_shell_sphere", "core_shell_sphere", dict(sld_core=60, sld_shell=15, sld_solvent=WATER, radius=radius,
                                                             thickness=30, radius_pd=0.1)
    for radius in (50, 150):
        yield "hollow_sphere", "vesicle", dict(sld=12, sld_solvent=WATER, radius=radius, thickness=25, volfraction=1,
                                               radius_pd=0.1)
    for equator, pole in ((20, 40), (30, 90)):
        yield "prolate", "ellipsoid", dict(sld=12, sld_solvent=WATER, radius_polar=pole, radius_equatorial=equator)
    for equator, pole in ((40, 20), (90, 30)):
        yield "oblate", "ellipsoid", dict(sld=12, sld_solvent=WATER, radius_polar=pole, radius_equatorial=equator)


def departure(random, rms):
    waves = random.normal(0, 1 / LENGTH, COSINES)
    phases = random.uniform(0, 2 * numpy.pi, COSINES)
    return rms * numpy.sqrt(2 / COSINES) * numpy.cos(numpy.outer(numpy.log(Q), waves) + phases).sum(axis=1)


def write(folder):
    """The curves of all rows; what each of them is."""
    random = numpy.random.default_rng(11)
    truth, kernels = {}, {}
    for number, (kind, model, parameters) in enumerate(particles()):
        if model not in kernels:
            kernels[model] = load_model(model).make_kernel([Q])
        wide = {f"{name}_n": 15 for name in parameters if name.endswith("_pd")}
        pure = call_kernel(kernels[model], dict(parameters, **wide, scale=1, background=0))
        pure = 100 * pure / pure[0]
        for row, rms in enumerate(RMS):
            for draw in range(CURVES):
                intensity = (pure + 0.2 * pure[-1] + 1e-3) * numpy.exp(departure(random, rms))
                sigma = 0.01 * intensity + 1e-5 * intensity[0]
                name = f"{number:02}-{row}-{draw}"
                numpy.savetxt(os.path.join(folder, name + ".dat"), numpy.c_[Q, random.normal(intensity, sigma), sigma],
                              header="q(1/A) I sigma")
                truth[name] = (row, kind)
    return truth


def ask(files, *options):
    done = subprocess.run([SAXID, "tag", "--json", "--dry-run", "--quiet", *options, *files], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"bench-departures: {done.stderr}")
    return {os.path.basename(line["file"])[:-4]: line for line in map(json.loads, done.stdout.splitlines())}


with tempfile.TemporaryDirectory() as directory:
    known = write(directory)
    texts = [os.path.join(directory, name + ".dat") for name in known]
    subprocess.run([SAXID, "import", "--quiet", "--directory", directory, *texts], check=True)
    files = [os.path.join(directory, name + ".nxs") for name in known]
    answers = {"network": ask(files, "--network"), "fast": ask(files, "--fast"), "full": ask(files)}

print(f"{len(known) // len(RMS)} curves a row\nrms      " + "".join(f"{name:>10}: right refused wrong, sure" for name in answers))
missed = {}
for row, rms in enumerate(RMS):
    line = f"{100 * rms:4.0f} %   "
    for name, lines in answers.items():
        mine = [(kind, lines[key], key) for key, (r, kind) in known.items() if r == row]
        right = sum(kind == it["label"] and not it["outlier"] for kind, it, _ in mine)
        refused = sum(it["outlier"] for _, it, _ in mine)
        sure = sum(kind != it["label"] and it["confidence"] > 0.9 and not it["outlier"] for kind, it, _ in mine)
        line += f"{'':10}  {100 * right / len(mine):4.0f} % {100 * refused / len(mine):5.0f} % {100 * sure / len(mine):9.1f} %"
        for kind, it, _ in mine:
            if name == "full" and kind != it["label"]:
                missed[kind, it["label"]] = missed.get((kind, it["label"]), 0) + 1
    print(line)
for (kind, label), n in sorted(missed.items(), key=lambda pair: -pair[1]):
    print(f"  full: {kind} called {label} {n} times")
