"""Azimuthal integration beside pyFAI: frames per second, interleaved in one run.

Stacks as an Eiger writes them (uint32, gaps of 2^32 - 1, hot pixels, a mask), solid angle,
polarisation, Poisson errors. Product and peer take turns; medians of wall clock are
compared, with the least beside them. pyFAI runs its best engine of a splitting: CSR where
pixels are split, histogram where not. Its threads are those of OpenMP, ours those of a run.
What is left out of neither: masks, errors, hot pixels. Set-up is in neither.

Whole programs, from file to curves, are given in frames a second by the clock, start included, and
in the time of the processor of a frame behind the start (two files, of many frames and of eight),
which a busy machine disturbs less. Beside that stands the floor: what LZ4 alone, and LZ4 with its
bits turned back, take of the processor for such a frame.

FRAMES: of the 1M stack (a third of them for 4M); REPEATS; DETECTORS, SPLITTINGS, THREADS:
lists with commas. FILES=0 leaves out whole programs from file to curves, FILES=1 has the
bounding box, FILES=all each splitting, FILES=only nothing else; PACKINGS=plain,gzip,bitshuffle.
"""
import math
import os
import resource
import statistics
import struct
import subprocess
import sys
import tempfile
import time

THREADS = os.environ.get("THREADS") or "1,2"
if "," in THREADS:  # OpenMP reads its number of threads once
    ratios, code = [], 0
    for threads in THREADS.split(","):
        done = subprocess.run([sys.executable] + sys.argv, env=dict(os.environ, THREADS=threads, OMP_NUM_THREADS=threads),
                              stdout=subprocess.PIPE, text=True)
        lines = done.stdout.splitlines()
        ratios += [line for line in lines if line.startswith("ratio ") and "geomean" not in line]
        print("\n".join(line for line in lines if not line.startswith("ratio ")), flush=True)
        code = code or done.returncode
    print("\n".join(ratios))
    if ratios:
        print("ratio geomean %.2f" % math.exp(statistics.mean(math.log(float(line.split()[-1])) for line in ratios)))
    sys.exit(code)

import logging
logging.disable(logging.CRITICAL)
import h5py
import numpy
from pyFAI.azimuthalIntegrator import AzimuthalIntegrator

sys.path.insert(0, os.path.join(os.environ["SAXID_SRCDIR"], "tests"))
import packed_frames

BUILD = os.environ["SAXID_BUILDDIR"]
FILES = os.environ.get("FILES") or "1"
PACKINGS = (os.environ.get("PACKINGS") or "plain,gzip,bitshuffle").split(",")
THREADS = int(THREADS)
FRAMES, REPEATS = int(os.environ.get("FRAMES") or 48), int(os.environ.get("REPEATS") or 5)
BINS = 1000
DETECTORS = {"1M": ("Eiger1M", (1065, 1030), 1), "4M": ("Eiger4M", (2167, 2070), 3)}
METHODS = {"none": ("no", "histogram", "cython"), "bbox": ("bbox", "csr", "cython"), "full": ("full", "csr", "cython")}
WANTED = (os.environ.get("DETECTORS") or "1M,4M").split(",")
SPLITTINGS = (os.environ.get("SPLITTINGS") or "none,bbox,full").split(",")


def make_stack(shape, n):
    random = numpy.random.default_rng(1)
    rows, columns = numpy.mgrid[0:shape[0], 0:shape[1]]
    r = numpy.hypot(rows - 0.52 * shape[0], columns - 0.47 * shape[1])
    rate = 30 * numpy.exp(-r / (0.12 * shape[0])) + 0.3
    mask = (rows % 551 >= 514) | (columns % 1040 >= 1030) | (r < 12)
    few = numpy.array([random.poisson(rate) for k in range(min(n, 8))], numpy.uint32)
    few[:, random.random(shape) < 2e-5] = 200000
    few[:, mask & (r >= 12)] = 2 ** 32 - 1
    return numpy.concatenate([few] * (-(-n // len(few))))[:n], mask.astype(numpy.uint8)


class Product:
    """A process that waits for a line and goes through the stack."""

    def __init__(self, directory, shape, n, splitting, least, limits):
        self.out = os.path.join(directory, "I.raw")
        words = [os.path.join(BUILD, "bench", "integrate-times"), os.path.join(directory, "stack.raw"), *shape, n,
                 os.path.join(directory, "x.poni"), os.path.join(directory, "mask.raw"), splitting, BINS, least, *limits, THREADS, self.out]
        self.process = subprocess.Popen([str(w) for w in words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.setup, self.vectors = self.process.stdout.readline().split()

    def time(self, what):
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        wall, used = self.process.stdout.readline().split()[:2]
        return numpy.array((float(wall), float(used)))

    def curve(self):
        self.process.stdin.close()
        if self.process.wait() != 0:
            sys.exit("the product failed")
        return numpy.fromfile(self.out)


def row(*cells):
    print("%-4s %-5s %-22s %2s  %14s  %14s  %6s  %6s  %6s  %6s" % cells, flush=True)


def in_memory(name, directory, ai, stack, mask, limits, ratios):
    """Wall clock, and in the column CPU the time of processors, which neighbours disturb less."""
    shape, n = stack.shape[1:], len(stack)
    few = max(2, min(n, 6))

    def integrate(frame, splitting):
        return ai.integrate1d_ng(frame, BINS, unit="q_A^-1", mask=mask, error_model="poisson", method=METHODS[splitting],
                                 polarization_factor=0.95, radial_range=limits)

    def peer(splitting):
        begin = numpy.array((time.perf_counter(), time.process_time()))
        for frame in stack[:few]:
            integrate(frame, splitting)
        return (numpy.array((time.perf_counter(), time.process_time())) - begin) / few

    for splitting in SPLITTINGS:
        golden = integrate(stack[0], splitting)
        for least, label in ((0, "stack"), (1, "stack, variance >= 1")):
            product = Product(directory, shape, n, splitting, least, limits)
            product.time("stack")
            times = {"peer": [], "stack": [], "one": []}
            for repeat in range(REPEATS):
                times["peer"].append(peer(splitting))
                times["stack"].append(product.time("stack") / n)
                if least == 0:
                    times["one"].append(product.time("one") / n)
            ours, full = product.curve(), golden.count > 0
            off = numpy.nanmedian(abs(ours[full] - golden.intensity[full]) / (golden.intensity[full] + golden.sigma[full]))
            if not off < 1e-3:  # that it is the same thing; how well is a test's business
                sys.exit("curves of %s, %s differ by %g" % (name, splitting, off))
            for what, text in (("stack", label), ("one", "one frame at a time")):
                if not times[what]:
                    continue
                (a, a_cpu), (b, b_cpu) = (numpy.median(times[who], axis=0) for who in ("peer", what))
                least_a, least_b = (min(t[0] for t in times[who]) for who in ("peer", what))
                row(name, splitting, text, THREADS, "%.2f (%.2f)" % (a * 1e3, least_a * 1e3), "%.3f (%.3f)" % (b * 1e3, least_b * 1e3),
                    "%.1f" % (a / b), "%.1f" % (a_cpu / b_cpu), "%.2f" % (b * 1e9 / (shape[0] * shape[1])),
                    "%.1f" % (shape[0] * shape[1] * 4 / b * 1e-9))
                if least == 0:
                    ratios.append(("%s-%s-%s-%dt" % (name, splitting, what, THREADS), a / b))


def program(words):
    """Seconds by the clock and of the processor of a whole run."""
    begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([os.path.join(BUILD, "saxid"), "reduce", "-q", "--technique", "off", *words], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return numpy.array((time.perf_counter() - begin,
                        after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))


def floor(directory, chunks, frame):
    """Seconds of the processor for one frame: LZ4 alone, and with bits turned back."""
    path = os.path.join(directory, "chunks.raw")
    with open(path, "wb") as file:
        for chunk in chunks:
            file.write(struct.pack("<Q", len(chunk)) + chunk)
    words = [os.path.join(BUILD, "bench", "unpack-times"), path, frame.nbytes, frame.itemsize, max(REPEATS, 5)]
    return [float(word) for word in subprocess.run([str(w) for w in words], check=True, stdout=subprocess.PIPE,
                                                   text=True).stdout.split()]


def write_packed(path, chunks, n, shape, dtype, packing):
    with h5py.File(path, "w") as file:
        file.create_group("entry").attrs["NX_class"] = "NXentry"
        group = file["entry"].create_group("data")
        group.attrs["NX_class"] = "NXdata"
        data = packed_frames.create(group, "data", (n,) + shape, dtype, packing)
        for k in range(n):
            data.id.write_direct_chunk((k, 0, 0), chunks[k % len(chunks)])


def from_files(name, directory, stack, mask, poni):
    """The whole program, from file to file: start, geometry and plan included."""
    n, shape = len(stack), stack.shape[1:]
    mask_path, out, few = (os.path.join(directory, part) for part in ("mask.h5", "out.nxs", "few.h5"))
    with h5py.File(mask_path, "w") as file:
        file.create_group("entry").attrs["NX_class"] = "NXentry"
        file["entry/data/data"] = mask
        file["entry/data"].attrs["NX_class"] = "NXdata"
    many = n * 4 + 8  # so that the start of the program is little
    for packing in PACKINGS:
        raw = os.path.join(directory, packing + ".h5")
        chunks = [packed_frames.PACK[packing](frame) for frame in stack[:8]]
        write_packed(raw, chunks, many, shape, stack.dtype, packing)
        write_packed(few, chunks, 8, shape, stack.dtype, packing)
        if packing == "bitshuffle":
            lz4, whole = floor(directory, chunks, stack[0])
            print("     %s, floor: LZ4 alone %.2f ms of the processor a frame, with its bits turned back %.2f (%.0f frames a second "
                  "on %d free cores)" % (name, lz4 * 1e3, whole * 1e3, THREADS / whole, THREADS), flush=True)
        for splitting in SPLITTINGS if FILES in ("all", "only") else ("bbox",):
            words = ["-g", poni, "-m", mask_path, "-n", str(BINS), "-p", "0.95", "-s", splitting, "-j", str(THREADS), "-o", out]
            times = numpy.array([(program([raw] + words), program([few] + words)) for repeat in range(max(REPEATS // 2, 3))])
            b = statistics.median(times[:, 0, 0]) / many
            row(name, splitting, "file, " + packing, THREADS, "-", "%.3f (%.3f)" % (b * 1e3, times[:, 0, 0].min() / many * 1e3), "-", "-",
                "%.2f" % (b * 1e9 / (shape[0] * shape[1])), "%.1f" % (shape[0] * shape[1] * 4 / b * 1e-9))
            start = times[:, 1, 1].min()
            frame = max(times[:, 0, 1].min() - start, 1e-9) / (many - 8)
            print("     %s, %s, %s: %.0f frames a second from file to curves, %d threads; of the processor %.2f ms a frame (%.2f ns a "
                  "pixel, %.0f a second on %d free cores), %.2f s to start" % (name, packing, splitting, 1 / b, THREADS, frame * 1e3,
                  frame * 1e9 / (shape[0] * shape[1]), THREADS / frame, THREADS, start), flush=True)
        os.unlink(raw)


def main():
    ratios = []
    for name in WANTED:
        detector, shape, part = DETECTORS[name]
        n = max(8, FRAMES // part // 8 * 8)
        with tempfile.TemporaryDirectory() as directory:
            stack, mask = make_stack(shape, n)
            stack.tofile(os.path.join(directory, "stack.raw"))
            mask.tofile(os.path.join(directory, "mask.raw"))
            poni = os.path.join(directory, "x.poni")
            with open(poni, "w") as file:
                file.write("poni_version: 2\nDetector: %s\nDetector_config: {}\nDistance: 1.0\nPoni1: %r\nPoni2: %r\nRot1: 0\nRot2: 0\n"
                           "Rot3: 0\nWavelength: 1e-10\n" % (detector, 0.52 * shape[0] * 75e-6, 0.47 * shape[1] * 75e-6))
            ai = AzimuthalIntegrator(dist=1.0, poni1=0.52 * shape[0] * 75e-6, poni2=0.47 * shape[1] * 75e-6, pixel1=75e-6,
                                     pixel2=75e-6, wavelength=1e-10)
            centre = ai.qArray(shape) / 10
            # the engines of pyFAI do not agree on whether masked pixels are in the range
            limits = (float(centre[mask == 0].min()) * 1.001, float(centre.max()) * 0.999)
            product = Product(directory, shape, n, "none", 0, limits)
            bandwidth = stack.nbytes / min(product.time("memory")[0] for k in range(5)) * 1e-9
            print("Eiger %s: %d frames, vectors %s; one core reads the stack at %.1f GB/s" % (name, n, product.vectors, bandwidth))
            product.curve()
            row("", "split", "what", "th", "pyFAI ms", "saxid ms", "ratio", "CPU", "ns/px", "GB/s")
            if FILES != "only":
                in_memory(name, directory, ai, stack, mask, limits, ratios)
            if FILES != "0" and packed_frames.can_lz4():
                from_files(name, directory, stack, mask, poni)
    for name, ratio in ratios:
        print("ratio %s %.2f" % (name, ratio))
    if ratios:
        print("ratio geomean %.2f" % math.exp(statistics.mean(math.log(ratio) for name, ratio in ratios)))


main()
