"""Does the module work inside a process where pyFAI has integrated an image?

pyFAI, numpy and the module share one process (OpenMP, HDF5 and all); the
module's own integration of the same image is compared with pyFAI's.
"""
import ctypes as c
import json
import os

from tap import check, finish, note, skip_all

if os.environ.get("SANITIZER_FLAGS"):
    skip_all("Python cannot load a module with sanitizers")
try:
    import numpy
    import h5py
    from pyFAI.azimuthalIntegrator import AzimuthalIntegrator
except ImportError as missing:
    skip_all(missing)


class Error(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("code", c.c_int32), ("domain", c.c_char * 32),
                ("message", c.c_char * 476)]


class Description(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("n_class", c.c_uint32), ("q_min", c.c_double),
                ("q_max", c.c_double), ("least_coverage", c.c_double), ("min_points", c.c_uint32),
                ("n_bin", c.c_uint32), ("model_name", c.c_char * 128),
                ("model_algorithm", c.c_char * 128), ("model_sha256", c.c_char * 72)]


class Curve(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("reserved", c.c_uint32), ("n", c.c_size_t),
                ("q", c.c_void_p), ("intensity", c.c_void_p), ("sigma", c.c_void_p)]


class Verdict(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("status", c.c_int32), ("label", c.c_int32),
                ("n_class", c.c_uint32), ("probability", c.c_void_p), ("prediction_set", c.c_void_p),
                ("confidence", c.c_float), ("outlier_score", c.c_float), ("outlier", c.c_uint32),
                ("coverage", c.c_float), ("reason", c.c_char * 128)]


class Frame(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("pixel_type", c.c_uint32), ("n_row", c.c_uint32),
                ("n_column", c.c_uint32), ("pixels", c.c_void_p), ("mask", c.c_void_p),
                ("monitor", c.c_double)]


class Integrated(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("reserved", c.c_uint32), ("capacity", c.c_size_t),
                ("n", c.c_size_t), ("q", c.c_void_p), ("intensity", c.c_void_p), ("sigma", c.c_void_p)]


F = c.CFUNCTYPE
P = c.POINTER


class Plugin(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("abi_major", c.c_uint32), ("abi_minor", c.c_uint32),
                ("reserved", c.c_uint32), ("features", c.c_uint64), ("name", c.c_char_p),
                ("version", c.c_char_p),
                ("open", F(c.c_int32, c.c_char_p, P(c.c_void_p), P(Error))),
                ("close", F(None, c.c_void_p)),
                ("describe", F(c.c_int32, c.c_void_p, P(Description), P(Error))),
                ("class_name", F(c.c_int32, c.c_void_p, c.c_uint32, c.c_char_p, c.c_size_t, P(Error))),
                ("provenance_json", F(c.c_size_t, c.c_void_p, c.c_char_p, c.c_size_t)),
                ("workspace_new", F(c.c_int32, c.c_void_p, P(c.c_void_p), P(Error))),
                ("workspace_free", F(None, c.c_void_p)),
                ("process_curves", F(c.c_int32, c.c_void_p, c.c_void_p, P(Curve), c.c_size_t, P(Verdict),
                                     P(Error))),
                ("process_frame", F(c.c_int32, c.c_void_p, c.c_void_p, P(Frame), P(Integrated),
                                    P(Verdict), P(Error)))]


def sized(kind, **members):
    return kind(struct_size=c.sizeof(kind), **members)


def pointer(array):
    return array.ctypes.data_as(c.c_void_p)


# A sphere of 80 Å on a detector of 487 × 619 pixels, with Poisson noise.
shape, pixel, distance, wavelength = (619, 487), 172e-6, 1.4, 1.0e-10
integrator = AzimuthalIntegrator(dist=distance, poni1=0.031, poni2=0.044, pixel1=pixel, pixel2=pixel,
                                 wavelength=wavelength)
q_image = integrator.qArray(shape) / 10
x = numpy.maximum(q_image * 80, 1e-6)
truth = 4e5 * (3 * (numpy.sin(x) - x * numpy.cos(x)) / x**3) ** 2 + 2
image = numpy.random.default_rng(7).poisson(truth).astype(numpy.int32)

result = integrator.integrate1d_ng(image, 300, unit="q_A^-1", error_model="poisson",
                                   method=("no", "histogram", "cython"), correctSolidAngle=True)
geometry = (f"poni_version: 2\nDetector: Detector\nDetector_config: {{\"pixel1\": {pixel}, \"pixel2\": {pixel}, "
            f"\"max_shape\": [{shape[0]}, {shape[1]}]}}\nDistance: {distance}\nPoni1: 0.031\nPoni2: 0.044\n"
            f"Rot1: 0\nRot2: 0\nRot3: 0\nWavelength: {wavelength}\n")

module = c.CDLL(os.environ["SAXID_PLUGIN"])
module.saxid_plugin_query.restype = P(Plugin)
saxid = module.saxid_plugin_query(1).contents
check(saxid.name == b"saxid" and saxid.abi_major == 1, "the table is found in a process with pyFAI")

error, context, workspace = sized(Error), c.c_void_p(), c.c_void_p()
opened = saxid.open(json.dumps({"geometry": geometry, "bins": 300}).encode(), c.byref(context), c.byref(error))
check(opened == 0, f"a context with a geometry {error.message.decode()}")
if opened != 0:
    finish()
check(saxid.workspace_new(context, c.byref(workspace), c.byref(error)) == 0, "a workspace")
about = sized(Description)
saxid.describe(context, c.byref(about), c.byref(error))
check(about.n_bin == 300, "describe says how many points a frame gives")
names = []
for k in range(about.n_class):
    name = c.create_string_buffer(64)
    saxid.class_name(context, k, name, 64, c.byref(error))
    names.append(name.value.decode())

probability = numpy.zeros(about.n_class, numpy.float32)
in_set = numpy.zeros(about.n_class, numpy.uint8)


def verdict():
    return sized(Verdict, n_class=about.n_class, probability=pointer(probability),
                 prediction_set=pointer(in_set))


q = numpy.ascontiguousarray(result.radial, numpy.float64)
intensity = numpy.ascontiguousarray(result.intensity, numpy.float64)
sigma = numpy.ascontiguousarray(result.sigma, numpy.float64)
curve = sized(Curve, n=len(q), q=pointer(q), intensity=pointer(intensity), sigma=pointer(sigma))
first = verdict()
check(saxid.process_curves(context, workspace, c.byref(curve), 1, c.byref(first), c.byref(error)) >= 0,
      f"pyFAI's curve is judged {error.message.decode()}")
check(first.status == 1 and abs(probability.sum() - 1) < 1e-5, "with probabilities that sum to 1")
note(f"pyFAI's curve of a sphere: {names[first.label] if first.label >= 0 else None}, p = {first.confidence:.2f}")

ours = {name: numpy.zeros(300) for name in ("q", "intensity", "sigma")}
integrated = sized(Integrated, capacity=300, **{name: pointer(a) for name, a in ours.items()})
frame = sized(Frame, pixel_type=3, n_row=shape[0], n_column=shape[1], pixels=pointer(image))
second = verdict()
check(saxid.process_frame(context, workspace, c.byref(frame), c.byref(integrated), c.byref(second),
                          c.byref(error)) >= 0, f"the same image through the module {error.message.decode()}")
n = integrated.n
used = result.count > 0
check(n == used.sum(), f"as many points as pyFAI has bins with pixels ({n}, {used.sum()})")
if n == used.sum():
    q_off = numpy.abs(ours["q"][:n] / q[used] - 1).max()
    i_off = numpy.abs(ours["intensity"][:n] / intensity[used] - 1).max()
    note(f"greatest relative difference: q {q_off:.2g}, I {i_off:.2g}")
    # pyFAI holds q of a pixel in float32, so a pixel on the edge of a bin may
    # fall on its other side: a few bins differ by one pixel, and the bulk agrees
    # to float accuracy.
    same = numpy.abs(ours["intensity"][:n] / intensity[used] - 1) < 1e-5
    check(q_off < 1e-5, "q of the bins to float accuracy")
    check(same.mean() > 0.95, f"I to float accuracy in {100 * same.mean():.1f} % of the bins")
check(second.status == first.status and second.label == first.label, "and the same verdict")
small = numpy.minimum(image, 120)
curves = {}
for kind, dtype in ((1, "f4"), (2, "f8"), (3, "i4"), (4, "u4"), (5, "u2"), (6, "u1"), (7, "i2"), (8, "i1")):
    typed = small.astype(dtype)
    of_type = sized(Frame, pixel_type=kind, n_row=shape[0], n_column=shape[1], pixels=pointer(typed))
    if saxid.process_frame(context, workspace, c.byref(of_type), c.byref(integrated), c.byref(second), c.byref(error)) >= 0:
        curves[dtype] = ours["intensity"][:integrated.n].copy()
check(len(curves) == 8 and all((curve == curves["f8"]).all() for curve in curves.values()),
      f"a frame of any pixel type is the same {sorted(curves)}")
frame.pixel_type = 9
check(saxid.process_frame(context, workspace, c.byref(frame), c.byref(integrated), c.byref(second),
                          c.byref(error)) < 0 and b"9" in error.message, "a pixel type that is none is refused")
frame.pixel_type = 3
for chain in ("radial = 2th", "azimuths = 4"):
    other = c.c_void_p()
    text = f"[chain]\nreducers = poisson; integrate\n[integrate]\n{chain}\n"
    opened = saxid.open(json.dumps({"geometry": geometry, "chain": text}).encode(), c.byref(other), c.byref(error))
    check(opened < 0 and b"one curve over q" in error.message, f"a chain with {chain} is refused {error.message.decode()}")
frame.n_row = 5
check(saxid.process_frame(context, workspace, c.byref(frame), c.byref(integrated), c.byref(second),
                          c.byref(error)) < 0 and b"5" in error.message, "a frame of another shape is refused")

with h5py.File(os.path.join(os.environ.get("TMPDIR", "/tmp"), f"saxid-h5py-{os.getpid()}.h5"), "w") as f:
    f["x"] = q
    check((f["x"][...] == q).all(), "h5py still works beside it")
    os.unlink(f.filename)
again = integrator.integrate1d_ng(image, 300, unit="q_A^-1", error_model="poisson",
                                  method=("no", "histogram", "cython"))
check((again.intensity == result.intensity).all(), "pyFAI integrates as before")
saxid.workspace_free(workspace)
saxid.close(context)
finish()
