"""What can be wrong with a store, said to the person who started the program."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError


class StoreError(Exception):
    """
    The store cannot be used as it is.

    Its text is one plain Chinese sentence for the user; the cause is for the log.
    """


class StoreTooNew(StoreError):  # noqa: N818 - it is not an error to be new
    """The data were written by a newer version of the program: nothing was touched."""


class StoreDamaged(StoreError):  # noqa: N818 - a state, too
    """What is stored cannot be read: no other try will help."""


class ReportDamaged(StoreDamaged):
    """An answer of one report, or one row about a person, cannot be read; the others can."""


class StoreBusy(StoreError):  # noqa: N818 - a state, which passes
    """Somebody else kept the store locked for longer than we wait. May be tried again."""


TOO_NEW = "数据由更新版本的年报助手写入，本版本无法打开。请升级后再试，数据没有改动。"
BUSY = "数据正被另一个程序占用，请稍后再试。"
DAMAGED = "数据文件已损坏，或不是年报助手的数据文件：{place}。请用备份恢复。"
DAMAGED_VALUE = "数据已损坏：年报里有一个数读不出来。请用备份恢复。"
FOREIGN = "这里已有其他程序的数据，不是年报助手的数据：{place}。请换一个位置。"
FULL = "磁盘空间已满，无法保存：{place}。请清理后再试，已保存的内容没有丢失。"
NOT_WRITTEN = "写不进磁盘：{place}。空间或配额可能已满，或磁盘有故障。已保存的内容没有丢失。"
READ_ONLY = "数据文件不能写入：{place}。请检查文件和文件夹的权限。"
CANNOT_OPEN = "无法打开或建立数据文件：{place}。请检查文件夹是否存在、能否写入。"
UNREACHABLE = "无法连接数据库（{place}）。请检查数据库是否已启动，地址、用户名和密码是否正确。"
NOT_AN_ADDRESS = "看不懂数据库地址，应以 postgresql:// 或 sqlite:/// 开头。"
NO_POSTGRESQL = "没有安装 PostgreSQL 的组件，请安装：pip install 'nianbao[postgresql]'。"
FAILED = "数据库操作失败（{place}）。已保存的内容没有丢失，请稍后再试。"

# What may be raised inside a transaction where the database fails or refuses. When the
# transaction ends, a fault of the place is a `StoreError`; a bug of ours stays what it is.
STORE_FAILURES: tuple[type[Exception], ...] = (StoreError, DBAPIError)
