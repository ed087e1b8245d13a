"""
How a call arrives: form, multipart or JSON, read as Telegram reads them.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from tests.botapi.errors import bad


@dataclass(frozen=True)
class Upload:
    """
    A file of a multipart body, with its name as it stood there.
    """

    name: str
    content: bytes
    kind: str


@dataclass
class Call:
    """
    One call as the server saw it, and what came of it.

    `outcome` is "ok", the refusal's description, or the fault that was played.
    """

    method: str
    parameters: dict[str, Any]
    files: dict[str, Upload] = field(default_factory=dict)
    at: float = 0.0
    outcome: str = ""
    result: Any = None

    @property
    def chat(self) -> int | None:
        try:
            return int(self.parameters["chat_id"])
        except (KeyError, ValueError, TypeError):
            return None

    def __str__(self) -> str:
        return f"{self.method}({self.parameters}) → {self.outcome}"


def read_parameters(query: str, kind: str, body: bytes) -> tuple[dict[str, Any], dict[str, Upload]]:
    """
    The parameters, nested ones decoded, and the files.
    """
    pairs: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
    files: dict[str, Upload] = {}
    if kind.startswith("application/x-www-form-urlencoded"):
        pairs |= parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict")
    elif kind.startswith("multipart/form-data"):
        fields, files = _multipart(kind, body)
        pairs |= fields
    elif kind.startswith("application/json"):
        try:
            found = json.loads(body)
        except ValueError:
            raise bad("can't parse JSON object") from None
        pairs |= found
    elif body:
        raise bad(f"unsupported content type {kind}")
    return {name: _decoded(name, value) for name, value in pairs.items()}, files


# These are texts even where they look like JSON.
_TEXTS = {
    "text",
    "caption",
    "description",
    "short_description",
    "name",
    "title",
    "url",
    "secret_token",
    "callback_query_id",
    "file_id",
    "language_code",
    "parse_mode",
    "emoji",
}


def _decoded(name: str, value: Any) -> Any:
    if not isinstance(value, str) or name in _TEXTS:
        return value
    if value[:1] in "[{" and value:
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {name} JSON object") from None
    if value in ("true", "True"):
        return True
    if value in ("false", "False"):
        return False
    return value


def _multipart(kind: str, body: bytes) -> tuple[dict[str, str], dict[str, Upload]]:
    boundary = re.search(r'boundary="?([^";]+)', kind)
    if not boundary:
        raise bad("no boundary in multipart body")
    mark = b"--" + boundary[1].encode()
    if not body.rstrip(b"\r\n").endswith(mark + b"--"):
        raise bad("the multipart body has no end")
    fields: dict[str, str] = {}
    files: dict[str, Upload] = {}
    for part in body.split(mark)[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        content = content.removesuffix(b"\r\n")
        headers = head.decode("utf-8")
        name = re.search(r'\bname="([^"]*)"', headers)
        # Telegram knows `filename=` alone; `filename*=` is lost on it.
        filename = re.search(r'\bfilename="([^"]*)"', headers)
        if not name:
            raise bad("a part of the multipart body has no name")
        if filename:
            its_kind = re.search(r"(?im)^content-type:\s*(\S+)", headers)
            files[name[1]] = Upload(
                filename[1], content, its_kind[1] if its_kind else "application/octet-stream"
            )
        else:
            fields[name[1]] = content.decode("utf-8")
    return fields, files
