"""What a .docx or .xlsx is packed in, where it comes from outside."""

import struct
import zipfile
import zlib

# Whatever a damaged archive makes the library raise, of its list and of its parts.
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
