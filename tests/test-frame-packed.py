"""Are packed frames what they were before they were packed, without any filter of HDF5?

Chunks are made by numpy and liblz4, read past HDF5 by saxid, and give the same curves, to
the last bit, as the same stack unpacked. Then they are damaged, byte by byte: a frame is
lost, or as it was if nobody can tell; the program never dies.
"""
import os
import random
import subprocess
import tempfile

from tap import check, finish, skip_all

try:
    import h5py
    import numpy
    import packed_frames
except ImportError as missing:
    skip_all("no h5py: %s" % missing)
if not packed_frames.can_lz4():
    skip_all("no liblz4")

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
SHAPE = (61, 53)  # no multiple of anything
N = 19


def write_file(path, stack, packing):
    with h5py.File(path, "w") as file:
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        instrument = entry.create_group("instrument")
        instrument.attrs["NX_class"] = "NXinstrument"
        detector = instrument.create_group("detector")
        detector.attrs["NX_class"] = "NXdetector"
        if packing == "contiguous":
            detector["data"] = stack
        else:
            packed_frames.write(detector, "data", stack, packing)
        for name, value, unit in (("distance", 0.999, "m"), ("beam_center_x", 25.0, "pixel"), ("beam_center_y", 30.0, "pixel"),
                                  ("x_pixel_size", 1e-4, "m"), ("y_pixel_size", 1e-4, "m")):
            detector[name] = value
            detector[name].attrs["units"] = unit
        beam = instrument.create_group("beam")
        beam["incident_wavelength"] = 1.0
        beam["incident_wavelength"].attrs["units"] = "angstrom"


def reduce(path, out, *more):
    environment = dict(os.environ, HDF5_PLUGIN_PATH="/nonexistent")
    done = subprocess.run([SAXID, "reduce", "-q", "-n", "40", "-s", "bbox", path, "-o", out] + list(more), env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode < 0 or not os.path.exists(out):
        return done, None
    with h5py.File(out, "r") as file:
        return done, file["entry/azint1d/data/I"][()]


def every_packing(directory):
    rng = numpy.random.default_rng(9)
    raw, out = os.path.join(directory, "raw.h5"), os.path.join(directory, "out.nxs")
    for dtype in ("u1", "u2", "u4", "i2", "i4", "f4", "f8"):
        stack = rng.poisson(20 * rng.random(SHAPE), (N,) + SHAPE).astype(dtype)
        stack[3, 5, 7] = 255 if dtype == "u1" else 40000 if dtype in ("u2", "u4", "i4") else 99
        stack[:, 20:22] = -1 if dtype[0] in "if" else numpy.iinfo(dtype).max
        write_file(raw, stack, "contiguous")
        expected = reduce(raw, out)[1]
        for packing in packed_frames.PACK:
            write_file(raw, stack, packing)
            for jobs in ("1", "3"):
                done, found = reduce(raw, out, "-j", jobs)
                check(done.returncode == 0 and numpy.array_equal(found, expected, equal_nan=True),
                      "%s, %s, %s jobs" % (dtype, packing, jobs), done.stderr)
    # of a long series HDF5 is asked chunk by chunk
    stack = rng.poisson(20, (1500, 17, 19)).astype("u2")
    write_file(raw, stack, "contiguous")
    expected = reduce(raw, out)[1]
    for packing in ("bitshuffle", "gzip"):
        write_file(raw, stack, packing)
        done, found = reduce(raw, out)
        check(done.returncode == 0 and numpy.array_equal(found, expected, equal_nan=True), "1500 frames, " + packing, done.stderr)


def damage(directory):
    """Bytes of one chunk are changed, cut off or added to; the other frames are as they were."""
    rng, dice = numpy.random.default_rng(10), random.Random(10)
    raw, out = os.path.join(directory, "bad.h5"), os.path.join(directory, "bad.nxs")
    stack = rng.poisson(20, (9,) + SHAPE).astype("u4")
    write_file(raw, stack, "contiguous")
    expected = reduce(raw, out)[1]
    others = [k for k in range(9) if k != 4]
    for packing in ("bitshuffle", "lz4", "gzip", "shuffle-gzip", "plain"):
        good = packed_frames.PACK[packing](stack[4])
        lost = strange = 0
        for trial in range(24):
            bad = bytearray(good)
            kind = trial % 4
            if kind == 0:  # heads and lengths
                bad[dice.randrange(16)] ^= 1 << dice.randrange(8)
            elif kind == 1:
                bad[dice.randrange(len(bad))] = dice.randrange(256)
            elif kind == 2:
                del bad[dice.randrange(len(bad)):]
            else:
                bad[12:16] = b"\xff\xff\xff\xff"
            write_file(raw, stack, packing)
            with h5py.File(raw, "a") as file:
                file["entry/instrument/detector/data"].id.write_direct_chunk((4, 0, 0), bytes(bad) or b"\0")
            done, found = reduce(raw, out)
            lines = done.stderr.strip().splitlines()
            lost += done.returncode == 1
            if (found is None or not numpy.array_equal(found[others], expected[others], equal_nan=True)
                    or (done.returncode == 1) != (len(lines) == 1) or (lines and "frame 4" not in lines[0])):
                strange += 1
        check(strange == 0 and (lost > 0 or packing == "plain"), "damaged %s: %d of 24 are lost, and nothing else" % (packing, lost),
              strange)


def unknown_filter(directory):
    """One that nobody here can unpack: the line says where it is to be had."""
    raw, out = os.path.join(directory, "unknown.h5"), os.path.join(directory, "unknown.nxs")
    packed_frames.FILTERS["bzip2"] = (307, (9,))
    packed_frames.PACK["bzip2"] = lambda image: image.tobytes()
    write_file(raw, numpy.zeros((1,) + SHAPE, "u2"), "bzip2")
    done = reduce(raw, out)[0]
    check(done.returncode == 1 and "apt install hdf5-filter-plugin" in done.stderr and "bzip2" in done.stderr
          and len(done.stderr.strip().splitlines()) == 1, "an unknown filter names its package", done.stderr)


def main():
    with tempfile.TemporaryDirectory() as directory:
        every_packing(directory)
        damage(directory)
        unknown_filter(directory)


main()
finish()
