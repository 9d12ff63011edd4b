#!/usr/bin/env python3
"""Makes tests/golden/atomic.json, what tests/test-atomic.c compares with.

    python3 tests/golden/make-atomic.py

Particles are built by ASE (Octahedron, Icosahedron, Decahedron), centred and brought to d = 1; Debye's
sum is over every pair, by numpy. ASE keeps the axis of a decahedron at d and lengthens the spokes; the
columns here have touching atoms in the plane, so its coordinates are stretched accordingly. Form factors
of atoms are those of Waasmaier & Kirfel in periodictable.
"""
import json
import os

import numpy as np
from ase.cluster import Decahedron, Icosahedron, Octahedron
from periodictable.cromermann import fxrayatq
from scipy.spatial.distance import pdist

HERE = os.path.dirname(os.path.abspath(__file__))
A = 4.0
D = A / np.sqrt(2)
X = [0.05, 0.7, 2.0, 5.0, 7.695, 10.883, 15.0, 29.3, 48.1, 69.5]
ELEMENTS = "Ag Al Au Co Cr Cu Fe Mn Mo Ni Pb Pd Pt Ru Sb Si Ti".split()


def octahedron(n):
    return Octahedron("Au", n + 1, latticeconstant=A).positions / D


def cuboctahedron(n):
    return Octahedron("Au", 2 * n + 1, cutoff=n, latticeconstant=A).positions / D


def icosahedron(n):
    positions = Icosahedron("Au", n + 1, latticeconstant=A).positions
    return positions * (np.sqrt((5 + np.sqrt(5)) / 8) / pdist(positions).min())


def decahedron(p, e, m):
    positions = Decahedron("Au", p + 1 - 2 * m, e + 1, m, latticeconstant=A).positions / D
    return positions * np.array([0.5 / np.sin(np.pi / 5) / (np.sqrt(3) / 2)] * 2 + [2 * np.sqrt((5 - np.sqrt(5)) / 10)])


def row(name, n, e, m, positions):
    positions = positions - positions.mean(0)
    r = pdist(positions)
    phase = np.multiply.outer(np.array(X), r)
    return {"name": name, "n": n, "e": e, "m": m, "atoms": len(positions), "square": (positions ** 2).sum(1).mean(),
            "P": [2 * float(value) for value in (np.sin(phase) / phase).sum(1)]}


def main():
    rows = []
    for n in (1, 2, 4, 7):
        rows += [row("octahedron", n, 0, 0, octahedron(n)), row("cuboctahedron", n, 0, 0, cuboctahedron(n))]
        # the nearest contacts of ASE's icosahedron are radial, 0.951 of those in a shell
        rows += [row("icosahedron", n, 0, 0, icosahedron(n))]
    for p, e, m in ((1, 0, 0), (4, 0, 0), (4, 2, 2), (6, 3, 2), (7, 1, 3)):
        rows.append(row("pentagonal_bipyramid", p, e, m, decahedron(p, e, m)))
    q = [0.01, 1.0, 5.0, 19.99]
    factors = {symbol: [float(fxrayatq(symbol, value)) for value in q] for symbol in ELEMENTS}
    with open(os.path.join(HERE, "atomic.json"), "w", encoding="utf-8") as out:
        json.dump({"x": X, "particles": rows, "q": q, "factors": factors}, out, indent=0)
        out.write("\n")


if __name__ == "__main__":
    main()
