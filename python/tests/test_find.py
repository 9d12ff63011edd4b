"""Where the module is found, and what is said where it is not."""
import os
import pickle
import shutil
import subprocess
import sys

import pytest
import saxid

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = os.path.join(os.path.dirname(HERE), "saxid")
PLUGIN = saxid.plugin_path()
PRINT = "import saxid; print(saxid.Model(fits=False).path)"


def python(folder, code, **environment):
    """The code in an interpreter that knows the package in a folder, and no module by name."""
    known = {key: value for key, value in os.environ.items() if key not in ("SAXID_PLUGIN", "PKG_CONFIG_PATH")}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd="/",
                          env={**known, "PYTHONPATH": str(folder), **environment})


def put_package(folder):
    shutil.copytree(PACKAGE, folder / "saxid", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_named(tmp_path):
    done = python(put_package(tmp_path), PRINT, SAXID_PLUGIN=PLUGIN)
    assert done.stdout.strip() == os.path.abspath(PLUGIN), done.stderr


def test_beside_itself(tmp_path):
    put_package(tmp_path)
    shutil.copy(PLUGIN, tmp_path / "saxid" / "saxid.so")
    done = python(tmp_path, "import saxid; print(saxid.plugin_path())")
    assert done.stdout.strip() == str(tmp_path / "saxid" / "saxid.so"), done.stderr


@pytest.mark.parametrize("packages, modules", [
    ("lib/python3/dist-packages", "lib/{multiarch}/saxid"), ("lib/python3.11/site-packages", "lib/saxid"),
])
def test_installed_together(tmp_path, packages, modules):
    import sysconfig

    folder = tmp_path / packages
    folder.mkdir(parents=True)
    put_package(folder)
    module = tmp_path / modules.format(multiarch=sysconfig.get_config_var("MULTIARCH") or "none")
    module.mkdir(parents=True)
    shutil.copy(PLUGIN, module / "saxid.so")
    done = python(folder, "import saxid; print(saxid.plugin_path())")
    assert os.path.normpath(done.stdout.strip()) == str(module / "saxid.so"), done.stderr


def test_by_pkg_config(tmp_path):
    if shutil.which("pkg-config") is None:
        pytest.skip("no pkg-config")
    put_package(tmp_path)
    (tmp_path / "saxid.pc").write_text(f"plugindir={os.path.dirname(PLUGIN)}\nName: saxid\nDescription: x\nVersion: 1\n")
    done = python(tmp_path, "import saxid; print(saxid.plugin_path())", PKG_CONFIG_PATH=str(tmp_path))
    assert done.stdout.strip() == PLUGIN, done.stderr


def test_nowhere(tmp_path):
    done = python(put_package(tmp_path), "import saxid\ntry:\n    saxid.Model()\nexcept saxid.Error as error:\n    print(error)",
                  PKG_CONFIG_LIBDIR=str(tmp_path))
    assert "not found" in done.stdout and "SAXID_PLUGIN" in done.stdout and done.stderr == ""


def test_what_is_no_module(tmp_path):
    (tmp_path / "saxid.so").write_text("nothing")
    for path in (tmp_path / "saxid.so", tmp_path / "gone.so"):
        with pytest.raises(saxid.ModuleNotUsable, match="cannot be loaded"):
            saxid.Model(plugin=path)


def test_no_compiled_part_and_no_import_of_what_may_be_missing():
    assert {name.rsplit(".", 1)[-1] for name in os.listdir(PACKAGE) if name != "__pycache__"} == {"py", "typed"}
    code = ("import sys\nsys.modules.update(h5py=None, pandas=None)\nimport numpy as np, saxid\n"
            "q = np.linspace(0.01, 0.2, 50)\nprint(saxid.Model(fits=False).judge(q, 1 / q).status)\n"
            "try:\n    saxid.read_tags('x')\nexcept ImportError as error:\n    print(error)")
    done = python(os.path.dirname(PACKAGE), code, SAXID_PLUGIN=PLUGIN)
    assert done.stdout.startswith("ok\n") and "h5py" in done.stdout, done.stderr


@pytest.mark.parametrize("arguments, kind, text", [
    ({"model": "/nowhere/none.saxid-model"}, saxid.ModelError, "missing"),
    ({"classes": "ten"}, saxid.ArgumentError, "ten"),
    ({"prior": {"spere": 1.0}}, saxid.ArgumentError, "spere"),
    ({"prior": {"sphere": float("nan")}}, saxid.ArgumentError, "JSON"),
    ({"bins": 100}, saxid.ArgumentError, "geometry"),
])
def test_configurations_that_cannot_be(arguments, kind, text):
    with pytest.raises(kind, match=text) as caught:
        saxid.Model(**arguments)
    again = pickle.loads(pickle.dumps(caught.value))
    assert isinstance(caught.value, saxid.Error) and str(again) == str(caught.value) and again.code == caught.value.code


def test_an_older_module_says_what_it_lacks(model, tmp_path, monkeypatch):
    from saxid import _model

    monkeypatch.setattr(_model, "has", lambda table, function: function != "write_tags")
    with pytest.raises(saxid.ModuleNotUsable, match="write_tags"):
        saxid.write_tags(tmp_path / "x.nxs", "/entry", [None], model=model)
