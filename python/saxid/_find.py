"""Where is saxid.so?

$SAXID_PLUGIN; or beside this package, in the folder itself, in the build tree of a source tree,
or in the library folder that this package was installed below; or where pkg-config says.
"""
from __future__ import annotations

import ctypes as c
import os
import subprocess
import sysconfig
from typing import Iterator, Optional, Tuple

from . import _abi
from ._errors import ModuleNotUsable

_loaded: dict = {}  # tables by path: a module is never unloaded


def _beside() -> Iterator[str]:
    here = os.path.dirname(os.path.abspath(__file__))
    yield os.path.join(here, "saxid.so")
    yield os.path.join(os.path.dirname(os.path.dirname(here)), "build", "plugin", ".libs", "saxid.so")
    multiarch = sysconfig.get_config_var("MULTIARCH") or ""
    above = os.path.dirname(here)
    while os.path.dirname(above) != above:
        if os.path.basename(above).startswith("lib"):
            yield os.path.join(above, multiarch, "saxid", "saxid.so")
            yield os.path.join(above, "saxid", "saxid.so")
        above = os.path.dirname(above)


def _from_pkg_config() -> Optional[str]:
    try:
        done = subprocess.run(["pkg-config", "--variable=plugindir", "saxid"], capture_output=True, text=True, check=False)
    except OSError:
        return None
    folder = done.stdout.strip()
    return os.path.join(folder, "saxid.so") if done.returncode == 0 and folder else None


def plugin_path() -> str:
    """Path of the module.

    Raises ModuleNotUsable where there is none; the file that $SAXID_PLUGIN names is not looked for.
    """
    named = os.environ.get("SAXID_PLUGIN")
    if named:
        return named
    for path in _beside():
        if os.path.isfile(path):
            return path
    path = _from_pkg_config()
    if path is not None and os.path.isfile(path):
        return path
    raise ModuleNotUsable("saxid.so is not found: neither beside the Python package nor by pkg-config; "
                          "SAXID_PLUGIN can name it")


def load(path: Optional[str] = None) -> Tuple[str, _abi.Table]:
    """Path and table of the module; the same table every time.

    Raises ModuleNotUsable where it cannot be loaded or serves another ABI.
    """
    path = os.path.abspath(plugin_path() if path is None else os.fspath(path))
    if path in _loaded:
        return path, _loaded[path]
    try:
        query = c.CDLL(path).saxid_plugin_query
    except (OSError, AttributeError) as cause:
        raise ModuleNotUsable(f"module cannot be loaded: {cause} ({path})") from None
    query.restype, query.argtypes = c.POINTER(_abi.Table), [c.c_uint32]
    found = query(_abi.ABI_MAJOR)
    if not found:
        raise ModuleNotUsable(f"module does not serve ABI {_abi.ABI_MAJOR} ({path})")
    table = found.contents
    if table.struct_size < _abi.Table.family_name.offset + _abi.Table.family_name.size:
        raise ModuleNotUsable(f"module serves ABI {table.abi_major}.{table.abi_minor}, 1.3 is needed ({path})")
    _loaded[path] = table
    return path, table


def has(table: _abi.Table, function: str) -> bool:
    """Whether a function lies within the table."""
    member = getattr(_abi.Table, function)
    return table.struct_size >= member.offset + member.size
