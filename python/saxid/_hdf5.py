"""One HDF5 library for two: h5py and the module."""
from __future__ import annotations

import contextlib
import sys
from typing import Any


def hdf5_lock() -> Any:
    """h5py's lock, where h5py is at work in this process: libhdf5 is rarely thread-safe."""
    objects = sys.modules.get("h5py._objects")
    return getattr(objects, "phil", None) or contextlib.nullcontext()
