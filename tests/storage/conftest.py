from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import Store
from tests.storage.servers import postgres, postgres_made


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """
    Where a store may be made that several processes can open.
    """
    if request.param == "sqlite":
        yield tmp_path / "data"
    else:
        with postgres() as address:
            yield address


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """
    An empty store: SQLite in memory and in a file, PostgreSQL.
    """
    if request.param == "memory":
        with Store.open(":memory:") as opened:
            yield opened
    else:
        yield from opened_store(request.param, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def shared_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """
    An empty store in which two transactions can be open at once.
    """
    yield from opened_store(request.param, tmp_path)


@pytest.fixture
def postgres_store(tmp_path: Path) -> Iterator[Store]:
    """
    For what only PostgreSQL can do.
    """
    yield from opened_store("postgresql", tmp_path)


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """
    For what only SQLite can do.
    """
    yield from opened_store("sqlite", tmp_path)


def opened_store(kind: str, folder: Path) -> Iterator[Store]:
    if kind == "sqlite":
        with Store.open(folder / "data") as opened:
            yield opened
    else:
        with postgres_made() as address, Store.open(address) as opened:
            yield opened
