#!/usr/bin/env python3
"""Makes demo/frame.h5 and demo/frame.poni: a detector frame as a beamline has it, simulated.

    demo/make-frame.py demo/frame.h5 demo/frame.poni

Spheres of 60 Å with 8 % polydispersity in water, counted by a detector of 240 × 220 pixels
0.9 m behind the sample: form factor, a flat background, solid angle, Poisson noise, a beam
stop, three dead pixels (-1) and one that always counts, which the mask of the file has.
"""
import sys

import h5py
import numpy as np

ROWS, COLUMNS, PIXEL, DISTANCE, WAVELENGTH = 240, 220, 4e-4, 0.9, 1.0332  # m, m, Å
CENTRE_Y, CENTRE_X = 121.4 * PIXEL, 98.7 * PIXEL
RADIUS, WIDTH, COUNTS, BACKGROUND, STOP = 60.0, 0.08, 4000.0, 0.6, 6.5

random = np.random.default_rng(20261129)
y, x = ((np.arange(n) + 0.5) * PIXEL for n in (ROWS, COLUMNS))
off = np.hypot(*np.meshgrid(x - CENTRE_X, y - CENTRE_Y))
two_theta = np.arctan2(off, DISTANCE)
q = 4 * np.pi / WAVELENGTH * np.sin(two_theta / 2)

# number average of the Gaussian distribution of radii
radii = RADIUS * (1 + WIDTH * np.linspace(-3, 3, 41))
weights = np.exp(-0.5 * np.linspace(-3, 3, 41) ** 2)
intensity = np.zeros_like(q)
for radius, weight in zip(radii, weights / weights.sum()):
    z = q * radius
    intensity += weight * (radius / RADIUS) ** 6 * (3 * (np.sin(z) - z * np.cos(z)) / z**3) ** 2

counts = random.poisson((COUNTS * intensity + BACKGROUND) * np.cos(two_theta) ** 3).astype(np.int32)
counts[off < STOP * PIXEL] = 0
counts[[30, 100, 177], [40, 200, 20]] = -1
counts[60, 150] = 1000000

with h5py.File(sys.argv[1], "w") as file:
    file.attrs["NX_class"] = "NXroot"
    entry = file.create_group("entry")
    entry.attrs["NX_class"] = "NXentry"
    entry["title"] = "spheres in water, simulated"
    detector = entry.create_group("instrument/detector")
    entry["instrument"].attrs["NX_class"] = "NXinstrument"
    detector.attrs["NX_class"] = "NXdetector"
    detector.create_dataset("data", data=counts[None], chunks=(1, ROWS, COLUMNS), compression="gzip",
                            compression_opts=9, shuffle=True)
    detector["data"].attrs["units"] = "counts"
    mask = np.zeros((ROWS, COLUMNS), np.uint32)
    mask[off < (STOP + 1.5) * PIXEL] = 1
    mask[60, 150] = 16
    detector.create_dataset("pixel_mask", data=mask, compression="gzip")

with open(sys.argv[2], "w", encoding="ascii") as file:
    file.write(f"""poni_version: 2
Detector: Detector
Detector_config: {{"pixel1": {PIXEL}, "pixel2": {PIXEL}, "max_shape": [{ROWS}, {COLUMNS}]}}
Distance: {DISTANCE}
Poni1: {CENTRE_Y:.6f}
Poni2: {CENTRE_X:.6f}
Rot1: 0
Rot2: 0
Rot3: 0
Wavelength: {WAVELENGTH * 1e-10:.6g}
""")
