"""Do written files keep to NXsaxid.nxdl.xml, and does the validator see what does not?"""
import importlib.util
import os
import subprocess
import tempfile

import h5py
import numpy as np

from tap import check, finish, skip

SRC, BUILD = os.environ["SAXID_SRCDIR"], os.environ["SAXID_BUILDDIR"]
NXDL = os.path.join(SRC, "schemas", "NXsaxid.nxdl.xml")
TAGGER = os.path.join(BUILD, "tests", "tagger")

spec = importlib.util.spec_from_file_location("nxdl", os.path.join(SRC, "tests", "validate-nxdl.py"))
nxdl = importlib.util.module_from_spec(spec)
spec.loader.exec_module(nxdl)


def make(path):
    with h5py.File(path, "w") as file:
        for name in ("entry", "other"):
            file.create_group(name).attrs["NX_class"] = "NXentry"
            file[f"{name}/I"] = np.arange(20.0)
            file[f"{name}/Q"] = np.arange(20.0)


def tag(path, *options):
    subprocess.run([TAGGER, *options, path, "/entry", "/entry/I", "/entry/Q",
                    "/other", "/other/I", "/other/Q"], check=True)


def replace(group, name, value):
    attributes = dict(group[name].attrs)
    del group[name]
    group[name] = value
    group[name].attrs.update(attributes)


def set_class(group, value):
    group.attrs["NX_class"] = value


# Each spoils the group /entry/saxid of a file of 3 curves; the words are those of the violation.
SPOILS = {
    "missing field": (lambda g: g.pop("result/status"), "status is missing"),
    "missing group": (lambda g: g.pop("model"), "model is missing"),
    "missing attribute": (lambda g: g["result"].attrs.pop("signal"), "attribute signal is missing"),
    "undefined field": (lambda g: g.create_dataset("result/extra", data=1), "extra is not defined"),
    "undefined attribute": (lambda g: g.attrs.create("extra", 1), "attribute extra is not defined"),
    "wrong class": (lambda g: set_class(g["result"], "NXcollection"), "NXdata is needed"),
    "wrong type": (lambda g: replace(g, "result/status", np.zeros(3)), "is no NX_UINT"),
    "text for a number": (lambda g: replace(g, "sequence_index", b"1"), "is no NX_POSINT"),
    "number out of range": (lambda g: replace(g, "sequence_index", 0), "is no NX_POSINT"),
    "no date": (lambda g: replace(g, "date", b"yesterday"), "is no NX_DATE_TIME"),
    "wrong rank": (lambda g: replace(g, "result/confidence", np.zeros((3, 1), "f4")), "has rank 2, 1"),
    "wrong dimension": (lambda g: replace(g, "result/outlier", np.zeros(4, "u1")), "n_curve = 3"),
    "a family too many": (lambda g: replace(g, "result/family", np.zeros((3, 9), "f4")), "n_family = 2"),
    "an array for a scalar": (lambda g: replace(g, "version", [b"1", b"2"]), "one value is needed"),
    "unit of a pure number": (lambda g: g["result/confidence"].attrs.create("units", "1/cm"),
                              "is a pure number"),
    "outside the enumeration": (lambda g: replace(g, "result/status", np.array([1, 2, 9], "u1")),
                                "allowed"),
    "wrong axes": (lambda g: g["result"].attrs.create("axes", np.array([b"class", b"."])), "allowed"),
    "wrong program": (lambda g: replace(g, "program", b"sasfit"), "allowed"),
    "a group for a field": (lambda g: (g.pop("date"), g.create_group("date")), "is no field"),
}


def main():
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "run.nxs")
        make(path)
        for frames in ("1", "3", "100000"):
            tag(path, "--frames", frames)
            with h5py.File(path, "r") as file:
                groups = nxdl.tagged_groups(file)
                errors = [error for group in groups for error in nxdl.validate(NXDL, group)]
            check(len(groups) == 2 and not errors, f"a file of {frames} frames keeps to the definition",
                  "\n".join(errors))
        side = os.path.join(directory, "run_saxid.nxs")
        tag(path, "--frames", "3", "--side")
        with h5py.File(side, "r") as file:
            errors = nxdl.validate(NXDL, file["/entry/saxid"])
            check(not errors, "a side file keeps to the definition", "\n".join(errors))
            check(file["/entry/I"][3] == 3.0, "a side file shows the curve")

        for name, (spoil, words) in SPOILS.items():
            tag(path, "--frames", "3")
            with h5py.File(path, "r+") as file:
                spoil(file["/entry/saxid"])
                errors = nxdl.validate(NXDL, file["/entry/saxid"])
            check(any(words in error for error in errors), f"rejected: {name}", errors)
            make(path)

    lint = os.environ.get("XMLLINT", "no")
    if lint == "no":
        skip("the definition is well-formed XML", "no xmllint")
    else:
        check(subprocess.call([lint, "--noout", NXDL]) == 0, "the definition is well-formed XML")


main()
finish()
