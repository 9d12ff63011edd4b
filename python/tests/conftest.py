"""Curves, models and files that the tests of the Python module share."""
import os
import sys

import numpy as np
import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(os.path.dirname(HERE), "examples")]

import saxid  # noqa: E402


def sphere(q, radius=60.0, scale=100.0, background=0.01):
    """I(q) of spheres of one size: q in 1/Å, radius in Å."""
    x = q * radius
    return scale * (3 * (np.sin(x) - x * np.cos(x)) / x ** 3) ** 2 + background


@pytest.fixture(scope="session")
def model():
    """The network alone, which is quick."""
    return saxid.Model(fits=False)


@pytest.fixture(scope="session")
def q():
    """1/Å."""
    return np.linspace(0.0035, 0.147, 300)


@pytest.fixture(scope="session")
def stack(q):
    """Six curves I[curve, q] with their sigmas."""
    rng = np.random.default_rng(5)
    clean = np.stack([sphere(q, radius) for radius in (30, 45, 60, 75, 90, 110)])
    sigma = 0.02 * clean + 0.002
    return clean + rng.normal(size=clean.shape) * sigma, sigma


@pytest.fixture
def run_file(tmp_path, q, stack):
    """An NXcanSAS file with the stack in /entry, and something of somebody else's."""
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "run.nxs"
    with h5py.File(path, "w") as file:
        entry = file.create_group("entry")
        entry.attrs.update(NX_class="NXentry", canSAS_class="SASentry", default="data")
        entry["definition"] = "NXcanSAS"
        data = entry.create_group("data")
        data.attrs.update(NX_class="NXdata", canSAS_class="SASdata", signal="I", I_axes=".,Q", Q_indices=np.int32(1))
        data["Q"], data["I"], data["Idev"] = q, stack[0], stack[1]
        data["Q"].attrs["units"], data["I"].attrs["units"] = "1/angstrom", "1/cm"
        entry.create_group("process")["note"] = "theirs"
    return path
