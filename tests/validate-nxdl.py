"""Does a group of an HDF5 file keep to an NXDL definition?

  validate-nxdl.py DEFINITION FILE [PATH …]

PATH: groups of the file that the definition's innermost named NXprocess
describes; without one, all that say program = "saxid". Prints one line per
violation; exit 0 when there is none and something was checked.

Checked: names, NX_class, required members, members that are not defined, types,
units of fields without unit, enumerations, ranks, and dimensions that share a
symbol.
"""
import json
import re
import sys
import xml.etree.ElementTree as ET

import h5py
import numpy as np

NS = "{http://definition.nexusformat.org/nxdl/3.1}"
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?$")


def text_of(value):
    """Strings of an attribute or a dataset, whatever h5py makes of them."""
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, np.ndarray):
        return [text_of(item) for item in value.tolist()]
    return value


def kind_of(value):
    array = np.asarray(value)
    if array.dtype.kind in "SUO":
        return "char"
    return {"f": "float", "i": "int", "u": "uint", "b": "bool"}.get(array.dtype.kind, "?")


def flat(value):
    return list(np.asarray(value).ravel())


TYPES = {
    "NX_CHAR": lambda kind, value: kind == "char",
    "NX_DATE_TIME": lambda kind, value: kind == "char" and all(
        DATE.match(text_of(item)) for item in flat(value)),
    "NX_FLOAT": lambda kind, value: kind == "float",
    "NX_INT": lambda kind, value: kind in ("int", "uint"),
    "NX_UINT": lambda kind, value: kind == "uint",
    "NX_POSINT": lambda kind, value: kind in ("int", "uint") and all(item > 0 for item in flat(value)),
    "NX_NUMBER": lambda kind, value: kind in ("int", "uint", "float"),
    "NX_BOOLEAN": lambda kind, value: kind in ("bool", "int", "uint"),
}


class Validator:
    def __init__(self):
        self.errors = []
        self.symbols = {}

    def say(self, where, what):
        self.errors.append(f"{where}: {what}")

    def check_type(self, where, rule, value):
        name = rule.get("type", "NX_CHAR")
        if not TYPES[name](kind_of(value), value):
            self.say(where, f"is no {name}: {value!r}")

    def check_enumeration(self, where, rule, value):
        node = rule.find(NS + "enumeration")
        if node is None:
            return
        allowed = [item.get("value") for item in node.findall(NS + "item")]
        if allowed and allowed[0].startswith("["):
            if text_of(value) not in [json.loads(item) for item in allowed]:
                self.say(where, f"is {text_of(value)!r}, allowed: {allowed}")
            return
        for item in flat(value):
            if str(text_of(item)) not in allowed:
                self.say(where, f"is {text_of(item)!r}, allowed: {allowed}")
                return

    def check_shape(self, where, rule, shape):
        node = rule.find(NS + "dimensions")
        if node is None:
            if shape not in ((), (1,)):
                self.say(where, f"has shape {shape}, one value is needed")
            return
        if len(shape) != int(node.get("rank")):
            self.say(where, f"has rank {len(shape)}, {node.get('rank')} is needed")
            return
        for dim in node.findall(NS + "dim"):
            size, wanted = shape[int(dim.get("index")) - 1], dim.get("value")
            wanted = int(wanted) if wanted.isdigit() else self.symbols.setdefault(wanted, size)
            if size != wanted:
                self.say(where, f"has {size} in dimension {dim.get('index')}, "
                                f"{dim.get('value')} = {wanted} is needed")

    def check_attributes(self, where, rule, found, implied):
        rules = {node.get("name"): node for node in rule.findall(NS + "attribute")}
        for name, node in rules.items():
            if name not in found:
                if node.get("optional") != "true":
                    self.say(where, f"attribute {name} is missing")
                continue
            value = found[name]
            self.check_type(f"{where}@{name}", node, value)
            self.check_shape(f"{where}@{name}", node, np.shape(value))
            self.check_enumeration(f"{where}@{name}", node, value)
        for name in found:
            if name not in rules and name not in implied:
                self.say(where, f"attribute {name} is not defined")

    def check_field(self, where, rule, dataset):
        if not isinstance(dataset, h5py.Dataset):
            self.say(where, "is no field")
            return
        if rule.get("units") == "NX_UNITLESS" and text_of(dataset.attrs.get("units", "")) != "":
            self.say(where, f"has units {dataset.attrs['units']!r} and is a pure number")
        value = dataset[()]
        self.check_shape(where, rule, dataset.shape)
        self.check_type(where, rule, value)
        self.check_enumeration(where, rule, value)
        self.check_attributes(where, rule, dataset.attrs, ("units",))

    def check_group(self, where, rule, group):
        if not isinstance(group, h5py.Group):
            self.say(where, "is no group")
            return
        found_class = text_of(group.attrs.get("NX_class", ""))
        if found_class != rule.get("type"):
            self.say(where, f"is of class {found_class!r}, {rule.get('type')} is needed")
        self.check_attributes(where, rule, group.attrs, ("NX_class",))
        checks = ((NS + "field", self.check_field), (NS + "group", self.check_group))
        defined = set()
        for tag, check in checks:
            for node in rule.findall(tag):
                name = node.get("name")
                if node.get("nameType") == "partial":
                    # what is written in capitals stands for anything
                    pattern = re.compile(re.sub("[A-Z]+", ".+", name) + "$")
                    for each in filter(pattern.match, group):
                        defined.add(each)
                        check(f"{where}/{each}", node, group[each])
                    continue
                defined.add(name)
                if name in group:
                    check(f"{where}/{name}", node, group[name])
                elif node.get("minOccurs") != "0":
                    self.say(where, f"{name} is missing")
        for name in group:
            if rule.get("ignoreExtraFields") == "true" and isinstance(group[name], h5py.Dataset):
                continue
            if name not in defined:
                self.say(where, f"{name} is not defined")


def rule_of(definition):
    """The NXprocess of the definition: what saxid writes begins there."""
    for node in ET.parse(definition).getroot().iter(NS + "group"):
        if node.get("type") == "NXprocess" and node.get("name"):
            return node
    raise SystemExit(f"{definition}: defines no named NXprocess")


def validate(definition, group):
    """The violations of one group, as a list of lines."""
    validator = Validator()
    validator.check_group(group.name, rule_of(definition), group)
    return validator.errors


def tagged_groups(file):
    """Every group of a file that saxid wrote."""
    found = []

    def look(name, item):
        if not isinstance(item, h5py.Group) or "program" not in item \
                or text_of(item.attrs.get("NX_class", "")) != "NXprocess":
            return
        if text_of(np.asarray(item["program"][()]).ravel()[0]) == "saxid":
            found.append(item)

    file.visititems(look)
    return found


def main(arguments):
    if len(arguments) < 2:
        print(__doc__)
        return 2
    with h5py.File(arguments[1], "r") as file:
        groups = [file[path] for path in arguments[2:]] or tagged_groups(file)
        errors = [error for group in groups for error in validate(arguments[0], group)]
    for error in errors:
        print(error)
    if not groups:
        print(f"{arguments[1]}: no group of saxid")
    return 1 if errors or not groups else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
