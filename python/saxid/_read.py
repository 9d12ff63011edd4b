"""What a tagged file says: its groups of tags, by h5py.

The file is not believed: links out of it are not followed, and shapes, types, sizes, chunks and
filters are looked at before anything is read. libhdf5 itself is not proof against files that were
made to crash it; `saxid reprocess` reads in processes of their own.
"""
from __future__ import annotations

import json
import os
from typing import Any, Dict, Iterator, List, Optional, Tuple, Union

import numpy as np

from . import _abi
from ._errors import CurveFileError

__all__ = ["read_tags"]

_DEPTH = 4  # groups below the root, that of the tags among them
_MOST_OBJECTS = 100_000
_MOST_BYTES = 2 << 30  # of an array
_MOST_CHUNK = 64 << 20
_MOST_TEXT = 16 << 20
_MOST_NAMES = 127
_FILTERS = {1, 2, 3}  # deflate, shuffle, checksum: what is part of HDF5
_ARRAYS = {"probability": "class", "class_index": None, "confidence": None, "prediction_set": "class",
           "outlier_score": None, "outlier": None, "status": None}
_LEVELS = {"family": "family_name", "structure": "structure_name"}


class _Unsound(Exception):
    """What is in the group is not what saxid writes."""


def _field(group: Any, name: str) -> Any:
    """A data set of the group itself, whose values lie in this file."""
    import h5py

    if not isinstance(group.get(name, getlink=True), h5py.HardLink) or group.get(name, getclass=True) is not h5py.Dataset:
        raise _Unsound(f"{name} is no data set of the group")
    field = group[name]
    plist = field.id.get_create_plist()
    filters = {plist.get_filter(k)[0] for k in range(plist.get_nfilters())}
    if field.is_virtual or field.external or not filters <= _FILTERS:
        raise _Unsound(f"{name} is stored in a way that saxid does not use")
    if field.shape is None or field.size * field.dtype.itemsize > _MOST_BYTES:
        raise _Unsound(f"{name} is larger than anything that saxid writes")
    if field.chunks is not None and int(np.prod(field.chunks, dtype=float)) * field.dtype.itemsize > _MOST_CHUNK:
        raise _Unsound(f"{name} has chunks larger than saxid makes")
    return field


def _is_group(group: Any, name: str) -> bool:
    import h5py

    return isinstance(group.get(name, getlink=True), h5py.HardLink) and group.get(name, getclass=True) is h5py.Group


def _array(group: Any, name: str, kinds: str, shape: Tuple[int, ...]) -> np.ndarray:
    field = _field(group, name)
    if field.dtype.kind not in kinds or field.shape != shape:
        raise _Unsound(f"{name} has another type or shape than saxid writes")
    return field[()]


def _decode(raw: bytes) -> str:
    return raw.split(b"\0", 1)[0].decode("utf-8", "replace")


def _text(group: Any, name: str) -> Optional[str]:
    if name not in group:
        return None
    field = _field(group, name)
    if field.shape != () or field.dtype.kind != "S" or field.dtype.itemsize > _MOST_TEXT:
        raise _Unsound(f"{name} is no text")
    return _decode(bytes(field[()]))


def _names(group: Any, name: str) -> Tuple[str, ...]:
    field = _field(group, name)
    if field.ndim != 1 or not 0 < field.size <= _MOST_NAMES or field.dtype.kind != "S" or field.dtype.itemsize > 255:
        raise _Unsound(f"{name} has no names")
    return tuple(_decode(bytes(one)) for one in field[()])


def _attribute(item: Any, name: str) -> str:
    """A text attribute of fixed length; "" where there is none."""
    if name not in item.attrs:
        return ""
    kind = item.attrs.get_id(name)
    if kind.shape != () or kind.dtype.kind != "S" or kind.dtype.itemsize > 4096:
        return ""
    return _decode(bytes(item.attrs[name]))


def _below(group: Any, name: str) -> Any:
    if not _is_group(group, name):
        raise _Unsound(f"there is no group {name}")
    return group[name]


def _result(group: Any) -> Dict[str, Any]:
    found: Dict[str, Any] = {"class": _names(group, "class")}
    rows = _field(group, "status").shape
    if len(rows) != 1:
        raise _Unsound("status is no list")
    for name, columns in _ARRAYS.items():
        kinds = "f" if name in ("probability", "confidence", "outlier_score") else "iu"
        found[name] = _array(group, name, kinds, rows if columns is None else (*rows, len(found[columns])))
    for name, columns in _LEVELS.items():
        if columns in group:  # older versions have none
            found[columns] = _names(group, columns)
            found[name] = _array(group, name, "f", (*rows, len(found[columns])))
    index, status = found["class_index"], found["status"]
    if np.any((index < -1) | (index >= len(found["class"]))) or np.any(status >= len(_abi.STATUS)):
        raise _Unsound("a curve has a class or a status that there is not")
    found["label"] = np.array([*found["class"], ""])[index]
    found["status"] = np.array(_abi.STATUS)[status]
    found["prediction_set"] = found["prediction_set"] != 0
    found["outlier"] = found["outlier"] != 0
    return found


def _seed(group: Any, rows: int) -> Dict[str, Any]:
    shape = (rows,)
    parameters = {}
    for name in _attribute(group, "order").split()[:_abi.FIT_PARAMETERS]:
        field = _field(group, name)
        parameters[name] = {"value": _array(group, name, "f", shape), "error": _array(group, f"{name}_errors", "f", shape),
                            "lower": _array(group, f"{name}_min", "f", shape),
                            "upper": _array(group, f"{name}_max", "f", shape), "vary": _attribute(field, "vary") == "yes",
                            "units": _attribute(field, "units")}
    return {"model": _attribute(group, "model"), "parameters": parameters,
            **{name: _array(group, name, "f", shape) for name in ("chi2", "weight", "q_min", "q_max")}}


def _tags(group: Any) -> Dict[str, Any]:
    found: Dict[str, Any] = {"version": _text(group, "version"), "date": _text(group, "date")}
    found.update(_result(_below(group, "result")))
    model, given = _below(group, "model"), _below(group, "input")
    found["model"] = {name: _text(model, name) for name in ("file_name", "checksum", "algorithm")}
    found["input"] = {name: _text(given, name) for name in ("intensity", "q", "sigma", "q_units", "intensity_units",
                                                             "smearing", "note", "file")}
    try:
        found["configuration"] = json.loads(_text(_below(group, "configuration"), "data") or "{}")
    except (ValueError, RecursionError):
        raise _Unsound("configuration is no JSON") from None
    found["seeds"] = {name[len("seed_"):]: _seed(group[name], len(found["status"])) for name in group
                      if name.startswith("seed_") and _is_group(group, name)}
    return found


def _groups(group: Any, path: str, depth: int, budget: List[int]) -> Iterator[Tuple[str, Any]]:
    """The groups of tags below a group: only what lies in the file itself."""
    for name in group:
        budget[0] -= 1
        if budget[0] < 0:
            return
        if not _is_group(group, name):
            continue
        below, at = group[name], f"{path}/{name}"
        if _attribute(below, "NX_class") == "NXprocess" and "program" in below and _is_group(below, "result"):
            if _text(below, "program") == "saxid":
                yield at, below
        elif depth > 1:
            yield from _groups(below, at, depth - 1, budget)


def _table(tags: Dict[str, Dict[str, Any]]) -> Any:
    """A row for each curve of each group."""
    import pandas

    frames = []
    for path, one in tags.items():
        columns = {"entry": one["entry"], "group": path, "frame": np.arange(len(one["status"])), "status": one["status"],
                   "label": one["label"], "confidence": one["confidence"], "outlier": one["outlier"],
                   "outlier_score": one["outlier_score"]}
        for names, values in (("class", "probability"), ("family_name", "family"), ("structure_name", "structure")):
            for k, name in enumerate(one.get(names, ())):
                columns[f"p_{name}"] = one[values][:, k]
        frames.append(pandas.DataFrame(columns))
    return pandas.concat(frames, ignore_index=True) if frames else pandas.DataFrame()


def read_tags(path: Union[str, "os.PathLike[str]"], *, pandas: bool = False) -> Any:
    """The tags of a file: a dict by the paths of the groups, or a DataFrame with a row for each curve.

    Each value is a dict: entry; class (names); label, status, confidence, outlier, outlier_score,
    class_index [n_curve]; probability, prediction_set [n_curve, n_class]; family, structure with
    family_name, structure_name; model, input, configuration, version, date; and seeds, by class,
    with chi2, weight, q_min, q_max (1/Å) [n_curve] and parameters, each with value, error, lower,
    upper [n_curve], vary and units. A file without tags gives an empty dict.

    Needs h5py, and pandas where it is asked for. Raises CurveFileError for a file that is no HDF5
    file, or whose tags are not as saxid writes them.
    """
    import h5py

    tags: Dict[str, Dict[str, Any]] = {}
    if not os.path.isfile(path):  # HDF5 would wait at a pipe for ever
        raise CurveFileError(f"there is no such regular file ({os.fspath(path)})", 2)
    try:
        with h5py.File(path, "r") as file:
            for at, group in _groups(file, "", _DEPTH, [_MOST_OBJECTS]):
                tags[at] = {"entry": os.path.dirname(at) or "/", **_tags(group)}
    except _Unsound as cause:
        raise CurveFileError(f"tags are not as saxid writes them: {cause} ({os.fspath(path)})", 3) from None
    except (OSError, RuntimeError, KeyError, ValueError, TypeError) as cause:
        raise CurveFileError(f"file cannot be read: {cause} ({os.fspath(path)})", 2) from None
    return _table(tags) if pandas else tags
