#!/usr/bin/env python3
"""Debye's sum of a particle at 1999 q: saxid beside numpy, scipy and ASE, one thread each.

    make bench-debye            PARTICLES="icosahedron:8 cubefcc:28:fourier"  MOST_PAIRS=5e8  ROUNDS=3

Ours: building the particle, its symmetry, its distances and the sum, in processor seconds, the best of ROUNDS.
"every pair": scipy's pdist and a sine of numpy for each pair and q; timed on some of the q where that is long, and
scaled. "binned": distances of all pairs by scipy in bins of 1e-4 d, then numpy's sine for each bin that holds
something. "ASE": ase.utils.xrdebye.XrDebye, a published program, on a few q, scaled. Peers are left out where
there are more pairs than MOST_PAIRS, and "every pair" and ASE beyond 5e6. Error: max |ΔP| / (N + P) over 20 q, against
every pair, up to 1e8 of them. A ratio is that of the quickest peer.
"""
import os

os.environ["OMP_NUM_THREADS"] = "1"

import subprocess
import sys
import time

import ase
import numpy as np
import scipy
from ase import Atoms
from ase.utils.xrdebye import XrDebye
from scipy.spatial.distance import cdist, pdist

BUILD = os.environ["SAXID_BUILDDIR"]
ROUNDS = int(os.environ.get("ROUNDS") or 3)
MOST_PAIRS = float(os.environ.get("MOST_PAIRS") or 5e8)
EVERY_PAIR = 5e6
EXACT = 1e8
SINES = 4e8
PARTICLES = (os.environ.get("PARTICLES") or "icosahedron:4 icosahedron:8 cubefcc:7 dodecahedron:10 icosahedron:20 icosahedron:30 "
             "cubefcc:28:orbits cubefcc:28:fourier cubefcc:62:fourier").split()
X = 0.0288 * np.arange(1, 2000)
AT = np.arange(99, 2000, 100)
WIDTH = 1e-4


def saxid(name, size, way):
    output = subprocess.run([os.path.join(BUILD, "bench", "debye-times"), name, size, way, str(ROUNDS)], check=True,
                            stdout=subprocess.PIPE, text=True).stdout.splitlines()
    rows = np.array([[float(word) for word in line.split()] for line in output[1:]])
    best = rows[rows[:, :2].sum(1).argmin()]
    return int(output[0]), best[:2], best[2:]


def positions(name, size):
    raw = subprocess.run([os.path.join(BUILD, "bench", "debye-times"), name, size, "positions"], check=True,
                         stdout=subprocess.PIPE).stdout
    return np.frombuffer(raw).reshape(-1, 3)


def every_pair(r, x):
    return np.array([2 * np.sinc(r * (value / np.pi)).sum() for value in x])


def timed(call, *arguments):
    begin = time.process_time()
    result = call(*arguments)
    return time.process_time() - begin, result


def binned(xyz):
    """Of all pairs, in strips, so that the distances never lie in memory together."""
    longest = 2 * np.sqrt((xyz ** 2).sum(1).max())
    count = np.zeros(int(longest / WIDTH) + 3)
    for first in range(0, len(xyz), 200):
        strip = cdist(xyz[first:first + 200], xyz[first:]).ravel()
        count += np.bincount((strip / WIDTH + 0.5).astype(np.int64), minlength=len(count))
        # pairs inside the strip were met twice
        inside = pdist(xyz[first:first + 200])
        np.subtract.at(count, (inside / WIDTH + 0.5).astype(np.int64), 1)
    count[0] = 0
    used = np.flatnonzero(count)
    r, weight = used * WIDTH, count[used] * 2
    return np.array([(weight * np.sinc(r * (value / np.pi))).sum() for value in X])


def ase_pattern(xyz, x):
    calculator = XrDebye(Atoms(["H"] * len(xyz), positions=xyz), 1.0, damping=0, method="plain")
    return np.array([calculator.get(value / (2 * np.pi)) for value in x]) - len(xyz)


def exactly(xyz, x):
    """P of every pair, in strips; each atom with itself gives 1."""
    total = np.zeros(len(x))
    for first in range(0, len(xyz), 100):
        r = cdist(xyz[first:first + 100], xyz)
        total += [np.sinc(r * (value / np.pi)).sum() for value in x]
    return total - len(xyz)


def time_peers(xyz):
    """Seconds of each peer for all q."""
    pairs = len(xyz) * (len(xyz) - 1) / 2
    seconds = {"binned": timed(binned, xyz)[0]}
    if pairs < EVERY_PAIR:
        some = X[::max(1, int(pairs * len(X) / SINES))]
        seconds["every pair"] = timed(lambda: every_pair(pdist(xyz), some))[0] * len(X) / len(some)
        few = X[::max(1, len(X) // max(2, int(EVERY_PAIR / pairs)))]
        taken, found = timed(ase_pattern, xyz, few)
        seconds["ASE"] = taken * len(X) / len(few)
        if np.max(np.abs(found - every_pair(pdist(xyz), few)) / (len(xyz) + found)) > 1e-8:
            sys.exit("bench-debye: ASE sums otherwise")
    return seconds


def peers(name, size, atoms):
    """Seconds of each peer, and P of every pair at AT; nothing where there are too many."""
    pairs = atoms * (atoms - 1) / 2
    if pairs > MOST_PAIRS:
        return {}, None
    xyz = positions(name, size)
    return time_peers(xyz), exactly(xyz, X[AT - 1]) if pairs < EXACT else None


def main():
    print(f"numpy {np.__version__}, scipy {scipy.__version__}, ASE {ase.__version__}; 1999 q, processor seconds, best of {ROUNDS}")
    print(f"{'particle':34} {'atoms':>8} {'distances':>10} {'sum':>8} {'both':>8}  {'error':>8}  peers: seconds (ratio)")
    best = []
    for particle in PARTICLES:
        name, size, way = (particle.split(":") + ["orbits"])[:3]
        atoms, (counted, summed), found = saxid(name, size, way)
        seconds, exact = peers(name, size, atoms)
        error = "" if exact is None else f"{np.max(np.abs(found - exact) / (atoms + exact)):.1e}"
        both = counted + summed
        text = ", ".join(f"{peer} {value:.3g} ({value / both:.0f})" for peer, value in seconds.items())
        print(f"{name + ' ' + size + ' ' + way:34} {atoms:8} {counted:10.5f} {summed:8.5f} {both:8.5f}  {error:>8}  {text}", flush=True)
        if seconds:
            best.append(min(seconds.values()) / both)
            print(f"ratio debye-{name}-{size}-{way} {best[-1]:.2f}")
    print(f"ratio geomean {np.exp(np.mean(np.log(best))):.2f}")


if __name__ == "__main__":
    main()
