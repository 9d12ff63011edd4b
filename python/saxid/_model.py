"""A model and a configuration: what judges curves."""
from __future__ import annotations

import contextlib
import ctypes as c
import json
import math
import os
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Optional, Tuple, Union

import numpy as np

from . import _abi
from ._curves import Curves
from ._errors import ArgumentError, ModuleNotUsable, error_of
from ._find import has, load
from ._hdf5 import hdf5_lock
from ._verdict import Room, Verdict, Verdicts

__all__ = ["Integrated", "Model"]

_PIECE = {False: 512, "templates": 64, True: 8}  # curves of one call, by fits: some tenths of a second


class Integrated(NamedTuple):
    """The curve of a detector image."""

    q: np.ndarray  #: [n] 1/Å
    I: np.ndarray  #: [n] counts, normalised  # noqa: E741
    sigma: np.ndarray  #: [n] one standard deviation of I


def usable_cpus() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _text_of(given: Union[str, "os.PathLike[str]", None], name: str) -> Optional[str]:
    """The text of a key file: itself, where it has lines, or what is in the file of that name."""
    if given is None or (isinstance(given, str) and "\n" in given):
        return given
    try:
        with open(given, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as cause:
        raise ArgumentError(f"{name} cannot be read: {cause}") from None


def _free(table: _abi.Table, context: c.c_void_p, workspaces: List[c.c_void_p]) -> None:
    while workspaces:
        table.workspace_free(workspaces.pop())
    table.close(context)


class Model:
    """A trained model, ready to judge curves; threads may share it.

    model: name or path; None = the shipped one. fits: True = form factors are fitted and weighed
    beside the network, some 0.1 s a curve, as `saxid tag` does; "templates" = the nearest computed
    curve of each form factor is, some 3 ms, as with its --fast; False = the network alone, 0.3 ms.
    classes: "nine" = discs count as oblate ellipsoids. prior: a weight for each class; None = the
    shipped one. geometry, chain: a .poni file and a chain of corrections (path, or the text
    itself), for `judge_frame`; bins: points of its curve. material: what is known of a disordered
    material: porosity (0 to 1), contrast (1e-6/Å²), density (g/cm³), per_density (1e-6/Å² for 1 g/cm³).
    element: metal of particles of atoms ("Au"); None = found by d. plugin: path of saxid.so; None = found.

    Raises ModuleNotUsable, ModelError, ArgumentError. What it holds is freed with the last
    reference; it can be pickled, and is then opened anew.
    """

    def __init__(self, model: Union[str, "os.PathLike[str]", None] = None, *,
                 fits: Union[bool, str] = True,
                 classes: Optional[str] = None, prior: Optional[Mapping[str, float]] = None,
                 geometry: Union[str, "os.PathLike[str]", None] = None,
                 chain: Union[str, "os.PathLike[str]", None] = None, bins: Optional[int] = None,
                 material: Optional[Mapping[str, float]] = None, element: Optional[str] = None,
                 plugin: Union[str, "os.PathLike[str]", None] = None) -> None:
        config = {"model": os.fspath(model) if model is not None else None, "fits": fits, "classes": classes,
                  "prior": dict(prior) if prior is not None else None, "geometry": _text_of(geometry, "geometry"),
                  "chain": _text_of(chain, "chain"), "bins": bins,
                  "material": dict(material) if material is not None else None, "element": element}
        self._open({key: value for key, value in config.items() if value is not None}, plugin)

    def _open(self, config: Dict[str, Any], plugin: Any) -> None:
        self._config, self._plugin = config, plugin
        self.path, self._table = load(plugin)
        self._context, error = c.c_void_p(), _abi.sized(_abi.Error)
        try:
            text = json.dumps(config, allow_nan=False)
        except (TypeError, ValueError) as cause:
            raise ArgumentError(f"configuration is no JSON: {cause}") from None
        with hdf5_lock():
            if self._table.open(text.encode(), c.byref(self._context), c.byref(error)) < 0:
                raise error_of(error)
        self._workspaces: List[c.c_void_p] = []  # those that no thread uses now
        self._lock = threading.Lock()
        self._finalizer = weakref.finalize(self, _free, self._table, self._context, self._workspaces)
        self._describe()

    def _describe(self) -> None:
        about = _abi.sized(_abi.Description)
        self._call("describe", self._context, c.byref(about))
        self.name: str = about.model_name.decode()
        self.algorithm: str = about.model_algorithm.decode()
        self.sha256: str = about.model_sha256.decode()
        #: names of the classes, in the order of the columns of `Verdicts.probability`
        self.classes: Tuple[str, ...] = self._names("class_name", about.n_class)
        self.families: Tuple[str, ...] = self._names("family_name", about.n_family)
        self.structures: Tuple[str, ...] = self._names("structure_name", about.n_structure)
        #: 1/Å, what the model looks at; 0 and infinity: any window
        self.q_range: Tuple[float, float] = (about.q_min, about.q_max)
        #: part of ln (q_max/q_min) that a curve must cover
        self.least_coverage: float = about.least_coverage
        #: points that a curve must have
        self.min_points: int = about.min_points
        #: points of the curve of a frame; 0 = without geometry
        self.bins: int = about.n_bin

    def __reduce__(self) -> Any:
        return _reopen, (self._config, self._plugin)

    def __repr__(self) -> str:
        return f"<saxid.Model {self.name}, {len(self.classes)} classes{', with fits' if self.fits is True else ', with templates' if self.fits else ''}>"

    @property
    def fits(self) -> Union[bool, str]:
        """What is weighed beside the network: fits, "templates", or nothing."""
        return self._config["fits"]

    @property
    def version(self) -> str:
        """Version of the module."""
        return self._table.version.decode()

    @property
    def abi(self) -> Tuple[int, int]:
        """Major and minor number of the binary interface."""
        return self._table.abi_major, self._table.abi_minor

    @property
    def provenance(self) -> Dict[str, Any]:
        """Program, model and configuration that make the verdicts, as tagged files have them."""
        size = self._table.provenance_json(self._context, None, 0)
        text = c.create_string_buffer(size)
        self._table.provenance_json(self._context, text, size)
        return json.loads(text.value)

    def _call(self, function: str, *arguments: Any) -> int:
        error = _abi.sized(_abi.Error)
        result = getattr(self._table, function)(*arguments, c.byref(error))
        if result < 0:
            raise error_of(error)
        return result

    def _call_hdf5(self, function: str, *arguments: Any) -> int:
        """A call during which the module may use HDF5."""
        if not has(self._table, function):
            raise ModuleNotUsable(f"module serves ABI {self.abi[0]}.{self.abi[1]}, which has no {function} ({self.path})")
        with hdf5_lock():
            return self._call(function, *arguments)

    def _names(self, function: str, n: int) -> Tuple[str, ...]:
        names, room = [], c.create_string_buffer(128)
        for k in range(n):
            self._call(function, self._context, k, room, len(room))
            names.append(room.value.decode())
        return tuple(names)

    @contextlib.contextmanager
    def _workspace(self) -> Iterator[c.c_void_p]:
        """What one thread needs, for as long as it needs it."""
        with self._lock:
            workspace = self._workspaces.pop() if self._workspaces else None
        if workspace is None:
            workspace = c.c_void_p()
            self._call("workspace_new", self._context, c.byref(workspace))
        try:
            yield workspace
        finally:
            with self._lock:
                self._workspaces.append(workspace)

    def _judge_piece(self, curves: Curves, room: Room, begin: int, end: int) -> None:
        with self._workspace() as workspace:
            self._call("process_curves", self._context, workspace, curves.at(begin), end - begin, room.at(begin))

    def _judge_all(self, curves: Curves, room: Room, threads: int) -> None:
        step = min(_PIECE[self.fits or len(room.fit) > 0], math.ceil(len(curves) / threads))
        pieces = [(k, min(k + step, len(curves))) for k in range(0, len(curves), max(step, 1))]
        if threads == 1 or len(pieces) < 2:
            for begin, end in pieces:
                self._judge_piece(curves, room, begin, end)
            return
        with ThreadPoolExecutor(min(threads, len(pieces)), "saxid") as pool:
            works = [pool.submit(self._judge_piece, curves, room, begin, end) for begin, end in pieces]
            try:
                for work in works:
                    work.result()
            except BaseException:
                for work in works:
                    work.cancel()
                raise

    def judge(self, q: Any, I: Any, sigma: Any = None, *, dq: Any = None, slit: float = 0.0,  # noqa: E741
              seeds: bool = False, threads: Optional[int] = None) -> Any:
        """Names the form factor of one curve or of each of a stack.

        q: [n] or [n_curve, n], 1/Å, in any order. I: [n] or [n_curve, n], any scale; or a list of
        arrays of different lengths, then q, sigma and dq too. sigma: one standard deviation of I, or
        None. dq: one standard deviation of the resolution, 1/Å, with which fits smear, or None. slit: the length of
        a slit, 1/Å, through which fits see a form factor (dQl of NXcanSAS), or 0. Points that are NaN,
        masked or at q ≤ 0 are left out. seeds: fit the likeliest form factors too. threads: for a stack; None = every processor that the process may use. The
        result does not depend on it.

        Returns a Verdict for [n] and Verdicts for a stack. Raises ValueError for shapes that do
        not fit together; a curve that is none gets the status "rejected" with the reason.
        """
        if threads is not None and threads < 1:
            raise ValueError(f"threads is {threads}, at least 1 is needed")
        curves = Curves(q, I, sigma, dq, slit)
        room = Room(self, len(curves), seeds)
        if len(curves) > 0:
            self._judge_all(curves, room, threads or usable_cpus())
        verdicts = room.verdicts()
        return verdicts[0] if curves.is_one else verdicts

    def judge_frame(self, pixels: Any, mask: Any = None, *, monitor: float = 0.0,
                    seeds: bool = False) -> Tuple[Integrated, Verdict]:
        """Integrates a detector image with the model's geometry, and judges its curve.

        pixels: [n_row, n_column] counts. mask: of that shape, true = do not use. monitor: incoming
        beam during the frame, for a chain with the step "monitor"; 0 = not known.
        """
        image = np.asanyarray(pixels)
        if image.dtype.name not in _abi.PIXEL_TYPES:
            image = image.astype(np.int32 if np.can_cast(image.dtype, np.int32) else np.float64)
        image = np.ascontiguousarray(image)
        if image.ndim != 2:
            raise ValueError(f"pixels have {image.ndim} dimensions, an image has 2")
        if mask is not None:
            mask = np.ascontiguousarray(np.asarray(mask) != 0, np.uint8)
            if mask.shape != image.shape:
                raise ValueError(f"mask has the shape {mask.shape}, pixels have {image.shape}")
        out = Integrated(*(np.zeros(self.bins) for _ in range(3)))
        room = Room(self, 1, seeds)
        frame = _abi.sized(_abi.Frame, pixel_type=_abi.PIXEL_TYPES[image.dtype.name], n_row=image.shape[0],
                           n_column=image.shape[1], pixels=image.ctypes.data, monitor=monitor,
                           mask=mask.ctypes.data if mask is not None else None)
        curve = _abi.sized(_abi.Integrated, capacity=self.bins, q=out.q.ctypes.data, intensity=out.I.ctypes.data,
                           sigma=out.sigma.ctypes.data)
        with self._workspace() as workspace:
            self._call("process_frame", self._context, workspace, c.byref(frame), c.byref(curve), room.at(0))
        return Integrated(*(plane[:curve.n] for plane in out)), room.verdicts()[0]

    def tag(self, path: Union[str, "os.PathLike[str]"], **options: Any) -> "List[Any]":
        """Judges every curve of a NeXus/HDF5 file and writes the tags: see `saxid.tag`."""
        from ._tag import tag
        return tag(self, path, **options)

    def write_tags(self, path: Union[str, "os.PathLike[str]"], entry: str, verdicts: Any, **options: Any) -> None:
        """Writes verdicts that are there already into a file: see `saxid.write_tags`."""
        from ._tag import write_tags
        write_tags(path, entry, verdicts, model=self, **options)

    def live(self, file: Any, entry: str, i_path: str, q_path: str, **options: Any) -> Any:
        """Tags into a file that is being written and read meanwhile (SWMR): see `saxid.Live`."""
        from ._live import Live
        return Live(self, file, entry, i_path, q_path, **options)


def _reopen(config: Dict[str, Any], plugin: Any) -> Model:
    model = Model.__new__(Model)
    model._open(config, plugin)
    return model
