"""What the module says of curves: `Verdict` of one, `Verdicts` of a stack, `Seed` of a fit."""
from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Dict, Mapping, Optional, Tuple, Union

import numpy as np

from . import _abi

if TYPE_CHECKING:
    from ._model import Model

__all__ = ["Parameter", "Seed", "Verdict", "Verdicts"]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a fit: lengths in Å, densities in 1e-6/Å², widths relative (NAME_pd, Schulz)."""

    value: float
    error: float  #: one standard deviation; NaN: not known
    lower: float  #: bound; infinite: none
    upper: float
    vary: bool  #: whether it was fitted

    def to_dict(self) -> Dict[str, Any]:
        """As in a line of `saxid tag --json`."""
        return {"vary": self.vary, "error": _finite(self.error), "min": _finite(self.lower), "max": _finite(self.upper)}


@dataclass(frozen=True)
class Seed:
    """Where a fit should start."""

    label: str  #: the class that was fitted
    model: str  #: name in sasmodels
    chi2: float  #: reduced
    parameters: Mapping[str, Parameter]

    def values(self) -> Dict[str, Any]:
        """Values by sasmodels' names, widths of sizes with their distribution: what call_kernel takes."""
        values: Dict[str, Any] = {name: parameter.value for name, parameter in self.parameters.items()}
        for name in [name for name in values if name.endswith("_pd")]:
            values[f"{name}_type"], values[f"{name}_n"] = "schulz", 35
        return values

    def to_dict(self) -> Dict[str, Any]:
        """As in a line of `saxid tag --json`."""
        return {"model": self.model, **{name: _finite(p.value) for name, p in self.parameters.items()},
                "limits": {name: p.to_dict() for name, p in self.parameters.items()}}


@dataclass(frozen=True)
class Verdict:
    """What the module says of one curve. `str` is one line: "sphere, p = 0.97"."""

    status: str  #: "ok", "abstained" (a sound curve), "rejected" (no sound curve) or "not done"
    label: Optional[str]  #: the best class; None where there is none
    confidence: float  #: probability that the label is right
    probability: Mapping[str, float]  #: of every class; they sum to 1, or to 0 where rejected
    prediction_set: Tuple[str, ...]  #: classes of a set that holds the right one in 95 % of cases
    outlier: bool  #: whether the curve is unlike what the model learned from: then believe no label
    outlier_score: float  #: 0 to 1
    coverage: float  #: part of the model's range of ln q
    family: Mapping[str, float]  #: globular, elongated, flat, hollow: sums over the classes
    structure: Mapping[str, float]  #: homogeneous, core_shell
    reason: str  #: why the status is not "ok", else ""
    note: str  #: what is known where the class is open, or ""
    seed: Optional[Seed] = None  #: a fit, where one was asked for and there is one
    repairs: str = ""  #: what had to be done to the curve before it was judged, or ""
    #: of a disordered material, as a line of `saxid tag --json` has it: kind, status, and numbers
    #: with unit, value and 90 % interval; None where a particle explains the curve
    material: Optional[Mapping[str, Any]] = None
    #: of particles of metal atoms, as a line of `saxid tag --json` has it; None where no peaks of
    #: crystals are seen
    atoms: Optional[Mapping[str, Any]] = None

    def __str__(self) -> str:
        if self.label is None:
            return f"none, p = 0.00 {self.reason}".rstrip()
        if self.outlier:
            return f"none of the classes (nearest {self.label}, p = {self.confidence:.2f}) {self.note}".rstrip()
        return f"{self.label}, p = {self.confidence:.2f} {self.note}".rstrip()

    def to_dict(self) -> Dict[str, Any]:
        """The members of a line of `saxid tag --json` that are not about a file: ready for json.dumps."""
        return {
            "status": self.status, "label": self.label, "probability": dict(self.probability),
            "confidence": self.confidence, "outlier": self.outlier, "outlier_score": self.outlier_score,
            "prediction_set": list(self.prediction_set), "chi2": _finite(self.seed.chi2) if self.seed else None,
            "seed": self.seed.to_dict() if self.seed else None, "coverage": self.coverage,
            "reason": self.reason or None, "note": self.note or None, "family": dict(self.family),
            "structure": dict(self.structure),
            "material": {key: dict(value) if isinstance(value, Mapping) else value for key, value in self.material.items()}
            if self.material else None,
            "atoms": dict(self.atoms) if self.atoms else None,
        }


@dataclass(frozen=True, eq=False)
class Verdicts(Sequence):
    """The verdicts on a stack of curves: arrays, and a sequence of `Verdict`."""

    model: "Model" = field(repr=False)
    status_code: np.ndarray  #: [n_curve] 1 ok, 2 abstained, 3 rejected
    label_index: np.ndarray  #: [n_curve] index into `classes`; -1 = none
    confidence: np.ndarray  #: [n_curve]
    probability: np.ndarray  #: [n_curve, n_class]
    prediction_set: np.ndarray  #: [n_curve, n_class] bool
    outlier: np.ndarray  #: [n_curve] bool
    outlier_score: np.ndarray  #: [n_curve]
    coverage: np.ndarray  #: [n_curve]
    family: np.ndarray  #: [n_curve, 4]
    structure: np.ndarray  #: [n_curve, 2]
    reason: np.ndarray  #: [n_curve] str
    note: np.ndarray  #: [n_curve] str
    repairs: np.ndarray  #: [n_curve] str
    materials: Tuple[Optional[Mapping[str, Any]], ...]  #: [n_curve]
    atoms: Tuple[Optional[Mapping[str, Any]], ...]  #: [n_curve]
    seeds: Tuple[Optional[Seed], ...] = ()  #: n_curve of them where they were asked for

    @property
    def classes(self) -> Tuple[str, ...]:
        """Names of the columns of `probability`."""
        return self.model.classes

    @property
    def label(self) -> np.ndarray:
        """[n_curve] names of the best classes, "" = none."""
        return np.array([*self.classes, ""])[self.label_index]

    @property
    def status(self) -> np.ndarray:
        """[n_curve] "ok", "abstained", "rejected"."""
        return np.array(_abi.STATUS)[self.status_code]

    def __len__(self) -> int:
        return len(self.status_code)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[k] for k in range(*index.indices(len(self)))]
        k = range(len(self))[index]
        model, label = self.model, int(self.label_index[k])
        return Verdict(
            status=_abi.STATUS[self.status_code[k]], label=model.classes[label] if label >= 0 else None,
            confidence=float(self.confidence[k]), probability=dict(zip(model.classes, self.probability[k].tolist())),
            prediction_set=tuple(name for name, inside in zip(model.classes, self.prediction_set[k]) if inside),
            outlier=bool(self.outlier[k]), outlier_score=float(self.outlier_score[k]), coverage=float(self.coverage[k]),
            family=dict(zip(model.families, self.family[k].tolist())),
            structure=dict(zip(model.structures, self.structure[k].tolist())), reason=str(self.reason[k]),
            note=str(self.note[k]), seed=self.seeds[k] if self.seeds else None, repairs=str(self.repairs[k]),
            material=self.materials[k], atoms=self.atoms[k])

    def __repr__(self) -> str:
        names, counts = np.unique(np.where(self.label == "", "none", self.label), return_counts=True)
        return f"<{len(self)} verdicts: {', '.join(f'{n} {name}' for name, n in zip(names, counts))}>"

    def to_pandas(self) -> Any:
        """A DataFrame with a row for each curve; needs pandas."""
        import pandas

        table = {"status": self.status, "label": self.label, "confidence": self.confidence, "outlier": self.outlier,
                 "outlier_score": self.outlier_score, "coverage": self.coverage, "reason": self.reason, "note": self.note}
        for names, columns in ((self.classes, self.probability), (self.model.families, self.family),
                               (self.model.structures, self.structure)):
            table.update({f"p_{name}": columns[:, k] for k, name in enumerate(names)})
        return pandas.DataFrame(table)


Given = Union[Verdicts, Verdict, "Sequence[Optional[Verdict]]"]


def _finite(value: float) -> Optional[float]:
    return value if math.isfinite(value) else None


def _text(raw: bytes) -> str:
    return raw.split(b"\0", 1)[0].decode("utf-8", "replace")


class Atoms(Dict[str, Any]):
    """What is known of particles of atoms, and the row that the module gave, for who writes it."""

    def __init__(self, row: Any) -> None:
        super().__init__()
        self.row = row.copy()


class Room:
    """Room for n verdicts of a model, as the module fills it."""

    def __init__(self, model: "Model", n: int, seeds: bool = False) -> None:
        self.model = model
        self.probability = np.zeros((n, len(model.classes)), np.float32)
        self.prediction_set = np.zeros((n, len(model.classes)), np.uint8)
        self.family = np.zeros((n, len(model.families)), np.float32)
        self.structure = np.zeros((n, len(model.structures)), np.float32)
        self.struct = np.zeros(n, _abi.VERDICT)
        self.struct["struct_size"], self.struct["label"] = _abi.VERDICT.itemsize, -1
        for name, array in (("class", self.probability), ("family", self.family), ("structure", self.structure)):
            self.struct[f"n_{name}"] = array.shape[1]
        for name in ("probability", "prediction_set", "family", "structure"):
            self.struct[name] = rows_of(getattr(self, name))
        self.material = np.zeros(n, _abi.MATERIAL)
        self.material["struct_size"] = _abi.MATERIAL.itemsize
        self.struct["material"] = rows_of(self.material)
        self.atoms = np.zeros(n, _abi.ATOMS)
        self.atoms["struct_size"] = _abi.ATOMS.itemsize
        self.struct["atoms"] = rows_of(self.atoms)
        self.fit = np.zeros(n if seeds else 0, _abi.FIT)
        if seeds:
            self.fit["struct_size"] = _abi.FIT.itemsize
            self.struct["fit"] = rows_of(self.fit)

    def at(self, k: int) -> int:
        """Address of verdict k."""
        return self.struct.ctypes.data + k * _abi.VERDICT.itemsize

    def _seed(self, k: int) -> Optional[Seed]:
        fit = self.fit[k]
        if fit["n_parameter"] == 0:
            return None
        parameters = {_text(p["name"]): Parameter(float(p["value"]), float(p["error"]), float(p["lower"]),
                                                  float(p["upper"]), bool(p["vary"]))
                      for p in fit["parameter"][:fit["n_parameter"]]}
        return Seed(self.model.classes[fit["label"]], _text(fit["model"]), float(fit["chi2"]), parameters)

    def _material(self, k: int) -> Optional[Dict[str, Any]]:
        row = self.material[k]
        if row["status"] == 0:
            return None
        found: Dict[str, Any] = {"kind": _text(row["kind"]), "status": _abi.MATERIAL_STATUS[row["status"]]}
        for key, name in (("porosity_basis", "basis"), ("reason", "reason"), ("warning", "warning")):
            found[key] = _text(row[name]) or None
        for number in row["number"][:row["n_number"]]:
            if number["name"] == b"porosity_basis":  # said in words above
                continue
            found[_text(number["name"])] = {"unit": _text(number["unit"]),
                                            **{name: _finite(float(number[name])) for name in ("value", "lower", "upper")}}
        return found

    def _atoms(self, k: int) -> Optional["Atoms"]:
        row = self.atoms[k]
        if row["status"] == 0:
            return None
        found = Atoms(row)
        found.update({"status": _abi.MATERIAL_STATUS[row["status"]], "reason": _text(row["reason"]) or None,
                      "element": _text(row["element"]) or None})
        habits = row["habit"][:row["n_habit"]]
        if len(habits):
            found["element_probability"] = float(row["element_probability"])
            families: Dict[str, float] = {}
            for habit in habits:
                name = _text(habit["family"])
                families[name] = families.get(name, 0.0) + float(habit["probability"])
            found["family"] = families
            found["habit"] = {_text(habit["name"]): float(habit["probability"]) for habit in habits}
            found["habit_set"] = [_text(habit["name"]) for habit in habits if habit["in_set"]]
            found["size"] = {name: int(habits[0][f"size_{name}"]) for name in ("n", "e", "m")}
        for name in ("misfit", "q_min", "q_max"):
            found[name] = _finite(float(row[name])) if row["q_max"] > 0 else None
        for number in row["number"][:row["n_number"]]:
            if not np.isnan(number["lower"]):
                found[_text(number["name"])] = {"unit": _text(number["unit"]),
                                                **{name: _finite(float(number[name])) for name in ("value", "lower", "upper")}}
        return found

    def give_atoms(self, k: int, atoms: Optional[Mapping[str, Any]]) -> None:
        """What is to be written of particles of atoms; only what came from the module can be."""
        if isinstance(atoms, Atoms):
            self.atoms[k] = atoms.row

    def verdicts(self) -> Verdicts:
        """What the module has put in, as arrays of their own."""
        struct = self.struct
        return Verdicts(
            model=self.model, status_code=struct["status"].copy(), label_index=struct["label"].copy(),
            confidence=struct["confidence"].copy(), probability=self.probability,
            prediction_set=self.prediction_set.astype(bool), outlier=struct["outlier"] != 0,
            outlier_score=struct["outlier_score"].copy(), coverage=struct["coverage"].copy(), family=self.family,
            structure=self.structure, reason=np.array([_text(t) for t in struct["reason"]], dtype="U128"),
            note=np.array([_text(t) for t in struct["note"]], dtype="U160"),
            repairs=np.array([_text(t) for t in struct["repairs"]], dtype="U256"),
            materials=tuple(self._material(k) for k in range(len(struct))),
            atoms=tuple(self._atoms(k) for k in range(len(struct))),
            seeds=tuple(self._seed(k) for k in range(len(self.fit))))


def rows_of(array: np.ndarray) -> np.ndarray:
    """Addresses of the rows of a contiguous array."""
    return np.uint64(array.ctypes.data) + np.arange(len(array), dtype=np.uint64) * np.uint64(array.strides[0])


def _gather(model: "Model", given: Sequence) -> Room:
    """Room with verdicts that lie in objects; None is a curve of which there is none."""
    room = Room(model, len(given))
    for k, verdict in enumerate(given):
        if verdict is None:
            continue
        if tuple(verdict.probability) != model.classes:
            raise ValueError(f"verdict {k} is not of this model: its classes are others")
        row = room.struct[k]
        row["status"] = _abi.STATUS.index(verdict.status)
        row["label"] = model.classes.index(verdict.label) if verdict.label is not None else -1
        row["confidence"], row["outlier_score"], row["outlier"] = verdict.confidence, verdict.outlier_score, verdict.outlier
        room.probability[k] = list(verdict.probability.values())
        room.prediction_set[k] = [name in verdict.prediction_set for name in model.classes]
        room.give_atoms(k, verdict.atoms)
    return room


def room_of(model: "Model", given: Given) -> Room:
    """Room filled with verdicts that the caller has, for those that write them."""
    if isinstance(given, Verdict):
        given = [given]
    if not isinstance(given, Verdicts):
        return _gather(model, given)
    if given.classes != model.classes:
        raise ValueError("the verdicts are not of this model: its classes are others")
    room = Room(model, len(given))
    for name, array in (("status", given.status_code), ("label", given.label_index), ("confidence", given.confidence),
                        ("outlier_score", given.outlier_score), ("outlier", given.outlier)):
        room.struct[name] = array
    room.probability[:] = given.probability
    room.prediction_set[:] = given.prediction_set
    for k, atoms in enumerate(given.atoms):
        room.give_atoms(k, atoms)
    return room
