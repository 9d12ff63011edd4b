"""Tags of a run that is being measured, written beside the curves while others read (SWMR)."""
from __future__ import annotations

import ctypes as c
import weakref
from typing import TYPE_CHECKING, Any, Optional

from . import _abi
from ._curves import Curves
from ._hdf5 import hdf5_lock
from ._tag import encoded, path_bytes
from ._verdict import Room, Verdict

if TYPE_CHECKING:
    from ._model import Model

__all__ = ["Live"]


def _free(table: _abi.Table, live: c.c_void_p, _model: "Model") -> None:
    """The context outlives the tags: the model is among the arguments."""
    with hdf5_lock():
        table.live_free(live)


class Live:
    """Tags into a file that the caller writes:

        with h5py.File("run.h5", "w", libver="latest") as file:
            …                                    # groups and data sets of the curves
            with model.live(file, "/entry", "/entry/data/I", "/entry/data/Q", q_unit="1/angstrom") as live:
                file.swmr_mode = True            # nothing is created after this
                for frame, I in enumerate(frames):
                    …                            # write the curve
                    verdict = live.append(frame, q, I)

    file: an h5py.File with libver "latest" that is not yet in SWMR mode, or the hid_t of one, with
    its path. h5py must be linked with the libhdf5 of the module, as in Debian; wheels bring their
    own and are refused. name: of the group of tags, "saxid". append_to: go on with the group where
    it is there. One thread at a time. A model with fits takes some 0.1 s a curve: one that follows
    a detector is opened with fits="templates" (3 ms) or fits=False.
    """

    def __init__(self, model: "Model", file: Any, entry: str, i_path: str, q_path: str, *,
                 sigma_path: Optional[str] = None, q_unit: Optional[str] = None, i_unit: Optional[str] = None,
                 name: Optional[str] = None, path: Optional[str] = None, source_file: Optional[str] = None,
                 slit_smeared: bool = False, append_to: bool = False) -> None:
        if isinstance(file, int) and path is None:
            raise TypeError("a hid_t does not say its file: give it by path=")
        self.model = model
        flags = (_abi.LIVE_SLIT_SMEARED if slit_smeared else 0) | (_abi.LIVE_CONTINUE if append_to else 0)
        options = _abi.sized(_abi.LiveOptions, flags=flags, file=file if isinstance(file, int) else file.id.id,
                             path=path_bytes(path if path is not None else file.filename), entry=encoded(entry),
                             name=encoded(name), i_path=encoded(i_path), q_path=encoded(q_path),
                             sigma_path=encoded(sigma_path), q_unit=encoded(q_unit), i_unit=encoded(i_unit),
                             source_file=encoded(source_file))
        self._live = c.c_void_p()
        model._call_hdf5("live_prepare", model._context, c.byref(options), c.byref(self._live))
        self._finalizer = weakref.finalize(self, _free, model._table, self._live, model)

    def append(self, frame: int, q: Any = None, I: Any = None, sigma: Any = None, *,  # noqa: E741
               dq: Any = None, slit: float = 0.0, seeds: bool = False) -> Verdict:
        """Judges a curve and writes its row; without q and I the row says that there is none.

        frame: from 0, in any order, and again. q, dq: [n] 1/Å. I, sigma: [n]. slit: 1/Å. seeds: fit too; fits are
        not written.
        """
        room = Room(self.model, 1, seeds)
        curves = Curves(q, I, sigma, dq, slit) if I is not None else None
        if curves is not None and not curves.is_one:
            raise ValueError("I is a stack, a frame has one curve")
        if frame < 0:
            raise ValueError(f"frame is {frame}, they are counted from 0")
        given = c.cast(curves.at(0), c.POINTER(_abi.Curve)) if curves is not None else None
        with self.model._workspace() as workspace:
            self.model._call_hdf5("live_append", self._open(), workspace, frame, given, room.at(0))
        return room.verdicts()[0]

    def _open(self) -> c.c_void_p:
        if not self._finalizer.alive:
            raise ValueError("these live tags are closed")
        return self._live

    def finish(self) -> None:
        """Notes date and number of curves; before the file is closed."""
        self.model._call_hdf5("live_finish", self._open())

    def close(self) -> None:
        """Lets go of the file; what was written stays."""
        self._finalizer()

    def __enter__(self) -> "Live":
        return self

    def __exit__(self, kind: Any, value: Any, trace: Any) -> None:
        try:
            if kind is None:  # readers see a run that broke off as one that is not complete
                self.finish()
        finally:
            self.close()
