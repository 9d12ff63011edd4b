"""What a population of particles scatters, by quadrature in the open.

Independent of saxid and of sasmodels: numpy and scipy alone, both integrals
(orientation, size) written out as sums of composite 40-point Gauss-Legendre
panels, a number density from scipy.stats. Slow, and refined until a rule with
1.4 times the points in each dimension changes nothing (see `intensity`).

Units: lengths Ang, q 1/Ang, scattering length densities 1e-6/Ang^2, I 1/cm.
"""
import functools

import numpy as np
from scipy import __version__ as scipy_version
from scipy import special, stats

PANEL = 40
NODE, WEIGHT = np.polynomial.legendre.leggauss(PANEL)


def panels(lower, upper, phase, density):
    """Points for an integrand that turns through `phase` radians."""
    count = max(1, int(np.ceil(density * phase / PANEL)))
    edges = np.linspace(lower, upper, count + 1)
    half = 0.5 * np.diff(edges)[:, None]
    middle = 0.5 * (edges[1:] + edges[:-1])[:, None]
    return (middle + half * NODE).ravel(), (half * WEIGHT).ravel()


def log_density(distribution, size, width):
    if distribution == "schulz":
        return stats.gamma(1 / width**2, scale=size * width**2).logpdf
    if distribution == "gaussian":
        return stats.norm(size, size * width).logpdf
    if distribution == "lognormal":
        return stats.lognorm(width, scale=size).logpdf
    if distribution == "uniform":
        return stats.uniform(size * (1 - width), 2 * size * width).logpdf
    raise ValueError(distribution)


@functools.lru_cache(maxsize=64)
def support(distribution, size, width):
    """Where the density times x^6, and the density itself, are not below 1e-12."""
    if distribution == "uniform":
        return size * (1 - width), size * (1 + width)
    x = size * np.geomspace(1e-4, 60, 200000)
    with np.errstate(divide="ignore"):
        log = log_density(distribution, size, width)(x)
    low = x[log > log.max() - 28]
    log = log + 6 * np.log(x)
    high = x[log > log.max() - 28]
    lower = low.min()
    return (0.0 if lower < 2e-4 * size else lower), high.max()


def sizes(distribution, size, width, rate, density):
    """Sizes and numbers for an integrand that turns by `rate` radians per Ang."""
    if width == 0:
        return np.array([size]), np.array([1.0])
    lower, upper = support(distribution, size, width)
    x, w = panels(lower, upper, max(120, rate * (upper - lower)), density)
    w = w * np.exp(log_density(distribution, size, width)(x))
    return x, w / w.sum()


def sphere(x):
    """3 (sin x - x cos x) / x^3"""
    x = np.asarray(x, float)
    small = x < 0.03
    y = np.where(small, 1.0, x)
    t = x * x
    return np.where(small, 1 - t / 10 + t * t / 280 - t**3 / 15120, 3 * (np.sin(y) - y * np.cos(y)) / y**3)


def disc(x):
    """2 J1(x) / x"""
    y = np.where(x < 1e-6, 1.0, x)
    return np.where(x < 1e-6, 1.0, 2 * special.j1(y) / y)


def rod(x):
    return np.sinc(x / np.pi)


def ball(*axes):
    return 4 / 3 * np.pi * np.prod(np.broadcast_arrays(*axes), axis=0)


# Each class: (main size, normalising volume, amplitude at q for arrays of sizes
# [n, 1] and angles between axis and q [1, m], largest extent, spherical?).
def _homogeneous(p):
    return p["sld"] - p["sld_solvent"]


def _sphere(p):
    return ("radius", lambda r: ball(r, r, r),
            lambda q, r, a: _homogeneous(p) * ball(r, r, r) * sphere(q * r), lambda r: r, True)


def _core_shell_sphere(p):
    t = p["thickness"]
    return ("radius", lambda r: ball(r + t, r + t, r + t),
            lambda q, r, a: (p["sld_core"] - p["sld_shell"]) * ball(r, r, r) * sphere(q * r)
            + (p["sld_shell"] - p["sld_solvent"]) * ball(r + t, r + t, r + t) * sphere(q * (r + t)),
            lambda r: r + t, True)


def _hollow_sphere(p):
    t = p["thickness"]
    return ("radius", lambda r: (ball(r + t, r + t, r + t) - ball(r, r, r)) / p["volfraction"],
            lambda q, r, a: _homogeneous(p) * (ball(r + t, r + t, r + t) * sphere(q * (r + t))
                                               - ball(r, r, r) * sphere(q * r)),
            lambda r: r + t, True)


def _ellipsoid(p):
    e = p["radius_equatorial"]
    return ("radius_polar", lambda r: ball(r, e, e),
            lambda q, r, a: _homogeneous(p) * ball(r, e, e) * sphere(q * np.hypot(r * np.cos(a), e * np.sin(a))),
            lambda r: max(r, e), False)


def _core_shell_ellipsoid(p):
    x, t, xt = p["x_core"], p["thick_shell"], p["x_polar_shell"] * p["thick_shell"]

    def amplitude(q, r, a):
        c, s = np.cos(a), np.sin(a)
        return ((p["sld_core"] - p["sld_shell"]) * ball(r * x, r, r) * sphere(q * np.hypot(r * x * c, r * s))
                + (p["sld_shell"] - p["sld_solvent"]) * ball(r * x + xt, r + t, r + t)
                * sphere(q * np.hypot((r * x + xt) * c, (r + t) * s)))
    return ("radius_equat_core", lambda r: ball(r * x + xt, r + t, r + t), amplitude,
            lambda r: max(r * x + xt, r + t), False)


def _cylinder(p):
    length = p["length"]
    return ("radius", lambda r: np.pi * r * r * length,
            lambda q, r, a: _homogeneous(p) * np.pi * r * r * length * disc(q * r * np.sin(a))
            * rod(q * length / 2 * np.cos(a)), lambda r: np.hypot(r, length / 2), False)


def _core_shell_cylinder(p):
    t, length = p["thickness"], p["length"]
    outer = length + 2 * t
    return ("radius", lambda r: np.pi * (r + t) ** 2 * outer,
            lambda q, r, a: (p["sld_core"] - p["sld_shell"]) * np.pi * r * r * length * disc(q * r * np.sin(a))
            * rod(q * length / 2 * np.cos(a))
            + (p["sld_shell"] - p["sld_solvent"]) * np.pi * (r + t) ** 2 * outer * disc(q * (r + t) * np.sin(a))
            * rod(q * outer / 2 * np.cos(a)), lambda r: np.hypot(r + t, outer / 2), False)


def _core_shell_disc(p):
    t, f, length = p["thick_rim"], p["thick_face"], p["length"]
    outer = length + 2 * f

    def amplitude(q, r, a):
        c, s = q * np.cos(a) / 2, q * np.sin(a)
        inner, lid = np.pi * r * r * disc(s * r), rod(outer * c) * outer
        return ((p["sld_core"] - p["sld_face"]) * inner * length * rod(length * c)
                + (p["sld_face"] - p["sld_rim"]) * inner * lid
                + (p["sld_rim"] - p["sld_solvent"]) * np.pi * (r + t) ** 2 * disc(s * (r + t)) * lid)
    return ("radius", lambda r: np.pi * (r + t) ** 2 * outer, amplitude,
            lambda r: np.hypot(r + t, outer / 2), False)


def _capped_cylinder(p):
    """Both caps slice by slice, each slice a disc: nothing in common with the series of saxid."""
    length = p["length"]

    def amplitude(q, r, a):
        c, s = q * np.cos(a), q * np.sin(a)
        f = np.pi * r * r * length * disc(s * r) * rod(c * length / 2)
        # z = R sin(x): the slices end smoothly
        x, w = panels(0, np.pi / 2, 2 * q * np.max(r) + 20, 0.8)
        for one, weight in zip(x, w):
            across, z = r * np.cos(one), r * np.sin(one)
            f = f + 2 * np.pi * weight * r * np.cos(one) * across ** 2 * disc(s * across) * np.cos(c * (length / 2 + z))
        return f
    return ("radius", lambda r: np.pi * r * r * length + ball(r, r, r),
            lambda q, r, a: _homogeneous(p) * amplitude(q, r, a), lambda r: r + length / 2, False)


def _bilayer_vesicle(p):
    h, t = p["thick_head"], p["thick_tail"]
    head, tail = p["sld_head"] - p["sld_solvent"], p["sld_tail"] - p["sld_solvent"]

    def amplitude(q, r, a):
        whole = [ball(r + d, r + d, r + d) * sphere(q * (r + d)) for d in (0, h, h + t, 2 * h + t)]
        return head * (whole[1] - whole[0] + whole[3] - whole[2]) + tail * (whole[2] - whole[1])
    return ("radius", lambda r: ball(*3 * [r + 2 * h + t]), amplitude, lambda r: r + 2 * h + t, True)


CLASSES = {"sphere": _sphere, "cylinder": _cylinder, "oblate": _ellipsoid, "prolate": _ellipsoid,
           "core_shell_sphere": _core_shell_sphere, "hollow_sphere": _hollow_sphere,
           "core_shell_cylinder": _core_shell_cylinder, "core_shell_oblate": _core_shell_ellipsoid,
           "core_shell_prolate": _core_shell_ellipsoid, "disc": _cylinder,
           "core_shell_disc": _core_shell_disc, "capped_cylinder": _capped_cylinder,
           "bilayer_vesicle": _bilayer_vesicle}


def once(name, parameters, width, distribution, q, density):
    """I(q) with `density` points per radian of phase."""
    main, volume, amplitude, extent, spherical = CLASSES[name](parameters)
    size = parameters[main]
    upper = size if width == 0 else support(distribution, size, width)[1]
    reach = extent(upper)
    rate = (extent(2e6) - extent(1e6)) / 1e6
    out = np.empty(len(q))
    for k, one in enumerate(q):
        r, n = sizes(distribution, size, width, 2 * one * rate, density)
        mean = np.sum(n * volume(r))
        if spherical:
            out[k] = np.sum(n * amplitude(one, r, 0.0) ** 2) / mean
            continue
        a, w = panels(0, np.pi / 2, np.pi * one * reach, density)
        total = 0.0
        for part in range(0, len(a), 200):
            f = amplitude(one, r[:, None], a[None, part:part + 200])
            total += n @ (f * f) @ (w * np.sin(a))[part:part + 200]
        out[k] = total / mean
    return 1e-4 * out


def intensity(name, parameters, width, distribution, q, tolerance=1e-7, density=0.6):
    """I(q), and by how much the last refinement changed it (relative)."""
    q = np.asarray(q, float)
    before = once(name, parameters, width, distribution, q, density)
    for _ in range(4):
        density *= 1.4
        after = once(name, parameters, width, distribution, q, density)
        change = np.max(np.abs(after / before - 1)[after > 1e-7 * after[0]])
        if change < tolerance:
            return after, change
        before = after
    raise RuntimeError("%s does not converge: %g" % (name, change))
