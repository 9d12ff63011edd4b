"""Tags in a file: judged by the module from the file itself, or of verdicts that are there."""
from __future__ import annotations

import ctypes as c
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Union

from . import _abi
from ._hdf5 import hdf5_lock
from ._verdict import Given, Room, Verdict, Verdicts, room_of

if TYPE_CHECKING:
    from ._model import Model

__all__ = ["TaggedCurve", "tag", "write_tags"]

Path = Union[str, "os.PathLike[str]"]


@dataclass(frozen=True)
class TaggedCurve:
    """One curve of a file, and what was said of it."""

    entry: str  #: group that the tags go under
    data: str  #: path of I
    frame: int  #: from 0, within its data
    n_frame: int  #: curves of that data
    slit_smeared: bool
    note: str  #: what was assumed, left out or mended, or ""
    verdict: Verdict
    title: str = ""  #: what the file says of the measurement, or ""
    sample: str = ""
    instrument: str = ""
    measured: str = ""  #: when, ISO 8601

    def to_dict(self) -> Dict[str, Any]:
        """A line of `saxid tag --json`, but for the name of the file."""
        found = self.verdict.to_dict()
        notes = [text for text in (self.note, self.verdict.note) if text]
        return {"entry": self.entry, "data": self.data, "frame": self.frame, **found, "note": "; ".join(notes) or None}


def encoded(text: Optional[str]) -> Optional[bytes]:
    """A string as the module takes it."""
    if text is not None and "\0" in text:
        raise ValueError("a text has a NUL in it")
    return None if text is None else text.encode()


def path_bytes(path: Path) -> bytes:
    """The name of a file as the system has it."""
    raw = os.fsencode(path)
    if b"\0" in raw:
        raise ValueError("the name of a file has a NUL in it")
    return raw


def _tag_options(flags: Dict[int, bool], texts: Dict[str, Optional[str]], max_copy_bytes: int) -> Any:
    return _abi.sized(_abi.TagOptions, flags=sum(flag for flag, wanted in flags.items() if wanted),
                      max_copy_bytes=max_copy_bytes, **{name: encoded(text) for name, text in texts.items()})


def tag(model: "Model", path: Path, *, seeds: bool = False, side_file: bool = False, dry_run: bool = False,
        keep_same: bool = False, follow_links: bool = False, any_technique: bool = False,
        i_path: Optional[str] = None, q_path: Optional[str] = None,
        sigma_path: Optional[str] = None, q_unit: Optional[str] = None, slit: float = 0.0, max_copy_bytes: int = 0,
        side_dir: Optional[Path] = None) -> List[TaggedCurve]:
    """Judges every curve of a NeXus/HDF5 file and writes the tags into it, at once or not at all.

    seeds: fit, and write the fits too. side_file: write STEM_saxid.nxs instead. dry_run: write
    nothing. keep_same: leave a file that has these tags alone. follow_links: external links and
    virtual data sets. any_technique: judge the curves of grazing frames too. i_path, q_path,
    sigma_path, q_unit, slit (its length, 1/Å): instead of what is found. max_copy_bytes:
    larger files get a side file; 0 = 4 GiB. side_dir: side files go under this directory, into one
    for each directory of the files that are tagged. Texts and canSAS XML are read with dry_run.
    Returns what was said of each curve.

    Raises CurveFileError or BusyError; the file is then as it was.
    """
    options = _tag_options({_abi.TAG_DRY_RUN: dry_run, _abi.TAG_FOLLOW_LINKS: follow_links, _abi.TAG_SIDE_FILE: side_file,
                            _abi.TAG_SEEDS: seeds, _abi.TAG_KEEP_SAME: keep_same,
                            _abi.TAG_ANY_TECHNIQUE: any_technique},
                           {"i_path": i_path, "q_path": q_path, "sigma_path": sigma_path, "q_unit": q_unit}, max_copy_bytes)
    options.slit_length = slit
    options.side_dir = None if side_dir is None else path_bytes(side_dir)
    job, found = c.c_void_p(), []
    model._call_hdf5("job_open", model._context, path_bytes(path), c.byref(options), c.byref(job))
    try:
        with model._workspace() as workspace:
            while True:
                row, room = _abi.sized(_abi.Row), Room(model, 1, seeds)
                if model._call_hdf5("job_next", job, workspace, c.byref(row), room.at(0)) == _abi.JOB_END:
                    break
                found.append(TaggedCurve(row.entry.decode(), row.data.decode(), row.frame, row.n_frame,
                                         bool(row.slit_smeared), row.note.decode(), room.verdicts()[0], row.title.decode(),
                                         row.sample.decode(), row.instrument.decode(), row.measured.decode()))
        model._call_hdf5("job_commit", job)
    finally:
        with hdf5_lock():
            model._table.job_free(job)
    return found


def write_tags(path: Path, entry: str, verdicts: Given, *, model: Optional["Model"] = None, i_path: Optional[str] = None,
               q_path: Optional[str] = None, sigma_path: Optional[str] = None, q_unit: Optional[str] = None,
               i_unit: Optional[str] = None, name: Optional[str] = None, note: Optional[str] = None,
               slit_smeared: bool = False, side_file: bool = False, keep_same: bool = False,
               max_copy_bytes: int = 0) -> None:
    """Writes verdicts on curves that the caller holds into a file, as `tag` would: at once or not at all.

    path: an existing NeXus/HDF5 file that nobody has open for writing. entry: a group in it,
    "/entry". verdicts: Verdicts of `Model.judge`, one Verdict, or a sequence of them in the order
    of the curves; None in it is a curve of which there is none. model: that made them; needed
    where they are not Verdicts. i_path, q_path, sigma_path: data sets of the curves in that file;
    None = found, and then there must be as many curves as verdicts. q_unit, i_unit: as the file
    spells them. name: of the group of tags, "saxid". note: what was done to the curves. The group
    holds no fits, but what the verdicts know of particles of atoms.

    Raises ArgumentError, CurveFileError or BusyError; the file is then as it was. A group of that
    name that saxid did not write is never touched.
    """
    if model is None:
        if not isinstance(verdicts, Verdicts):
            raise TypeError("verdicts that come one by one do not say of which model they are: give it by model=")
        model = verdicts.model
    room = room_of(model, verdicts)
    flags = (_abi.TAG_SIDE_FILE if side_file else 0) | (_abi.TAG_KEEP_SAME if keep_same else 0)
    options = _abi.sized(_abi.WriteOptions, flags=flags, name=encoded(name), i_path=encoded(i_path), q_path=encoded(q_path),
                         sigma_path=encoded(sigma_path), q_unit=encoded(q_unit), i_unit=encoded(i_unit), note=encoded(note),
                         max_copy_bytes=max_copy_bytes, slit_smeared=slit_smeared)
    model._call_hdf5("write_tags", model._context, path_bytes(path), encoded(entry), room.at(0), len(room.struct),
                     c.byref(options))
