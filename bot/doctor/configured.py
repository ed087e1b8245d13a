"""Every setting with its current value and source; secrets are masked."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.environment import read_env_file
from bot.settings import Settings, names

MASK = "****"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting; `source` is environment, file, option or default."""

    name: str
    value: str
    source: str


def configured(settings: Settings, given: Mapping[str, object]) -> Iterator[Setting]:
    """All settings; `given` are those set by an option of the command line."""
    written = read_env_file()
    for field, name in zip(Settings.model_fields, names(), strict=True):
        if name in given:
            source = "option"
        elif os.environ.get(name):
            source = "environment"
        else:
            source = "file" if written.get(name) else "default"
        yield Setting(name, _shown(getattr(settings, field)), source)


def _shown(value: object) -> str:
    """A value for people; of a secret address, only the scheme, host and path."""
    if isinstance(value, SecretStr):
        parts = urlsplit(value.get_secret_value())
        host = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{MASK}@{host}{parts.path}" if host else MASK
    if isinstance(value, frozenset):
        return ",".join(map(str, sorted(value)))
    if isinstance(value, tuple):
        # Names of hosts, or a host and its port.
        return (":" if any(isinstance(part, int) for part in value) else ",").join(map(str, value))
    return "" if value is None else str(value)
