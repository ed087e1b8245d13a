"""Errors of a store, for the person who started the program; `place` is its address or path."""

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

# ---- copies ----

NOT_EMPTY = "这里已经有数据：{place}。只能放进空的位置，没有改动。"
OLDER = (
    "数据还是旧版的：{place}。请用写入它的版本来做，或者先启动一次程序（启动时升级）。没有改动。"
)
NO_BACKUP = "没有这个文件：{place}。"
NOT_THE_SAME = "没有完成：{table} 表读回来和原来不一致。没有留下任何数据，请重试。"
NOT_KEPT_THERE = "没有完成：{table} 表里有一行新的数据库存不了。没有留下任何数据。"
UNFINISHED = "{place} 旁边还有没写完的数据（-wal 或 -journal 文件），请把它们一起移走，再试。"
CHAIN_BROKEN = "没有恢复：改动记录对不上（{organ}，{year} 年度）。确定要用这一份，加 --yes。"
