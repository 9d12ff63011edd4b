"""Frames of known techniques, made with numpy and by none of the simulator's code."""
import struct

import h5py
import numpy as np


def write(path, frames, **fields):
    """Images without a geometry; fields of the sample: a number with its unit, or a text."""
    with h5py.File(path, "w") as file:
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        detector = entry.create_group("instrument/detector")
        entry["instrument"].attrs["NX_class"] = "NXinstrument"
        detector.attrs["NX_class"] = "NXdetector"
        detector["data"] = frames
        for name, (value, unit) in fields.items():
            entry.create_dataset("sample/" + name, data=value).attrs["units"] = unit


def tiff(image, tag, text):
    """The bytes of a TIFF file of counts, with a text in one of its tags: 270 is the description, 315 the artist."""
    text = text.encode() + b"\0"
    rows, columns = image.shape
    tags = [(256, 4, 1, columns), (257, 4, 1, rows), (258, 3, 1, 32), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 1024),
            (277, 3, 1, 1), (278, 4, 1, rows), (279, 4, 1, 4 * image.size), (339, 3, 1, 2), (tag, 2, len(text), 200)]
    head = struct.pack("<2sHIH", b"II", 42, 8, len(tags))
    head += b"".join(struct.pack("<HHII", *one) for one in sorted(tags)) + bytes(4)
    return (head.ljust(200, b"\0") + text).ljust(1024, b"\0") + image.astype("<i4").tobytes()


def transmission(random, shape=(400, 380)):
    """A power law and a ring about the beam, with a beamstop: poissonian counts."""
    y, x = np.indices(shape)
    r = np.hypot(x - 190, y - 205) + 1
    mean = 3e5 * r ** -2.5 + 30 * np.exp(-0.5 * ((r - 90) / 5) ** 2) + 1
    mean[r < 9] = 0
    return random.poisson(mean).astype(np.int32)


def grazing(random, shape=(400, 380)):
    """Two rods, a Yoneda line and a specular beam above a sharp horizon."""
    y, x = np.indices(shape)
    up = 360 - y
    rods = sum(np.exp(-0.5 * ((x - c) / 4) ** 2) for c in (150, 230))
    mean = (200 * rods + 40 / (1 + ((x - 190) / 30) ** 2)) * np.exp(-up / 120) * (1 + 3 * np.exp(-0.5 * ((up - 14) / 3) ** 2))
    mean += 3000 * np.exp(-0.5 * (((x - 190) / 2) ** 2 + ((up - 25) / 2) ** 2))
    return random.poisson(np.where(up > 0, mean, 0.02)).astype(np.int32)
