#!/usr/bin/env python3
"""Elongated particles as laboratories have them: how often is one named as a rod?

    make bench-rods [CURVES=8] [ARGUMENTS="--prior FILE"]

The judge is sasmodels: gold nanorods with round or flat ends and by-products, short and less
short, worm-like micelles by neutrons and X-rays, fibrils, nanotubes, needles, stiff viruses and
ellipsoidal micelles, each CURVES times with sizes, widths, window, grid and resolution of its own.
Every curve has a smooth departure of 0.4 to 8 % (a Gaussian process of ln q), a background, an
error of 0.2 to 3 % that may be given too small by up to 8, and in a third of the cases an upturn
of aggregates. The columns are those of the full verdict, of templates (--fast) and of the network alone (--network); "rod"
is any class of the family elongated; "wrong, sure" has p > 0.9 and another family. ARGUMENTS go
to saxid tag.
"""
import json
import os
import shlex
import subprocess
import sys
import tempfile
import warnings

import numpy

warnings.filterwarnings("ignore")

from sasmodels.core import load_model  # noqa: E402
from sasmodels.data import empty_data1D  # noqa: E402
from sasmodels.direct_model import DirectModel  # noqa: E402

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
CURVES = int(os.environ.get("CURVES") or 8)
ROWS = {"full": [], "fast": ["--fast"], "network": ["--network"]}
ELONGATED = {"cylinder", "core_shell_cylinder", "prolate", "core_shell_prolate"}
WINDOWS = ((0.006, 0.25), (0.01, 0.4), (0.004, 0.5), (0.02, 0.35), (0.003, 0.2), (0.0025, 0.12))
WATER, HEAVY_WATER, GOLD, COSINES = 9.4, 6.36, 120.0, 24


class Dice:
    def __init__(self, seed):
        self.random = numpy.random.default_rng(seed)

    def between(self, low, high):
        return float(self.random.uniform(low, high))

    def log(self, low, high):
        return float(numpy.exp(self.random.uniform(numpy.log(low), numpy.log(high))))

    def happens(self, p):
        return self.random.random() < p


def nanorod(dice, aspects):
    radius = dice.log(40, 120)
    sizes = dict(sld=GOLD, sld_solvent=WATER, radius=radius, length=2 * radius * (dice.log(*aspects) - 1),
                 radius_pd=dice.between(0.06, 0.2), length_pd=dice.between(0.08, 0.25))
    if dice.happens(0.65):
        return "capped_cylinder", dict(sizes, radius_cap=1.0001 * radius)
    return "cylinder", sizes


def needle(dice):
    thickness = dice.log(25, 60)
    breadth = thickness * dice.log(1, 4)
    return "parallelepiped", dict(sld=14.5, sld_solvent=WATER, length_a=thickness, length_b=breadth,
                                  length_c=breadth * dice.log(5, 20), length_a_pd=0.2, length_b_pd=0.25)


def virus(dice):
    radius = dice.log(30, 100)
    return "cylinder", dict(sld=11.8, sld_solvent=WATER, radius=radius, length=dice.log(20, 60) * radius, radius_pd=0.03)


# what it is, its class, model and parameters
PARTICLES = {
    "gold nanorods, 3 to 8 long": ("cylinder", lambda d: nanorod(d, (3, 8))),
    "gold nanorods, 2 to 5 long": ("cylinder", lambda d: nanorod(d, (2, 5))),
    "worm-like micelles, neutrons": ("cylinder", lambda d: ("flexible_cylinder", dict(
        sld=-0.3, sld_solvent=HEAVY_WATER, radius=d.log(15, 40), length=d.log(600, 10000), kuhn_length=d.log(150, 1500),
        radius_pd=d.between(0, 0.2)))),
    "worm-like micelles, X-rays": ("core_shell_cylinder", lambda d: ("core_shell_cylinder", dict(
        sld_core=d.between(7.2, 8.2), sld_shell=d.between(10.5, 13), sld_solvent=WATER, radius=d.log(12, 25),
        thickness=d.log(4, 15), length=d.log(400, 4000), radius_pd=d.between(0.05, 0.15)))),
    "fibrils": ("cylinder", lambda d: ("flexible_cylinder_elliptical", dict(
        sld=12.5, sld_solvent=WATER, radius=d.log(20, 60), axis_ratio=d.log(1, 3), length=d.log(1000, 10000),
        kuhn_length=d.log(800, 8000)))),
    "nanotubes": ("core_shell_cylinder", lambda d: ("hollow_cylinder", dict(
        sld=11.5, sld_solvent=WATER, radius=d.log(30, 150), thickness=d.log(10, 50), length=d.log(1000, 10000),
        radius_pd=d.between(0.02, 0.15)))),
    "needles": ("cylinder", needle),
    "stiff viruses": ("cylinder", virus),
    "ellipsoidal micelles": ("core_shell_prolate", lambda d: ("core_shell_ellipsoid", dict(
        radius_equat_core=d.log(15, 30), x_core=d.log(2, 6), thick_shell=d.log(4, 12), x_polar_shell=1, sld_core=7.6,
        sld_shell=11.5, sld_solvent=WATER))),
}


def calculate(models, data, name, parameters):
    if name not in models:
        models[name] = load_model(name)
    wide = {f"{key}_n": 12 for key in parameters if key.endswith("_pd")}
    out = DirectModel(data, models[name])(scale=1, background=0, **parameters, **wide)
    return out / out[:5].mean()


def measure(dice, models, kind, name, parameters):
    """q, I and sigma of one particle."""
    low, high = WINDOWS[dice.random.integers(len(WINDOWS))]
    points = int(dice.log(100, 500))
    q = numpy.geomspace(low, high, points) if dice.happens(0.5) else numpy.linspace(low, high, points)
    data = empty_data1D(q, resolution=0.1 if "neutrons" in kind else 0.02)
    out = calculate(models, data, name, parameters)
    if "gold" in kind and dice.happens(0.6):
        out += dice.between(0, 0.15) * calculate(models, data, "sphere", dict(
            sld=GOLD, sld_solvent=WATER, radius=parameters["radius"] * dice.log(0.7, 1.6), radius_pd=0.12))
    if dice.happens(0.35):
        out += out[:3].mean() * dice.between(0.02, 0.6) * (q / q[0]) ** -dice.between(2.5, 4)
    rms, length = dice.log(0.004, 0.08), dice.log(0.15, 1)
    waves, phases = dice.random.normal(size=COSINES) / length, dice.random.uniform(0, 2 * numpy.pi, COSINES)
    out *= numpy.exp(rms * numpy.sqrt(2 / COSINES) * numpy.cos(numpy.outer(numpy.log(q), waves) + phases).sum(axis=1))
    out += out.min() * dice.log(0.02, 3)
    sigma = dice.log(0.002, 0.03) * out * numpy.clip((out[:5].mean() / out) ** 0.35, 1, 60)
    return q, dice.random.normal(out, sigma), sigma / (dice.log(1, 8) if dice.happens(0.4) else 1)


def write(folder):
    """The curves; what each of them is."""
    dice, models, truth = Dice(5), {}, {}
    for number, (kind, (label, draw)) in enumerate(PARTICLES.items()):
        for k in range(CURVES):
            name = f"{number:02}-{k:03}"
            curve = measure(dice, models, kind, *draw(dice))
            numpy.savetxt(os.path.join(folder, name + ".dat"), numpy.c_[curve], header="q(1/A) I sigma")
            truth[name] = (kind, label)
    return truth


def ask(files, options):
    done = subprocess.run([SAXID, "tag", "--json", "--dry-run", "--quiet", *options, *files], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"bench-rods: {done.stderr}")
    return {os.path.basename(line["file"])[:-4]: line for line in map(json.loads, done.stdout.splitlines())}


def count(truth, answers, kind):
    """right, any rod, refused, wrong and sure; of one kind, or of all."""
    mine = [(label, answers[name]) for name, (of, label) in truth.items() if kind in (None, of)]
    kept = [(label, it) for label, it in mine if it["status"] == "ok" and not it["outlier"]]
    return (sum(label == it["label"] for label, it in kept), sum(it["label"] in ELONGATED for _, it in kept),
            len(mine) - len(kept), sum(it["confidence"] > 0.9 and it["label"] not in ELONGATED for _, it in kept))


with tempfile.TemporaryDirectory() as directory:
    known = write(directory)
    files = [os.path.join(directory, name + ".dat") for name in known]
    more = shlex.split(" ".join(sys.argv[1:]))
    answers = {row: ask(files, options + more) for row, options in ROWS.items()}

print(f"{CURVES} curves of each{'':17}" + "".join(f"  {row + ': right':>14}  rod refused wrong, sure" for row in ROWS))
for kind in [*PARTICLES, None]:
    print(f"{kind or 'all, of ' + str(len(known)):34}" + "".join(
        "  {:14} {:4} {:7} {:11}".format(*count(known, answers[row], kind)) for row in ROWS))
