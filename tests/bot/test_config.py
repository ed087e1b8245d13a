import io
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dotenv.parser import parse_stream
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.environment import SettingsError, data_dir, has_token, read_env_file, setting
from bot.settings import Settings, load_settings, names

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")

TOKEN = "123456789:AAH-made_up_token_for_the_tests_0123"

# For each setting something that must be refused; the mark shows whether it is repeated.
MARK = "fa1se"
WRONG = {
    "TELEGRAM_BOT_TOKEN": f"12345 {MARK}",
    "NIANBAO_DATABASE_URL": f"mysql://root:{MARK}@db/x",
    "NIANBAO_ADMIN_IDS": f"1,{MARK}",
    "NIANBAO_TIME_ZONE": f"Asia/{MARK}",
    "NIANBAO_LOG_LEVEL": MARK,
    "NIANBAO_LOG_FORMAT": MARK,
    "NIANBAO_PROXY": f"ftp://user:{MARK}@proxy:1",
    "NIANBAO_BASE_URL": f"{MARK}:8081",
    "NIANBAO_BASE_FILE_URL": f"ftp://{MARK}",
    "NIANBAO_WEBHOOK_URL": f"{MARK}/telegram",
    "NIANBAO_WEBHOOK_SECRET": f"{MARK}!",
    "NIANBAO_HEALTH_LISTEN": f"127.0.0.1:{MARK}",
    "NIANBAO_WEBHOOK_LISTEN": f"127.0.0.1:{MARK}",
    "NIANBAO_WEBHOOK_MAX_CONNECTIONS": "101",
    "NIANBAO_KEEP_MESSAGES_DAYS": "1",
    "NIANBAO_SENDS_PER_SECOND": "0",
    "NIANBAO_SENDS_PER_CHAT_PER_SECOND": "nan",
    "NIANBAO_SENDS_PER_GROUP_PER_MINUTE": MARK,
    "NIANBAO_REMINDERS_PER_SECOND": "-1",
    "NIANBAO_FETCH_HOSTS": f"http://{MARK}.gov.cn/",
}


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """
    An empty folder, and nothing of ours in the environment.
    """
    for name in names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def write(text: str) -> None:
    Path(".env").write_text(text, encoding="utf-8")


def test_the_example_file_lists_every_setting_and_no_other():
    """
    An operator who reads `.env.example` has read about everything that can be set.
    """
    listed = re.findall(r"^# ?([A-Z_]+)=", EXAMPLE, re.MULTILINE)

    assert sorted(names()) == sorted(listed)


def test_every_setting_in_the_example_file_is_preceded_by_its_explanation():
    """
    No setting stands there as a bare name.
    """
    blocks = re.split(r"\n\n+", EXAMPLE)
    bare = [block for block in blocks if re.search(r"^# [A-Z_]+=", block) or block.count("=") > 4]

    assert [] == [block for block in bare if not block.startswith("# ----")]


def test_the_values_shown_in_the_example_file_are_accepted():
    """
    Taking the `#` away gives a file that works.
    """
    write(re.sub(r"^# ([A-Z_]+=)", r"\1", EXAMPLE, flags=re.MULTILINE))

    found = load_settings()

    assert {123456789, 987654321} == found.admin_ids
    assert ("127.0.0.1", 8080) == found.webhook_listen
    assert "http://127.0.0.1:8081/file/bot" == found.file_url


def test_the_example_file_as_it_is_changes_nothing():
    """
    Copied to `.env` and left alone, it leaves every default.
    """
    write(EXAMPLE)

    assert Settings.model_construct() == load_settings()


def test_without_any_setting_the_defaults_hold():
    """
    The county's time, the official server, one file in `var`.
    """
    found = load_settings()

    assert None is found.token
    assert Path("var") == found.data_dir
    assert ZoneInfo("Asia/Shanghai") == found.time_zone
    assert "https://api.telegram.org/bot" == found.base_url
    assert "https://api.telegram.org/file/bot" == found.file_url
    assert 40 == found.webhook_max_connections
    assert (30, 1, 20) == (
        found.sends_per_second,
        found.sends_per_chat_per_second,
        found.sends_per_group_per_minute,
    )
    assert (".gov.cn",) == found.fetch_hosts


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch):
    """
    What the operator says for one run overrides what is written down.
    """
    write("NIANBAO_LOG_LEVEL=DEBUG\nNIANBAO_DATA_DIR=written\n")
    monkeypatch.setenv("NIANBAO_LOG_LEVEL", "warning")

    found = load_settings()

    assert "WARNING" == found.log_level
    assert Path("written") == found.data_dir


def test_an_empty_setting_is_not_set(monkeypatch: pytest.MonkeyPatch):
    """
    `TELEGRAM_BOT_TOKEN=` is how a form is left blank.
    """
    write("NIANBAO_TIME_ZONE=\nNIANBAO_DATA_DIR=here\n")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "")
    monkeypatch.setenv("NIANBAO_DATA_DIR", "")

    found = load_settings()

    assert (None, "Asia/Shanghai") == (found.token, found.time_zone.key)
    assert Path("here") == found.data_dir == data_dir()


def test_a_folder_of_nobody_is_one_sentence(monkeypatch: pytest.MonkeyPatch):
    """
    Also for what reads the folder alone.
    """
    monkeypatch.setenv("NIANBAO_DATA_DIR", "~nobody-has-this-name/data")

    for reads in (data_dir, load_settings):
        with pytest.raises(SettingsError, match="NIANBAO_DATA_DIR"):
            reads()


def test_every_setting_has_a_wrong_value_in_these_tests():
    """
    A new setting comes with the test of its refusal.
    """
    assert {*names()} - {"NIANBAO_DATA_DIR"} == {*WRONG}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_one_sentence_that_names_the_setting(name: str):
    """
    The value is not repeated: it may hold a password.
    """
    write(f"{name}={WRONG[name]}\n")

    with pytest.raises(SettingsError) as caught:
        load_settings()

    sentence = str(caught.value)
    assert name in sentence
    assert MARK not in sentence
    assert sentence.endswith("。")
    assert "\n" not in sentence
    assert None is caught.value.__cause__ is caught.value.__context__


def test_a_misspelt_name_in_the_file_is_pointed_out():
    """
    A proxy that is silently not used costs an operator an evening.
    """
    write("NIANBAO_PROXXY=socks5://127.0.0.1:1080\nOTHER=1\n")

    with pytest.raises(SettingsError, match="NIANBAO_PROXXY"):
        load_settings()


def test_a_missing_token_is_named_only_when_it_is_needed():
    """
    The terminal chat runs without.
    """
    found = load_settings()

    with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN"):
        _ = found.required_token


def test_secrets_do_not_print():
    """
    A settings object in a log or a traceback shows asterisks.
    """
    found = load_settings(
        TELEGRAM_BOT_TOKEN=TOKEN,
        NIANBAO_WEBHOOK_SECRET="a-secret",
        NIANBAO_PROXY="socks5://me:pass-word@proxy:1080",
        NIANBAO_DATABASE_URL="postgresql://me:pass-word@db/nianbao",
    )

    for shown in (repr(found), str(found), str(found.model_dump())):
        assert not re.search(f"{TOKEN}|a-secret|pass-word", shown)
    assert {TOKEN, "a-secret", "pass-word"} == {*found.secrets}


@pytest.mark.parametrize(
    ("given", "base", "files"),
    [
        ("http://h:8081", "http://h:8081/bot", "http://h:8081/file/bot"),
        ("http://h:8081/", "http://h:8081/bot", "http://h:8081/file/bot"),
        ("http://h:8081/bot", "http://h:8081/bot", "http://h:8081/file/bot"),
        ("https://h/tg", "https://h/tg/bot", "https://h/tg/file/bot"),
        ("https://h/bot{token}", "https://h/bot{token}", "https://h/file/bot{token}"),
    ],
)
def test_a_server_of_ones_own_may_be_named_with_or_without_bot(given: str, base: str, files: str):
    """
    The library wants `/bot` at the end; an operator writes what the server's page shows.
    """
    found = load_settings(NIANBAO_BASE_URL=given)

    assert (base, files) == (found.base_url, found.file_url)


@pytest.mark.parametrize(
    ("given", "files"),
    [
        ("http://h/file", "http://h/file/bot"),
        ("http://h/file/bot/", "http://h/file/bot"),
        ("http://h", "http://h/file/bot"),
    ],
)
def test_the_file_address_is_completed_in_the_same_way(given: str, files: str):
    """
    Both addresses forgive the same things.
    """
    found = load_settings(NIANBAO_BASE_FILE_URL=given)

    assert files == found.file_url


def test_a_webhook_must_be_https_unless_the_server_is_ones_own():
    """
    The official server delivers to nothing else.
    """
    url = "http://127.0.0.1:8080/hook"

    with pytest.raises(SettingsError, match="NIANBAO_WEBHOOK_URL"):
        load_settings(TELEGRAM_BOT_TOKEN=TOKEN, NIANBAO_WEBHOOK_URL=url)
    found = load_settings(
        TELEGRAM_BOT_TOKEN=TOKEN, NIANBAO_WEBHOOK_URL=url, NIANBAO_BASE_URL="http://127.0.0.1:1"
    )

    assert url == found.webhook_url


def test_a_webhook_address_with_the_token_in_it_is_refused():
    """
    Proxies write the addresses they pass on into their logs.
    """
    with pytest.raises(SettingsError) as caught:
        load_settings(TELEGRAM_BOT_TOKEN=TOKEN, NIANBAO_WEBHOOK_URL=f"https://h/{TOKEN}")

    assert "NIANBAO_WEBHOOK_URL" in str(caught.value)
    assert TOKEN.partition(":")[2] not in str(caught.value)


def test_without_a_webhook_secret_one_is_derived_from_the_token():
    """
    Never unprotected, the same after a restart, and nothing can be read back from it.
    """
    first, again = (load_settings(TELEGRAM_BOT_TOKEN=TOKEN).secret_header for _ in range(2))
    other = load_settings(TELEGRAM_BOT_TOKEN=f"{TOKEN}x").secret_header

    assert first == again != other
    assert re.fullmatch(r"[A-Za-z0-9_-]{32,256}", first)
    assert TOKEN.partition(":")[2] not in first


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("127.0.0.1:8080", ("127.0.0.1", 8080)),
        (":9000", ("0.0.0.0", 9000)),
        ("[::1]:80", ("::1", 80)),
        ("bot.internal:0", ("bot.internal", 0)),
    ],
)
def test_the_listening_address_is_host_and_port(given: str, expected: tuple[str, int]):
    """
    Both families, and a port alone.
    """
    assert expected == load_settings(NIANBAO_WEBHOOK_LISTEN=given).webhook_listen


def test_the_hosts_for_links_can_be_named_or_switched_off():
    """
    「关」 is a word too.
    """
    assert ("a.example.cn", ".gov.cn") == load_settings(
        NIANBAO_FETCH_HOSTS="a.example.cn，.gov.cn"
    ).fetch_hosts
    assert () == load_settings(NIANBAO_FETCH_HOSTS="off").fetch_hosts
    assert () == load_settings(NIANBAO_FETCH_HOSTS="关").fetch_hosts


VALUES = st.lists(
    st.sampled_from(
        [*"ab/ #'\"\\=${}:-.\t", "n", "年", "${HOME}", "${OTHER}", "${NIANBAO_NONE:-x}", r"\n"]
    ),
    max_size=12,
).map("".join)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "export ", "  ", "# "]),
            st.sampled_from(["NIANBAO_DATA_DIR", "TELEGRAM_BOT_TOKEN", "OTHER"]),
            st.sampled_from(["=", " = ", "=  "]),
            st.sampled_from(["{}", '"{}"', "'{}'", '"{}" # note', "{} # note", '"{}"x']),
            VALUES,
            st.sampled_from(["\n", "\r\n", "\n\n", "\n# note\n"]),
        ),
        max_size=4,
    )
)
def test_the_quick_reader_sees_what_the_whole_one_sees(lines: list[tuple[str, ...]]):
    """
    `nianbao chat` and `nianbao serve` never disagree about where the reports are.
    """
    from pydantic_settings import DotEnvSettingsSource

    text = "".join(
        f"{before}{name}{equals}{shape.replace('{}', value)}{end}"
        for before, name, equals, shape, value, end in lines
    )
    Path(".env").write_bytes(text.encode())

    whole = DotEnvSettingsSource(Settings, env_file=Path(".env"), case_sensitive=True).env_vars

    def told(found: Mapping[str, str | None]) -> dict[str, str]:
        return {name: value for name, value in found.items() if value}

    try:
        read = read_env_file()
    except SettingsError:
        # A line that says nothing, which the other leaves out with a warning.
        assert any(line.error for line in parse_stream(io.StringIO(text)))
    else:
        assert told(whole) == told(read)


def test_the_quick_reader_answers_for_the_data_folder_and_the_token(
    monkeypatch: pytest.MonkeyPatch,
):
    """
    The environment, then `.env`, then the default: as for all settings.
    """
    assert (Path("var"), False) == (data_dir(), has_token())
    write(f"NIANBAO_DATA_DIR='some where'\nTELEGRAM_BOT_TOKEN={TOKEN}\n")
    assert (Path("some where"), True) == (data_dir(), has_token())
    assert load_settings().data_dir == data_dir()
    monkeypatch.setenv("NIANBAO_DATA_DIR", "elsewhere")
    assert Path("elsewhere") == load_settings().data_dir == data_dir()
    assert "" == setting("NIANBAO_PROXY")


def test_a_file_that_is_no_text_is_refused_in_one_sentence():
    """
    Saved as UTF-16 by an editor, or made unreadable: it is said, without a traceback.
    """
    Path(".env").write_bytes("TELEGRAM_BOT_TOKEN=x".encode("utf-16"))

    with pytest.raises(SettingsError, match=r"\.env"):
        load_settings()


def test_the_quick_reader_loads_none_of_the_slow_packages():
    """
    The first question of `nianbao chat` does not wait for pydantic.
    """
    code = "import sys, bot.environment; print('pydantic' in sys.modules, 'dotenv' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert "False False" == found.stdout.strip()
