"""Tasks for ewoks (ESRF's workflows): the form factor of what ewoksxrpd has integrated.

    graph = {
        "graph": {"id": "saxs"},
        "nodes": [
            {"id": "integrate", "task_type": "class", "task_identifier": "ewoksxrpd.tasks.integrate.Integrate1D", …},
            {"id": "save", "task_type": "class", "task_identifier": "ewoksxrpd.tasks.nexus.SaveNexusIntegrated", …},
            {"id": "name", "task_type": "class", "task_identifier": "ewoks_saxid.NameFormFactor"},
            {"id": "tag", "task_type": "class", "task_identifier": "ewoks_saxid.TagIntegrated",
             "default_inputs": [{"name": "url", "value": "result.h5::/1.1"}]}],
        "links": [
            {"source": "integrate", "target": "name", "map_all_data": True},
            {"source": "save", "target": "tag", "data_mapping": [{"source_output": "saved", "target_input": "saved"}]}]}

`NameFormFactor` judges the arrays that Integrate1D hands on; `TagIntegrated` puts tags into the
file that SaveNexusIntegrated has written. A model is opened once for each worker process.
"""
import functools

from ewokscore import Task

import saxid


@functools.lru_cache(maxsize=4)
def open_model(name, fits):
    return saxid.Model(name, fits=fits)


def split_url(url):
    """File and group of "result.h5::/1.1", which may be without a group."""
    path, _, group = str(url).partition("::")
    return path, "/" + group.strip("/") if group.strip("/") else None


class NameFormFactor(Task, input_names=["radial", "intensity", "radial_units"],
                     optional_input_names=["intensity_error", "wavelength", "model", "fits", "seeds"],
                     output_names=["label", "confidence", "outlier", "verdicts"]):
    """The form factor of each curve.

    radial: [n], intensity, intensity_error: [n] or [frame, n], radial_units: "q_nm^-1" and the
    like, or "2th_deg" with the wavelength in Å. label, confidence, outlier: one for each curve;
    verdicts: as dicts, ready for JSON.
    """

    def run(self):
        q = saxid.inverse_angstrom(self.inputs.radial, self.inputs.radial_units,
                                   wavelength=self.get_input_value("wavelength", None))
        model = open_model(self.get_input_value("model", None), self.get_input_value("fits", True))
        found = model.judge(q, self.inputs.intensity, self.get_input_value("intensity_error", None),
                            seeds=self.get_input_value("seeds", False))
        verdicts = [found] if isinstance(found, saxid.Verdict) else list(found)
        self.outputs.label = [one.label for one in verdicts]
        self.outputs.confidence = [one.confidence for one in verdicts]
        self.outputs.outlier = [one.outlier for one in verdicts]
        self.outputs.verdicts = [one.to_dict() for one in verdicts]


class TagIntegrated(Task, input_names=["url"],
                    optional_input_names=["saved", "model", "fits", "seeds", "side_file", "follow_links"],
                    output_names=["label", "tagged"]):
    """Tags in the file that SaveNexusIntegrated has written, at once or not at all.

    url: as it was given there. saved: its output, so that this task waits for it. tagged: paths of
    the groups of tags; those of other entries of the file are written too.
    """

    def run(self):
        path, entry = split_url(self.inputs.url)
        model = open_model(self.get_input_value("model", None), self.get_input_value("fits", True))
        curves = model.tag(path, seeds=self.get_input_value("seeds", False), keep_same=True,
                           side_file=self.get_input_value("side_file", False),
                           follow_links=self.get_input_value("follow_links", False))
        curves = [one for one in curves if entry in (None, one.entry)]
        if not curves:
            raise ValueError(f"no curve was found in the entry {entry} ({path})")
        self.outputs.label = [one.verdict.label for one in curves]
        self.outputs.tagged = sorted({one.entry for one in curves})
