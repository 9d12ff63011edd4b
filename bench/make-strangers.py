#!/usr/bin/env python3
"""Writes a test set of what is none of the classes, computed by sasmodels and measured
with counting noise.

    make-strangers.py [--particles] SET.h5 [CURVES-PER-KIND [SEED]]

With --particles the set is of classes instead, measured in the same way: what tells
strangers from these is the kind, and nothing of how they were made.

The kinds, their parameters and the noise are sasmodels' and this script's own: nothing of
saxid made them. Lengths are drawn so that what tells the kind lies in the window of q.
"""
import sys
import warnings

import h5py
import numpy
from sasmodels.core import load_model
from sasmodels.direct_model import DirectModel
from sasmodels.data import empty_data1D

warnings.filterwarnings("ignore")

MOST_POINTS = 1200


def log_uniform(random, lower, upper):
    return float(numpy.exp(random.uniform(numpy.log(lower), numpy.log(upper))))


def box(random, d):
    a = d * random.uniform(0.3, 1)
    return dict(length_a=a, length_b=a * log_uniform(random, 1.3, 5), length_c=a * log_uniform(random, 1.3, 8))


# d: a length whose 2 pi / d lies in the window
kinds = {
    "parallelepiped": lambda r, d: box(r, d),
    "cube": lambda r, d: (lambda a: dict(length_a=a, length_b=a, length_c=a))(d * r.uniform(0.5, 2)),
    "hollow_cylinder": lambda r, d: dict(radius=d * r.uniform(0.2, 1), thickness=d * r.uniform(0.1, 0.5),
                                         length=d * log_uniform(r, 1, 20)),
    "triaxial_ellipsoid": lambda r, d: dict(radius_equat_minor=d * 0.3, radius_equat_major=d * r.uniform(0.6, 1.5),
                                            radius_polar=d * r.uniform(1.6, 4)),
    "core_multi_shell": lambda r, d: {"n": 3, "radius": d * r.uniform(0.3, 0.8), "sld_core": 1, "sld_solvent": 6.4,
                                      "sld1": 4, "sld2": 1, "sld3": 5, "thickness1": d * r.uniform(0.1, 0.4),
                                      "thickness2": d * r.uniform(0.1, 0.4), "thickness3": d * r.uniform(0.1, 0.4)},
    "flexible_cylinder": lambda r, d: dict(length=d * log_uniform(r, 20, 100), kuhn_length=d * r.uniform(1, 5),
                                           radius=d * r.uniform(0.05, 0.3)),
    "pearl_necklace": lambda r, d: dict(radius=d * r.uniform(0.2, 0.5), edge_sep=d * r.uniform(1, 3),
                                        thick_string=d * 0.03, num_pearls=int(r.integers(3, 8))),
    "stacked_disks": lambda r, d: dict(thick_core=d * 0.3, thick_layer=d * 0.2, radius=d * r.uniform(2, 8),
                                       n_stacking=int(r.integers(3, 9)), sigma_d=d * 0.02),
    "lamellar_stack_paracrystal": lambda r, d: dict(thickness=d * r.uniform(0.2, 0.6), Nlayers=int(r.integers(5, 30)),
                                                    d_spacing=d, sigma_d=r.uniform(0.02, 0.15)),
    "lamellar": lambda r, d: dict(thickness=d * r.uniform(0.3, 1)),
    "mono_gauss_coil": lambda r, d: dict(i_zero=70, rg=d * r.uniform(0.3, 1)),
    "polymer_excl_volume": lambda r, d: dict(rg=d * r.uniform(0.3, 1), porod_exp=r.uniform(1.6, 2.8)),
    "fractal": lambda r, d: dict(radius=d * r.uniform(0.05, 0.2), fractal_dim=r.uniform(1.4, 2.8),
                                 cor_length=d * log_uniform(r, 1, 10), volfraction=0.05),
    "mass_surface_fractal": lambda r, d: dict(fractal_dim_mass=r.uniform(1.2, 2.4), fractal_dim_surf=r.uniform(2.1, 2.6),
                                              rg_cluster=d * r.uniform(2, 6), rg_primary=d * r.uniform(0.1, 0.4)),
    "teubner_strey": lambda r, d: dict(d=d, xi=d * r.uniform(0.3, 1)),
    "correlation_length": lambda r, d: dict(cor_length=d * r.uniform(0.2, 1), porod_exp=r.uniform(2.5, 3.5),
                                            lorentz_exp=r.uniform(1.5, 2.3), porod_scale=1e-4, lorentz_scale=10),
    "broad_peak": lambda r, d: dict(peak_pos=6.28 / d, lorentz_length=d * r.uniform(0.5, 2), lorentz_exp=r.uniform(2, 3),
                                    porod_scale=1e-5 / d ** 3 * 1e2, lorentz_scale=10),
    "gel_fit": lambda r, d: dict(guinier_scale=r.uniform(1, 5), lorentz_scale=r.uniform(1, 5), rg=d * r.uniform(1, 3),
                                 fractal_dim=r.uniform(1.6, 2.3), cor_length=d * 0.15),
    "sphere@hardsphere": lambda r, d: dict(radius=d * r.uniform(0.35, 0.7), volfraction=r.uniform(0.2, 0.45)),
    "ellipsoid@hayter_msa": lambda r, d: dict(radius_polar=d * 0.4, radius_equatorial=d * 0.3, volfraction=r.uniform(0.05, 0.2),
                                              charge=r.uniform(15, 40)),
}


def rings(random, q, d):
    under = (q / q[0]) ** -random.uniform(0, 3)
    out = under + 0
    for order in (1, 1.7320508, 2, 2.6457513, 3):
        at = 6.2831853 / d * order
        out += 20 * under[0] * numpy.exp(-0.5 * ((q - at) / (0.01 * at)) ** 2)
    return out


def flat(random, q, d):
    return numpy.ones_like(q)


def empty_cell(random, q, d):
    return 1e-3 * (q / q[0]) ** -random.uniform(3, 4.2) + 1e-4 * random.uniform(0, 1)


def broken(random, q, d):
    x = q * d * 0.5
    out = (3 * (numpy.sin(x) - x * numpy.cos(x)) / x ** 3) ** 2 + 1e-4
    at = int(random.uniform(0.2, 0.8) * len(q))
    if random.random() < 0.5:
        out[at:] *= random.choice([0.2, 5])
    else:
        out[at:at + len(q) // 8] = 0
    return out


others = {"powder rings": rings, "flat noise": flat, "empty cell": empty_cell, "broken frame": broken}


def spread(random, name):
    return {f"{name}_pd": random.uniform(0.02, 0.25), f"{name}_pd_type": "schulz", f"{name}_pd_n": 35}


def contrasts(random):
    core = random.choice([-1, 1]) * log_uniform(random, 0.5, 6)
    shell = core * (-log_uniform(random, 0.05, 20), log_uniform(random, 0.05, 0.8),
                    log_uniform(random, 1.25, 20))[int(random.integers(3))]
    return dict(sld_core=6.4 + core, sld_shell=6.4 + shell, sld_solvent=6.4)


# class: sasmodels' model, its parameters
particles = {
    "sphere": ("sphere", lambda r, d: dict(radius=d * r.uniform(0.3, 1.5), **spread(r, "radius"))),
    "cylinder": ("cylinder", lambda r, d: (lambda a: dict(radius=a, length=a * log_uniform(r, 4, 40),
                                                          **spread(r, "radius")))(d * r.uniform(0.1, 0.6))),
    "oblate": ("ellipsoid", lambda r, d: (lambda a: dict(radius_polar=a, radius_equatorial=a * r.uniform(1.5, 8),
                                                         **spread(r, "radius_polar")))(d * r.uniform(0.1, 0.6))),
    "prolate": ("ellipsoid", lambda r, d: (lambda a: dict(radius_equatorial=a, radius_polar=a * r.uniform(1.5, 8),
                                                          **spread(r, "radius_equatorial")))(d * r.uniform(0.2, 0.8))),
    "core_shell_sphere": ("core_shell_sphere",
                          lambda r, d: (lambda a: dict(radius=a, thickness=a * log_uniform(r, 0.1, 1), **contrasts(r),
                                                       **spread(r, "radius")))(d * r.uniform(0.2, 1))),
    "hollow_sphere": ("vesicle", lambda r, d: (lambda a: dict(radius=a, thickness=a * log_uniform(r, 0.05, 0.5),
                                                              volfraction=1, **spread(r, "radius")))(d * r.uniform(0.3, 1.5))),
    "core_shell_cylinder": ("core_shell_cylinder",
                            lambda r, d: (lambda a: dict(radius=a, thickness=a * log_uniform(r, 0.1, 1),
                                                         length=a * log_uniform(r, 4, 40), **contrasts(r),
                                                         **spread(r, "radius")))(d * r.uniform(0.1, 0.5))),
    "disc": ("cylinder", lambda r, d: (lambda a: dict(radius=a, length=a * log_uniform(r, 0.05, 0.8),
                                                      **spread(r, "radius")))(d * r.uniform(0.4, 2))),
}


def window(random):
    while True:
        last = log_uniform(random, 0.02, 0.5)
        first = last * 10 ** -random.uniform(0.9, 2.3)
        if first > 5e-4:
            break
    n = int(log_uniform(random, 100, MOST_POINTS))
    return numpy.geomspace(first, last, n) if random.random() < 0.5 else numpy.linspace(first, last, n)


def measure(random, q, truth):
    truth = truth / truth[numpy.isfinite(truth)].max()
    signal = log_uniform(random, 3e3, 3e7)  # counts at the highest point
    counts = signal * truth * (q / q[0] if random.random() < 0.5 else 1)
    factor = numpy.where(truth > 0, counts / numpy.where(truth > 0, truth, 1), signal)
    ground = log_uniform(random, 1, 30)
    seen = random.poisson(counts + ground)
    without = random.poisson(numpy.full_like(q, ground))
    return (seen - without) / factor, numpy.sqrt(numpy.maximum(seen + without, 1)) / factor


def main():
    words = sys.argv[1:]
    inside = "--particles" in words
    if inside:
        words.remove("--particles")
    path, per_kind, seed = words[0], int((words + [60] * 3)[1]), int((words + [1] * 3)[2])
    names = list(particles) if inside else list(kinds) + list(others)
    curves = []
    for index, name in enumerate(names):
        random = numpy.random.default_rng([seed, index])
        if inside:
            model, draw = load_model(particles[name][0]), particles[name][1]
        else:
            model, draw = load_model("parallelepiped" if name == "cube" else name) if name in kinds else None, kinds.get(name)
        while sum(label == index for label, *_ in curves) < per_kind:
            q = window(random)
            d = 6.2831853 / log_uniform(random, 1.5 * q[0], 0.7 * q[-1])
            if model is None:
                truth = others[name](random, q, d)
            else:
                data = empty_data1D(q, resolution=random.choice([0.0, 0.03]))
                truth = DirectModel(data, model)(background=0, **draw(random, d))
            if not numpy.isfinite(truth).all() or truth.max() <= 0:
                continue
            curves.append((index, q, *measure(random, q, truth)))
        print(f"{name}: {per_kind}", file=sys.stderr, flush=True)

    def table(column):
        out = numpy.full((len(curves), MOST_POINTS), numpy.nan)
        for row, curve in zip(out, curves):
            row[:len(curve[column])] = curve[column]
        return out

    with h5py.File(path, "w") as file:
        for name, value in (("format", "saxid-dataset-2"), ("program", "make-strangers.py"), ("version", "1"),
                            ("population", "particles" if inside else "strangers"), ("instrument", "any"), ("seed", str(seed)),
                            ("noiseless", "no")):
            file.attrs[name] = numpy.bytes_(value)
        file["curves/q"] = table(1)
        file["curves/I"] = table(2).astype("f4")
        file["curves/sigma"] = table(3).astype("f4")
        file["label"] = numpy.array([curve[0] for curve in curves], "u1")
        file["class"] = numpy.array([name.encode() for name in names])
        file["parameter"] = numpy.zeros((len(curves), 1))
        file["parameter_name"] = numpy.array([[b"none"]] * len(names))


if __name__ == "__main__":
    main()
