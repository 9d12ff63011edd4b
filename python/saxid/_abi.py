"""The binary interface of saxid.so as ctypes: plugin/saxid-plugin.h, ABI 1.5.

Structs and the table only grow at their end, so a module that is older has a shorter table:
`Table` says which functions are there. Two kinds of calls: those that compute let go of the
interpreter's lock, those that may call HDF5 keep it, because libhdf5 is rarely thread-safe and
h5py may be at work in another thread of the process.
"""
from __future__ import annotations

import ctypes as c
from typing import Any

import numpy as np

ABI_MAJOR = 1
FIT_PARAMETERS = 16
MATERIAL_NUMBERS = 24
ATOMS_HABITS = 16
ATOMS_NUMBERS = 24
MATERIAL_STATUS = (None, "found", "window_too_short", "not_of_this_kind")
JOB_END = 2
BATCH_CURVES = 1 << 20

STATUS = ("not done", "ok", "abstained", "rejected")

TAG_DRY_RUN, TAG_FOLLOW_LINKS, TAG_SIDE_FILE, TAG_SEEDS, TAG_KEEP_SAME, TAG_ANY_TECHNIQUE = 1, 2, 4, 8, 16, 32
LIVE_SLIT_SMEARED, LIVE_CONTINUE = 1, 2

# What a frame's pixels may be: the name of the type in numpy and its number in the ABI.
PIXEL_TYPES = {"float32": 1, "float64": 2, "int32": 3, "uint32": 4, "uint16": 5}


class Error(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("code", c.c_int32), ("domain", c.c_char * 32),
                ("message", c.c_char * 476)]


class Description(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("n_class", c.c_uint32), ("q_min", c.c_double), ("q_max", c.c_double),
                ("least_coverage", c.c_double), ("min_points", c.c_uint32), ("n_bin", c.c_uint32),
                ("model_name", c.c_char * 128), ("model_algorithm", c.c_char * 128), ("model_sha256", c.c_char * 72),
                ("n_family", c.c_uint32), ("n_structure", c.c_uint32)]


class Curve(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("reserved", c.c_uint32), ("n", c.c_size_t), ("q", c.c_void_p),
                ("intensity", c.c_void_p), ("sigma", c.c_void_p), ("dq", c.c_void_p), ("slit_length", c.c_double)]


class FitParameter(c.Structure):
    _fields_ = [("name", c.c_char * 32), ("value", c.c_double), ("error", c.c_double), ("lower", c.c_double),
                ("upper", c.c_double), ("vary", c.c_uint32), ("reserved", c.c_uint32)]


class Fit(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("n_parameter", c.c_uint32), ("label", c.c_int32),
                ("reserved", c.c_uint32), ("chi2", c.c_double), ("model", c.c_char * 64),
                ("parameter", FitParameter * FIT_PARAMETERS)]


class MaterialNumber(c.Structure):
    _fields_ = [("name", c.c_char * 32), ("unit", c.c_char * 32), ("value", c.c_double), ("lower", c.c_double),
                ("upper", c.c_double)]


class Material(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("status", c.c_int32), ("n_number", c.c_uint32), ("reserved", c.c_uint32),
                ("kind", c.c_char * 32), ("basis", c.c_char * 16), ("reason", c.c_char * 160),
                ("warning", c.c_char * 160), ("number", MaterialNumber * MATERIAL_NUMBERS)]


class AtomsHabit(c.Structure):
    _fields_ = [("name", c.c_char * 32), ("family", c.c_char * 16), ("size_n", c.c_uint32), ("size_e", c.c_uint32),
                ("size_m", c.c_uint32), ("in_set", c.c_uint32), ("probability", c.c_double), ("misfit", c.c_double)]


class Atoms(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("status", c.c_int32), ("n_habit", c.c_uint32), ("n_number", c.c_uint32),
                ("element", c.c_char * 8), ("element_told", c.c_uint32), ("reserved", c.c_uint32),
                ("element_probability", c.c_double), ("misfit", c.c_double), ("q_min", c.c_double),
                ("q_max", c.c_double), ("reason", c.c_char * 160), ("habit", AtomsHabit * ATOMS_HABITS),
                ("number", MaterialNumber * ATOMS_NUMBERS)]


class Verdict(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("status", c.c_int32), ("label", c.c_int32), ("n_class", c.c_uint32),
                ("probability", c.c_void_p), ("prediction_set", c.c_void_p), ("confidence", c.c_float),
                ("outlier_score", c.c_float), ("outlier", c.c_uint32), ("coverage", c.c_float),
                ("reason", c.c_char * 128), ("fit", c.c_void_p), ("n_family", c.c_uint32),
                ("n_structure", c.c_uint32), ("family", c.c_void_p), ("structure", c.c_void_p),
                ("note", c.c_char * 160), ("repairs", c.c_char * 256), ("material", c.c_void_p), ("atoms", c.c_void_p)]


class Frame(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("pixel_type", c.c_uint32), ("n_row", c.c_uint32),
                ("n_column", c.c_uint32), ("pixels", c.c_void_p), ("mask", c.c_void_p), ("monitor", c.c_double)]


class Integrated(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("reserved", c.c_uint32), ("capacity", c.c_size_t), ("n", c.c_size_t),
                ("q", c.c_void_p), ("intensity", c.c_void_p), ("sigma", c.c_void_p)]


class TagOptions(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("flags", c.c_uint32), ("i_path", c.c_char_p), ("q_path", c.c_char_p),
                ("sigma_path", c.c_char_p), ("q_unit", c.c_char_p), ("max_copy_bytes", c.c_uint64), ("side_dir", c.c_char_p),
                ("slit_length", c.c_double)]


class LiveOptions(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("flags", c.c_uint32), ("file", c.c_int64), ("path", c.c_char_p),
                ("entry", c.c_char_p), ("name", c.c_char_p), ("i_path", c.c_char_p), ("q_path", c.c_char_p),
                ("sigma_path", c.c_char_p), ("q_unit", c.c_char_p), ("i_unit", c.c_char_p), ("source_file", c.c_char_p)]


class WriteOptions(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("flags", c.c_uint32), ("name", c.c_char_p), ("i_path", c.c_char_p),
                ("q_path", c.c_char_p), ("sigma_path", c.c_char_p), ("q_unit", c.c_char_p), ("i_unit", c.c_char_p),
                ("note", c.c_char_p), ("max_copy_bytes", c.c_uint64), ("slit_smeared", c.c_uint32),
                ("reserved", c.c_uint32)]


class Row(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("slit_smeared", c.c_uint32), ("frame", c.c_uint64),
                ("n_frame", c.c_uint64), ("index", c.c_uint64), ("total", c.c_uint64), ("entry", c.c_char * 256),
                ("data", c.c_char * 256), ("note", c.c_char * 256), ("title", c.c_char * 256), ("sample", c.c_char * 256),
                ("instrument", c.c_char * 256), ("measured", c.c_char * 64)]


_P = c.POINTER
_ANY = c.c_void_p


def _computes(*arguments: Any) -> Any:
    return c.CFUNCTYPE(c.c_int32, *arguments, _P(Error))


def _holds_lock(*arguments: Any) -> Any:
    return c.PYFUNCTYPE(c.c_int32, *arguments, _P(Error))


_NAME_OF = _computes(_ANY, c.c_uint32, c.c_char_p, c.c_size_t)


class Table(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32), ("abi_major", c.c_uint32), ("abi_minor", c.c_uint32), ("reserved", c.c_uint32),
        ("features", c.c_uint64), ("name", c.c_char_p), ("version", c.c_char_p),
        ("open", _holds_lock(c.c_char_p, _P(_ANY))), ("close", c.CFUNCTYPE(None, _ANY)),
        ("describe", _computes(_ANY, _P(Description))), ("class_name", _NAME_OF),
        ("provenance_json", c.CFUNCTYPE(c.c_size_t, _ANY, c.c_char_p, c.c_size_t)),
        ("workspace_new", _computes(_ANY, _P(_ANY))), ("workspace_free", c.CFUNCTYPE(None, _ANY)),
        ("process_curves", _computes(_ANY, _ANY, _ANY, c.c_size_t, _ANY)),
        ("process_frame", _computes(_ANY, _ANY, _P(Frame), _P(Integrated), _ANY)),
        ("tag_file", _holds_lock(_ANY, _ANY, c.c_char_p, _P(TagOptions))),
        ("job_open", _holds_lock(_ANY, c.c_char_p, _P(TagOptions), _P(_ANY))),
        ("job_next", _holds_lock(_ANY, _ANY, _P(Row), _ANY)), ("job_commit", _holds_lock(_ANY)),
        ("job_free", c.PYFUNCTYPE(None, _ANY)),
        ("live_prepare", _holds_lock(_ANY, _P(LiveOptions), _P(_ANY))),
        ("live_append", _holds_lock(_ANY, _ANY, c.c_uint64, _P(Curve), _ANY)), ("live_finish", _holds_lock(_ANY)),
        ("live_free", c.PYFUNCTYPE(None, _ANY)), ("family_name", _NAME_OF), ("structure_name", _NAME_OF),
        ("write_tags", _holds_lock(_ANY, c.c_char_p, c.c_char_p, _ANY, c.c_size_t, _P(WriteOptions))),
        ("job_curves", _holds_lock(_ANY, c.c_char_p, _P(Curve), c.c_size_t)),
    ]


def sized(kind: Any, **members: Any) -> Any:
    """A struct whose struct_size is set."""
    return kind(struct_size=c.sizeof(kind), **members)


_NUMPY_OF = {c.c_uint32: "u4", c.c_int32: "i4", c.c_float: "f4", c.c_double: "f8", c.c_uint64: "u8",
             c.c_size_t: f"u{c.sizeof(c.c_size_t)}", c.c_void_p: f"u{c.sizeof(c.c_void_p)}"}


def numpy_type(kind: Any) -> np.dtype:
    """The numpy type with the layout of a struct, so that a stack of them is filled at once."""
    names, formats, offsets = [], [], []
    for name, member in kind._fields_:
        names.append(name)
        offsets.append(getattr(kind, name).offset)
        if member in _NUMPY_OF:
            formats.append(_NUMPY_OF[member])
        elif getattr(member, "_type_", None) is c.c_char:
            formats.append(f"S{member._length_}")
        else:
            formats.append((numpy_type(member._type_), (member._length_,)))
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": c.sizeof(kind)})


CURVE = numpy_type(Curve)
VERDICT = numpy_type(Verdict)
FIT = numpy_type(Fit)
MATERIAL = numpy_type(Material)
ATOMS = numpy_type(Atoms)
