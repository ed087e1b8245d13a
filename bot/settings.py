"""
Every setting there is, from the environment and `.env`.

`.env.example` describes each to the operator, and a test says that the two lists are one. A
wrong value is a `SettingsError`: one sentence that names the setting and never its value.
"""

import hashlib
import hmac
import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, NoReturn, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    BeforeValidator,
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
    SettingsError,
    read_env_file,
    zone_named,
)

OFF = {"off", "no", "none", "0", "关", "关闭"}

TOKEN_SHAPE = re.compile(r"[0-9]+:[A-Za-z0-9_-]{3,}")
SECRET_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,256}")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
PROXY_SCHEMES = ("http", "https", "socks4", "socks5", "socks5h")
DATABASE_SCHEMES = ("sqlite", "postgresql")
OFFICIAL_SERVER = "https://api.telegram.org"

# The first words of a setting of ours: a misspelt one in `.env` is an error, not a silence.
OURS = ("NIANBAO_", "TELEGRAM_")


def _refuse(what: str) -> NoReturn:
    """
    Refuse a value, saying what is wanted instead; the setting's name is put before it.
    """
    raise ValueError(what)


def _secret(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value).strip()


def _token(value: object) -> SecretStr:
    text = _secret(value)
    if not TOKEN_SHAPE.fullmatch(text):
        _refuse("应为 BotFather 给出的一整串：数字、冒号、三十余个字母和数字，中间没有空格")
    return SecretStr(text)


def _admin_ids(value: object) -> frozenset[int]:
    if isinstance(value, frozenset | set | list | tuple):
        return frozenset(int(person) for person in value)
    persons = set()
    for part in re.split(r"[,，、\s]+", str(value).strip(", ，、\n\t")):
        if not re.fullmatch(r"[0-9]{1,16}", part) or int(part) == 0:
            _refuse("应为 Telegram 数字编号，多个之间用逗号分开，如 123456789,987654321")
        persons.add(int(part))
    return frozenset(persons)


def _time_zone(value: object) -> ZoneInfo:
    return value if isinstance(value, ZoneInfo) else zone_named(str(value))


def _log_level(value: object) -> str:
    level = str(value).strip().upper()
    if level not in LOG_LEVELS:
        _refuse(f"应为 {'、'.join(LOG_LEVELS)} 之一")
    return level


def _address(text: str, schemes: tuple[str, ...], example: str) -> None:
    try:
        parts = urlsplit(text)
        fine = parts.scheme in schemes and bool(parts.hostname)
        _ = parts.port  # raises when it is no number
    except ValueError:
        fine = False
    if not fine or re.search(r"\s", text):
        _refuse(f"应为一个地址，如 {example}")


def _proxy(value: object) -> SecretStr:
    text = _secret(value)
    _address(text, PROXY_SCHEMES, "http://127.0.0.1:7890 或 socks5://127.0.0.1:1080")
    return SecretStr(text)


def _database_url(value: object) -> SecretStr:
    text = _secret(value)
    scheme = text.partition("://")[0].partition("+")[0]
    if "://" not in text or scheme not in DATABASE_SCHEMES:
        _refuse("应为 postgresql://用户:密码@主机/库名；不填则用数据目录里的 SQLite 文件")
    return SecretStr(text)


def _base_url(value: object) -> str:
    """
    The address that PTB puts the token behind: it ends with `/bot`.
    """
    text = str(value).strip().rstrip("/")
    _address(text, ("http", "https"), "http://127.0.0.1:8081")
    if "{token}" in text or text.endswith("/bot"):
        return text
    return f"{text}/bot"


def _base_file_url(value: object) -> str:
    text = str(value).strip().rstrip("/")
    _address(text, ("http", "https"), "http://127.0.0.1:8081")
    if "{token}" in text or text.endswith("/bot"):
        return text
    return f"{text}/bot" if text.endswith("/file") else f"{text}/file/bot"


def _webhook_url(value: object) -> str:
    text = str(value).strip()
    _address(text, ("http", "https"), "https://bot.example.gov.cn/telegram")
    return text


def _webhook_secret(value: object) -> SecretStr:
    text = _secret(value)
    if not SECRET_SHAPE.fullmatch(text):
        _refuse("应为 1 到 256 个字母、数字、下划线或连字符")
    return SecretStr(text)


def _listen(value: object) -> tuple[str, int]:
    """
    `host:port`, `:port` (every address of the machine) or `[::1]:port`.
    """
    if isinstance(value, tuple):
        host, port = value
        return str(host), int(port)
    match = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^:\s\[\]]*):([0-9]{1,5})", str(value).strip())
    if not match or not 0 <= int(match[2]) <= 65535:
        _refuse("应为 主机:端口，如 127.0.0.1:8080")
    return match[1].strip("[]") or "0.0.0.0", int(match[2])  # noqa: S104 — the operator said so


def _hosts(value: object) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(str(host) for host in value)
    text = str(value).strip().lower()
    if text in OFF:
        return ()
    hosts = tuple(filter(None, re.split(r"[,，、\s]+", text)))
    if not all(re.fullmatch(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)+", host) for host in hosts):
        _refuse("应为主机名，多个之间用逗号分开，.gov.cn 表示以它结尾的都可以；off 表示关闭")
    return hosts


def _rate(value: object) -> float:
    try:
        number = float(str(value))
    except ValueError:
        number = 0.0
    if not 0 < number <= 1_000_000:
        _refuse("应为大于 0 的数")
    return number


def _connections(value: object) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", str(value).strip()) or not 1 <= int(str(value)) <= 100:
        _refuse("应为 1 到 100 的整数")
    return int(str(value))


def _path(value: object) -> object:
    return Path(str(value)).expanduser()


Rate = Annotated[float, PlainValidator(_rate)]


class Settings(BaseSettings):
    """
    The settings of one running program, checked. Secrets print as asterisks.
    """

    model_config = SettingsConfigDict(
        env_file=ENV_FILE,
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        case_sensitive=True,
        extra="ignore",
        frozen=True,
        validate_default=False,
        hide_input_in_errors=True,
    )

    token: Annotated[SecretStr | None, PlainValidator(_token)] = Field(
        None, validation_alias="TELEGRAM_BOT_TOKEN"
    )
    data_dir: Annotated[Path, BeforeValidator(_path)] = Field(
        DEFAULT_DATA_DIR, validation_alias="NIANBAO_DATA_DIR"
    )
    database_url: Annotated[SecretStr | None, PlainValidator(_database_url)] = Field(
        None, validation_alias="NIANBAO_DATABASE_URL"
    )
    admin_ids: Annotated[frozenset[int], NoDecode, PlainValidator(_admin_ids)] = Field(
        frozenset(), validation_alias="NIANBAO_ADMIN_IDS"
    )
    time_zone: Annotated[ZoneInfo, NoDecode, PlainValidator(_time_zone)] = Field(
        ZoneInfo(DEFAULT_ZONE), validation_alias="NIANBAO_TIME_ZONE"
    )
    log_level: Annotated[str, PlainValidator(_log_level)] = Field(
        "INFO", validation_alias="NIANBAO_LOG_LEVEL"
    )
    proxy: Annotated[SecretStr | None, PlainValidator(_proxy)] = Field(
        None, validation_alias="NIANBAO_PROXY"
    )
    base_url: Annotated[str, PlainValidator(_base_url)] = Field(
        f"{OFFICIAL_SERVER}/bot", validation_alias="NIANBAO_BASE_URL"
    )
    base_file_url: Annotated[str, PlainValidator(_base_file_url)] = Field(
        "", validation_alias="NIANBAO_BASE_FILE_URL"
    )
    webhook_url: Annotated[str | None, PlainValidator(_webhook_url)] = Field(
        None, validation_alias="NIANBAO_WEBHOOK_URL"
    )
    webhook_secret: Annotated[SecretStr | None, PlainValidator(_webhook_secret)] = Field(
        None, validation_alias="NIANBAO_WEBHOOK_SECRET"
    )
    webhook_listen: Annotated[tuple[str, int], NoDecode, PlainValidator(_listen)] = Field(
        ("127.0.0.1", 8080), validation_alias="NIANBAO_WEBHOOK_LISTEN"
    )
    webhook_max_connections: Annotated[int, PlainValidator(_connections)] = Field(
        40, validation_alias="NIANBAO_WEBHOOK_MAX_CONNECTIONS"
    )
    sends_per_second: Rate = Field(30.0, validation_alias="NIANBAO_SENDS_PER_SECOND")
    sends_per_chat_per_second: Rate = Field(
        1.0, validation_alias="NIANBAO_SENDS_PER_CHAT_PER_SECOND"
    )
    sends_per_group_per_minute: Rate = Field(
        20.0, validation_alias="NIANBAO_SENDS_PER_GROUP_PER_MINUTE"
    )
    reminders_per_second: Rate = Field(3.0, validation_alias="NIANBAO_REMINDERS_PER_SECOND")
    fetch_hosts: Annotated[tuple[str, ...], NoDecode, PlainValidator(_hosts)] = Field(
        (".gov.cn",), validation_alias="NIANBAO_FETCH_HOSTS"
    )

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
        """
        Where files are fetched from: as set, else beside `base_url`.
        """
        if self.base_file_url:
            return self.base_file_url
        return re.sub(r"/bot(?=[^/]*$)", "/file/bot", self.base_url)

    @cached_property
    def secret_header(self) -> str:
        """
        What a webhook request must carry: as set, else derived from the token.
        """
        if self.webhook_secret:
            return self.webhook_secret.get_secret_value()
        token = self.required_token.get_secret_value()
        return hmac.new(token.encode(), b"nianbao webhook", hashlib.sha256).hexdigest()

    @property
    def required_token(self) -> SecretStr:
        """
        The token, for those who cannot do without.

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
        """
        Every text that must not appear in a log.
        """
        kept = (self.token, self.webhook_secret)
        texts = [secret.get_secret_value() for secret in kept if secret]
        if self.token:
            texts.append(self.secret_header)
        addresses = (url.get_secret_value() for url in (self.proxy, self.database_url) if url)
        return (*texts, *filter(None, map(_password, addresses)))


def _password(url: str) -> str | None:
    """
    The password in an address, as it is written there.
    """
    try:
        return urlsplit(url).password
    except ValueError:
        return None


def names() -> tuple[str, ...]:
    """
    The names of all settings, in the order in which they are declared.
    """
    return tuple(str(field.validation_alias) for field in Settings.model_fields.values())


def load_settings(**given: Any) -> Settings:
    """
    Read and check all settings. Named arguments (`NIANBAO_DATA_DIR=…`) go before all else.

    Raises:
        SettingsError: A value is wrong, or `.env` has a name that is no setting.
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
    # Raised out here, so that no cause hangs on it that could quote a value.
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
