"""The examples: a task for ewoks, a callback for bluesky, a script for pyFAI's output."""
import importlib.util
import json
import os
import subprocess
import sys

import numpy as np
import pytest
import saxid
from conftest import HERE, sphere

EXAMPLES = os.path.join(os.path.dirname(HERE), "examples")


@pytest.mark.parametrize("unit, given", [("q_nm^-1", 10.0), ("q_A^-1", 1.0), ("1/angstrom", 1.0), ("nm^-1", 10.0), ("1/m", 1e10)])
def test_units(unit, given):
    assert saxid.inverse_angstrom([given], unit) == pytest.approx([1.0])


def test_angles_and_what_is_no_unit():
    q = saxid.inverse_angstrom([2.0], "2th_deg", wavelength=1.54)
    assert q == pytest.approx([4 * np.pi / 1.54 * np.sin(np.pi / 180)])
    assert saxid.inverse_angstrom([np.pi / 90], "2th_rad", wavelength=1.54) == pytest.approx(q)
    for unit, words in (("2th_deg", "wavelength"), ("r_mm", "not known"), ("", "not known"), ("chi_deg", "not known")):
        with pytest.raises(ValueError, match=words):
            saxid.inverse_angstrom([1.0], unit)


# --- ewoks ------------------------------------------------------------------------------------

REAL_EWOKS = importlib.util.find_spec("ewokscore") is not None


@pytest.fixture
def tasks(monkeypatch):
    if not REAL_EWOKS:
        import stand_in_ewoks
        monkeypatch.setitem(sys.modules, "ewokscore", stand_in_ewoks)
    monkeypatch.delitem(sys.modules, "ewoks_saxid", raising=False)
    import ewoks_saxid
    yield ewoks_saxid
    sys.modules.pop("ewoks_saxid", None)


def run_task(task, **inputs):
    done = task(inputs=inputs)
    done.execute()
    return done.get_output_values()


EWOKS = pytest.mark.parametrize("ewoks", ["ewoks itself" if REAL_EWOKS else "stand-in for ewoks"])


def write_as_ewoksxrpd(path, entry, q, intensity, sigma):
    """The file of SaveNexusIntegrated: NXprocess 'integrate', in it NXdata 'integrated', and a link to it."""
    h5py = pytest.importorskip("h5py")
    with h5py.File(path, "a") as file:
        scan = file.create_group(entry)
        scan.attrs.update(NX_class="NXentry", default="integrate")
        process = scan.create_group("integrate")
        process.attrs.update(NX_class="NXprocess", default="integrated")
        process["program"], process["version"] = "pyFAI", "2023.9.0"
        note = process.create_group("configuration")
        note.attrs["NX_class"] = "NXnote"
        note["type"], note["data"] = "application/json", json.dumps({"ewoks_version": "0.7", "wavelength": 1e-10})
        data = process.create_group("integrated")
        data.attrs.update(NX_class="NXdata", signal="intensity", interpretation="spectrum")
        data.attrs["axes"] = ["q"] if np.ndim(intensity) == 1 else [".", "q"]
        data["q"], data["intensity"], data["intensity_errors"] = 10 * q, intensity, sigma
        data["q"].attrs["units"] = "nm^-1"
        measurement = scan.create_group("measurement")
        measurement.attrs["NX_class"] = "NXcollection"
        measurement["integrated"] = h5py.SoftLink(data["intensity"].name)


@EWOKS
def test_ewoks_arrays(tasks, ewoks, model, q, stack):
    found = run_task(tasks.NameFormFactor, radial=10 * q, intensity=stack[0], intensity_error=stack[1], radial_units="q_nm^-1",
                     fits=False)
    assert found["label"] == model.judge(q, *stack).label.tolist() and len(found["verdicts"]) == 6
    json.dumps(found["verdicts"], allow_nan=False)
    one = run_task(tasks.NameFormFactor, radial=10 * q, intensity=stack[0][2], radial_units="q_nm^-1", fits=False)
    assert len(one["label"]) == len(one["confidence"]) == len(one["outlier"]) == 1
    with pytest.raises(Exception, match="wavelength"):
        run_task(tasks.NameFormFactor, radial=q, intensity=stack[0], radial_units="2th_deg")


@EWOKS
@pytest.mark.parametrize("frames", [1, 6])
def test_ewoks_file(tasks, ewoks, model, tmp_path, q, stack, frames):
    path = tmp_path / "result.h5"
    curves = (stack[0][0], stack[1][0]) if frames == 1 else stack
    for entry in ("1.1", "2.1"):
        write_as_ewoksxrpd(path, entry, q, *curves)
    found = run_task(tasks.TagIntegrated, url=f"{path}::/2.1", saved=True, fits=False)
    assert len(found["label"]) == frames and found["tagged"] == ["/2.1"]
    tags = saxid.read_tags(path)
    assert sorted(tags) == ["/1.1/saxid", "/2.1/saxid"]
    assert tags["/2.1/saxid"]["label"].tolist() == np.atleast_1d(model.judge(q, *stack).label)[:frames].tolist()
    assert tags["/2.1/saxid"]["input"]["sigma"].endswith("intensity_errors")
    with pytest.raises(Exception, match="no curve"):
        run_task(tasks.TagIntegrated, url=f"{path}::/3.1", fits=False)


# --- bluesky -------------------------------------------------------------------------------------

def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


IS = {"string": lambda v: isinstance(v, str), "number": is_number, "boolean": lambda v: isinstance(v, bool),
      "integer": lambda v: isinstance(v, int) and not isinstance(v, bool), "array": lambda v: isinstance(v, (list, np.ndarray))}

# Required members of the documents and their kinds, and the others that may be there, as in
# event-model's JSON schemas (event_descriptor, event, run_stop).
DOCUMENTS = {
    "descriptor": ({"uid": str, "run_start": str, "time": float, "data_keys": dict},
                   {"name", "configuration", "object_keys", "hints"}),
    "event": ({"uid": str, "descriptor": str, "seq_num": int, "time": float, "data": dict, "timestamps": dict}, {"filled"}),
    "stop": ({"uid": str, "run_start": str, "time": float, "exit_status": str}, {"num_events", "reason"}),
}
DATA_KEY = {"dtype", "shape", "source"}, {"dims", "dtype_numpy", "units", "object_name", "precision", "choices", "limits", "external"}


def fits_schema(name, document):
    needed, more = DOCUMENTS[name]
    assert needed.keys() <= document.keys() <= needed.keys() | more, document.keys()
    for key, kind in needed.items():
        assert isinstance(document[key], (float, int) if kind is float else kind), key
    json.dumps(document, allow_nan=False, default=np.ndarray.tolist)


def is_sound(documents):
    """What event-model's schemas ask of each document, and its data model of their order: by hand, or by the package."""
    if importlib.util.find_spec("event_model") is not None:
        import event_model
        for name, document in documents:
            event_model.schema_validators[event_model.DocumentNames[name]].validate(document)
    start, descriptors, counts = None, {}, {}
    for name, document in documents:
        if name == "start":
            start = document["uid"]
            continue
        if name == "event_page":
            continue
        fits_schema(name, document)
        if name == "descriptor":
            assert document["run_start"] == start and document["uid"] not in descriptors
            descriptors[document["uid"]] = document
            every = [document["data_keys"], *(one["data_keys"] for one in document.get("configuration", {}).values())]
            for keys in every:
                for one in keys.values():
                    assert DATA_KEY[0] <= one.keys() <= DATA_KEY[0] | DATA_KEY[1] and one["dtype"] in IS
                    assert all(isinstance(size, int) for size in one["shape"])
        elif name == "event":
            of = descriptors[document["descriptor"]]
            counts[of["name"]] = counts.get(of["name"], 0) + 1
            assert document["seq_num"] == counts[of["name"]]
            assert document["data"].keys() == document["timestamps"].keys() == of["data_keys"].keys()
            for key, value in document["data"].items():
                assert IS[of["data_keys"][key]["dtype"]](value), key
                assert list(np.shape(value)) == of["data_keys"][key]["shape"], key
        else:
            assert name == "stop" and document["run_start"] == start
            if document.get("num_events"):
                assert {key: n for key, n in document["num_events"].items() if n} == counts
    return descriptors, counts


def run_of(q, intensity, sigma, unit="1/nm", in_configuration=False, pages=False):
    """The documents of a run that measures the curves."""
    size, n = len(q), len(intensity)
    key_of_q = {"q": {"dtype": "array", "shape": [size], "source": "SIM:q", **({"units": unit} if unit else {})}}
    keys = {"I": {"dtype": "array", "shape": [size], "source": "SIM:I"}, "dI": {"dtype": "array", "shape": [size], "source": "SIM:dI"}}
    configuration = {"det": {"data": {"q": q}, "timestamps": {"q": 1.0}, "data_keys": key_of_q}} if in_configuration else {}
    keys = keys if in_configuration else {**keys, **key_of_q}
    yield "start", {"uid": "run", "time": 1.0, "scan_id": 3}
    yield "descriptor", {"uid": "base", "run_start": "run", "time": 1.0, "name": "baseline",
                         "data_keys": {"x": {"dtype": "number", "shape": [], "source": "SIM:x"}}}
    yield "event", {"uid": "b1", "descriptor": "base", "seq_num": 1, "time": 1.5, "data": {"x": 2.0}, "timestamps": {"x": 1.5}}
    yield "descriptor", {"uid": "prim", "run_start": "run", "time": 1.0, "name": "primary", "data_keys": keys,
                         "configuration": configuration}
    rows = [{"I": i, "dI": s, **({} if in_configuration else {"q": q})} for i, s in zip(intensity, sigma)]
    if pages:
        yield "event_page", {"uid": [f"e{k}" for k in range(n)], "descriptor": "prim", "seq_num": list(range(1, n + 1)),
                             "time": [2.0 + k for k in range(n)], "data": {key: [row[key] for row in rows] for key in rows[0]},
                             "timestamps": {key: [2.0] * n for key in rows[0]}}
    else:
        for k, row in enumerate(rows):
            yield "event", {"uid": f"e{k}", "descriptor": "prim", "seq_num": k + 1, "time": 2.0 + k, "data": row,
                            "timestamps": dict.fromkeys(row, 2.0)}
    yield "stop", {"uid": "end", "run_start": "run", "time": 9.0, "exit_status": "success",
                   "num_events": {"baseline": 1, "primary": n}}


@pytest.fixture
def judged(model):
    import bluesky_saxid

    def through(documents, **options):
        out = []
        callback = bluesky_saxid.JudgeEvents(lambda name, document: out.append((name, document)), sigma="dI", model=model, **options)
        for name, document in documents:
            callback(name, document)
        return out
    return through


@pytest.mark.parametrize("unit, factor", [("1/nm", 10), ("1/angstrom", 1), (None, 1)])
@pytest.mark.parametrize("in_configuration", [False, True])
def test_bluesky_stream(judged, model, q, stack, unit, factor, in_configuration):
    given = list(run_of(factor * q, *stack, unit=unit, in_configuration=in_configuration))
    out = judged(given)
    descriptors, counts = is_sound(out)
    assert counts == {"baseline": 1, "primary": 6, "saxid": 6}
    (ours,) = [one for one in descriptors.values() if one["name"] == "saxid"]
    events = [one["data"] for name, one in out if name == "event" and one["descriptor"] == ours["uid"]]
    wanted = model.judge(q, *stack)
    assert [one["saxid_label"] for one in events] == wanted.label.tolist()
    assert [one["saxid_confidence"] for one in events] == pytest.approx(wanted.confidence.tolist())
    assert ours["configuration"]["saxid"]["data"]["saxid_class"] == list(model.classes)
    handed_on = [one for name, one in out if one["uid"] in [two["uid"] for _, two in given]]
    assert all(one is two for one, (_, two) in zip(handed_on[:-1], given))  # as they were, but for the last


def test_bluesky_pages_and_runs_in_a_row(judged, q, stack):
    out = judged([*run_of(q, *stack, unit="1/angstrom", pages=True), *run_of(q, *stack, unit="1/angstrom")])
    assert sum(name == "descriptor" and one["name"] == "saxid" for name, one in out) == 2
    assert [one["num_events"]["saxid"] for name, one in out if name == "stop"] == [6, 6]


def test_bluesky_without_curves(judged, q, stack):
    out = judged(run_of(q, *stack), intensity="other")
    assert "saxid" not in {one.get("name") for _, one in out} and is_sound(out)[1] == {"baseline": 1, "primary": 6}
    assert is_sound(judged(run_of(q, *stack), of="baseline"))[1] == {"baseline": 1, "primary": 6}


def test_bluesky_a_curve_that_cannot_be_judged_costs_its_verdict(judged, q, stack, caplog):
    broken = [*stack[0][:2], stack[0][2][:5], stack[0][3]]
    out = judged(run_of(q, broken, stack[1][:4], unit="1/angstrom"))
    assert [one["num_events"]["saxid"] for name, one in out if name == "stop"] == [3] and "shape" in caplog.text
    out = judged(run_of(q, *stack, unit="furlong"))
    assert "saxid" not in {one.get("name") for _, one in out} and "furlong" in caplog.text


def test_the_checker_sees_what_is_not_sound(judged, q, stack):
    out = judged(run_of(q, *stack, unit="1/angstrom"))
    for at, change in ((1, {"data_keys": {"x": {"dtype": "float", "shape": [], "source": "s"}}}), (-1, {"num_events": {"saxid": 5}}),
                       (-1, {"colour": "red"}), (-2, {"seq_num": 9})):
        bent = list(out)
        bent[at] = bent[at][0], {**bent[at][1], **change}
        with pytest.raises(Exception):
            is_sound(bent)


# --- pyFAI -----------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def integrated(tmp_path_factory):
    """An image of spheres of 80 Å, integrated by pyFAI: its result, and its text file."""
    module = pytest.importorskip("pyFAI.azimuthalIntegrator")
    integrator = module.AzimuthalIntegrator(dist=1.4, poni1=0.04, poni2=0.048, pixel1=4e-4, pixel2=4e-4, wavelength=1e-10)
    shape = (200, 240)
    image = np.random.default_rng(3).poisson(sphere(np.maximum(integrator.qArray(shape) / 10, 1e-4), 80, 4e5, 2))
    folder = tmp_path_factory.mktemp("pyfai")
    made = {}
    for unit in ("q_A^-1", "q_nm^-1", "2th_deg"):
        made[unit] = folder / f"{unit[:4]}.dat"
        result = integrator.integrate1d_ng(image, 120, unit=unit, error_model="poisson", filename=str(made[unit]),
                                           method=("no", "histogram", "cython"))
        made[unit, "result"] = result
    return made


def test_pyfai_in_memory(model, integrated):
    import pyfai_saxid

    first = pyfai_saxid.judge_result(model, integrated["q_A^-1", "result"])
    assert first.status == "ok" and first.label is not None
    second = pyfai_saxid.judge_result(model, integrated["q_nm^-1", "result"])
    assert second.label == first.label and second.confidence == pytest.approx(first.confidence, abs=0.02)
    third = pyfai_saxid.judge_result(model, integrated["2th_deg", "result"], wavelength=1.0)
    assert third.status == "ok"
    with pytest.raises(ValueError, match="wavelength"):
        pyfai_saxid.judge_result(model, integrated["2th_deg", "result"])


def run_script(*arguments):
    known = {**os.environ, "PYTHONPATH": os.path.dirname(HERE), "SAXID_PLUGIN": saxid.plugin_path()}
    return subprocess.run([sys.executable, os.path.join(EXAMPLES, "pyfai_saxid.py"), *map(str, arguments)], capture_output=True,
                          text=True, check=False, env=known)


def test_pyfai_script(integrated, run_file):
    texts = [integrated[unit] for unit in ("q_A^-1", "q_nm^-1", "2th_deg")]
    done = run_script("--fast", *texts, run_file)
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert done.returncode == 0 and done.stderr == "" and len(rows) == 3 + 6, done.stderr
    assert [row[0] for row in rows[:3]] == [str(path) for path in texts] and [row[1] for row in rows[3:]] == list("012345")
    assert rows[0][2] == rows[1][2] and list(saxid.read_tags(run_file)) == ["/entry/saxid"]


def test_pyfai_script_says_what_it_cannot_read(tmp_path):
    (tmp_path / "other.dat").write_text("0.1 2\n0.2 1\n")
    (tmp_path / "wide.dat").write_text("# q_A^-1 I\n0.1 2 3 4\n")
    (tmp_path / "word.dat").write_text("# q_A^-1 I\n0.1 two\n")
    (tmp_path / "unit.dat").write_text("# r_mm I\n0.1 2\n")
    (tmp_path / "bad.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    os.mkfifo(tmp_path / "pipe.dat")
    names = ("pipe.dat", "other.dat", "wide.dat", "word.dat", "unit.dat", "bad.h5", "gone.dat")
    done = run_script("--fast", *(tmp_path / name for name in names))
    lines = done.stderr.splitlines()
    assert done.returncode == 1 and done.stdout == "" and len(lines) == len(names), done.stderr
    assert all(name in line and line.startswith("pyfai_saxid: ") for name, line in zip(names, lines))
