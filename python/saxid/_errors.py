"""What can go wrong, as exceptions."""
from __future__ import annotations

__all__ = ["ArgumentError", "BusyError", "CurveFileError", "Error", "ModelError", "ModuleNotUsable"]


class Error(Exception):
    """What the module refused: `code` and `domain` are those of the ABI, the text is one line."""

    def __init__(self, message: str, code: int = 0, domain: str = "saxid") -> None:
        super().__init__(message)
        self.code = code
        self.domain = domain

    def __reduce__(self):
        return type(self), (str(self), self.code, self.domain)


class ModuleNotUsable(Error):
    """There is no saxid.so, or it is of another ABI."""


class ArgumentError(Error, ValueError):
    """An argument, an option or a configuration that is not understood."""


class CurveFileError(Error):
    """A file that cannot be read or written, or that has no curve."""


class BusyError(CurveFileError):
    """Somebody else is at work on the file: later it may be possible."""


class ModelError(Error):
    """The trained model is missing or not sound."""


# by saxid_error.code of the domain "saxid" (reducers/error.h, which only grows)
_BY_CODE = {1: ArgumentError, 2: CurveFileError, 3: CurveFileError, 4: CurveFileError, 7: CurveFileError, 8: ModelError,
            9: CurveFileError, 11: BusyError}


def error_of(flat) -> Error:
    """The exception of a struct saxid_error."""
    domain = flat.domain.decode("utf-8", "replace")
    kind = _BY_CODE.get(flat.code, Error) if domain == "saxid" else Error
    return kind(flat.message.decode("utf-8", "replace"), flat.code, domain)
