"""Tags in files: judged there, written from verdicts, read back; and files that are not sound."""
import hashlib
import json
import os
import subprocess

import numpy as np
import pytest
import saxid

h5py = pytest.importorskip("h5py")


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest(), os.stat(path).st_ino


def same(a, b):
    """Whether two groups of tags say the same, but for their dates and the way they were made."""
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a if key not in ("date",))
    return np.array_equal(a, b)


def test_tag_and_read(model, run_file, q, stack):
    curves = model.tag(run_file)
    assert [one.frame for one in curves] == list(range(6)) and curves[0].entry == "/entry" and curves[0].n_frame == 6
    tags = saxid.read_tags(run_file)
    assert list(tags) == ["/entry/saxid"]
    one, judged = tags["/entry/saxid"], model.judge(q, *stack)
    assert one["class"] == model.classes and np.array_equal(one["probability"], judged.probability)
    assert one["label"].tolist() == judged.label.tolist() == [curve.verdict.label for curve in curves]
    assert one["status"].tolist() == ["ok"] * 6 and one["entry"] == "/entry" and one["seeds"] == {}
    assert one["model"]["checksum"] == f"sha256:{model.sha256}" or one["model"]["checksum"].endswith(model.sha256)
    assert one["input"]["intensity"] == "/entry/data/I" and one["input"]["q_units"] == "1/angstrom"


def test_tag_options(model, run_file):
    before = digest(run_file)
    assert len(model.tag(run_file, dry_run=True)) == 6 and digest(run_file) == before
    model.tag(run_file, side_file=True)
    side = run_file.with_name("run_saxid.nxs")
    assert digest(run_file) == before and list(saxid.read_tags(side)) == ["/entry/saxid"]
    model.tag(run_file)
    written = digest(run_file)
    model.tag(run_file, keep_same=True)
    assert digest(run_file) == written
    with pytest.raises(saxid.CurveFileError, match="gone"):
        model.tag(run_file.with_name("gone.nxs"))
    with pytest.raises(saxid.Error):
        model.tag(run_file, i_path="/entry/none")


def test_seeds(run_file):
    model = saxid.Model()
    with h5py.File(run_file, "r+") as file:  # two curves are enough: each is fitted several times
        for name in ("I", "Idev"):
            values = file["entry/data"][name][:2]
            del file["entry/data"][name]
            file["entry/data"][name] = values
    curves = model.tag(run_file, seeds=True)
    seeds = saxid.read_tags(run_file)["/entry/saxid"]["seeds"]
    for k, radius in enumerate((30, 45)):
        assert curves[k].verdict.seed.parameters["radius"].value == pytest.approx(radius, rel=0.02)
        assert seeds["sphere"]["parameters"]["radius"]["value"][k] == pytest.approx(radius, rel=0.02)
    assert seeds["sphere"]["model"] == "sphere" and seeds["sphere"]["parameters"]["radius"]["units"] == "angstrom"


def test_written_as_tagged(model, run_file, q, stack):
    model.tag(run_file)
    tagged = saxid.read_tags(run_file)
    os.rename(run_file, run_file.with_name("tagged.nxs"))
    with h5py.File(run_file, "w") as file, h5py.File(run_file.with_name("tagged.nxs")) as source:
        source.copy("entry", file)
        del file["entry/saxid"]
    saxid.write_tags(run_file, "/entry", model.judge(q, *stack))
    assert same(saxid.read_tags(run_file), tagged)
    with h5py.File(run_file) as file:
        assert file["entry/process/note"][()] == b"theirs" and set(file["entry"]) == {"data", "definition", "process", "saxid"}


def test_a_shipped_file_is_tagged_alike_by_program_and_module(model, run_file):
    program = os.path.join(os.environ.get("SAXID_BUILDDIR", ""), "saxid")
    if not os.path.exists(program):
        pytest.skip("no program")
    done = subprocess.run([program, "tag", "--network", "--json", "--quiet", "--dry-run", run_file], capture_output=True, text=True,
                          check=True)
    for line, curve in zip(map(json.loads, done.stdout.splitlines()), model.tag(run_file, dry_run=True)):
        mine = curve.to_dict()
        assert line.keys() - {"file"} == mine.keys()
        assert line["label"] == mine["label"] and line["probability"]["sphere"] == pytest.approx(mine["probability"]["sphere"], rel=1e-4)


def test_lines_keep_to_the_schema(model, run_file, q):
    jsonschema = pytest.importorskip("jsonschema")
    schema = os.path.join(os.environ.get("SAXID_SRCDIR", ""), "schemas", "tag.schema.json")
    found = [path for path in (schema, os.path.join(os.path.dirname(schema), "files", "tag.schema.json")) if os.path.exists(path)]
    if not found:
        pytest.skip("no schema")
    with open(found[0], encoding="utf-8") as file:
        validator = jsonschema.Draft202012Validator(json.load(file))
    lines = [one.to_dict() for one in model.tag(run_file, dry_run=True)]
    lines += [{"entry": "/a", "data": "/a/I", "frame": 0, **model.judge(q[:few], q[:few]).to_dict()} for few in (5, 20)]
    for line in lines:
        validator.validate({"file": "run.nxs", **line})


def write_curve(path, q, intensity, sigma):
    with h5py.File(path, "w") as file:
        data = file.create_group("entry/data")
        data.parent.attrs["NX_class"] = "NXentry"
        data.attrs.update(NX_class="NXdata", signal="I", axes="Q")
        data["Q"], data["I"], data["I_errors"] = q, intensity, sigma
        data["Q"].attrs["units"] = "1/angstrom"


def alike(a, b):
    """Whether two materials say the same, to the digits that the program prints."""
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(alike(a[key], b[key]) for key in a)
    return a == pytest.approx(b, rel=1e-4) if isinstance(a, float) and isinstance(b, (int, float)) else a == b


def test_a_material_is_what_the_program_says(tmp_path):
    program = os.path.join(os.environ.get("SAXID_BUILDDIR", ""), "saxid")
    if not os.path.exists(program):
        pytest.skip("no program")
    q = np.geomspace(0.005, 0.5, 200)
    curves = {  # two phases without any order, by Debye, Anderson and Brumberger; spheres of one size
        "found": 50 / (1 + (40 * q) ** 2) ** 2 + 0.01,
        "not_of_this_kind": 50 * (3 * (np.sin(60 * q) - 60 * q * np.cos(60 * q)) / (60 * q) ** 3) ** 2 + 0.01,
    }
    for status, intensity in curves.items():
        path = tmp_path / f"{status}.nxs"
        write_curve(path, q, intensity, 0.01 * intensity)
        mine = saxid.Model(material={"porosity": 0.3}).tag(path, dry_run=True)[0].to_dict()["material"]
        done = subprocess.run([program, "tag", "--porosity", "0.3", "--json", "--quiet", "--dry-run", path], capture_output=True,
                              text=True, check=True)
        assert alike(mine, json.loads(done.stdout)["material"])
        assert mine["status"] == status


def test_verdicts_one_by_one(model, run_file, q, stack):
    verdicts = list(model.judge(q, *stack))
    verdicts[2] = None
    model.write_tags(run_file, "/entry", verdicts, name="saxid_mine", note="divided by\nwater")
    one = saxid.read_tags(run_file)["/entry/saxid_mine"]
    assert one["status"].tolist() == ["ok", "ok", "not done", "ok", "ok", "ok"] and one["label"][2] == ""
    assert one["label"][0] == verdicts[0].label and "water" in one["input"]["note"] and "\n" not in one["input"]["note"]
    assert one["probability"][3].tolist() == list(verdicts[3].probability.values())
    with pytest.raises(TypeError, match="model="):
        saxid.write_tags(run_file, "/entry", verdicts)


def test_refusals_leave_the_file_alone(model, run_file, q, stack):
    verdicts = model.judge(q, *stack)
    before = digest(run_file)
    nine = saxid.Model(fits=False, classes="nine", model="paper-xgboost")
    bent = model.judge(q, *stack)
    bent.probability[3, 2] = np.nan
    for kind, text, arguments, options in (
            (saxid.CurveFileError, "entry has no curves", ("/other", verdicts), {}),
            (saxid.ArgumentError, "5 verdicts, the entry has 6", ("/entry", list(verdicts)[:5]), {"model": model}),
            (saxid.CurveFileError, "left alone", ("/entry", verdicts), {"name": "process"}),
            (saxid.CurveFileError, "left alone", ("/entry", verdicts), {"name": "data"}),
            (saxid.ArgumentError, "name of a group", ("/entry", verdicts), {"name": "a/b"}),
            (saxid.ArgumentError, "nan", ("/entry", bent), {}),
            (saxid.ArgumentError, "intensity", ("/entry", verdicts), {"q_path": "/entry/data/Q"}),
            (ValueError, "classes are others", ("/entry", verdicts), {"model": nine}),
            (ValueError, "NUL", ("/ent\0ry", verdicts), {}),
            (saxid.ArgumentError, "verdicts", ("/entry", []), {"model": model})):
        with pytest.raises(kind, match=text):
            saxid.write_tags(run_file, *arguments, **options)
        assert digest(run_file) == before, text
    with h5py.File(run_file, "r+") as file:
        file.flush()
        with pytest.raises(saxid.Error):
            saxid.write_tags(run_file, "/entry", verdicts)
    run_file.chmod(0o400)
    with pytest.raises(saxid.CurveFileError):
        saxid.write_tags(run_file, "/entry", verdicts)


def test_somebody_elses_group_below_ours_is_not_lost(model, run_file, q, stack):
    saxid.write_tags(run_file, "/entry", model.judge(q, *stack))
    with h5py.File(run_file, "r+") as file:
        file["entry/saxid/comment"] = "by hand"
    with pytest.raises(saxid.CurveFileError, match="comment"):
        saxid.write_tags(run_file, "/entry", model.judge(q, *stack))
    with h5py.File(run_file) as file:
        assert file["entry/saxid/comment"][()] == b"by hand"


def test_frames_of_pandas(model, run_file):
    pytest.importorskip("pandas")
    assert saxid.read_tags(run_file, pandas=True).empty
    model.tag(run_file)
    table = saxid.read_tags(run_file, pandas=True)
    assert table.frame.tolist() == list(range(6)) and (table.entry == "/entry").all() and table.p_sphere.between(0, 1).all()


def test_files_that_are_none(tmp_path):
    (tmp_path / "text.nxs").write_text("q I\n")
    os.mkfifo(tmp_path / "pipe.nxs")
    (tmp_path / "folder.nxs").mkdir()
    for name in ("text.nxs", "gone.nxs", "pipe.nxs", "folder.nxs"):
        with pytest.raises(saxid.CurveFileError, match=name):
            saxid.read_tags(tmp_path / name)


def _external(group, name, path):
    group[name] = h5py.ExternalLink(str(path), "/entry/saxid/result/status")


@pytest.mark.parametrize("harm", ["soft", "external", "virtual", "huge", "type", "shape", "index", "status", "chunks", "filter",
                                  "json", "variable", "missing"])
def test_tags_that_are_not_sound(model, run_file, tmp_path, harm):
    model.tag(run_file)
    with h5py.File(run_file, "r+") as file:
        group, result = file["entry/saxid"], file["entry/saxid/result"]
        if harm in ("index", "status"):
            name = "class_index" if harm == "index" else "status"
            result[name][0] = 99
        elif harm in ("json", "variable"):
            del group["configuration/data"]
            group["configuration"]["data"] = np.bytes_(b"{") if harm == "json" else "{}"
        else:
            del result["status"]
            if harm == "soft":
                result["status"] = h5py.SoftLink("/entry/saxid/result/outlier")
            elif harm == "external":
                _external(result, "status", tmp_path / "other.h5")
            elif harm == "virtual":
                layout = h5py.VirtualLayout((6,), "u1")
                layout[:] = h5py.VirtualSource(str(tmp_path / "other.h5"), "x", (6,))
                result.create_virtual_dataset("status", layout)
            elif harm == "huge":
                result.create_dataset("status", (1 << 40,), "u1", chunks=(1 << 20,))
            elif harm == "type":
                result["status"] = np.zeros(6)
            elif harm == "shape":
                result["status"] = np.zeros((5,), np.uint8)
            elif harm == "chunks":
                result.create_dataset("status", (6,), "u1", chunks=(1 << 28,), maxshape=(None,), compression="gzip")
            elif harm == "filter":
                result.create_dataset("status", data=np.zeros(6, np.uint8), chunks=(6,), compression="lzf")
    with pytest.raises(saxid.CurveFileError, match="not as saxid writes"):
        saxid.read_tags(run_file)


def test_links_lead_nowhere(model, run_file):
    """A group of tags that is reached by a link is not this file's, and a circle is no trap."""
    model.tag(run_file)
    with h5py.File(run_file, "r+") as file:
        file["soft"] = h5py.SoftLink("/entry")
        file["out"] = h5py.ExternalLink("other.h5", "/")
        file["entry/round"] = file["entry"]
    assert "/entry/saxid" in saxid.read_tags(run_file)


@pytest.fixture(scope="module")
def gold(tmp_path_factory):
    """An icosahedron of gold, 309 atoms: q and I up to 8 1/Å, by Debye's sum over all pairs."""
    golden = (1 + 5 ** 0.5) / 2
    corners = np.array([p for a in (-1, 1) for b in (-golden, golden) for p in ((0, a, b), (a, b, 0), (b, 0, a))]) / 2
    near = [(i, j) for i in range(12) for j in range(i) if abs(np.linalg.norm(corners[i] - corners[j]) - 1) < 1e-6]
    faces = [(i, j, k) for i, j in near for k in range(j) if (i, k) in near and (j, k) in near]
    points = {(0, 0, 0)}
    for n in range(1, 5):
        for i, j, k in faces:
            for u in range(n + 1):
                for v in range(n + 1 - u):
                    points.add(tuple(np.round(u * corners[i] + v * corners[j] + (n - u - v) * corners[k], 6)))
    atoms = 2.88 * np.array(sorted(points))
    apart = np.linalg.norm(atoms[:, None] - atoms[None], axis=-1)[np.triu_indices(len(atoms), 1)]
    q = np.linspace(0.03, 8, 500)
    waves = np.array([[16.777390, 0.122737], [19.317156, 8.621570], [32.979683, 1.256902], [5.595453, 38.008820],
                      [10.576854, 0.000601]])  # Waasmaier & Kirfel 1995, doi:10.1107/S0108767394013292
    weight = -6.279078 + sum(a * np.exp(-b * (q / 4 / np.pi) ** 2) for a, b in waves)
    return len(atoms), q, weight ** 2 * (len(atoms) + 2 * np.exp(-0.4 * q ** 2 / 8 / np.pi ** 2)
                                         * np.array([np.sinc(x * apart / np.pi).sum() for x in q]))


def test_atoms_of_a_verdict_are_written(gold, tmp_path):
    h5py = pytest.importorskip("h5py")
    count, q, intensity = gold
    path = tmp_path / "gold.nxs"
    with h5py.File(path, "w") as file:
        entry = file.create_group("entry")
        entry.attrs.update(NX_class="NXentry", default="data")
        data = entry.create_group("data")
        data.attrs.update(NX_class="NXdata", signal="I", axes="q")
        data["q"], data["I"], data["I_errors"] = q, intensity, 0.05 * intensity
        data["q"].attrs["units"] = "1/angstrom"
    model = saxid.Model(element="Au")
    verdicts = model.judge(q, intensity[None], 0.05 * intensity[None])
    verdict = verdicts[0]
    assert verdict.atoms["status"] == "found" and next(iter(verdict.atoms["habit"])) == "icosahedron", verdict.atoms
    assert verdict.atoms["n_atoms"]["lower"] < count < verdict.atoms["n_atoms"]["upper"]
    for given in (verdicts, [verdict]):
        saxid.write_tags(path, "/entry", given, model=model)
        with h5py.File(path, "r") as file:
            group = file["entry/saxid/seed_icosahedron"]
            assert group.attrs["model"] in (b"debye", "debye")
            assert group["n_atoms"][0] == pytest.approx(verdict.atoms["n_atoms"]["value"])
            assert group["d_min"][0] == pytest.approx(verdict.atoms["d"]["lower"])
            assert group["atomic_number"][0] == 79 and group["size_n"][0] == 4
            assert group["weight"][0] == pytest.approx(verdict.atoms["habit"]["icosahedron"])
    verdict.atoms.row["habit"][0]["name"] = b"heap"
    with pytest.raises(saxid.ArgumentError, match="a shape that is not known"):
        saxid.write_tags(path, "/entry", [verdict], model=model)
