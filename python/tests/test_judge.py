"""Judging curves: shapes, threads, what is no curve, what is freed."""
import gc
import json
import os
import pickle
import threading

import numpy as np
import pytest
import saxid
from conftest import sphere


def test_a_sphere_is_one(model, q):
    intensity = sphere(q)
    verdict = model.judge(q, intensity, 0.01 * intensity + 1e-3)
    assert verdict.label == "sphere" and verdict.status == "ok" and not verdict.outlier
    assert abs(sum(verdict.probability.values()) - 1) < 1e-5 and abs(sum(verdict.family.values()) - 1) < 1e-5
    assert verdict.probability["sphere"] == pytest.approx(verdict.confidence)
    assert "sphere" in verdict.prediction_set
    assert str(verdict).startswith(f"sphere, p = {verdict.confidence:.2f}")
    json.dumps(verdict.to_dict(), allow_nan=False)


def test_fits_and_seed(q):
    intensity = sphere(q)
    verdict = saxid.Model().judge(q, intensity, 0.01 * intensity + 1e-3, seeds=True)
    assert verdict.label == "sphere" and verdict.seed.model == "sphere"
    assert verdict.seed.parameters["radius"].value == pytest.approx(60, rel=0.01)
    assert verdict.seed.parameters["radius"].vary and verdict.seed.parameters["radius"].lower < 60
    assert verdict.seed.values()["radius_pd_type"] == "schulz"
    assert saxid.Model().fits and not saxid.Model(fits=False).fits
    json.dumps(verdict.to_dict(), allow_nan=False)


def test_resolution_smears_fits(q):
    """A sharp sphere, seen with a wide beam."""
    dq = np.full_like(q, 0.006)
    steps = np.linspace(-3, 3, 61)
    weights = np.exp(-steps ** 2 / 2)
    smeared = sum(w * sphere(np.abs(q + dq * step)) for w, step in zip(weights, steps)) / weights.sum()
    sigma = 0.01 * smeared + 1e-3
    judge = saxid.Model().judge
    sharp, smeared_fit = judge(q, smeared, sigma, seeds=True), judge(q, smeared, sigma, dq=dq, seeds=True)
    assert smeared_fit.label == "sphere" and smeared_fit.seed.chi2 < 1 < sharp.seed.chi2
    assert smeared_fit.seed.parameters["radius"].value == pytest.approx(60, rel=0.003)
    assert str(judge(q, smeared, sigma, dq=0 * dq)) == str(judge(q, smeared, sigma))
    with pytest.raises(ValueError, match="dq has the shape"):
        judge(q, smeared, sigma, dq=dq[1:])


def test_a_slit_smears_fits():
    """Spheres of 400 Å, through a slit that is longer than all q."""
    q, length = np.geomspace(5e-4, 0.05, 160), 0.045
    across = np.hypot(q[:, None], np.linspace(0, length, 2001))
    radii = 400 * (1 + 0.1 * np.linspace(-2.5, 2.5, 41))
    weights = np.exp(-np.linspace(-2.5, 2.5, 41) ** 2 / 2) * radii ** 6
    smeared = sum(w * sphere(across, radius).mean(axis=1) for w, radius in zip(weights, radii)) / weights.sum()
    judge = saxid.Model().judge
    through, pinhole = judge(q, smeared, 0.02 * smeared, slit=length, seeds=True), judge(q, smeared, 0.02 * smeared, seeds=True)
    assert through.label == "sphere" and through.seed.parameters["radius"].value == pytest.approx(400, rel=0.02)
    assert through.seed.chi2 < 1 < pinhole.seed.chi2 and pinhole.label != "sphere"
    with pytest.raises(saxid.ArgumentError, match="slit_length is -1"):
        judge(q, smeared, slit=-1)


def test_templates(model, q, stack):
    intensity, sigma = stack
    quick, fitted = saxid.Model(fits="templates"), saxid.Model()
    assert quick.fits == "templates" and "with templates" in repr(quick)
    found = [it.judge(q, intensity, sigma).probability for it in (model, quick, fitted)]
    assert not np.allclose(found[0], found[1]) and not np.allclose(found[1], found[2][:, :found[1].shape[1]])
    with pytest.raises(saxid.ArgumentError, match="neither true nor false nor"):
        saxid.Model(fits="some")


def test_stack_is_one_by_one(model, q, stack):
    intensity, sigma = stack
    together = model.judge(q, intensity, sigma)
    assert len(together) == 6 and together.probability.shape == (6, len(model.classes))
    for k, verdict in enumerate(together):
        alone = model.judge(q, intensity[k], sigma[k])
        assert verdict == alone
    assert together[-1] == together[5] and len(together[1:3]) == 2
    assert list(together.label) == [one.label for one in together]
    with pytest.raises(IndexError):
        together[6]


def test_q_of_each_curve(model, q, stack):
    intensity, sigma = stack
    every = np.tile(q, (6, 1))
    turned = model.judge(every[:, ::-1], intensity[:, ::-1], sigma[:, ::-1])
    assert np.array_equal(turned.probability, model.judge(q, intensity, sigma).probability)
    one_sigma = model.judge(every, intensity, sigma[0])
    assert one_sigma[0] == model.judge(q, intensity[0], sigma[0])


def test_lists_of_different_lengths(model, q):
    lengths = (300, 200, 150)
    several = model.judge([q[:n] for n in lengths], [sphere(q[:n]) for n in lengths])
    assert [one == model.judge(q[:n], sphere(q[:n])) for one, n in zip(several, lengths)] == [True] * 3


def test_threads_change_nothing(model, q):
    intensity = np.stack([sphere(q, radius) for radius in np.linspace(20, 120, 1100)])
    one, many = model.judge(q, intensity, threads=1), model.judge(q, intensity, threads=4)
    assert np.array_equal(one.probability, many.probability)
    assert np.array_equal(one.outlier_score, many.outlier_score)
    assert len(model._workspaces) <= 5  # and none is lost
    with pytest.raises(ValueError, match="threads"):
        model.judge(q, intensity, threads=0)


def test_threads_share_a_model(model, q, stack):
    wanted, found = model.judge(q, stack[0]), []

    def work():
        for _ in range(10):
            found.append(model.judge(q, stack[0], threads=1).probability)

    threads = [threading.Thread(target=work) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(found) == 40 and all(np.array_equal(one, wanted.probability) for one in found)


def test_integers_lists_and_masks(model, q):
    counts = np.round(sphere(q) * 1000).astype(np.int32)
    assert model.judge(q.tolist(), counts.tolist()) == model.judge(q, counts)
    assert model.judge(q.astype(np.float32), counts.astype(np.float32)).label == "sphere"
    hidden = np.ma.masked_array(counts, mask=np.arange(300) < 10)
    assert model.judge(q, hidden).to_dict() == model.judge(q[10:], counts[10:]).to_dict()
    assert "10 points" in model.judge(q, hidden).repairs
    broken = counts.astype(float)
    broken[:10] = np.nan
    assert model.judge(q, broken) == model.judge(q, hidden)


def test_what_is_no_curve(model, q):
    few = model.judge(q[:10], sphere(q[:10]))
    assert few.status == "rejected" and few.label is None and "16" in few.reason and str(few).startswith("none, p = 0.00 ")
    assert sum(few.probability.values()) == 0 and few.prediction_set == ()
    narrow = model.judge(q[250:], sphere(q[250:]))
    assert narrow.status == "abstained" and narrow.label is None and narrow.reason
    nothing = model.judge(q, np.zeros((0, 300)))
    assert len(nothing) == 0 and nothing.label.tolist() == []


@pytest.mark.parametrize("q_shape, i_shape, sigma_shape", [
    ((300,), (299,), None), ((300,), (6, 299), None), ((5, 300), (6, 300), None), ((300,), (6, 300), (5, 300)),
    ((300,), (), None), ((300,), (2, 3, 300), None), ((1,), (300,), None), ((6, 1), (6, 300), None),
])
def test_shapes_that_do_not_fit(model, q_shape, i_shape, sigma_shape):
    with pytest.raises(ValueError):
        model.judge(np.ones(q_shape), np.ones(i_shape), None if sigma_shape is None else np.ones(sigma_shape))


def test_what_is_no_number(model, q):
    with pytest.raises(ValueError, match="numbers"):
        model.judge(q, ["a"] * 300)
    with pytest.raises(ValueError, match="curves"):
        model.judge([q, q[:20]], [q[:20], q, q])


def test_arrays_stay_as_they_are(model, q, stack):
    before = q.copy(), stack[0].copy(), stack[1].copy()
    model.judge(q, *stack)
    assert all(np.array_equal(a, b) for a, b in zip(before, (q, *stack)))


def test_pandas(model, q, stack):
    pytest.importorskip("pandas")
    table = model.judge(q, *stack).to_pandas()
    assert len(table) == 6 and set(table.label) <= set(model.classes) and table.p_sphere.between(0, 1).all()
    assert model.judge(q, np.zeros((0, 300))).to_pandas().empty


def test_a_model_is_pickled_as_its_configuration(q):
    first = saxid.Model(fits=False, classes="nine", prior={"sphere": 2.0})
    second = pickle.loads(pickle.dumps(first))
    assert second.sha256 == first.sha256 and second.judge(q, sphere(q)) == first.judge(q, sphere(q))
    verdicts = pickle.loads(pickle.dumps(first.judge(q, sphere(q)[None])))
    assert verdicts[0].label == "sphere"


def test_a_child_after_fork(model, q):
    model.judge(q, sphere(q))
    child = os.fork()
    if child == 0:
        os._exit(0 if model.judge(q, sphere(q)).label == "sphere" else 1)
    assert os.waitpid(child, 0)[1] == 0


def _resident():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_models_free_themselves(q):
    def once():
        one = saxid.Model(fits=False)
        one.judge(q, sphere(q))
        return one._finalizer

    once()
    gc.collect()
    before = _resident()
    finalizers = [once() for _ in range(12)]
    gc.collect()
    assert not any(one.alive for one in finalizers)
    assert _resident() - before < 40 << 20  # a model has some 20 MB


def test_what_a_model_says_of_itself(model):
    assert model.abi[0] == 1 and model.classes[0] == "sphere" and len(model.families) == 4 and len(model.sha256) == 64
    assert model.structures == ("homogeneous", "core_shell") and model.min_points == 16 and "field" in repr(model)
    assert model.provenance["program"] == "saxid" or "version" in json.dumps(model.provenance)


def test_frames(tmp_path, q):
    shape = (200, 240)
    poni = ('poni_version: 2\nDetector: Detector\nDetector_config: {"pixel1": 4e-4, "pixel2": 4e-4, "max_shape": [200, 240]}\n'
            "Distance: 1.4\nPoni1: 0.04\nPoni2: 0.048\nRot1: 0\nRot2: 0\nRot3: 0\nWavelength: 1e-10\n")
    (tmp_path / "a.poni").write_text(poni)
    row, column = np.indices(shape)
    radius = np.hypot((row + 0.5) * 4e-4 - 0.04, (column + 0.5) * 4e-4 - 0.048)
    of_pixel = 4 * np.pi / 1.0 * np.sin(np.arctan2(radius, 1.4) / 2)
    image = np.random.default_rng(3).poisson(sphere(np.maximum(of_pixel, 1e-4), 80, 4e5, 2))
    by_path = saxid.Model(fits=False, geometry=tmp_path / "a.poni", bins=120)
    curve, verdict = by_path.judge_frame(image)
    assert by_path.bins == 120 and 16 < len(curve.q) <= 120 and verdict.status == "ok"
    assert verdict == by_path.judge(*curve)
    by_text = saxid.Model(fits=False, geometry=poni, bins=120)
    assert np.array_equal(by_text.judge_frame(image.astype(np.float32))[0].I, curve.I)
    with pytest.raises(saxid.Error, match="7"):
        by_path.judge_frame(image[:7])
    with pytest.raises(ValueError, match="mask"):
        by_path.judge_frame(image, np.zeros((2, 2)))
    with pytest.raises(ValueError, match="dimensions"):
        by_path.judge_frame(image[0])
    with pytest.raises(saxid.ArgumentError, match="geometry"):
        saxid.Model(geometry=tmp_path / "gone.poni")
