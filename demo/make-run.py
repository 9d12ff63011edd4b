#!/usr/bin/env python3
"""Makes demo/run.nxs from a simulated data set: one NXcanSAS entry per curve,
named after what was simulated.

    build/saxid simulate -n 9 --seed 20261121 -o run.h5
    demo/make-run.py run.h5 demo/run.nxs
"""
import sys

import h5py

data, out = h5py.File(sys.argv[1], "r"), h5py.File(sys.argv[2], "w")
names = [name.decode().rstrip("\0") for name in data["class"][...]]
parameters = data["parameter_name"][...].astype(str)
out.attrs["NX_class"], out.attrs["default"] = "NXroot", names[data["label"][0]]
for row, label in enumerate(data["label"][...]):
    entry = out.create_group(names[label])
    entry.attrs.update({"NX_class": "NXentry", "canSAS_class": "SASentry", "version": "1.1",
                        "default": "sasdata"})
    entry["definition"] = "NXcanSAS"
    entry["title"] = "simulated " + ", ".join(
        f"{name.strip(chr(0))} {value:.4g}" for name, value in zip(parameters[label], data["parameter"][row])
        if name.strip("\0"))
    entry["run"] = f"{data.attrs['population'].decode()} population, {data.attrs['instrument'].decode()}, " \
                   f"seed {data.attrs['seed'].decode()}, curve {row}"
    group = entry.create_group("sasdata")
    group.attrs.update({"NX_class": "NXdata", "canSAS_class": "SASdata", "signal": "I", "I_axes": "Q",
                        "axes": "Q", "Q_indices": 0,
                        "SILX_style": '{"axes_scale_types": ["log"], "signal_scale_type": "log"}'})
    group["Q"], group["I"], group["Idev"] = (data["curves/q"][...], data["curves/I"][row],
                                             data["curves/sigma"][row])
    group["Qdev"] = data["curves/dQ"][...]
    group["Q"].attrs["units"] = group["Qdev"].attrs["units"] = "1/angstrom"
    group["Q"].attrs["resolutions"] = "Qdev"
    group["I"].attrs["units"] = group["Idev"].attrs["units"] = "1/cm"
    group["I"].attrs["uncertainties"] = "Idev"
