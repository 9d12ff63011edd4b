#!/usr/bin/env python3
"""A structure with its curve: saxid beside numpy and scipy.fft, on the same work.

    make bench-voxels            EDGES="128 256 512"  THREADS=2  ROUNDS=3

Work: a Gaussian random field of a = 4 nm in a cube of 0.5 nm voxels, cut at its quantile, smoothed by
1 nm out to 13 standard deviations, cut at two levels (three phases), transformed, summed over shells.
The peer draws its modes in the half space, too, transforms with scipy.fft in float and with as many
workers, smooths with scipy.ndimage in real space, finds quantiles by numpy's partition, and sums
by bincount. Beside it: FFTW alone, one transform each way. Times are the least of ROUNDS, by the clock; planning of FFTW is not counted, nor is
scipy's first transform. Two thirds of the last line's ratio is scipy.ndimage, which has one thread.
"""
import os
import subprocess
import sys
import time

import numpy as np
import scipy
import scipy.fft
import scipy.ndimage

THREADS = int(os.environ.get("THREADS") or 2)
ROUNDS = int(os.environ.get("ROUNDS") or 3)
EDGES = [int(word) for word in (os.environ.get("EDGES") or "128 256").split()]
BUILD = os.environ["SAXID_BUILDDIR"]
LENGTH, VOXEL, POROSITY, SHARE, LAYER = 4.0, 0.5, 0.7, 0.2, 0.65
Q = np.array([0.5, 1.0, 2.0])


def saxid(edge):
    """Least seconds by the clock and by the processors, of all and of FFTW alone, and the mean curve of the rounds."""
    output = subprocess.run([os.path.join(BUILD, "bench", "voxel-times"), str(edge), "3", str(10 * LENGTH), str(THREADS),
                             str(ROUNDS)], check=True, stdout=subprocess.PIPE, text=True).stdout
    rows = np.array([[float(word) for word in line.split()] for line in output.splitlines()])
    return rows[:, :4].min(axis=0), rows[:, 4:].mean(axis=0)


def draw(rng, edge, square):
    """The field in real space. square: |k|² of the half space."""
    amplitude = 1 / (1 + (LENGTH ** 2 * square) ** 4)
    modes = rng.standard_normal(square.shape + (2,), dtype=np.float32).view(np.complex64)[..., 0]
    modes *= amplitude
    return scipy.fft.irfftn(modes, s=(edge,) * 3, workers=THREADS, overwrite_x=True)


def quantiles(values, shares):
    ranks = [int(round(share * values.size)) for share in shares]
    return np.partition(values.ravel(), ranks)[ranks]


def structure(rng, edge, square):
    field = draw(rng, edge, square)
    sharp = (field >= quantiles(field, [POROSITY])[0]).astype(np.float32)
    smooth = scipy.ndimage.gaussian_filter(sharp, 1 / VOXEL, mode="wrap", truncate=13)
    lower, upper = quantiles(smooth, [POROSITY * (1 - SHARE), POROSITY])
    return np.where(smooth >= upper, np.float32(1), np.where(smooth >= lower, np.float32(LAYER), np.float32(0)))


def curve(density, shell, multiplicity, edge):
    modes = scipy.fft.rfftn(density, workers=THREADS)
    power = (modes.real ** 2 + modes.imag ** 2) * multiplicity
    table = np.bincount(shell.ravel(), weights=power.ravel())
    count = np.bincount(shell.ravel(), weights=np.broadcast_to(multiplicity, shell.shape).ravel())
    step = 2 * np.pi / (edge * VOXEL)
    k = np.sqrt(np.arange(1, table.size)) * step
    weight = np.exp(-2 * ((k - Q[:, None]) / step) ** 2) / k ** 2
    return (weight * table[1:]).sum(1) / (weight * count[1:]).sum(1)


def peer(edge):
    rng = np.random.default_rng(1)
    whole, half = np.fft.fftfreq(edge, 1 / edge).astype(np.int32), np.arange(edge // 2 + 1, dtype=np.int32)
    shell = whole[:, None, None] ** 2 + whole[None, :, None] ** 2 + half[None, None, :] ** 2
    square = ((2 * np.pi / (edge * VOXEL)) ** 2 * shell).astype(np.float32)
    multiplicity = np.where((half == 0) | (half == edge // 2), 1.0, 2.0)
    times, curves = [], []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        curves.append(curve(structure(rng, edge, square), shell, multiplicity, edge))
        times.append(time.perf_counter() - begin)
    return min(times), np.mean(curves, axis=0)


def main():
    print(f"numpy {np.__version__}, scipy {scipy.__version__}, {THREADS} threads, least of {ROUNDS} rounds, three phases, a = 4 nm")
    print(f"{'edge':>6} {'saxid s':>9} {'processors s':>13} {'FFTW alone s':>13} {'processors s':>13} {'peer s':>8} {'ratio':>7}   I of ours / peer's at q = 0.5, 1, 2 1/nm")
    ratios = []
    for edge in EDGES:
        (wall, processors, floor, busy), ours = saxid(edge)
        theirs, other = peer(edge)
        ratios.append(theirs / wall)
        print(f"{edge:6} {wall:9.3f} {processors:13.3f} {floor:13.3f} {busy:13.3f} {theirs:8.2f} {ratios[-1]:7.1f}   "
              + " ".join(f"{value:.2f}" for value in ours / other), flush=True)
        # two sets of cubes of one material: they scatter by some per cent each
        if not np.all(np.abs(np.log(ours / other)) < 0.5):
            sys.exit("bench-voxels: the two do not scatter alike")
    for edge, ratio in zip(EDGES, ratios):
        print(f"ratio voxels-{edge} {ratio:.2f}")
    print(f"ratio geomean {np.exp(np.mean(np.log(ratios))):.2f}")


if __name__ == "__main__":
    main()
