#!/usr/bin/python3
"""What pyFAI has integrated, named: text and HDF5 files of its tools, or its results in memory.

    pyfai_saxid.py [--fast] FILE…        # prints FILE, frame, class and p of every curve, separated by tabs

An HDF5 file (pyFAI-integrate, the workers of beamlines) gets tags; a text file (integrate1d (…,
filename="x.dat")) stays as it is. In a program that integrates itself:

    result = ai.integrate1d_ng(image, 500, unit="q_A^-1", error_model="poisson")
    verdict = judge_result(saxid.Model(), result)
"""
import argparse
import os
import sys

import numpy as np

import saxid


def judge_result(model, result, wavelength=None):
    """The verdict on an Integrate1dResult; wavelength in Å, where its unit is an angle."""
    q = saxid.inverse_angstrom(result.radial, result.unit.name, wavelength=wavelength)
    used = np.asarray(result.count) > 0 if result.count is not None else np.ones(len(q), bool)  # empty bins hold zeros
    sigma = None if result.sigma is None else result.sigma[used]
    return model.judge(q[used], result.intensity[used], sigma)


def read_header(path):
    """Unit and wavelength (Å, or None) that the header of pyFAI's text states."""
    unit = wavelength = None
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            if not line.startswith("#"):
                break
            words = line[1:].split()
            if len(words) in (2, 3) and words[1] == "I":
                unit = words[0]
            elif line[1:].strip().lower().startswith("wavelength:"):
                wavelength = float(words[1]) * 1e10
    if unit is None:
        raise ValueError("the header names no columns, so it is not one of pyFAI's")
    return unit, wavelength


def judge_text(model, path):
    """The verdict on the curve of a text file."""
    if os.path.getsize(path) > 64 << 20:
        raise ValueError("the file is larger than any curve")
    unit, wavelength = read_header(path)
    columns = np.loadtxt(path, ndmin=2)
    if columns.shape[1] not in (2, 3):
        raise ValueError(f"there are {columns.shape[1]} columns, 2 or 3 are needed")
    q, intensity = saxid.inverse_angstrom(columns[:, 0], unit, wavelength=wavelength), columns[:, 1]
    return model.judge(q, intensity, columns[:, 2] if columns.shape[1] == 3 else None)


def name_file(model, path):
    """(frame, verdict) of every curve of a file; an HDF5 file is tagged."""
    if not os.path.isfile(path):
        raise ValueError("there is no such regular file")
    with open(path, "rb") as file:
        is_hdf5 = file.read(8) == b"\x89HDF\r\n\x1a\n"
    if is_hdf5:
        return [(one.frame, one.verdict) for one in model.tag(path, keep_same=True)]
    return [(0, judge_text(model, path))]


def main():
    parser = argparse.ArgumentParser(description="Names the form factors of what pyFAI has integrated.")
    parser.add_argument("--fast", action="store_true", help="compare with computed curves, without fits")
    parser.add_argument("files", nargs="+", metavar="FILE")
    options = parser.parse_args()
    failed = False
    try:
        model = saxid.Model(fits="templates" if options.fast else True)
    except saxid.Error as cause:
        sys.exit(f"pyfai_saxid: {cause}")
    for path in options.files:
        try:
            for frame, verdict in name_file(model, path):
                print(path, frame, verdict.label or "-", f"{verdict.confidence:.2f}", "outlier" if verdict.outlier else "",
                      sep="\t")
        except (OSError, ValueError, saxid.Error) as cause:
            failed = True
            text = str(cause)
            print(f"pyfai_saxid: {text if str(path) in text else f'{text} ({path})'}", file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
