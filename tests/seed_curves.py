"""Curves of each class, computed by sasmodels, as the tests of seeds have them."""
import h5py
import numpy
from sasmodels.core import load_model
from sasmodels.data import Data1D
from sasmodels.direct_model import DirectModel

# class: sasmodels' model, its parameters, the size that has the width, the sizes to compare
cases = {
    "sphere": ("sphere", dict(radius=62), "radius", ["radius"]),
    "cylinder": ("cylinder", dict(radius=31, length=350), "radius", ["radius", "length"]),
    "oblate": ("ellipsoid", dict(radius_polar=25, radius_equatorial=70), "radius_polar",
               ["radius_polar", "radius_equatorial"]),
    "prolate": ("ellipsoid", dict(radius_polar=110, radius_equatorial=35), "radius_polar",
                ["radius_polar", "radius_equatorial"]),
    "core_shell_sphere": ("core_shell_sphere", dict(radius=60, thickness=21, sld_core=4, sld_shell=0, sld_solvent=1),
                          "radius", ["radius", "thickness"]),
    "hollow_sphere": ("vesicle", dict(radius=70, thickness=24, volfraction=1), "radius", ["radius", "thickness"]),
    "core_shell_cylinder": ("core_shell_cylinder", dict(radius=28, thickness=12, length=300, sld_core=4, sld_shell=-1,
                                                        sld_solvent=1), "radius", ["radius", "thickness"]),
    "core_shell_oblate": ("core_shell_ellipsoid", dict(radius_equat_core=60, x_core=0.35, thick_shell=14,
                                                       x_polar_shell=1, sld_core=4, sld_shell=-1, sld_solvent=1),
                          "radius_equat_core", ["radius_equat_core", "thick_shell"]),
    "core_shell_prolate": ("core_shell_ellipsoid", dict(radius_equat_core=30, x_core=3, thick_shell=12,
                                                        x_polar_shell=1, sld_core=4, sld_shell=-1, sld_solvent=1),
                           "radius_equat_core", ["radius_equat_core", "thick_shell"]),
    "disc": ("cylinder", dict(radius=90, length=25), "radius", ["radius", "length"]),
    "core_shell_disc": ("core_shell_bicelle", dict(radius=80, thick_rim=14, thick_face=14, length=30, sld_core=4,
                                                   sld_face=-1, sld_rim=-1, sld_solvent=1), "radius",
                        ["radius", "thick_rim"]),
}


def intensity(model, q, parameters, size, width, kind="schulz", points=80, deviations=8):
    wide = {f"{size}_pd": width, f"{size}_pd_n": points, f"{size}_pd_nsigma": deviations, f"{size}_pd_type": kind}
    return DirectModel(Data1D(x=q, y=q * 0 + 1, dy=q * 0 + 1), load_model(model))(**parameters, **wide)


def write_run(path):
    random = numpy.random.default_rng(5)
    q = numpy.geomspace(0.004, 0.35, 240)
    with h5py.File(path, "w") as file:
        for name, (model, parameters, size, _) in cases.items():
            truth = intensity(model, q, dict(parameters, scale=0.02, background=0), size, 0.1)
            sigma = 0.01 * truth + 1e-5 * truth.max()
            entry = file.create_group(name)
            entry.attrs["NX_class"] = "NXentry"
            entry.attrs["default"] = "data"
            data = entry.create_group("data")
            data.attrs.update(NX_class="NXdata", signal="I", axes="Q")
            data["I"] = truth + 3e-5 * truth.max() + sigma * random.standard_normal(len(q))
            data["I_errors"] = sigma
            data["Q"] = q
            data["Q"].attrs["units"] = "1/angstrom"
            data["I"].attrs["units"] = "1/cm"
