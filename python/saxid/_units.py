"""q as the module takes it: 1/Å, from what others call it."""
from __future__ import annotations

from typing import Any, Optional

import numpy as np

__all__ = ["inverse_angstrom"]

_PER_ANGSTROM = {"1/a": 1.0, "a^-1": 1.0, "a-1": 1.0, "1/å": 1.0, "å^-1": 1.0, "1/angstrom": 1.0, "angstrom^-1": 1.0,
                 "1/ang": 1.0, "1/nm": 0.1, "nm^-1": 0.1, "nm-1": 0.1, "1/m": 1e-10, "m^-1": 1e-10}
_RADIANS = {"deg": np.pi / 180, "degree": np.pi / 180, "degrees": np.pi / 180, "rad": 1.0, "mrad": 1e-3}


def inverse_angstrom(radial: Any, unit: str, *, wavelength: Optional[float] = None) -> np.ndarray:
    """q in 1/Å of a radial axis: [n] or [n_curve, n].

    unit: "nm^-1", "1/angstrom" and the like, or pyFAI's "q_nm^-1", "q_A^-1"; or an angle, "2th_deg"
    and "2th_rad", which needs the wavelength in Å. Raises ValueError for what is not known.
    """
    values = np.asarray(radial, float)
    name, _, rest = str(unit).strip().partition("_")
    if name == "2th" and rest in _RADIANS:
        if wavelength is None or not wavelength > 0:
            raise ValueError(f"radial unit '{unit}' needs a wavelength")
        return 4 * np.pi / wavelength * np.sin(values * _RADIANS[rest] / 2)
    factor = _PER_ANGSTROM.get((rest if name == "q" and rest else str(unit).strip()).lower())
    if factor is None:
        raise ValueError(f"radial unit '{unit}' is not known")
    return values * factor
