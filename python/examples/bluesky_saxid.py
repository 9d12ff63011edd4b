"""A callback for bluesky: each event with a curve is judged, and a stream of verdicts goes with the run.

    from bluesky_saxid import JudgeEvents
    RE.subscribe(JudgeEvents(catalogue.v1.insert, q="q", intensity="I", sigma="I_sigma"))

What comes is handed on to `emit` as it is, so that whoever writes the documents sees one run with
one stream more: its descriptor comes before its first event, and the stop document counts its
events. q in the event, or in the configuration of the device that has the intensity; its units
are those of the data key, 1/Å where there are none. A curve that cannot be judged costs its
verdict and not the run.

The callback runs between two points of the scan: a model with templates takes some milliseconds,
one with fits a tenth of a second.
"""
import logging
import time
import uuid

import numpy as np

import saxid

log = logging.getLogger("bluesky_saxid")


class JudgeEvents:
    """emit: called as emit(name, document). stream: name of the new stream. of: name of the stream
    that has the curves; None = any that has both keys. model: a saxid.Model."""

    def __init__(self, emit, *, q="q", intensity="I", sigma=None, stream="saxid", of=None, model=None):
        self.emit, self.stream, self.of = emit, stream, of
        self.keys = {"q": q, "intensity": intensity, "sigma": sigma}
        self.model = model if model is not None else saxid.Model(fits="templates")
        self._forget()

    def _forget(self):
        self.run, self.descriptors, self.ours, self.count = None, {}, None, 0

    def __call__(self, name, document):
        if name == "start":
            self._forget()
            self.run = document["uid"]
        elif name == "descriptor":
            self.descriptors[document["uid"]] = document
        elif name == "stop" and self.count > 0:
            document = {**document, "num_events": {**(document.get("num_events") or {}), self.stream: self.count}}
        self.emit(name, document)
        if name == "event":
            self._judge_event(document["descriptor"], document["data"], document["time"])
        elif name == "event_page":
            for k, when in enumerate(document["time"]):
                self._judge_event(document["descriptor"], {key: values[k] for key, values in document["data"].items()}, when)
        if name == "stop":
            self._forget()

    def _judge_event(self, uid, data, when):
        descriptor = self.descriptors.get(uid, {})
        if self.keys["intensity"] not in data or self.of not in (None, descriptor.get("name")):
            return
        try:
            verdict = self.model.judge(self._q(descriptor, data), data[self.keys["intensity"]], data.get(self.keys["sigma"]))
        except (ValueError, KeyError, saxid.Error) as cause:
            log.warning("event at %s has no curve that can be judged: %s", when, cause)
            return
        self._emit_verdict(verdict, when)

    def _q(self, descriptor, data):
        key = self.keys["q"]
        for values, keys in [(data, descriptor.get("data_keys", {})),
                             *((device.get("data", {}), device.get("data_keys", {}))
                               for device in descriptor.get("configuration", {}).values())]:
            if key in values:
                unit = keys.get(key, {}).get("units")
                return saxid.inverse_angstrom(values[key], unit) if unit else np.asarray(values[key], float)
        raise KeyError(f"there is no '{key}', neither in the event nor in the configuration of a device")

    def _data_keys(self):
        source = f"saxid {self.model.version}, model {self.model.name}, sha256:{self.model.sha256}"
        kinds = {"label": ("string", []), "status": ("string", []), "confidence": ("number", []), "outlier": ("boolean", []),
                 "outlier_score": ("number", []), "probability": ("array", [len(self.model.classes)]),
                 "in_set": ("array", [len(self.model.classes)])}
        return {f"{self.stream}_{name}": {"dtype": dtype, "shape": shape, "source": source,
                                          **({"dims": ["class"]} if shape else {})}
                for name, (dtype, shape) in kinds.items()}

    def _emit_descriptor(self):
        self.ours, now = str(uuid.uuid4()), time.time()
        keys = self._data_keys()
        classes = {f"{self.stream}_class": list(self.model.classes)}
        about = {"data": classes, "timestamps": dict.fromkeys(classes, now),
                 "data_keys": {key: {"dtype": "array", "shape": [len(names)], "source": "saxid"} for key, names in classes.items()}}
        self.emit("descriptor", {
            "uid": self.ours, "run_start": self.run, "time": now, "name": self.stream, "data_keys": keys,
            "configuration": {self.stream: about}, "object_keys": {self.stream: list(keys)},
            "hints": {self.stream: {"fields": [f"{self.stream}_confidence"]}}})

    def _emit_verdict(self, verdict, when):
        if self.ours is None:
            self._emit_descriptor()
        self.count += 1
        data = {"label": verdict.label or "", "status": verdict.status, "confidence": verdict.confidence,
                "outlier": verdict.outlier, "outlier_score": verdict.outlier_score,
                "probability": list(verdict.probability.values()),
                "in_set": [name in verdict.prediction_set for name in self.model.classes]}
        data = {f"{self.stream}_{name}": value for name, value in data.items()}
        self.emit("event", {"uid": str(uuid.uuid4()), "descriptor": self.ours, "seq_num": self.count, "time": when,
                            "data": data, "timestamps": dict.fromkeys(data, time.time()), "filled": {}})
