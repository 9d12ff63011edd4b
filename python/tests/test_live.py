"""Tags of a run that is being measured."""
import gc

import numpy as np
import pytest
import saxid
from conftest import sphere

h5py = pytest.importorskip("h5py")


@pytest.fixture
def file(tmp_path, q):
    with h5py.File(tmp_path / "live.h5", "w", libver="latest") as made:
        data = made.create_group("entry/data")
        data.parent.attrs["NX_class"] = "NXentry"
        data.attrs.update(NX_class="NXdata", signal="I")
        data["Q"] = q
        data["Q"].attrs["units"] = "1/angstrom"
        data.create_dataset("I", (0, len(q)), "f8", maxshape=(None, len(q)), chunks=(16, len(q)))
        yield made


@pytest.fixture
def prepare(model, file):
    def make(**options):
        try:
            return model.live(file, "/entry", "/entry/data/I", "/entry/data/Q", q_unit="1/angstrom", **options)
        except saxid.Error as error:
            if "libhdf5" in str(error):
                pytest.skip(f"h5py has a libhdf5 of its own: {error}")
            raise
    return make


def test_frames_as_they_come(model, file, prepare, q):
    name = file.filename
    with prepare() as live:
        file.swmr_mode = True
        for frame in (1, 0, 3):
            intensity = sphere(q, 40 + 20 * frame)
            file["entry/data/I"].resize(max(frame + 1, len(file["entry/data/I"])), axis=0)
            file["entry/data/I"][frame] = intensity
            assert live.append(frame, q, intensity) == model.judge(q, intensity)
        assert live.append(4).status == "rejected"
    with pytest.raises(ValueError, match="closed"):
        live.append(5, q, sphere(q))
    file.close()
    tags = saxid.read_tags(name)["/entry/saxid"]
    assert tags["status"].tolist() == ["ok", "ok", "not done", "ok", "rejected"]
    assert tags["label"][0] == model.judge(q, sphere(q, 40)).label


def test_a_run_that_breaks_off_is_not_complete(file, prepare, q):
    with pytest.raises(RuntimeError):
        with prepare() as live:
            file.swmr_mode = True
            live.append(0, q, sphere(q))
            raise RuntimeError("beam lost")
    assert file["entry/saxid/input/frames"][()] == 0 and file["entry/saxid/result/status"][:].tolist() == [1]


def test_refusals(model, file, prepare, q):
    live = prepare()
    with pytest.raises(saxid.Error, match="already"):
        prepare()
    file.swmr_mode = True
    with pytest.raises(ValueError, match="counted from 0"):
        live.append(-1, q, sphere(q))
    with pytest.raises(ValueError, match="one curve"):
        live.append(0, q, np.ones((2, len(q))))
    with pytest.raises(TypeError, match="path="):
        model.live(5, "/entry", "/entry/data/I", "/entry/data/Q")
    live.finish()
    live.finish()
    live.close()
    live.close()


def test_tags_hold_their_model_and_free_themselves(file, q):
    model = saxid.Model(fits=False)
    try:
        live = model.live(file, "/entry", "/entry/data/I", "/entry/data/Q")
    except saxid.Error as error:
        pytest.skip(str(error))
    finalizer = model._finalizer
    del model
    gc.collect()
    file.swmr_mode = True
    assert live.append(0, q, sphere(q)).label == "sphere" and finalizer.alive
    of_tags = live._finalizer
    del live
    gc.collect()
    assert not of_tags.alive and not finalizer.alive
