"""Comparing this machine's clock with another one."""

from __future__ import annotations

from bot.doctor.result import Result, fault, fine, warning

SET_CLOCK = "打开对时：sudo timedatectl set-ntp true"
APART, FAR_APART = 5.0, 60.0  # differences, in seconds


def clocks(check: str, whose: str, seconds: float) -> Result:
    """Compare the clocks; `seconds` is how far the other one is ahead of ours."""
    if abs(seconds) <= APART:
        return fine(check, f"本机的时钟和{whose}的一致")
    text = f"本机的时钟比{whose}的{'慢' if seconds > 0 else '快'} {abs(seconds):.0f} 秒"
    return (fault if abs(seconds) > FAR_APART else warning)(check, text, SET_CLOCK)
