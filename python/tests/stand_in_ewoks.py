"""As much of ewokscore as the tasks of examples/ewoks_saxid.py use, where ewoks is not installed.

It is no part of Debian. A Task is a class with named inputs and outputs; execute checks that what
is needed is there, runs, and checks that only what was announced came out.
"""
import types


class Task:
    def __init_subclass__(cls, input_names=(), optional_input_names=(), output_names=(), **_ignored):
        cls.needed, cls.possible, cls.promised = set(input_names), set(input_names) | set(optional_input_names), set(output_names)

    def __init__(self, inputs):
        if not self.needed <= inputs.keys() <= self.possible:
            raise TypeError(f"inputs are {sorted(inputs)}, needed are {sorted(self.needed)}, possible {sorted(self.possible)}")
        self.inputs, self.outputs = types.SimpleNamespace(**inputs), types.SimpleNamespace()

    def get_input_value(self, name, default):
        return getattr(self.inputs, name, default)

    def run(self):
        raise NotImplementedError

    def execute(self):
        self.run()
        if set(vars(self.outputs)) != self.promised:
            raise RuntimeError(f"outputs are {sorted(vars(self.outputs))}, promised are {sorted(self.promised)}")

    def get_output_values(self):
        return vars(self.outputs)
