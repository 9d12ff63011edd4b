#!/usr/bin/env python3
"""Makes tests/golden/materials.json, what tests/test-materials.c compares with.

    python3 tests/golden/make-materials.py

The covariance of the field is integrated over its spectrum, the covariance of the levels over
the angle for each distance, and the curve over the distance, all by Gauss and Legendre's rule
with numpy; no residue, no table and no spline is used. Where the page of the project has a
value (orders 0, six digits) this file agrees with it.
"""
import json
import os

import numpy as np
from scipy.special import ndtri

HERE = os.path.dirname(os.path.abspath(__file__))
SPECTRA = {-2: (4, 0), -1: (6, 0), 0: (8, 0), 1: (8, 2), 2: (8, 4), 3: (8, 6), 4: (8, 8)}
Q = [0.01, 0.1, 0.5, 1, 1.5, 2, 3, 5, 10, 20, 40, 100]
DISTANCES = [0.01, 0.5, 1, 2, 3, 4, 5, 6, 8, 20]
TWO = [(0, e) for e in (0.02, 0.1, 0.3, 0.5, 0.7, 0.95)] + [(o, e) for o in (-2, -1, 1, 2, 3, 4, -1.4, 0.25, 0.6, 3.1) for e in (0.2, 0.5)]
THREE = [(0.6, 0.3), (0.3, 0.4), (0.1, 0.05), (0.5, 0.05), (0.9, 0.5), (0.85, 0.2), (0.5, 0.5), (0.7, 0.75)]
LAYER = 0.65
EXPONENTIAL = [(w, e) for w in (0, 1, 2.5, 6, 12) for e in (0.2, 0.5)]


def rule(edges, n=24):
    x, w = np.polynomial.legendre.leggauss(n)
    half, middle = np.diff(edges) / 2, (edges[1:] + edges[:-1]) / 2
    return (middle[:, None] + half[:, None] * x).ravel(), (half[:, None] * w).ravel()


def distances():
    edges, width = [0.0], 0.004
    while edges[-1] < 110:
        edges.append(edges[-1] + width)
        width = min(width * 1.25, 0.3)
    return rule(np.array(edges))


def gap(order, r):
    """1 - g(r) of a spectrum scaled to <q²> = 0.6, without cancellation at small r."""
    n, p = SPECTRA[order]
    # to x = 60 in steps that the largest distance needs, then in growing ones, which do not resolve
    # the sinc of large distances: it is left out there, where it adds less than 1e-12
    edges = np.concatenate([np.linspace(0, 60, 751), 60 * 1.02 ** np.arange(1, 150)])
    x, w = rule(edges)
    gamma = w * x ** (2 + p) / (1 + x ** n) ** 2
    scale = np.sqrt((gamma * x * x).sum() / gamma.sum() / 0.6)
    out = np.empty_like(r)
    for k in range(0, len(r), 100):
        u = np.outer(r[k:k + 100] / scale, x)
        s = u * u
        small = s / 6 * (1 - s / 20 * (1 - s / 42 * (1 - s / 72 * (1 - s / 110))))
        sinc = np.where((x > 60) & (r[k:k + 100, None] > 1), 0, np.sinc(u / np.pi))
        out[k:k + 100] = (np.where(u < 0.5, small, 1 - sinc) * gamma).sum(1) / gamma.sum()
    return out


def mixed_gap(order, r, known={}):
    lower = int(np.floor(order))
    part = order - lower
    for o in (lower, lower + 1) if part else (lower,):
        if o not in known:
            known[o] = gap(o, r)
    return known[lower] if not part else (1 - part) * known[lower] + part * known[lower + 1]


def covariance(u, t1, t2):
    x, w = np.polynomial.legendre.leggauss(240)
    half = (np.pi / 2 - u) / 2
    v = (np.pi / 2 + u)[:, None] / 2 + half[:, None] * x
    exponent = (t1 - t2) ** 2 / (2 * np.sin(v) ** 2) + t1 * t2 / (1 + np.cos(v))
    return half * (w * np.exp(-exponent)).sum(1) / (2 * np.pi)


def main():
    r, w = distances()

    def curve(c):
        return [float(f"{4 * np.pi * (w * r * r * c * np.sinc(q * r / np.pi)).sum():.9g}") for q in Q]

    def angle(order):
        return 2 * np.arcsin(np.sqrt(mixed_gap(order, r) / 2))

    two = []
    for order, porosity in TWO:
        t = ndtri(porosity)
        two.append({"order": order, "porosity": porosity, "P": curve(covariance(angle(order), t, t))})
    three = []
    for porosity, share in THREE:
        t1, t2, u = ndtri(porosity * (1 - share)), ndtri(porosity), angle(0)
        c = LAYER ** 2 * covariance(u, t1, t1) + (1 - LAYER) ** 2 * covariance(u, t2, t2) \
            + 2 * LAYER * (1 - LAYER) * covariance(u, t1, t2)
        three.append({"porosity": porosity, "share": share, "layer": LAYER, "P": curve(c)})
    exponential = [{"wave": wave, "porosity": porosity,
                    "P": curve(porosity * (1 - porosity) * np.exp(-r) * np.sinc(wave * r / np.pi))}
                   for wave, porosity in EXPONENTIAL]
    at = np.array(DISTANCES)
    golden = {"producer": f"numpy {np.__version__}", "command": "python3 tests/golden/make-materials.py",
              "r": DISTANCES, "gap": [{"order": o, "value": [float(f"{v:.12g}") for v in gap(o, at)]} for o in SPECTRA],
              "q": Q, "two": two, "three": three, "exponential": exponential}
    with open(os.path.join(HERE, "materials.json"), "w", encoding="ascii") as file:
        json.dump(golden, file)
        file.write("\n")


if __name__ == "__main__":
    main()
