#!/usr/bin/env python3
"""The test that every doubter does first: 48 curves by sasmodels, named by the Python module.

    make bench-try-it

Eight particles, six sizes of each, as somebody who has sasmodels at hand draws them: radii 10 %
wide, contrasts as in water, q from 0.005 to 0.3 1/Å in 200 steps, a flat background, an error of
2 % and 0.002 of 100. docs/try-it.md has the table that this prints, and says what it shows. The
last lines count with fits, and of the network alone; "none" is a curve flagged as an outlier.
"""
import os
import sys
import warnings

import numpy

warnings.filterwarnings("ignore")

from sasmodels.core import load_model  # noqa: E402
from sasmodels.direct_model import call_kernel  # noqa: E402

sys.path[:0] = [os.path.join(os.environ["SAXID_SRCDIR"], "python")]
import saxid  # noqa: E402

Q = numpy.geomspace(0.005, 0.3, 200)
WATER = 9.4
BODY = {"sld": 12.0, "sld_solvent": WATER}
SHELL = {"sld_core": 8.0, "sld_shell": 12.0, "sld_solvent": WATER}


def particles():
    """Class, what a person calls the size, sasmodels' model, parameters."""
    for radius in (20, 35, 50, 80, 120, 200):
        yield "sphere", f"R {radius}", "sphere", {**BODY, "radius": radius}
    for radius, length in ((15, 150), (20, 400), (30, 200), (30, 600), (50, 400), (80, 1200)):
        yield "cylinder", f"R {radius}, L {length}", "cylinder", {**BODY, "radius": radius, "length": length}
    for radius, length in ((80, 15), (120, 20), (150, 40), (250, 30), (400, 50), (600, 25)):
        yield "disc", f"R {radius}, L {length}", "cylinder", {**BODY, "radius": radius, "length": length}
    for equator, pole in ((15, 40), (20, 70), (25, 60), (30, 120), (40, 100), (60, 200)):
        yield "prolate", f"{equator}, {equator}, {pole}", "ellipsoid", {**BODY, "radius_equatorial": equator, "radius_polar": pole}
    for equator, pole in ((40, 15), (60, 20), (80, 35), (100, 25), (120, 50), (200, 60)):
        yield "oblate", f"{equator}, {equator}, {pole}", "ellipsoid", {**BODY, "radius_equatorial": equator, "radius_polar": pole}
    for radius, shell in ((25, 15), (40, 20), (60, 15), (60, 40), (100, 30), (150, 20)):
        yield "core_shell_sphere", f"R {radius} + {shell}", "core_shell_sphere", {**SHELL, "radius": radius, "thickness": shell}
    for radius, shell in ((40, 15), (60, 30), (80, 25), (120, 40), (200, 30), (300, 50)):
        yield "hollow_sphere", f"R {radius} + {shell}", "vesicle", {**BODY, "radius": radius, "thickness": shell}
    for radius, shell, length in ((15, 10, 200), (20, 10, 500), (25, 15, 300), (30, 20, 800), (40, 10, 400), (60, 20, 1000)):
        yield ("core_shell_cylinder", f"R {radius} + {shell}, L {length}", "core_shell_cylinder",
               {**SHELL, "radius": radius, "thickness": shell, "length": length})


def compute(model, parameters):
    wide = {f"{name}_pd": 0.1 for name in parameters if name in ("radius", "radius_polar")}
    wide.update({f"{name}_n": 35 for name in wide}, **{f"{name}_type": "schulz" for name in wide})
    pure = call_kernel(load_model(model).make_kernel([Q]), {**parameters, **wide, "scale": 1, "background": 0})
    return pure / pure[0]


def measured():
    """Classes, sizes, I and sigma of all."""
    random, known, curves = numpy.random.default_rng(48), [], []
    for kind, size, model, parameters in particles():
        intensity = 100 * compute(model, parameters) + 0.01
        sigma = 0.02 * intensity + 0.002
        known.append((kind, size))
        curves.append((random.normal(intensity, sigma), sigma))
    return known, numpy.array([one for one, _ in curves]), numpy.array([sigma for _, sigma in curves])


known, intensities, sigmas = measured()
full = saxid.Model().judge(Q, intensities, sigmas)
network = saxid.Model(fits=False).judge(Q, intensities, sigmas)
print("| particle | sizes, Å | called | p | network alone | p |\n|---|---|---|---:|---|---:|")
for (kind, size), verdict, quick in zip(known, full, network):
    cells = [f"none (nearest {it.label}) | {it.confidence:.2f}" if it.outlier
             else f"{it.label}{'' if it.label == kind else ' ✗'} | {it.confidence:.2f}" for it in (verdict, quick)]
    print(f"| {kind} | {size} | {' | '.join(cells)} |")
for name, found in (("with fits", full), ("network alone", network)):
    right = sum(one.label == kind and not one.outlier for (kind, _), one in zip(known, found))
    in_set = sum(kind in one.prediction_set for (kind, _), one in zip(known, found))
    sure = sum(one.label != kind and one.confidence > 0.9 and not one.outlier for (kind, _), one in zip(known, found))
    print(f"{name}: {right} of {len(known)} right, {in_set} within the 95 % set, {sure} wrong with p > 0.9")
