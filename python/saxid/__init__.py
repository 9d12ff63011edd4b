"""Which form factor describes a small-angle scattering curve?

    import saxid
    verdict = saxid.Model().judge(q, I, sigma)   # q in 1/Å
    print(verdict)                               # sphere, p = 0.97

`Model` is a trained model: `judge` takes one curve or a stack, `judge_frame` a detector image,
`tag` a NeXus file, `live` a file that is being measured; `write_tags` writes verdicts that are
there already. `read_tags` says what a tagged file holds. All of it is ctypes on saxid.so, whose
header plugin/saxid-plugin.h has the last word.
"""
from ._errors import ArgumentError, BusyError, CurveFileError, Error, ModelError, ModuleNotUsable
from ._find import plugin_path
from ._live import Live
from ._model import Integrated, Model
from ._read import read_tags
from ._tag import TaggedCurve, tag, write_tags
from ._units import inverse_angstrom
from ._verdict import Parameter, Seed, Verdict, Verdicts

__all__ = ["ArgumentError", "BusyError", "CurveFileError", "Error", "Integrated", "Live", "Model", "ModelError",
           "ModuleNotUsable", "Parameter", "Seed", "TaggedCurve", "Verdict", "Verdicts", "inverse_angstrom", "plugin_path",
           "read_tags", "tag", "write_tags"]
