"""Errors of the zip archives (.docx, .xlsx) that come from outside."""

import struct
import zipfile
import zlib

# Errors that the library raises for a damaged archive, for its list and for its parts.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
