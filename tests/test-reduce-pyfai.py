"""Does `saxid reduce` agree with pyFAI to float accuracy?

The judge is Debian's python3-pyfai (0.21.3 there), method ("no", "histogram",
"python"): the same bins, the same corrections, the same Poisson variances. Three
habits of that version are taken out of the way, none of them ours to follow:
- it computes pixel positions from float indices, 1e-6 off in q near the beam; it
  is handed q from its own function at double indices;
- with a dark frame its Poisson variance is max (1, raw - dark) + dark where its
  documentation says raw + dark; it is handed max (1, raw) + dark;
- its Cython histogram keeps some pixels outside of radial_range; its Python one
  does not.
Both programs keep four float planes and sum them in double. Each of at most
five factors of a normalisation is rounded to 24 bits, 6e-8, in either program,
so I and sigma of a bin may differ by 6e-7 relatively and must not by more than
1e-6; one pixel in another bin would show as 1e-4 and more. q is double in both:
1e-9.
"""
import math
import os
import subprocess
import tempfile

from tap import check, finish, skip, skip_all

try:
    import h5py
    import numpy
    from pyfai_files import write_image, write_poni
    import logging
    logging.disable(logging.CRITICAL)
    from pyFAI.azimuthalIntegrator import AzimuthalIntegrator
    import fabio
except ImportError as missing:
    skip_all("no pyFAI: %s" % missing)

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
DATA = os.environ.get("SAXID_DATA", "")
METHOD = ("no", "histogram", "python")
TOLERANCE = 1e-6
AGBH_D001 = 58.38  # Angstrom, Huang et al., J. Appl. Cryst. 26 (1993) 180

FLOOR = """[chain]
reducers = mask; poisson; %(dark)s %(flat)s %(pol)s solid-angle; %(monitor)s integrate
[poisson]
least = 1
"""


def reduce(*arguments):
    return subprocess.run([SAXID, "reduce", "--quiet"] + [str(a) for a in arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def read(path):
    with h5py.File(path, "r") as file:
        data = file["entry/azint1d/data"]
        return data["radial_axis"][()], data["I"][()], data["I_errors"][()]


def compare(name, q, intensity, sigma, golden):
    """q in 1/Angstrom; golden a result of pyFAI in the same unit."""
    empty = golden.count == 0
    if (numpy.isnan(intensity) != empty).any():
        check(False, name, "other bins are empty: %d and %d" % (numpy.isnan(intensity).sum(), empty.sum()))
        return
    full = ~empty
    off_q = numpy.max(abs(q / golden.radial - 1))
    # golden.intensity is float; the sums behind it are double
    expected = golden.sum_signal[full] / golden.sum_normalization[full]
    expected_sigma = numpy.sqrt(golden.sum_variance[full]) / golden.sum_normalization[full]
    # a difference of large numbers is as good as its error bar, not as itself
    off_i = numpy.max(abs(intensity[full] - expected) / (abs(expected) + expected_sigma))
    off_s = numpy.max(abs(sigma[full] / expected_sigma - 1))
    check(off_q < 1e-9 and off_i < TOLERANCE and off_s < TOLERANCE,
          "%s (%d bins, %d empty; q %.1e, I %.1e, sigma %.1e)" % (name, len(q), empty.sum(), off_q, off_i, off_s))


def synthetic(directory):
    """Tilted and untilted geometries, one correction after the other."""
    random = numpy.random.default_rng(20200501)
    shape = (210, 170)
    geometries = {
        "flat geometry": dict(dist=1.2, poni1=0.0182, poni2=0.0131),
        "tilted geometry": dict(dist=0.31, poni1=-0.011, poni2=0.042, rot1=0.21, rot2=-0.13, rot3=0.7),
        "steep geometry": dict(dist=0.05, poni1=0.02, poni2=0.01, rot1=-0.9, rot2=0.4, rot3=-2.1),
    }
    rows, columns = numpy.mgrid[0:shape[0], 0:shape[1]]
    rate = 400 * numpy.exp(-numpy.hypot(rows - 105, columns - 60) / 40) + 0.4
    frame = random.poisson(rate).astype(numpy.int32)
    dark = random.poisson(0.3, shape).astype(numpy.float32)
    flat = random.uniform(0.7, 1.3, shape).astype(numpy.float32)
    mask = (random.random(shape) < 0.05).astype(numpy.uint8)
    mask[100:120, 50:75] = 1
    flat[7, 9] = 0
    paths = {name: os.path.join(directory, name + ".h5") for name in ("frame", "dark", "flat", "mask", "out")}
    for name, image in (("frame", frame), ("dark", dark), ("flat", flat), ("mask", mask)):
        write_image(paths[name], image)
    poni = os.path.join(directory, "x.poni")
    chain = os.path.join(directory, "chain.key")

    for geometry_name, geometry in geometries.items():
        ai = AzimuthalIntegrator(pixel1=172e-6, pixel2=150e-6, wavelength=1.03e-10, **geometry)
        write_poni(poni, ai)
        for case, used in (("mask", "m"), ("dark", "d"), ("flat", "f"), ("polarisation", "p"), ("monitor", "n"),
                           ("everything", "mdfpnr")):
            kwargs, arguments = {}, []
            if "m" in used:
                kwargs["mask"] = mask
                arguments += ["--mask", paths["mask"]]
            if "d" in used:
                kwargs["dark"] = dark
                arguments += ["--dark", paths["dark"]]
            if "f" in used:
                kwargs["flat"] = flat
                arguments += ["--flat", paths["flat"]]
            if "p" in used:
                kwargs["polarization_factor"] = 0.93
                arguments += ["--polarisation", 0.93]
            if "n" in used:
                kwargs["normalization_factor"] = 1234.5
                arguments += ["--monitor", 1234.5]
            if "r" in used:
                q = ai.qArray(shape) / 10
                limits = (float(numpy.quantile(q, 0.1)), float(numpy.quantile(q, 0.8)))
                kwargs["radial_range"] = limits
                arguments += ["--q-min", repr(limits[0]), "--q-max", repr(limits[1])]
            with open(chain, "w") as out:
                out.write(FLOOR % dict(dark="dark;" if "d" in used else "", flat="flat;" if "f" in used else "",
                                       pol="polarisation;" if "p" in used else "",
                                       monitor="monitor;" if "n" in used else ""))
            golden = judge(ai, frame, 150, **kwargs)
            done = reduce(paths["frame"], "--geometry", poni, "--chain", chain, "--bins", 150, "-o", paths["out"],
                          *arguments)
            name = "%s, %s" % (geometry_name, case)
            if done.returncode != 0:
                check(False, name, done.stdout.strip())
                continue
            q, intensity, sigma = read(paths["out"])
            compare(name, q, intensity[0], sigma[0], golden)

    # a judge that never says no is none: half a pixel off must show
    ai = AzimuthalIntegrator(pixel1=172e-6, pixel2=150e-6, wavelength=1.03e-10, **geometries["flat geometry"])
    write_poni(poni, ai)
    ai.poni1 += 86e-6
    golden = judge(ai, frame, 150)
    reduce(paths["frame"], "--geometry", poni, "--bins", 150, "-o", paths["out"])
    q, intensity, sigma = read(paths["out"])
    expected = golden.sum_signal / golden.sum_normalization
    check(numpy.nanmax(abs(intensity[0] / expected - 1)) > 1e-3, "half a pixel is seen")


def judge(ai, image, bins, **kwargs):
    """pyFAI's result, at double precision and with the variance it documents."""
    rows, columns = numpy.mgrid[0.0:image.shape[0], 0.0:image.shape[1]]
    ai.reset()
    ai._cached_array["q_center"] = ai.qFunction(rows, columns)
    variance = numpy.maximum(image, 1).astype(numpy.float32) + kwargs.get("dark", 0)
    return ai.integrate1d_ng(image, bins, unit="q_A^-1", variance=variance, method=METHOD, correctSolidAngle=True,
                             **kwargs)


def geometry_of(path):
    with h5py.File(path, "r") as file:
        used = file["entry/azint1d/reduction/input"]
        values = {k: float(used[k][()]) for k in ("dist", "poni1", "poni2", "rot1", "rot2", "rot3", "pixel1", "pixel2")}
        return AzimuthalIntegrator(wavelength=float(used["wavelength"][()]) * 1e-10, **values)


def nika_geometry(file):
    """The geometry of an APS-USAXS file as pyFAI's own Fit2D import has it."""
    detector, metadata = file["entry/instrument/detector"], file["entry/Metadata"]
    kind = "pin_ccd" if "pin_ccd_tilt_x" in metadata else "waxs_ccd"
    x, y = (math.radians(metadata["%s_tilt_%s" % (kind, a)][0]) for a in "xy")
    tilt = math.degrees(math.asin(math.hypot(math.sin(x), math.sin(y))))
    direction = math.degrees(math.atan2(-math.sin(x), math.sin(y)))
    ai = AzimuthalIntegrator(wavelength=file["entry/instrument/monochromator/wavelength"][0] * 1e-10)
    pixel = detector["x_pixel_size"][0] * 1e3
    ai.setFit2D(detector["distance"][0], detector["beam_center_y"][0], detector["beam_center_x"][0], tilt,
                direction, pixel, pixel)
    return ai


def measured_nxsas(directory, name, bins):
    """A measured frame by the geometry in its own metadata."""
    path = os.path.join(DATA, "frames", name)
    out, chain = os.path.join(directory, "out.nxs"), os.path.join(directory, "chain.key")
    with h5py.File(path, "r") as file:
        image = file["entry/data/data"][()]
        fit2d = nika_geometry(file)
    bad = image < 0 if image.dtype.kind == "i" else image == numpy.iinfo(image.dtype).max
    with open(chain, "w") as text:
        text.write(FLOOR % dict(dark="", flat="", pol="", monitor=""))
    done = reduce(path, "--chain", chain, "--bins", bins, "-o", out)
    if done.returncode != 0:
        check(False, name, done.stdout.strip())
        return None
    q, intensity, sigma = read(out)
    ai = geometry_of(out)
    shape = image.shape
    off = numpy.max(abs(ai.qArray(shape) / fit2d.qArray(shape) - 1))
    check(off < 1e-9, "%s: geometry as pyFAI converts it (q %.1e)" % (name, off))
    golden = judge(ai, image, bins, mask=bad)
    compare(name, q, intensity[0], sigma[0], golden)
    return q, intensity[0]


def measured_pu(directory):
    """Against the curve that the beamline wrote into the same file: its bins
    and its splitting differ, so it is a check of the geometry, not of floats."""
    name = "saxs_PU_25C_2_0063.hdf"
    curve = measured_nxsas(directory, name, 400)
    with h5py.File(os.path.join(DATA, "frames", name), "r") as file:
        q = file["entry/displayData/ReducedData/Q_array"][()]
        theirs = file["entry/displayData/ReducedData/Intensity"][()]
    inside = (q > 0.2) & (q < 1.6)
    ours = numpy.interp(q[inside], curve[0], curve[1])
    off = numpy.median(abs(ours / theirs[inside] - 1))
    check(off < 0.01, "%s: the beamline's own curve (median difference %.2g)" % (name, off))


def peak(q, intensity, centre, width):
    """Centroid of a peak above the straight line below it."""
    near = (abs(q / centre - 1) < width) & numpy.isfinite(intensity)
    x, y = q[near], intensity[near]
    y = y - numpy.interp(x, (x[0], x[-1]), (y[:3].mean(), y[-3:].mean()))
    top = y > 0.4 * y.max()
    return (x[top] * y[top]).sum() / y[top].sum()


def measured_agbh(directory):
    """Silver behenate at a nominal 700 mm: the rings are where d001 puts them.
    The centre is that of the rings; nothing else was fitted."""
    path = os.path.join(DATA, "frames", "saxs_AgBh700_96.9_calib.tif")
    out, poni, chain = (os.path.join(directory, n) for n in ("out.nxs", "agbh.poni", "chain.key"))
    image = fabio.open(path).data
    ai = AzimuthalIntegrator(dist=0.700, poni1=319.17 * 172e-6, poni2=589.92 * 172e-6, pixel1=172e-6,
                             pixel2=172e-6, wavelength=1.5406e-10)
    with open(poni, "w") as text:
        text.write("poni_version: 2\nDetector: Pilatus1M\nDetector_config: {}\nDistance: 0.700\nPoni1: %r\n"
                   "Poni2: %r\nRot1: 0\nRot2: 0\nRot3: 0\nWavelength: 1.5406e-10\n" % (ai.poni1, ai.poni2))
    with open(chain, "w") as text:
        text.write(FLOOR % dict(dark="", flat="", pol="", monitor=""))
    done = reduce(path, "--geometry", poni, "--chain", chain, "--bins", 800, "-o", out)
    if done.returncode != 0:
        check(False, "AgBh", done.stdout.strip())
        return
    q, intensity, sigma = read(out)
    golden = judge(ai, image, 800, mask=image < 0)
    compare("AgBh tif", q, intensity[0], sigma[0], golden)
    orders = numpy.arange(1, 4)
    expected = 2 * math.pi / AGBH_D001 * orders
    found = numpy.array([peak(q, intensity[0], centre, 0.12 / n) for n, centre in zip(orders, expected)])
    off = numpy.max(abs(found / expected - 1))
    check(off < 0.005, "AgBh tif: rings 1 to 3 of d001 = %g (d001 = %s)"
          % (AGBH_D001, ", ".join("%.2f" % d for d in 2 * math.pi * orders / found)))


def measured_lab6(directory):
    """Lanthanum hexaboride (NIST SRM 660, a = 4.1569 Angstrom), by the geometry in the file: its distance
    is 0.3 % short, which is the same for all rings. A ring is at one q at every azimuth."""
    path, out = os.path.join(DATA, "frames", "waxs_LaB6_Normal_0042.hdf"), os.path.join(directory, "lab6.nxs")
    done = reduce(path, "--cake", 360, "-s", "bbox", "-o", out)
    if done.returncode != 0:
        check(False, "LaB6", done.stdout.strip())
        return
    with h5py.File(out, "r") as file:
        data = file["entry/azint2d/data"]
        q, cake, norm, azimuth = data["radial_axis"][()], data["I"][0], data["norm"][0], data["azimuthal_axis"][()]
    with numpy.errstate(invalid="ignore", divide="ignore"):
        def curve(use):
            return numpy.nansum((cake * norm)[use], axis=0) / norm[use].sum(axis=0)
        orders = numpy.sqrt([1, 2, 3, 4, 5, 6, 8, 9, 10])
        expected = 2 * math.pi / 4.15692 * orders
        whole = curve(azimuth > -400)
        found = numpy.array([peak(q, whole, centre, 0.012) for centre in expected])
        check(numpy.max(abs(found / expected - 1)) < 0.005, "LaB6: nine rings are where they are (%s)"
              % ", ".join("%+.2f %%" % (100 * x) for x in found / expected - 1))
        ratio = found[1:] / found[1] / (expected[1:] / expected[1])
        check(numpy.max(abs(ratio - 1)) < 0.001, "LaB6: and to each other (%.2e)" % numpy.max(abs(ratio - 1)))
        turned = azimuth % 360
        parts = [curve((turned >= low) & (turned < low + 6)) for low in (168, 174, 180, 186)]
        places = numpy.array([peak(q, part, expected[1], 0.012) for part in parts])
        check(numpy.ptp(places) / places.mean() < 0.001, "LaB6: a ring is straight in the cake (%.1e)"
              % (numpy.ptp(places) / places.mean()))


def main():
    with tempfile.TemporaryDirectory() as directory:
        synthetic(directory)
        if os.path.isdir(os.path.join(DATA, "frames")):
            measured_pu(directory)
            measured_nxsas(directory, "waxs_LaB6_Normal_0042.hdf", 1500)
            measured_agbh(directory)
            measured_lab6(directory)
        else:
            skip("measured frames", "SAXID_DATA is not set")


main()
finish()
