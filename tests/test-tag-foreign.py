"""Is all that is not saxid's byte for byte what it was, and do h5py, silx and h5diff read the rest?"""
import os
import shutil
import subprocess
import tempfile

import h5py
import numpy as np

from tap import check, finish, skip

BUILD = os.environ["SAXID_BUILDDIR"]
TAGGER = os.path.join(BUILD, "tests", "tagger")
DATA = os.environ.get("SAXID_DATA", "")
H5DIFF = os.environ.get("H5DIFF", "no")
CLASSES = [b"sphere", b"cylinder", b"oblate", b"prolate", b"core_shell_sphere", b"hollow_sphere"]


# --- what a file consists of, to the byte ---------------------------------------

def stored_bytes(file, raw, dataset):
    """Everything that the file stores for the values of a dataset, as it lies there."""
    base = file.userblock_size

    def at(offset, size):
        raw.seek(base + offset)
        return raw.read(size)

    plist = dataset.id.get_create_plist()
    layout = plist.get_layout()
    if layout == h5py.h5d.CONTIGUOUS:
        offset = dataset.id.get_offset()
        return [] if offset is None else [at(offset - base, dataset.id.get_storage_size())]
    if layout == h5py.h5d.CHUNKED:
        chunks = [dataset.id.get_chunk_info(k) for k in range(dataset.id.get_num_chunks())]
        return [(c.chunk_offset, c.filter_mask, at(c.byte_offset, c.size)) for c in chunks]
    if layout == h5py.h5d.COMPACT:
        return [np.asarray(dataset[()]).tobytes()]
    return []


def attributes_of(item):
    found = {}
    for name in item.attrs:
        attribute = h5py.h5a.open(item.id, name.encode())
        value = item.attrs[name]
        if isinstance(value, h5py.Empty):
            value = "empty"
        elif isinstance(value, (h5py.Reference, h5py.RegionReference)):
            value = h5py.h5o.get_info(item.file[value].id).addr  # it has two names
        found[name] = (attribute.get_type().encode(), attribute.shape, repr(np.asarray(value).tolist()))
    return found


def portrait(path):
    """Path of every link → what it is: class, place in the file, type, attributes, bytes."""
    seen = {}
    with h5py.File(path, "r") as file, open(path, "rb") as raw:

        def walk(group, depth):
            for name in group:
                here = f"{group.name.rstrip('/')}/{name}"
                link = group.get(name, getlink=True)
                if not isinstance(link, h5py.HardLink):
                    seen[here] = (type(link).__name__, link.path, getattr(link, "filename", ""))
                    continue
                item = group[name]
                info = h5py.h5o.get_info(item.id)
                said = [type(item).__name__, info.addr, info.rc, attributes_of(item)]
                if isinstance(item, h5py.Dataset):
                    said += [item.shape, item.id.get_type().encode(), stored_bytes(file, raw, item)]
                elif isinstance(item, h5py.Datatype):
                    said += [item.id.encode()]
                seen[here] = tuple(said)
                if isinstance(item, h5py.Group) and depth < 20:
                    walk(item, depth + 1)

        seen["/"] = ("Group", 0, 0, attributes_of(file["/"]))
        walk(file["/"], 0)
        if file.userblock_size:
            raw.seek(0)
            seen["userblock"] = raw.read(file.userblock_size)
    return seen


def differences(before, after, parents):
    """Of two portraits, leaving out the groups that saxid wrote. /alias is /entry once more."""
    parents = list(parents) + (["/alias"] if "/entry" in parents else [])
    ours = tuple(f"{parent.rstrip('/')}/saxid" for parent in parents)

    def foreign(seen):
        return {k: v for k, v in seen.items() if not any(k == o or k.startswith(o + "/") for o in ours)}

    before, after = foreign(before), foreign(after)
    return [key for key in sorted(set(before) | set(after)) if before.get(key) != after.get(key)]


# --- what the tagger writes, made here once more -----------------------------------

def expected_numbers(frames, seed):
    """The numbers of tests/tag-record.h, in the same single precision."""
    state = 2654435761 * (seed + 1) % 2**32
    rows = np.zeros((frames, len(CLASSES)), np.float32)
    for row in rows:
        total = np.float32(0)
        for c in range(len(CLASSES)):
            state = (state * 1664525 + 1013904223) % 2**32
            row[c] = np.float32(1e-3) + np.float32(state >> 8) / np.float32(2**24)
            total = np.float32(total + row[c])
        row /= total
    rejected = np.arange(frames) % 7 == 6
    best = rows.max(axis=1)
    nearest = [CLASSES[k] for k in rows.argmax(axis=1)]
    words = [b"rejected" if no else b"none of the classes (nearest " + name + b")" if p < np.float32(0.2) else name
             for no, name, p in zip(rejected, nearest, best)]
    return {
        "label": np.array(words),
        "class": np.array(CLASSES), "class_number": np.arange(len(CLASSES)), "probability": rows,
        "class_index": np.where(rejected, -1, rows.argmax(axis=1)),
        "confidence": np.where(rejected, np.float32(np.nan), best),
        "prediction_set": rows > np.float32(0.15),
        "outlier_score": np.float32(1) - best, "outlier": best < np.float32(0.2),
        "status": np.where(rejected, 3, 1),
    }


def tag(path, entries, *options):
    triples = [text for entry in entries for text in entry]
    return subprocess.run([TAGGER, *options, path, *triples], capture_output=True, text=True)


def expected_texts(entry):
    return {
        "program": b"saxid", "version": b"0.1.0", "date": b"2024-05-17T10:00:05+02:00", "name": b"saxid",
        "model/file_name": b"tests.model", "model/checksum": b"5" * 64,
        "model/algorithm": b"boosted trees", "input/intensity": entry[1].encode(),
        "input/q": entry[2].encode(), "input/q_units": b"1/nm", "input/smearing": b"none",
        "configuration/type": b"application/json",
        "configuration/data": '{"seed": 5, "unit": "1/Å"}'.encode(),
    }


def check_values(label, path, entries, frames):
    wanted = expected_numbers(frames, 5)
    with h5py.File(path, "r") as file:
        for entry in entries:
            group = file[entry[0]]["saxid"]
            wrong = [name for name, value in wanted.items()
                     if not np.array_equal(group["result"][name][()], value,
                                           equal_nan=value.dtype.kind == "f")]
            wrong += [name for name, value in expected_texts(entry).items() if group[name][()] != value]
            wrong += [] if group["input/frames"][()] == frames else ["frames"]
            wrong += [] if set(group["result"]) == set(wanted) else ["members"]
            check(not wrong, f"{label}: h5py reads every value of {entry[0]}", wrong)


def check_silx(label, path, entries):
    try:
        import silx.io
        from silx.io import nxdata
    except ImportError:
        skip(f"{label}: silx", "no python3-silx")
        return
    with silx.io.open(path) as file:
        for entry in entries:
            for group in (file[entry[0]]["saxid"], file[entry[0]]["saxid/result"]):
                found = nxdata.get_default(group)
                check(found is not None and found.is_valid and not found.issues
                      and found.signal_dataset_name == "probability"
                      and found.axes_dataset_names == [None, "class_number"],
                      f"{label}: silx finds signal and axes from {group.name}")


def check_sasview(label, path, frames):
    """What its window Data Info shows of the processes of the sample."""
    try:
        from sas.sascalc.dataloader.loader import Loader
    except ImportError:
        skip(f"{label}: SasView", "no sasview")
        return
    loaded = Loader().load(path)
    shown = [process for one in loaded for process in one.process if process.name == "saxid"]
    right = expected_numbers(frames, 5)
    alone = f"form factor: {right['label'][0].decode()}, p = {right['confidence'][0]:.2f}"
    words = alone if frames == 1 else f"{frames} curves:"
    check(shown and all(process.description.startswith(words) and process.date for process in shown),
          f"{label}: SasView shows the tags as a process", [process.description for process in shown], words)


def check_h5diff(label, before, after, entries):
    if H5DIFF == "no":
        skip(f"{label}: h5diff", "no h5diff")
        return
    excluded = [word for entry in entries
                for word in ("--exclude-path", f"{entry[0].rstrip('/')}/saxid")]
    answer = subprocess.run([H5DIFF, *excluded, before, after], capture_output=True, text=True)
    check(answer.returncode == 0, f"{label}: h5diff sees no other difference", answer.stdout + answer.stderr)
    answer = subprocess.run([H5DIFF, before, after], capture_output=True, text=True)
    check(answer.returncode == 1, f"{label}: h5diff sees the group", answer.stdout + answer.stderr)


def check_file(label, original, directory, entries, frames, with_h5diff=True):
    path = os.path.join(directory, "tagged.nxs")
    shutil.copyfile(original, path)
    before = portrait(path)
    parents = [entry[0] for entry in entries]
    for turn in ("first", "second"):
        answer = tag(path, entries, "--frames", str(frames), "--seed", "5")
        check(answer.returncode == 0, f"{label}: the {turn} tag is written", answer.stderr)
        if answer.returncode != 0:
            return
        changed = differences(before, portrait(path), parents)
        check(not changed, f"{label}: nothing foreign changed by the {turn} tag", changed)
    check_values(label, path, entries, frames)
    check_silx(label, path, entries)
    with h5py.File(path, "r") as file:
        is_cansas = all("canSAS_class" in file[parent].attrs for parent in parents)
    if is_cansas:
        check_sasview(label, path, frames)
    if with_h5diff:
        check_h5diff(label, original, path, entries)


# --- measured files -----------------------------------------------------------------

def entries_of(path):
    """Every entry with a dataset I and a neighbour Q."""
    found = {}
    with h5py.File(path, "r") as file:

        def look(name, item):
            if isinstance(item, h5py.Dataset) and name.split("/")[-1] == "I":
                top = "/" + name.split("/")[0]
                found.setdefault(top, (top, "/" + name, "/" + name[:-1] + "Q"))

        file.visititems(look)
    return list(found.values())


def measured_files(directory):
    folder = os.path.join(DATA, "nexus")
    if not DATA or not os.path.isdir(folder):
        skip("measured files", "SAXID_DATA is not set")
        return
    for name in sorted(os.listdir(folder)):
        original = os.path.join(folder, name)
        check_file(name, original, directory, entries_of(original), 120)


# --- files with everything that HDF5 knows -------------------------------------------

def make_odd(path, **options):
    with h5py.File(path, "w", **options) as file:
        entry = file.create_group("entry", track_order=True)
        entry.attrs["NX_class"] = "NXentry"
        file.attrs["default"] = "entry"
        file.attrs["NeXus_version"] = np.bytes_(b"3.0.0")
        file.attrs["file_name"] = "somewhere.nxs"
        file.attrs["nothing"] = h5py.Empty("f4")
        entry["I"] = np.arange(100.0)
        entry["Q"] = np.linspace(0.01, 0.5, 100)
        entry["Q"].attrs["units"] = "1/Å"
        words = entry.create_dataset("words", (3,), dtype=h5py.string_dtype())
        words[:] = ["eins", "zwei", "drei µ"]
        ragged = entry.create_dataset("ragged", (2,), dtype=h5py.vlen_dtype(np.int16))
        ragged[0], ragged[1] = [1, 2, 3], [4]
        entry.create_dataset("reference", data=entry["I"].ref, dtype=h5py.ref_dtype)
        entry.create_dataset("region", data=entry["I"].regionref[3:9], dtype=h5py.regionref_dtype)
        entry.attrs["points_to"] = entry["Q"].ref
        entry.create_dataset("packed", data=np.arange(40000).reshape(200, 200), chunks=(32, 32),
                             compression="gzip", shuffle=True, fletcher32=True)
        entry.create_dataset("growing", (5, 5), maxshape=(None, 5), dtype="f4", chunks=(2, 5))[...] = 7
        entry.create_dataset("unwritten", (1000,), dtype="f8")
        entry.create_dataset("mixed", data=np.array([(1, 2.5, b"x")], dtype="i4,f8,S4"))
        entry.create_dataset("colour", data=[0, 1], dtype=h5py.enum_dtype({"red": 0, "blue": 1}, "i1"))
        entry["empty"] = h5py.Empty("f8")
        entry["kind"] = np.dtype("f4")
        compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        compact.set_layout(h5py.h5d.COMPACT)
        h5py.h5d.create(entry.id, b"compact", h5py.h5t.NATIVE_INT32, h5py.h5s.create_simple((4,)),
                        compact).write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(4, dtype="i4"))
        entry["soft"] = h5py.SoftLink("/entry/I")
        entry["dangling"] = h5py.SoftLink("/entry/not_there")
        entry["outside"] = h5py.ExternalLink("not_there.h5", "/x")
        file["alias"] = entry
        crowd = file.create_group("crowd")
        for k in range(60):
            crowd[f"link{k}"] = h5py.SoftLink(f"/entry/{k}")
            crowd.attrs[f"attribute{k}"] = k
        for k in range(20):
            file.attrs[f"note{k}"] = "x" * 50
    if options.get("userblock_size"):
        with open(path, "r+b") as raw:
            raw.write(b"#!/bin/sh\n# a userblock\n")


ODD = {
    "oldest format": {"libver": "earliest"},
    "newest format": {"libver": "latest"},
    "userblock": {"libver": "earliest", "userblock_size": 1024},
    "newest format with userblock": {"libver": "latest", "userblock_size": 512},
    "creation order": {"libver": "v110", "track_order": True},
    "kept free space": {"libver": "latest", "fs_strategy": "fsm", "fs_persist": True},
    "paged": {"libver": "latest", "fs_strategy": "page", "fs_persist": True, "fs_page_size": 4096},
}


def odd_files(directory):
    for label, options in ODD.items():
        original = os.path.join(directory, "odd.h5")
        make_odd(original, **options)
        check_file(label, original, directory, [("/entry", "/entry/I", "/entry/Q")], 9, False)
        check_file(f"{label}, crowded parent", original, directory,
                   [("/crowd", "/entry/I", "/entry/Q")], 9, False)
        check_file(f"{label}, root", original, directory, [("/", "/entry/I", "/entry/Q")], 9, False)


def comparison_sees_differences(directory):
    path, other = (os.path.join(directory, name) for name in ("a.h5", "b.h5"))
    make_odd(path)
    for label, spoil in (
            ("a value", lambda f: f["entry/I"].__setitem__(4, -1)),
            ("a value in a chunk", lambda f: f["entry/packed"].__setitem__((0, 0), -1)),
            ("a word", lambda f: f["entry/words"].__setitem__(0, "five")),
            ("an attribute", lambda f: f["entry/Q"].attrs.__setitem__("units", "1/n")),
            ("an attribute of the root", lambda f: f.attrs.__setitem__("NeXus_version", b"4.4.3")),
            ("a new attribute", lambda f: f.attrs.__setitem__("HDF5_Version", "1.10")),
            ("a new default", lambda f: f.attrs.__setitem__("default", "crowd")),
            ("a link", lambda f: f["crowd"].__delitem__("link7"))):
        shutil.copyfile(path, other)
        with h5py.File(other, "r+") as file:
            spoil(file)
        check(differences(portrait(path), portrait(other), ["/entry"]), f"the comparison sees {label}")


def file_of_a_writer(directory):
    path = os.path.join(directory, "live.h5")
    entry = [("/entry", "/entry/I", "/entry/Q")]
    with h5py.File(path, "w", libver="latest") as file:
        file["entry/I"] = np.arange(10.0)
        answer = tag(path, entry)
        check(answer.returncode == 1, "refused while a writer has the file open", answer.stderr)
        check(answer.stderr.count("\n") == 1 and "writer" in answer.stderr, "with one line", answer.stderr)
        file.swmr_mode = True
        answer = tag(path, entry)
        check(answer.returncode == 1, "refused while a SWMR writer has it open", answer.stderr)
        check(answer.stderr.count("\n") == 1 and "writer" in answer.stderr, "with one line again", answer.stderr)
    answer = tag(path, entry)
    check(answer.returncode == 0, "and tagged when the writer is done", answer.stderr)
    with h5py.File(path, "r") as file:
        answer = tag(path, entry)
        check(answer.returncode == 0, "a reader is in nobody's way", answer.stderr)
        check(file["entry/I"][3] == 3.0, "and keeps reading the old file")


with tempfile.TemporaryDirectory() as place:
    comparison_sees_differences(place)
    measured_files(place)
    odd_files(place)
    file_of_a_writer(place)
finish()
