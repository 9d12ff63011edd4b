#!/usr/bin/env python3
"""saxid and sasmodels side by side: time and error of the form factors.

    make bench-shapes [DRAWS=20]

The population of the paper and its like for the two flat shapes, the 890-point grid of the Xeuss, one thread each.
sasmodels: compiled kernels in double precision, 35 polydispersity points over
3 standard deviations (SasView's default) for the time and the first error, and
35 over 8 (its default for Schulz) for the second. The reference of both is the
quadrature of tests/golden/shape_reference.py, refined until it stands, at 16
points of the grid of each draw; errors are relative where I > 1e-6 I(0).

Times are of the processor, so that a busy machine does not count; the best of
a few runs. saxid is slower for large particles, so its time is the mean over
many draws (TIMED); that of sasmodels hardly depends on the draw, and is taken
with the errors from the first DRAWS of them. A ratio is mean over mean.
"""
import os

os.environ["OMP_NUM_THREADS"] = "1"

import subprocess
import sys
import time

import numpy as np

SOURCE = os.environ["SAXID_SRCDIR"]
BUILD = os.environ["SAXID_BUILDDIR"]
sys.path.insert(0, os.path.join(SOURCE, "tests", "golden"))
import shape_reference as reference
from sasmodels.core import load_model
from sasmodels.direct_model import call_kernel

FIRST, LAST, POINTS = 0.0031, 0.1493, 890
Q = np.linspace(FIRST, LAST, POINTS)
SOLVENT = 9.44
TIMED = 300

# Order of the parameters in saxid's table, and the model of sasmodels.
TABLE = {
    "sphere": ("sphere", "sld sld_solvent radius"),
    "cylinder": ("cylinder", "sld sld_solvent radius length"),
    "oblate": ("ellipsoid", "sld sld_solvent radius_polar radius_equatorial"),
    "prolate": ("ellipsoid", "sld sld_solvent radius_polar radius_equatorial"),
    "core_shell_sphere": ("core_shell_sphere", "radius thickness sld_core sld_shell sld_solvent"),
    "hollow_sphere": ("vesicle", "sld sld_solvent volfraction radius thickness"),
    "core_shell_cylinder": ("core_shell_cylinder", "sld_core sld_shell sld_solvent radius thickness length"),
    "core_shell_oblate": ("core_shell_ellipsoid", "radius_equat_core x_core thick_shell x_polar_shell"
                          " sld_core sld_shell sld_solvent"),
    "core_shell_prolate": ("core_shell_ellipsoid", "radius_equat_core x_core thick_shell x_polar_shell"
                           " sld_core sld_shell sld_solvent"),
    "disc": ("cylinder", "sld sld_solvent radius length"),
    "core_shell_disc": ("core_shell_bicelle", "radius thick_rim thick_face length"
                        " sld_core sld_face sld_rim sld_solvent"),
}
FLAT = ("disc", "core_shell_disc")


def draw(name, random):
    """Parameters and width of one member of the paper's population, or of the flat
    shapes with its sizes and densities: length/radius log-uniform 0.03-1, shells
    as thick as the core's length times log-uniform 0.1-1."""
    def log(lower, upper):
        return float(np.exp(random.uniform(np.log(lower), np.log(upper))))
    core = log(14, 125)
    shell = random.uniform(10.94, max(0.85 * core, 11.44))
    r, aspect, width = log(15, 500), random.uniform(1.2, 8), random.uniform(0.02, 0.25)
    one = {"sld": core, "sld_solvent": SOLVENT}
    two = {"sld_core": core, "sld_shell": shell, "sld_solvent": SOLVENT}
    radius = log(10, 200)
    if name == "sphere":
        return dict(one, radius=r), width
    if name == "cylinder":
        return dict(one, radius=radius, length=radius * log(4, 100)), width
    if name == "core_shell_sphere":
        return dict(two, radius=r, thickness=r * log(0.1, 1)), width
    if name == "hollow_sphere":
        return dict(one, volfraction=1.0, radius=r, thickness=r * log(0.05, 0.5)), width
    if name == "core_shell_cylinder":
        return dict(two, radius=radius, thickness=radius * log(0.1, 1), length=radius * log(4, 100)), width
    if name in FLAT:
        flatness = log(0.03, 1)
        radius = r * (4 / 3 / flatness) ** (1 / 3)
        size = dict(radius=radius, length=radius * flatness)
        if name == "disc":
            return dict(one, **size), width
        length = size["length"]
        return dict(size, thick_rim=length * log(0.1, 1), thick_face=length * log(0.1, 1), sld_core=core,
                    sld_face=shell, sld_rim=random.uniform(10.94, max(0.85 * core, 11.44)),
                    sld_solvent=SOLVENT), width
    axis = aspect if name.endswith("prolate") else 1 / aspect
    equatorial = r * axis ** (-1 / 3)
    if name in ("oblate", "prolate"):
        return dict(one, radius_polar=axis * equatorial, radius_equatorial=equatorial), width
    return dict(two, radius_equat_core=equatorial, x_core=axis, thick_shell=0.6 * r * log(0.1, 1),
                x_polar_shell=1.0), width


def run_saxid(name, draws):
    lines = ["%s %.17g %s %.17g %.17g %d\n" % (
        name, width, " ".join("%.17g" % parameters[p] for p in TABLE[name][1].split()), FIRST, LAST, POINTS)
        for parameters, width in draws]
    program = os.path.join(BUILD, "bench", "shape-times")
    out = subprocess.run([program], input="".join(lines), capture_output=True, text=True, check=True).stdout
    rows = [np.array(line.split(), float) for line in out.splitlines()]
    return [(row[0], row[1], row[2:]) for row in rows]


def run_sasmodels(name, kernel, parameters, width, sigmas):
    main = reference.CLASSES[name](parameters)[0]
    values = dict(parameters, scale=1, background=0)
    values.update({main + "_pd": width, main + "_pd_n": 35, main + "_pd_type": "schulz",
                   main + "_pd_nsigma": sigmas})
    best = np.inf
    for _ in range(2):
        start = time.process_time()
        intensity = call_kernel(kernel, values)
        best = min(best, time.process_time() - start)
    return best, intensity


def main():
    count = int(os.environ.get("DRAWS") or 20)
    ratios, means = {}, {}
    print("%d draws of each class (%d for the time of saxid), %d points of q;"
          " times of one curve in ms, errors relative" % (count, max(count, TIMED), POINTS))
    print("%-20s %9s %9s %9s %9s   %9s %9s %9s" % ("", "saxid", "median", "sasmodels", "median",
                                                   "saxid", "3 sigma", "8 sigma"))
    for name, (model, _) in TABLE.items():
        random = np.random.default_rng(20)
        draws = [draw(name, random) for _ in range(max(count, TIMED))]
        kernel = load_model(model, platform="dll", dtype="double").make_kernel([Q])
        ours = run_saxid(name, draws)
        ours_time = [1e3 * seconds for seconds, _, _ in ours]
        peer_time, errors = [], []
        for (parameters, width), (_, forward, intensity) in zip(draws[:count], ours):
            at = np.sort(random.choice(POINTS, 16, replace=False))
            narrow, default = (run_sasmodels(name, kernel, parameters, width, s) for s in (3, 8))
            exact = reference.intensity(name, parameters, width, "schulz", Q[at], 1e-6)[0]
            good = exact > 1e-6 * forward
            peer_time.append(1e3 * narrow[0])
            if good.any():
                errors.append([np.max(np.abs(i[at] / exact - 1)[good])
                               for i in (intensity, narrow[1], default[1])])
        worst = np.max(errors, axis=0)
        ratios[name] = np.mean(peer_time) / np.mean(ours_time)
        means[name] = np.mean(ours_time)
        print("%-20s %9.3f %9.3f %9.3f %9.3f   %9.1e %9.1e %9.1e"
              % (name, np.mean(ours_time), np.median(ours_time), np.mean(peer_time), np.median(peer_time),
                 *worst), flush=True)
    for name, ratio in ratios.items():
        print("ratio %s %.1f" % (name, ratio))
    for title, names in (("ratio eleven", list(TABLE)), ("ratio geomean", [n for n in TABLE if n not in FLAT])):
        print("mean of saxid %.3f ms" % np.mean([means[n] for n in names]))
        print("%s %.1f" % (title, np.exp(np.mean([np.log(ratios[n]) for n in names]))))


if __name__ == "__main__":
    main()
