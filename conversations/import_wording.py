"""What is said when a published report is fetched, read and taken into the store."""

from __future__ import annotations

# ------------------------------------------------------------------ fetching a link

SAVE_INSTEAD = "请在浏览器里打开它，另存网页或下载附件，再把文件发过来。"
FETCH_OFF = f"没有开启从网址读取。{SAVE_INSTEAD}"
NOT_A_LINK = "这不是一个网址，请发以 http:// 或 https:// 开头的完整网址。"
LINK_WITH_PASSWORD = "网址里不能带用户名或密码，请只发网页本身的网址。"  # noqa: S105
LINK_PORT = f"这个网址用了不常见的端口，不能读取。{SAVE_INSTEAD}"
HOST_NOT_ALLOWED = "只能读取{hosts}的网页，{host} 不在其中。" + SAVE_INSTEAD
HOST_UNKNOWN = "找不到 {host} 这个网站，请核对网址。"
ADDRESS_NOT_ALLOWED = f"这个网址指向内部网络，不能读取。{SAVE_INSTEAD}"
TOO_MANY_REDIRECTS = f"这个网址转来转去太多次，没有读到。{SAVE_INSTEAD}"
TOO_LARGE = "网页或附件超过 10 MB，没有读取。请只发年度报告本身。"
TOO_SLOW = f"网站太慢，15 秒内没有读完。{SAVE_INSTEAD}"
NOT_CONNECTED = f"连不上这个网站。请过一会儿再试；或者：{SAVE_INSTEAD}"
BAD_CERTIFICATE = f"这个网站的安全证书有问题，没有读取。{SAVE_INSTEAD}"
BAD_ANSWER = f"网站的回答读不懂。{SAVE_INSTEAD}"
NOT_FOUND = "网站说没有这个网页（{status}），请核对网址。"
REFUSED = "网站拒绝了访问（{status}）。" + SAVE_INSTEAD
NO_FOLLOWING = f"这个网页没有报告正文，报告在附件里，而附件没有读到：{{why}}{SAVE_INSTEAD}"


def allowed_hosts(hosts: tuple[str, ...]) -> str:
    """The allow list in words: «以 .gov.cn 结尾的网站»."""
    told = [f"以 {host} 结尾" if host.startswith(".") else host for host in hosts]
    return "、".join(told)
