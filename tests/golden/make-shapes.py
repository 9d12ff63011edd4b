#!/usr/bin/env python3
"""Makes tests/golden/shapes/*.json, what tests/test-shapes.c compares with.

    OMP_NUM_THREADS=1 python3 tests/golden/make-shapes.py

Every curve is computed twice: by sasmodels with so many polydispersity points
that more change nothing, and by the refined quadrature of shape_reference.py.
Where the two agree to 1e-5 the golden is sasmodels'. Where they do not (its 76
orientations are too few for a long particle at large q) the golden is the
quadrature's, which is refined until it stands, and the disagreement is recorded.
"""
import json
import os
import sys

import numpy as np
import sasmodels
from sasmodels.core import load_model
from sasmodels.direct_model import call_kernel

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import shape_reference as reference

X_RAYS = np.geomspace(0.0031, 0.15, 60)
WIDE = np.geomspace(1e-4, 2.0, 60)
SLD = dict(sld=42.0, sld_solvent=9.44)
SHELL = dict(sld_core=63.0, sld_shell=24.0, sld_solvent=9.44)
LIPID = dict(sld_core=7.5, sld_shell=12.5, sld_solvent=9.44)

MODEL = {"sphere": "sphere", "cylinder": "cylinder", "oblate": "ellipsoid", "prolate": "ellipsoid",
         "core_shell_sphere": "core_shell_sphere", "hollow_sphere": "vesicle",
         "core_shell_cylinder": "core_shell_cylinder", "core_shell_oblate": "core_shell_ellipsoid",
         "core_shell_prolate": "core_shell_ellipsoid", "disc": "cylinder",
         "core_shell_disc": "core_shell_bicelle", "capped_cylinder": "capped_cylinder",
         "bilayer_vesicle": "core_multi_shell"}


def cylinder(radius, length):
    return dict(SLD, radius=radius, length=length)


def ellipsoid(radius, aspect):
    """Volume of a sphere of this radius; polar / equatorial = aspect."""
    return dict(SLD, radius_polar=radius * aspect ** (2 / 3), radius_equatorial=radius * aspect ** (-1 / 3))


def core_shell_disc(radius, rim, face, length, sld_core=63.0, sld_face=24.0, sld_rim=33.0):
    return dict(sld_core=sld_core, sld_face=sld_face, sld_rim=sld_rim, sld_solvent=9.44, radius=radius,
                thick_rim=rim, thick_face=face, length=length)


def core_shell_ellipsoid(radius, aspect, thickness, sld=SHELL, x_polar_shell=1.0):
    return dict(sld, radius_equat_core=radius * aspect ** (-1 / 3), x_core=aspect, thick_shell=thickness,
                x_polar_shell=x_polar_shell)


def vesicle(radius, head, tail, sld_head=12.5, sld_tail=7.5):
    return dict(sld_head=sld_head, sld_tail=sld_tail, sld_solvent=9.44, radius=radius, thick_head=head,
                thick_tail=tail)


def for_sasmodels(name, p):
    """Our parameters in the names of sasmodels' model, where these differ."""
    if name == "capped_cylinder":
        return dict(p, radius_cap=p["radius"])
    if name != "bilayer_vesicle":
        return p
    head, tail = (p["sld_head"], p["thick_head"]), (p["sld_tail"], p["thick_tail"])
    shells = {key + str(k): shell[i] for i, key in enumerate(("sld", "thickness"))
              for k, shell in enumerate((head, tail, head), 1)}
    return dict(shells, n=3, sld_core=p["sld_solvent"], sld_solvent=p["sld_solvent"], radius=p["radius"])


# (parameters, width, distribution, q): the middle, the corners of the paper's
# population, a wide q grid, every distribution, one size, contrasts of both signs.
SETS = {
    "sphere": [
        (dict(SLD, radius=80), 0.1, "schulz", X_RAYS), (dict(SLD, radius=15), 0.25, "schulz", X_RAYS),
        (dict(SLD, radius=500), 0.25, "schulz", X_RAYS), (dict(SLD, radius=500), 0.02, "schulz", X_RAYS),
        (dict(SLD, radius=120), 0.0, "schulz", X_RAYS), (dict(SLD, radius=60), 0.15, "schulz", WIDE),
        (dict(SLD, radius=80), 0.12, "gaussian", X_RAYS), (dict(SLD, radius=80), 0.3, "gaussian", X_RAYS),
        (dict(SLD, radius=80), 0.15, "lognormal", X_RAYS), (dict(SLD, radius=80), 0.4, "schulz", X_RAYS),
        (dict(SLD, radius=80), 0.2, "uniform", X_RAYS)],
    "cylinder": [
        (cylinder(50, 400), 0.1, "schulz", X_RAYS), (cylinder(10, 40), 0.25, "schulz", X_RAYS),
        (cylinder(200, 800), 0.02, "schulz", X_RAYS), (cylinder(200, 20000), 0.25, "schulz", X_RAYS),
        (cylinder(10, 1000), 0.02, "schulz", X_RAYS), (cylinder(50, 400), 0.0, "schulz", X_RAYS),
        (cylinder(40, 400), 0.15, "schulz", WIDE), (cylinder(300, 30), 0.15, "schulz", X_RAYS),
        (cylinder(50, 400), 0.12, "gaussian", X_RAYS), (cylinder(50, 400), 0.15, "lognormal", X_RAYS)],
    "oblate": [
        (ellipsoid(80, 1 / 3), 0.1, "schulz", X_RAYS), (ellipsoid(15, 1 / 8), 0.25, "schulz", X_RAYS),
        (ellipsoid(500, 1 / 8), 0.25, "schulz", X_RAYS), (ellipsoid(500, 1 / 1.2), 0.02, "schulz", X_RAYS),
        (ellipsoid(100, 1 / 1.2), 0.25, "schulz", X_RAYS), (ellipsoid(80, 1 / 3), 0.0, "schulz", X_RAYS),
        (dict(SLD, radius_polar=126, radius_equatorial=731), 0.04, "schulz", X_RAYS),
        (ellipsoid(60, 1 / 4), 0.15, "schulz", WIDE), (ellipsoid(80, 1 / 3), 0.12, "gaussian", X_RAYS),
        (ellipsoid(80, 1 / 3), 0.15, "lognormal", X_RAYS)],
    "prolate": [
        (ellipsoid(80, 3), 0.1, "schulz", X_RAYS), (ellipsoid(15, 8), 0.25, "schulz", X_RAYS),
        (ellipsoid(500, 8), 0.25, "schulz", X_RAYS), (ellipsoid(500, 1.2), 0.02, "schulz", X_RAYS),
        (ellipsoid(100, 1.2), 0.25, "schulz", X_RAYS), (ellipsoid(80, 3), 0.0, "schulz", X_RAYS),
        (ellipsoid(60, 4), 0.15, "schulz", WIDE), (ellipsoid(80, 3), 0.12, "gaussian", X_RAYS),
        (ellipsoid(80, 3), 0.15, "lognormal", X_RAYS)],
    "core_shell_sphere": [
        (dict(SHELL, radius=80, thickness=20), 0.1, "schulz", X_RAYS),
        (dict(SHELL, radius=15, thickness=1.5), 0.25, "schulz", X_RAYS),
        (dict(SHELL, radius=500, thickness=500), 0.25, "schulz", X_RAYS),
        (dict(SHELL, radius=500, thickness=50), 0.02, "schulz", X_RAYS),
        (dict(LIPID, radius=100, thickness=30), 0.1, "schulz", X_RAYS),
        (dict(SHELL, radius=80, thickness=20), 0.0, "schulz", X_RAYS),
        (dict(SHELL, radius=60, thickness=10), 0.15, "schulz", WIDE),
        (dict(SHELL, radius=80, thickness=20), 0.12, "gaussian", X_RAYS),
        (dict(SHELL, radius=80, thickness=20), 0.15, "lognormal", X_RAYS)],
    "hollow_sphere": [
        (dict(SLD, volfraction=1.0, radius=100, thickness=20), 0.1, "schulz", X_RAYS),
        (dict(SLD, volfraction=0.05, radius=15, thickness=0.75), 0.25, "schulz", X_RAYS),
        (dict(SLD, volfraction=1.0, radius=500, thickness=250), 0.25, "schulz", X_RAYS),
        (dict(SLD, volfraction=1.0, radius=500, thickness=25), 0.02, "schulz", X_RAYS),
        (dict(SLD, volfraction=1.0, radius=100, thickness=20), 0.0, "schulz", X_RAYS),
        (dict(SLD, volfraction=1.0, radius=60, thickness=15), 0.15, "schulz", WIDE),
        (dict(SLD, volfraction=1.0, radius=100, thickness=20), 0.12, "gaussian", X_RAYS),
        (dict(SLD, volfraction=1.0, radius=100, thickness=20), 0.15, "lognormal", X_RAYS)],
    "core_shell_cylinder": [
        (dict(SHELL, radius=50, thickness=15, length=400), 0.1, "schulz", X_RAYS),
        (dict(SHELL, radius=10, thickness=1, length=40), 0.25, "schulz", X_RAYS),
        (dict(SHELL, radius=200, thickness=200, length=20000), 0.25, "schulz", X_RAYS),
        (dict(SHELL, radius=200, thickness=20, length=800), 0.02, "schulz", X_RAYS),
        (dict(LIPID, radius=30, thickness=20, length=600), 0.1, "schulz", X_RAYS),
        (dict(SHELL, radius=50, thickness=15, length=400), 0.0, "schulz", X_RAYS),
        (dict(SHELL, radius=40, thickness=10, length=300), 0.15, "schulz", WIDE),
        (dict(SHELL, radius=50, thickness=15, length=400), 0.12, "gaussian", X_RAYS)],
    "core_shell_oblate": [
        (core_shell_ellipsoid(80, 1 / 3, 20), 0.1, "schulz", X_RAYS),
        (core_shell_ellipsoid(15, 1 / 8, 1), 0.25, "schulz", X_RAYS),
        (core_shell_ellipsoid(500, 1 / 8, 300), 0.25, "schulz", X_RAYS),
        (core_shell_ellipsoid(500, 1 / 1.2, 30), 0.02, "schulz", X_RAYS),
        (core_shell_ellipsoid(80, 1 / 3, 20, LIPID, 0.5), 0.1, "schulz", X_RAYS),
        (core_shell_ellipsoid(80, 1 / 3, 20), 0.0, "schulz", X_RAYS),
        (core_shell_ellipsoid(50, 1 / 3, 10), 0.15, "schulz", WIDE),
        (core_shell_ellipsoid(80, 1 / 3, 20), 0.12, "gaussian", X_RAYS)],
    "core_shell_prolate": [
        (core_shell_ellipsoid(80, 3, 20), 0.1, "schulz", X_RAYS),
        (core_shell_ellipsoid(15, 8, 1), 0.25, "schulz", X_RAYS),
        (core_shell_ellipsoid(500, 8, 300), 0.25, "schulz", X_RAYS),
        (core_shell_ellipsoid(500, 1.2, 30), 0.02, "schulz", X_RAYS),
        (core_shell_ellipsoid(80, 3, 20, LIPID, 0.5), 0.1, "schulz", X_RAYS),
        (core_shell_ellipsoid(80, 3, 20), 0.0, "schulz", X_RAYS),
        (core_shell_ellipsoid(50, 3, 10), 0.15, "schulz", WIDE),
        (core_shell_ellipsoid(80, 3, 20), 0.12, "gaussian", X_RAYS)],
    "disc": [
        (cylinder(150, 40), 0.1, "schulz", X_RAYS), (cylinder(15, 15), 0.25, "schulz", X_RAYS),
        (cylinder(1000, 30), 0.25, "schulz", X_RAYS), (cylinder(500, 500), 0.02, "schulz", X_RAYS),
        (cylinder(800, 100), 0.02, "schulz", X_RAYS), (cylinder(150, 40), 0.0, "schulz", X_RAYS),
        (cylinder(60, 20), 0.15, "schulz", WIDE), (cylinder(150, 40), 0.12, "gaussian", X_RAYS),
        (cylinder(150, 40), 0.15, "lognormal", X_RAYS), (cylinder(150, 40), 0.4, "schulz", X_RAYS)],
    "core_shell_disc": [
        (core_shell_disc(120, 15, 10, 30), 0.1, "schulz", X_RAYS),
        (core_shell_disc(15, 3, 2, 10), 0.25, "schulz", X_RAYS),
        (core_shell_disc(800, 60, 20, 40), 0.25, "schulz", X_RAYS),
        (core_shell_disc(500, 50, 80, 300), 0.02, "schulz", X_RAYS),
        (core_shell_disc(50, 10, 10, 28, 7.5, 12.5, 11.5), 0.1, "schulz", X_RAYS),
        (core_shell_disc(120, 15, 10, 30), 0.0, "schulz", X_RAYS),
        (core_shell_disc(50, 10, 8, 28), 0.15, "schulz", WIDE),
        (core_shell_disc(120, 15, 10, 30), 0.12, "gaussian", X_RAYS),
        (core_shell_disc(120, 15, 10, 30), 0.15, "lognormal", X_RAYS)],
    # A width of the radius is one of the caps too, which sasmodels cannot say: the
    # quadrature judges those, and sasmodels judges it where all are alike.
    "capped_cylinder": [
        (cylinder(50, 400), 0.0, "schulz", X_RAYS), (cylinder(80, 200), 0.0, "schulz", X_RAYS),
        (cylinder(15, 2000), 0.0, "schulz", X_RAYS), (cylinder(200, 100), 0.0, "schulz", X_RAYS),
        (cylinder(50, 400), 0.1, "schulz", X_RAYS), (cylinder(10, 40), 0.25, "schulz", X_RAYS),
        (cylinder(200, 800), 0.02, "schulz", X_RAYS), (cylinder(40, 400), 0.15, "schulz", WIDE),
        (cylinder(150, 6000), 0.2, "schulz", X_RAYS), (cylinder(50, 400), 0.12, "gaussian", X_RAYS),
        (cylinder(50, 300), 0.15, "lognormal", X_RAYS)],
    "bilayer_vesicle": [
        (vesicle(250, 8, 28), 0.1, "schulz", X_RAYS), (vesicle(250, 8, 28), 0.0, "schulz", X_RAYS),
        (vesicle(40, 6, 15), 0.25, "schulz", X_RAYS), (vesicle(1500, 10, 35), 0.05, "schulz", X_RAYS),
        (vesicle(600, 10, 35), 0.3, "schulz", X_RAYS), (vesicle(100, 8, 28, 2.0, 7.0), 0.15, "schulz", WIDE),
        (vesicle(250, 8, 28), 0.12, "gaussian", X_RAYS), (vesicle(250, 8, 28), 0.2, "lognormal", X_RAYS)],
}


def converged_sasmodels(model, main, parameters, width, distribution, q):
    kernel = load_model(model, platform="dll", dtype="double").make_kernel([q])
    values = dict(parameters, scale=1, background=0)
    if width > 0:
        upper = reference.support(distribution, parameters[main], width)[1]
        sigmas = max((upper / parameters[main] - 1) / width, 7)
        # A uniform distribution ends in full weights: many points, as its error is 1/n.
        values.update({main + "_pd": width, main + "_pd_n": 40001 if distribution == "uniform" else 1201,
                       main + "_pd_nsigma": sigmas, main + "_pd_type": distribution})
    return call_kernel(kernel, values)


def main():
    os.makedirs(os.path.join(HERE, "shapes"), exist_ok=True)
    for name, sets in SETS.items():
        if len(sys.argv) > 1 and name not in sys.argv[1:]:
            continue
        rows = []
        for parameters, width, distribution, q in sets:
            # What is written is what is computed.
            parameters = {k: float("%.9g" % v) for k, v in parameters.items()}
            q = np.array([float("%.9g" % v) for v in q])
            exact, change = reference.intensity(name, parameters, width, distribution, q)
            size = reference.CLASSES[name](parameters)[0]
            peer = converged_sasmodels(MODEL[name], size, for_sasmodels(name, parameters), width,
                                       distribution, q)
            near = exact > 1e-6 * exact[0]
            deviation = float(np.max(np.abs(peer / exact - 1)[near]))
            good = deviation < 1e-5
            print("%-20s width %-5g %-9s sasmodels off by %.1e, last refinement %.1e"
                  % (name, width, distribution, deviation, change), flush=True)
            rows.append({"parameters": parameters, "width": width,
                         "distribution": distribution, "source": "sasmodels" if good else "quadrature",
                         "sasmodels_deviation": float("%.2g" % deviation),
                         "q": list(q),
                         "intensity": [float("%.9g" % v) for v in (peer if good else exact)]})
        header = {"class": name, "model": MODEL[name],
                  "producer": "sasmodels %s (dll kernels, double), numpy %s, scipy %s"
                              % (sasmodels.__version__, np.__version__, reference.scipy_version),
                  "command": "OMP_NUM_THREADS=1 python3 tests/golden/make-shapes.py"}
        with open(os.path.join(HERE, "shapes", name + ".json"), "w") as file:
            file.write(json.dumps(header)[:-1] + ', "sets": [\n')
            file.write(",\n".join(json.dumps(row) for row in rows) + "\n]}\n")


if __name__ == "__main__":
    main()
