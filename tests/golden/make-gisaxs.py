#!/usr/bin/env python3
"""Makes tests/golden/gisaxs.json, what tests/test-technique-frames.c compares with.

    python3 tests/golden/make-gisaxs.py

Upright cylinders on a substrate, far from each other, in the distorted-wave Born approximation of
BornAgain (Debian's python3-bornagain, Pospelov et al. 2020, doi:10.1107/S1600576719016789): the
intensity along alpha_f at one phi, over its greatest value. Lengths in angstrom, angles in rad.
"""
import json
import os

import bornagain as ba
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
# wavelength, alpha_i, delta and beta of the substrate, radius, height, phi
CASES = [(1.0, 0.2, 3.2e-6, 3e-8, 50, 80, 0.3), (1.54, 0.3, 7.6e-6, 1.73e-7, 40, 120, 0.5), (0.7, 0.1, 1.6e-6, 1e-8, 60, 200, 0.15),
         (1.24, 0.5, 3e-5, 3e-6, 30, 40, 0.8)]
ALPHA = np.linspace(0.02, 1.5, 25)  # degrees


def intensity(wavelength, alpha_i, delta, beta, radius, height, phi):
    vacuum, substrate = ba.HomogeneousMaterial("vacuum", 0, 0), ba.HomogeneousMaterial("substrate", delta, beta)
    layout = ba.ParticleLayout()
    layout.addParticle(ba.Particle(ba.HomogeneousMaterial("island", 1e-5, 0), ba.FormFactorCylinder(radius * ba.angstrom, height * ba.angstrom)))
    top, sample = ba.Layer(vacuum), ba.MultiLayer()
    top.addLayout(layout)
    sample.addLayer(top)
    sample.addLayer(ba.Layer(substrate))
    simulation, half = ba.GISASSimulation(), (ALPHA[1] - ALPHA[0]) / 2
    simulation.setBeamParameters(wavelength * ba.angstrom, alpha_i * ba.deg, 0)
    simulation.setDetectorParameters(1, phi * ba.deg - 1e-6, phi * ba.deg + 1e-6, len(ALPHA), (ALPHA[0] - half) * ba.deg,
                                     (ALPHA[-1] + half) * ba.deg)
    simulation.setSample(sample)
    simulation.runSimulation()
    column = simulation.result().array()[::-1, 0]  # the first row is the top one
    return column / column.max()


def main():
    cases = [{"wavelength": case[0], "alpha_i": np.radians(case[1]), "delta": case[2], "beta": case[3], "radius": case[4],
              "height": case[5], "phi": np.radians(case[6]), "alpha_f": np.radians(ALPHA).tolist(),
              "intensity": [float("%.9g" % value) for value in intensity(*case)]} for case in CASES]
    with open(os.path.join(HERE, "gisaxs.json"), "w", encoding="utf-8") as file:
        json.dump({"program": "BornAgain 1.19", "cases": cases}, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
