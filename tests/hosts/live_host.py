"""A host in Python that measures: h5py writes the curves, saxid.so tags them meanwhile.

    python3 live_host.py MODULE FILE FRAMES

speaks as live-host.c does, without uncertainties. The test loads it as a module, too, for
the calls that must be refused.
"""
import ctypes as c
import sys

import h5py
import numpy

POINTS = 200


class Error(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("code", c.c_int32), ("domain", c.c_char * 32), ("message", c.c_char * 476)]


class Curve(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("reserved", c.c_uint32), ("n", c.c_size_t), ("q", c.c_void_p),
                ("intensity", c.c_void_p), ("sigma", c.c_void_p)]


class Verdict(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("status", c.c_int32), ("label", c.c_int32), ("n_class", c.c_uint32),
                ("probability", c.c_void_p), ("prediction_set", c.c_void_p), ("confidence", c.c_float),
                ("outlier_score", c.c_float), ("outlier", c.c_uint32), ("coverage", c.c_float), ("reason", c.c_char * 128)]


class LiveOptions(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("flags", c.c_uint32), ("file", c.c_int64), ("path", c.c_char_p),
                ("entry", c.c_char_p), ("name", c.c_char_p), ("i_path", c.c_char_p), ("q_path", c.c_char_p),
                ("sigma_path", c.c_char_p), ("q_unit", c.c_char_p), ("i_unit", c.c_char_p), ("source_file", c.c_char_p)]
    CONTINUE = 2


# h5py's lock and the GIL are one thing to a PYFUNCTYPE: HDF5 is never called twice at once.
F, P, ANY = c.PYFUNCTYPE, c.POINTER, c.c_void_p


class Plugin(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("abi_major", c.c_uint32), ("abi_minor", c.c_uint32), ("reserved", c.c_uint32),
                ("features", c.c_uint64), ("name", c.c_char_p), ("version", c.c_char_p),
                ("open", F(c.c_int32, c.c_char_p, P(ANY), P(Error))), ("close", F(None, ANY)),
                ("describe", ANY), ("class_name", ANY), ("provenance_json", ANY),
                ("workspace_new", F(c.c_int32, ANY, P(ANY), P(Error))), ("workspace_free", F(None, ANY)),
                ("process_curves", ANY), ("process_frame", ANY), ("tag_file", ANY), ("job_open", ANY), ("job_next", ANY),
                ("job_commit", ANY), ("job_free", ANY),
                ("live_prepare", F(c.c_int32, ANY, P(LiveOptions), P(ANY), P(Error))),
                ("live_append", F(c.c_int32, ANY, ANY, c.c_uint64, P(Curve), P(Verdict), P(Error))),
                ("live_finish", F(c.c_int32, ANY, P(Error))), ("live_free", F(None, ANY))]


def sized(kind, **members):
    return kind(struct_size=c.sizeof(kind), **members)


class Refused(Exception):
    pass


class Saxid:
    """The module, the shipped model and a workspace."""

    def __init__(self, module):
        query = c.CDLL(module).saxid_plugin_query
        query.restype, query.argtypes = P(Plugin), [c.c_uint32]
        self.table, self.error = query(1).contents, sized(Error)
        self.context, self.workspace = ANY(), ANY()
        self.check(self.table.open(None, c.byref(self.context), c.byref(self.error)))
        self.check(self.table.workspace_new(self.context, c.byref(self.workspace), c.byref(self.error)))

    def check(self, result):
        if result < 0:
            raise Refused(self.error.message.decode())
        return result

    def prepare(self, opened, **changes):
        members = dict(file=opened.id.id, path=opened.filename.encode(), entry=b"/entry", i_path=b"/entry/data/I",
                       q_path=b"/entry/data/Q", q_unit=b"1/angstrom")
        live = ANY()
        self.check(self.table.live_prepare(self.context, c.byref(sized(LiveOptions, **{**members, **changes})),
                                           c.byref(live), c.byref(self.error)))
        return live

    def append(self, live, frame, q, intensity, sigma=None):
        verdict = sized(Verdict)
        given = None
        if intensity is not None:
            given = sized(Curve, n=len(q), q=q.ctypes.data, intensity=intensity.ctypes.data,
                          sigma=None if sigma is None else sigma.ctypes.data)
        self.check(self.table.live_append(live, self.workspace, frame, given and c.byref(given), c.byref(verdict),
                                          c.byref(self.error)))
        return verdict

    def finish(self, live):
        return self.check(self.table.live_finish(live, c.byref(self.error)))

    def free(self, live):
        self.table.live_free(live)


def grid():
    return numpy.geomspace(0.005, 0.3, POINTS)


def measure(frame, q):
    x = q * (40 + frame % 50)
    f = 3 * (numpy.sin(x) - x * numpy.cos(x)) / x ** 3
    intensity = f ** 2 + 1e-3 + (0.02 * f ** 2 + 1e-4) * numpy.sin(1.0 + frame + numpy.arange(POINTS) ** 2)
    if frame in (7, 11):
        intensity[:] = numpy.nan
    if frame == 13:
        intensity[10:] = numpy.nan
    return intensity


def make_file(path, q, libver="latest"):
    file = h5py.File(path, "w", libver=libver)
    data = file.create_group("entry/data")
    data.parent.attrs["NX_class"] = "NXentry"
    data.attrs.update(NX_class="NXdata", signal="I")
    data["Q"] = q
    data["Q"].attrs["units"] = "1/angstrom"
    data.create_dataset("I", (0, len(q)), "f8", maxshape=(None, len(q)), chunks=(16, len(q)))
    return file


def put(data, frame, intensity):
    if data.shape[0] <= frame:
        data.resize(frame + 1, axis=0)
    data[frame] = intensity
    data.flush()


def main(module, path, frames):
    saxid, q, line = Saxid(module), grid(), ""
    file = make_file(path, q)
    data = file["entry/data/I"]
    live = saxid.prepare(file)
    file.swmr_mode = True
    print("ready", flush=True)
    for turn in range(int(frames)):
        frame = turn ^ 1 if turn % 8 < 2 and turn ^ 1 < int(frames) else turn
        intensity = measure(frame, q)
        put(data, frame, intensity)
        n = 10 if frame == 13 else POINTS
        verdict = saxid.append(live, frame, q[:n], None if frame == 7 else intensity[:n])
        print(frame, verdict.status, verdict.label, f"{verdict.confidence:.9g}", flush=True)
        line = sys.stdin.readline()
        if line in ("", "close\n"):
            break
    if line != "close\n":
        saxid.finish(live)
        saxid.finish(live)
    file.close()
    saxid.free(live)
    print("closed", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
