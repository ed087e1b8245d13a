"""
All settings, from the environment and `.env`.

`.env.example` describes each to the operator, and a test says that the two lists agree. A wrong
value is a `SettingsError`: one sentence with the setting's name, never its value.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, NoReturn, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AliasGenerator,
    Field,
    PlainValidator,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.environment import (
    DEFAULT_DATA_DIR,
    DEFAULT_ZONE,
    ENV_FILE,
    TOKEN,
    SettingsError,
    folder_named,
    read_env_file,
    zone_named,
)

OFF = {"off", "no", "none", "0", "关", "关闭"}

TOKEN_SHAPE = re.compile(r"[0-9]+:[A-Za-z0-9_-]{3,}")
SECRET_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,256}")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOG_FORMATS = (LOG_AS_TEXT, LOG_AS_JSON) = ("text", "json")
WEB = ("http", "https")
PROXY_SCHEMES = ("http", "https", "socks4", "socks5", "socks5h")
DATABASE_SCHEMES = ("sqlite", "postgresql")
OFFICIAL_SERVER = "https://api.telegram.org"

# The first letters of our settings: a misspelt one in `.env` is an error, not ignored.
OURS = ("NIANBAO_", "TELEGRAM_")


def _refuse(what: str) -> NoReturn:
    """Refuse a value, saying what is wanted; the setting's name is put in front."""
    raise ValueError(what)


def _token(text: str) -> SecretStr:
    if not TOKEN_SHAPE.fullmatch(text):
        _refuse("应为 BotFather 给出的一整串：数字、冒号、三十余个字母和数字，中间没有空格")
    return SecretStr(text)


def _admin_ids(text: str) -> frozenset[int]:
    numbers = re.split(r"[,，、\s]+", text.strip(", ，、"))
    if not all(re.fullmatch(r"[0-9]{1,16}", number) and int(number) for number in numbers):
        _refuse("应为 Telegram 数字编号，多个之间用逗号分开，如 123456789,987654321")
    return frozenset(map(int, numbers))


def _log_level(text: str) -> str:
    if text.upper() not in LOG_LEVELS:
        _refuse(f"应为 {'、'.join(LOG_LEVELS)} 之一")
    return text.upper()


def _log_format(text: str) -> str:
    if text.lower() not in LOG_FORMATS:
        _refuse(f"应为 {'、'.join(LOG_FORMATS)} 之一")
    return text.lower()


def _address(text: str, schemes: tuple[str, ...], example: str) -> str:
    try:
        parts = urlsplit(text)
        fine = parts.scheme in schemes and bool(parts.hostname)
        _ = parts.port  # raises for an invalid port
    except ValueError:
        fine = False
    if not fine or re.search(r"\s", text):
        _refuse(f"应为一个地址，如 {example}")
    return text


def _proxy(text: str) -> SecretStr:
    example = "http://127.0.0.1:7890 或 socks5://127.0.0.1:1080"
    return SecretStr(_address(text, PROXY_SCHEMES, example))


def _database_url(text: str) -> SecretStr:
    scheme = text.partition("://")[0].partition("+")[0]
    if "://" not in text or scheme not in DATABASE_SCHEMES:
        _refuse("应为 postgresql://用户:密码@主机/库名；不填则用数据目录里的 SQLite 文件")
    return SecretStr(text)


def _base_url(text: str) -> str:
    """The address before the token, as PTB needs it: it ends with `/bot`."""
    url = _address(text.rstrip("/"), WEB, "http://127.0.0.1:8081")
    return url if "{token}" in url or url.endswith("/bot") else f"{url}/bot"


def _base_file_url(text: str) -> str:
    url = _address(text.rstrip("/"), WEB, "http://127.0.0.1:8081")
    if "{token}" in url or url.endswith("/bot"):
        return url
    return f"{url}/bot" if url.endswith("/file") else f"{url}/file/bot"


def _webhook_url(text: str) -> str:
    return _address(text, WEB, "https://bot.example.gov.cn/telegram")


def _webhook_secret(text: str) -> SecretStr:
    if not SECRET_SHAPE.fullmatch(text):
        _refuse("应为 1 到 256 个字母、数字、下划线或连字符")
    return SecretStr(text)


def _listen(text: str) -> tuple[str, int]:
    """Read `host:port`, `:port` (all addresses of the machine) or `[::1]:port`."""
    match = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^:\s\[\]]*):([0-9]{1,5})", text)
    if not match or not 0 <= int(match[2]) <= 65535:
        _refuse("应为 主机:端口，如 127.0.0.1:8080")
    return match[1].strip("[]") or "0.0.0.0", int(match[2])  # noqa: S104 — the operator said so


def _hosts(text: str) -> tuple[str, ...]:
    text = text.lower()
    if text in OFF:
        return ()
    hosts = tuple(filter(None, re.split(r"[,，、\s]+", text)))
    if not all(re.fullmatch(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)+", host) for host in hosts):
        _refuse("应为主机名，多个之间用逗号分开，.gov.cn 表示以它结尾的都可以；off 表示关闭")
    return hosts


def _rate(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= 1_000_000:
        _refuse("应为大于 0 的数")
    return number


def _connections(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= 100:
        _refuse("应为 1 到 100 的整数")
    return int(text)


def _days(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 2 <= int(text) <= 3650:
        _refuse("应为 2 到 3650 的整数（天）")
    return int(text)


def _read(reader: Callable[[str], object]) -> PlainValidator:
    """A setting read from its text, without blanks around it."""
    return PlainValidator(lambda value: reader(str(value).strip()))


Rate = Annotated[float, _read(_rate)]


class Settings(BaseSettings):
    """The checked settings of one running program. Secrets print as asterisks."""

    model_config = SettingsConfigDict(
        alias_generator=AliasGenerator(validation_alias=lambda name: f"NIANBAO_{name.upper()}"),
        env_file=ENV_FILE,
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        case_sensitive=True,
        extra="ignore",
        frozen=True,
        validate_default=False,
        hide_input_in_errors=True,
    )

    token: Annotated[SecretStr | None, _read(_token)] = Field(None, validation_alias=TOKEN)
    data_dir: Annotated[Path, _read(folder_named)] = DEFAULT_DATA_DIR
    database_url: Annotated[SecretStr | None, _read(_database_url)] = None
    admin_ids: Annotated[frozenset[int], NoDecode, _read(_admin_ids)] = frozenset()
    time_zone: Annotated[ZoneInfo, NoDecode, _read(zone_named)] = ZoneInfo(DEFAULT_ZONE)
    log_level: Annotated[str, _read(_log_level)] = "INFO"
    log_format: Annotated[str, _read(_log_format)] = LOG_AS_TEXT
    health_listen: Annotated[tuple[str, int] | None, NoDecode, _read(_listen)] = None
    proxy: Annotated[SecretStr | None, _read(_proxy)] = None
    base_url: Annotated[str, _read(_base_url)] = f"{OFFICIAL_SERVER}/bot"
    base_file_url: Annotated[str, _read(_base_file_url)] = ""
    webhook_url: Annotated[str | None, _read(_webhook_url)] = None
    webhook_secret: Annotated[SecretStr | None, _read(_webhook_secret)] = None
    webhook_listen: Annotated[tuple[str, int], NoDecode, _read(_listen)] = ("127.0.0.1", 8080)
    webhook_max_connections: Annotated[int, _read(_connections)] = 40
    sends_per_second: Rate = 30.0
    sends_per_chat_per_second: Rate = 1.0
    sends_per_group_per_minute: Rate = 20.0
    reminders_per_second: Rate = 3.0
    fetch_hosts: Annotated[tuple[str, ...], NoDecode, _read(_hosts)] = (".gov.cn",)
    keep_messages_days: Annotated[int, _read(_days)] = 14

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.token and self.webhook_url:
            token = self.token.get_secret_value()
            if token in self.webhook_url or token.partition(":")[2] in self.webhook_url:
                _refuse("NIANBAO_WEBHOOK_URL|不能含有令牌：地址会出现在代理的日志里")
            if self.webhook_url.startswith("http:") and self.base_url.startswith(OFFICIAL_SERVER):
                _refuse(
                    "NIANBAO_WEBHOOK_URL|应以 https:// 开头："
                    "只有自建的 Bot API 服务器才能用 http://"
                )
        return self

    @cached_property
    def file_url(self) -> str:
        """The address for fetching files: as set, else derived from `base_url`."""
        if self.base_file_url:
            return self.base_file_url
        return re.sub(r"/bot(?=[^/]*$)", "/file/bot", self.base_url)

    @cached_property
    def secret_header(self) -> str:
        """The secret that a webhook request must carry: as set, else derived from the token."""
        if self.webhook_secret:
            return self.webhook_secret.get_secret_value()
        token = self.required_token.get_secret_value()
        return hmac.new(token.encode(), b"nianbao webhook", hashlib.sha256).hexdigest()

    @property
    def required_token(self) -> SecretStr:
        """
        The token, for code that needs one.

        Raises:
            SettingsError: There is none.
        """
        if self.token is None:
            raise SettingsError(
                "缺少设置 TELEGRAM_BOT_TOKEN：请在 .env 中填写 BotFather 给出的令牌。"
            )
        return self.token

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every text that must not appear in a log."""
        kept = (self.token, self.webhook_secret)
        texts = [secret.get_secret_value() for secret in kept if secret]
        if self.token:
            texts.append(self.secret_header)
        addresses = (url.get_secret_value() for url in (self.proxy, self.database_url) if url)
        return (*texts, *filter(None, map(_password, addresses)))


def _password(url: str) -> str | None:
    """The password in an address, as written there."""
    try:
        return urlsplit(url).password
    except ValueError:
        return None


def names() -> tuple[str, ...]:
    """The names of all settings, in the order in which they are declared."""
    return tuple(str(field.validation_alias) for field in Settings.model_fields.values())


def load_settings(**given: Any) -> Settings:
    """
    Read and check all settings. Named arguments (`NIANBAO_DATA_DIR=…`) go before all else.

    Raises:
        SettingsError: A value is wrong, or `.env` has an unknown name.
    """
    written = read_env_file()
    try:
        settings = Settings(**given)
    except ValidationError as error:
        sentence = _sentence(error)
    else:
        unknown = sorted(n for n in written if n.startswith(OURS) and n not in names())
        if not unknown:
            return settings
        sentence = f".env 中的 {unknown[0]} 不是本程序的设置，请对照 .env.example 检查拼写。"
    # Raised outside of the `except`: its cause could quote a value.
    raise SettingsError(sentence)


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    what = first["msg"].removeprefix("Value error, ")
    name = ".".join(str(part) for part in first["loc"][:1])
    if not name:
        name, _, what = what.partition("|")
    if first["type"] != "value_error":
        what = "的值不对"
    return f"设置 {name} {what}。"
