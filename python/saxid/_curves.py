"""Curves on their way into the module: numpy arrays become structs that point at them."""
from __future__ import annotations

from typing import Any, Dict, List, Tuple

import numpy as np

from . import _abi
from ._verdict import rows_of


def _numbers(values: Any, name: str) -> np.ndarray:
    """float64, contiguous; masked points become NaN, which the module leaves out."""
    if isinstance(values, np.ma.MaskedArray):
        values = values.astype(np.float64).filled(np.nan)
    try:
        return np.ascontiguousarray(values, np.float64)
    except (TypeError, ValueError) as cause:
        raise ValueError(f"{name} is no array of numbers: {cause}") from None


def _is_ragged(intensity: Any) -> bool:
    return (isinstance(intensity, (list, tuple)) and len(intensity) > 0 and all(np.ndim(one) == 1 for one in intensity)
            and len({len(one) for one in intensity}) > 1)


def _like(values: np.ndarray, shape: Tuple[int, ...], name: str) -> np.ndarray:
    """q, sigma or dq of a stack: [n] is that of every curve. No copy is made of it."""
    if values.shape == shape or values.shape == shape[-1:]:
        return values
    raise ValueError(f"{name} has the shape {values.shape}, I has {shape}")


class Curves:
    """n curves; `is_one` where the caller gave one and not a stack of one."""

    def __init__(self, q: Any, intensity: Any, sigma: Any = None, dq: Any = None, slit: float = 0.0) -> None:
        self._keep: List[np.ndarray] = []  # what the structs point at
        if _is_ragged(intensity):
            self._take_each(intensity, {"q": q, "sigma": sigma, "dq": dq})
            self.struct["slit_length"] = slit
            return
        values = _numbers(intensity, "I")
        if values.ndim not in (1, 2):
            raise ValueError(f"I has {values.ndim} dimensions: one curve has 1, a stack of curves 2")
        self.is_one = values.ndim == 1
        self.struct = self._structs(len(values) if values.ndim == 2 else 1, values.shape[-1])
        self._point("q", _like(_numbers(q, "q"), values.shape, "q"))
        self._point("intensity", values)
        self.struct["slit_length"] = slit
        for name, given in (("sigma", sigma), ("dq", dq)):
            if given is not None:
                self._point(name, _like(_numbers(given, name), values.shape, name))

    def __len__(self) -> int:
        return len(self.struct)

    def at(self, k: int) -> int:
        """Address of curve k."""
        return self.struct.ctypes.data + k * _abi.CURVE.itemsize

    @staticmethod
    def _structs(n: int, points: int) -> np.ndarray:
        struct = np.zeros(n, _abi.CURVE)
        struct["struct_size"], struct["n"] = _abi.CURVE.itemsize, points
        return struct

    def _point(self, member: str, values: np.ndarray) -> None:
        self._keep.append(values)
        self.struct[member] = rows_of(values) if values.ndim == 2 else values.ctypes.data

    def _take_each(self, intensity: Any, beside: Dict[str, Any]) -> None:
        """Curves of different lengths: lists of arrays."""
        self.is_one = False
        self.struct = self._structs(len(intensity), 0)
        for name, given in beside.items():
            if given is not None and len(given) != len(intensity):
                raise ValueError(f"{name} has {len(given)} curves, I has {len(intensity)}")
        for k, one in enumerate(intensity):
            self.struct["n"][k] = len(one)
            for name, given in {**beside, "intensity": intensity}.items():
                if given is not None:
                    values = _like(_numbers(given[k], name), (len(one),), f"{name} of curve {k}")
                    self._keep.append(values)
                    self.struct[name][k] = values.ctypes.data
