"""Why a report as JSON is not taken, with the place of the error."""

HEAD = "这个 JSON 文件没有读："
OTHER_FORMAT = HEAD + "它没有写明是 {format}。请发 nianbao export --format json 导出的文件。"
OTHER_EDITION = HEAD + "它不是 {edition} 年版表样的年报。"
NO_JSON = HEAD + "它不是完整的 JSON，可能没有存完或者改坏了。"
NOT_UTF_8 = HEAD + "它的文字编码不是 UTF-8。"
TOO_DEEP = HEAD + "它的嵌套太深。"
OTHERWISE = HEAD + "{key} 和 wording 里写的不一样。"
LONGEST = 80  # characters of a place


def wrong(where: str) -> str:
    """The value at a place is invalid."""
    return f"{HEAD}{_place(where)} 不对。"


def unknown(where: str) -> str:
    """The form has no such place."""
    return f"{HEAD}表样里没有 {_place(where)}。"


def twice(name: str) -> str:
    """An object has a name twice."""
    return f"{HEAD}{_place(name)} 写了两次。"


def _place(where: str) -> str:
    plain = "".join(character for character in where if character.isprintable())
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}…"
