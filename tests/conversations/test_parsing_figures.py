"""
One figure, as people type it.
"""

from datetime import date
from decimal import Decimal

import cn2an
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.answers.figure import (
    Conversion,
    Reason,
    Refusal,
    cleaned,
    figure_of,
    shown,
)
from conversations.answers.numerals import read_chinese, read_digits, read_mixed
from conversations.answers.short import is_no, is_none, is_yes, read_date, read_year
from conversations.form.answers import Number, format_number
from conversations.form.model import Measure


def read_figure(text: str, unit: Measure) -> tuple[Number, Conversion | None] | Refusal:
    """
    A figure by itself, and what was converted to get it.
    """
    read = figure_of(cleaned(text), unit)
    if isinstance(read, Refusal):
        return read
    return read.value, Conversion("", shown(text), read.value) if read.converted else None


ACCEPTED = (
    *((text, 295) for text in ("295", "２９５", "295件", " 295 ", "　295　", "共295件", "295。")),
    *((text, 295) for text in ("二百九十五", "贰佰玖拾伍", "二九五", "295 件", "是295", "0295")),
    *((text, 1234) for text in ("1,234", "１，２３４", "1,234件", "一千二百三十四", "1234.00")),
    *(
        (text, 0)
        for text in ("0", "零", "〇", "无", "没有", "没", "0件", "无。", "０", "00", "0.0")
    ),
    *((text, 200) for text in ("两百", "二百", "贰佰")),
    *((text, 12) for text in ("十二", "一十二", "拾贰", "12宗", "12个", "12份", "12起", "12次")),
    *((text, 120) for text in ("一百二", "一百二十", "120条")),
    *((text, 12) for text in ("12人", "12人次", "12件次", "12户", "⑫", "1️⃣2️⃣", "1️⃣2️⃣件")),
    *((text, 3) for text in ("③", "3️⃣", "③件")),
    ("🔟", 10),
    ("一千二", 1200),
    ("壹佰", 100),
    ("两", 2),
    ("一千零二", 1002),
    ("一万零五十", 10_050),
    ("二〇二三", 2023),
    ("三〇", 30),
    ("3.0", 3),
    ("3.00", 3),
    ("\u200b3\ufeff", 3),
    ("999,999,999", 999_999_999),
)

REFUSED = (
    ("", Reason.EMPTY),
    (" \t\n", Reason.EMPTY),
    *((text, Reason.NEGATIVE) for text in ("-3", "－3", "﹣3", "−3", "—3", "负三", "负3", "-0")),
    *((text, Reason.FRACTION) for text in ("3.5", "十二点五", "0.1", "1.23456万", "-3.5")),
    *((text, Reason.FRACTION) for text in ("0." + "0" * 20 + "1",)),
    *((text, Reason.TOO_LARGE) for text in ("1000000000", "十亿", "9" * 50, "99亿")),
    *((text, Reason.NOT_EXACT) for text in ("约3", "3左右", "大概3件", "三十多", "近30", ">3")),
    *((text, Reason.WRONG_UNIT) for text in ("3500元", "¥3", "0.35万元", "三块钱")),
    *((text, Reason.AMBIGUOUS) for text in ("1,23", "12,34,567", "1,2345", "0,123", "1,234,5")),
    *((text, Reason.TOO_MANY) for text in ("12 3", "1 2 3", "三 四")),
    *((text, Reason.NOT_A_NUMBER) for text in ("1O", "l2", "1.234.5", "１２a", "3e2", "0x10")),
    *((text, Reason.NOT_A_NUMBER) for text in ("三三", "三五", "一二", "百二", "二十两", "〇三")),
    *((text, Reason.NOT_A_NUMBER) for text in ("5%", "５％", "百分之五", "三分之一", "3/4", "½")),
    *(
        (text, Reason.NOT_A_NUMBER)
        for text in ("+3", "(3)", "1²", "12①", "3①", "٣", "3岁", "万", "件", "元")
    ),
    *((text, Reason.NOT_A_NUMBER) for text in ("{{7*7}}", "</w:t>", "🙂", "\ud800", "\x001")),
)


@pytest.mark.parametrize(("text", "value"), ACCEPTED)
def test_a_count_is_understood_as_people_type_it(text, value):
    """
    Full-width, grouped, Chinese, with its unit: nothing needs to be confirmed.
    """
    assert (value, None) == read_figure(text, Measure.COUNT)


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_no_count_is_refused_with_its_reason(text, reason):
    """
    A figure is exact and not below 0; what has two readings is not guessed.
    """
    refused = read_figure(text, Measure.COUNT)

    assert isinstance(refused, Refusal)
    assert (reason, True) == (refused.reason, refused.text.isprintable())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12万", 120_000),
        ("12 万", 120_000),
        ("1.2亿", 120_000_000),
        ("2百", 200),
        ("3千", 3000),
        ("12万5千", 125_000),
        ("12万5", 125_000),
        ("12万3000件", 123_000),
        ("1,200万", 12_000_000),
    ],
)
def test_a_count_in_ten_thousands_is_echoed(text, value):
    """
    12万 is 120,000 件, and the clerk sees that it was taken so.
    """
    assert (value, Conversion("", text, value)) == read_figure(text, Measure.COUNT)


@pytest.mark.parametrize(
    ("text", "value", "converted"),
    [
        ("0.35", "0.35", False),
        ("0.350000", "0.35", False),
        ("12", "12", False),
        ("100.00", "100", False),
        (".5", "0.5", False),
        ("十二", "12", False),
        ("12万元", "12", False),
        ("十二点五万元", "12.5", False),
        ("无", "0", False),
        ("0元", "0", False),
        ("12.123456", "12.123456", False),
        ("12.1234560", "12.123456", False),
        ("3500元", "0.35", True),
        ("3,500.50元", "0.35005", True),
        ("￥3500", "0.35", True),
        ("人民币3500元整", "0.35", True),
        ("12万", "12", True),
        ("12 万", "12", True),
        ("一万二", "1.2", True),
        ("3万5千元", "3.5", True),
        ("1.2亿", "12000", True),
        ("1亿元", "10000", True),
        ("一亿二千万元", "12000", True),
        ("三千", "3000", True),
        ("99999999", "99999999", False),
    ],
)
def test_a_fee_is_in_ten_thousands_of_yuan(text, value, converted):
    """
    元 is converted and confirmed; 12万 means 12 万元, confirmed too; 12万元 is literal.
    """
    read = read_figure(text, Measure.FEE)

    assert not isinstance(read, Refusal)
    assert (value, converted) == (str(read[0]), read[1] is not None)
    assert isinstance(read[0], Decimal)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("12.1234567", Reason.TOO_MANY_DECIMALS),
        ("3500.555元", Reason.TOO_MANY_DECIMALS),
        ("0." + "0" * 30 + "1", Reason.TOO_MANY_DECIMALS),
        ("100000000", Reason.TOO_LARGE),
        ("1万亿", Reason.NOT_A_NUMBER),
        ("3件", Reason.WRONG_UNIT),
        ("1e3", Reason.NOT_A_NUMBER),
        ("1E+2", Reason.NOT_A_NUMBER),
        ("NaN", Reason.NOT_A_NUMBER),
        ("Infinity", Reason.NOT_A_NUMBER),
        ("-0.5", Reason.NEGATIVE),
        ("1.2.3", Reason.NOT_A_NUMBER),
        ("一点" + "零" * 30 + "一万", Reason.NOT_A_NUMBER),
        ("5%", Reason.NOT_A_NUMBER),
    ],
)
def test_what_is_no_fee_is_refused_with_its_reason(text, reason):
    """
    Six decimals at most, no exponents, no silent rounding.
    """
    refused = read_figure(text, Measure.FEE)

    assert isinstance(refused, Refusal)
    assert reason is refused.reason


def test_a_change_may_be_below_zero():
    """
    The 2019 edition has a column 本年增/减; it is read from files, never asked.
    """
    assert [(-3, None), (3, None), (0, None)] == [
        read_figure(text, Measure.SIGNED) for text in ("－3", "+3", "0")
    ]


def test_a_hundred_thousand_characters_are_refused_and_shown_short():
    """
    The refusal is made to be shown: it holds a piece, not the flood.
    """
    refused = read_figure("9" * 100_000, Measure.COUNT)

    assert isinstance(refused, Refusal)
    assert len(refused.text) <= 20


@given(st.integers(0, 999_999_999))
@settings(max_examples=150)
def test_every_count_survives_every_spelling(value):
    """
    Digits of both widths, groups of three, both Chinese alphabets, 两, 〇, units.
    """
    small, large = cn2an.an2cn(value, "low"), cn2an.an2cn(value, "up")
    spellings = [
        str(value),
        f"{value:,}",
        f"{value:,}".replace(",", "，"),
        str(value).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        f"{value}件",
        f"共 {value} 件。",
        f"{value}.00",
        small,
        large,
        small.replace("零", "〇"),
        small.replace("二千", "两千").replace(
            "二万", "两万" if small.startswith("二万") else "二万"
        ),
        small.removeprefix("一") if small.startswith("一十") else small,
    ]

    assert [(value, None)] * len(spellings) == [read_figure(s, Measure.COUNT) for s in spellings]


@given(st.text("零〇一二两三四五六七八九十百千万亿点壹佰", min_size=1, max_size=7))
@settings(max_examples=400)
def test_chinese_numbers_agree_with_another_reader(text):
    """
    What both this parser and cn2an's strict mode read as a number is the same number.
    """
    ours = read_chinese(text)
    try:
        theirs = cn2an.cn2an(text, "strict")
    except ValueError:
        return

    assert ours is None or ours == Decimal(str(theirs))


@given(st.integers(0, 99_999_999_000_000))
@settings(max_examples=150)
def test_a_fee_keeps_every_digit(millionths):
    """
    What is typed in 万元 and what is typed in 元 give the same figure, without zeros.
    """
    fee = Decimal(millionths).scaleb(-6)
    plain = f"{fee:f}"
    read = read_figure(plain, Measure.FEE)
    in_yuan = read_figure(f"{Decimal(millionths).scaleb(-2):f}元", Measure.FEE)

    assert not isinstance(read, Refusal)
    assert not isinstance(in_yuan, Refusal)
    assert (fee, fee) == (read[0], in_yuan[0])
    assert format_number(fee) == str(read[0])


@given(st.text(max_size=30), st.sampled_from(Measure))
@settings(max_examples=300)
def test_whatever_is_typed_is_a_figure_or_a_refusal(text, unit):
    """
    Nothing crashes, and a count is never anything but a whole number in its range.
    """
    read = read_figure(text, unit)

    if isinstance(read, Refusal):
        assert len(read.text) <= 20
    elif unit is Measure.COUNT:
        assert isinstance(read[0], int)
        assert 0 <= read[0] <= 999_999_999


@given(
    st.integers(0, 99_999),
    st.sampled_from(["-{}", "－{}", "{}%", "约{}", "{}.5", "{}a", "O{}", "{}O", "{},{}1", "{}e2"]),
)
@settings(max_examples=150)
def test_what_is_refused_stays_refused_for_every_number(value, pattern):
    """
    The mark beside the number decides, not the number.
    """
    assert isinstance(read_figure(pattern.format(value, value % 10), Measure.COUNT), Refusal)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        *(
            (t, 2023)
            for t in ("2023", "２０２３年", "二〇二三年", "23年", "2023年度", " 2023 年。")
        ),
        *((t, 2023) for t in ("二零二三", "二○二三年", "二O二三年", "二三年")),
        ("2008", 2008),
        ("2100", 2100),
        *((t, None) for t in ("2007", "2101", "23", "今年", "", "0023", "20230", "-2023", "2O23")),
    ],
)
def test_a_year_is_understood_or_not_taken(text, year):
    """
    Only a plausible year, and two digits only where 年 stands behind them.
    """
    assert year == read_year(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(
            (t, "2024年1月15日")
            for t in (
                "2024-1-15",
                "2024.01.15",
                "2024/1/15",
                "２０２４年１月１５日",
                "二〇二四年一月十五日",
                "2024年1月15号",
                "2024年01月15日。",
                "20240115",
                "2024 年 1 月 15 日",
                "2024-01-15 00:00:00",
            )
        ),
        ("二〇二四年十二月三十一日", "2024年12月31日"),
        ("2024-2-29", "2024年2月29日"),
        *((t, None) for t in ("2023-2-29", "2024-13-1", "2024-0-1", "24-1-15", "1月15日", "")),
        *((t, None) for t in ("二〇二四年〇月十日", "2024-1", "1024-1-15", "明天", "9" * 500)),
    ],
)
def test_a_date_is_made_uniform_or_not_taken(text, day):
    """
    The printed form has Arabic digits without leading zeros, and the day must exist.
    """
    assert day == read_date(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(
            (t, "2026年1月15日")
            for t in ("1月15日", "1月15号", "一月十五日", "元月15日", "元月十五日")
        ),
        *(
            (t, "2026年1月15日")
            for t in ("1.15", "1/15", "15日", "十五号", "2026.1.15", "０１月１５日")
        ),
        *((t, "2026年1月15日") for t in ("二〇二六年一月十五日", "二〇二六年元月十五日")),
        *(
            (t, "2026年1月15日")
            for t in ("26年1月15日", "26.1.15", "二〇二六年1月15日", "1月十五日", "2026年一月15号")
        ),
        *((t, "2026年1月12日") for t in ("今天", "今日", "今天。", "就今天", "今天吧", "用今天")),
        *(("明天", "2026年1月13日"), ("12月30日", "2025年12月30日"), ("2月1日", "2026年2月1日")),
        *((t, None) for t in ("15", "1月32日", "13月1日", "三月", "今年", "0日", "月日", "下周一")),
    ],
)
def test_a_date_is_read_as_people_say_it(text, day):
    """
    Without its year it is the nearest one; a number alone is no date.
    """
    assert day == read_date(text, date(2026, 1, 12))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (1200, "1200"),
        (Decimal("0.350000"), "0.35"),
        (Decimal("1E+2"), "100"),
        (Decimal("1E-6"), "0.000001"),
        (Decimal("12.0"), "12"),
        (Decimal("-0.0"), "0"),
        (Decimal(0), "0"),
    ],
)
def test_a_figure_is_shown_without_zeros_or_exponent(value, shown):
    """
    As the document prints it.
    """
    assert shown == format_number(value)


def test_yes_no_and_none_are_told_apart():
    """
    不是 is no yes, 没有问题 is no none, and a question or a number is nothing of these.
    """
    yes = (
        "是",
        "是的",
        "对！",
        "好的",
        "确认",
        "可以",
        "嗯嗯",
        "OK",
        "ｏｋ",
        "没错",
        "行吧",
        "👍",
        "没有问题",
    )
    no = ("不", "否", "不对", "不是", "不行", "no", "有误", "不用了", "不 是。")
    none = ("无", "没有", "无。", "没有了", "暂无")
    neither = ("", "3", "是不是", "可以吗？", "不知道是", "\ud800", "是" * 5000)

    assert [(True, False, False)] * len(yes) == [_kinds(text) for text in yes]
    assert [(False, True, False)] * len(no) == [_kinds(text) for text in no]
    assert [(False, False, True)] * len(none) == [_kinds(text) for text in none]
    assert [(False, False, False)] * len(neither) == [_kinds(text) for text in neither]


def _kinds(text: str) -> tuple[bool, bool, bool]:
    return is_yes(text), is_no(text), is_none(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1万", 10_000),
        ("12万", 120_000),
        ("1.5万", 15_000),
        ("1万2", 12_000),
        ("12万5千", 125_000),
        ("一千二", 1_200),
        ("两百零三", 203),
        ("十二万", 120_000),
        ("一万二千", 12_000),
        ("三五", None),
        ("百", None),
    ],
)
def test_everyday_numerals_and_mixed_ones_have_one_reading(text: str, value: int | None):
    """
    Chinese characters alone, or digits with a Chinese unit.
    """
    read = read_chinese(text)

    assert value == (read_mixed(text) if read is None else read)


def test_a_figure_is_read_up_to_its_greatest_length():
    """
    Sixty characters; what is longer is no figure, whatever it would be worth.
    """
    assert (0, None) == read_figure("0" * 60, Measure.COUNT)
    assert isinstance(read_figure("0" * 61, Measure.COUNT), Refusal)


def test_a_decimal_as_printed_has_twelve_digits_before_and_behind_the_point():
    """
    So that sums of them stay exact.
    """
    assert not isinstance(read_figure("1" * 12 + "." + "1" * 12, Measure.AS_PRINTED), Refusal)
    for text in ("1" * 13, "0." + "1" * 13):
        assert isinstance(read_figure(text, Measure.AS_PRINTED), Refusal)


def test_numerals_are_read_up_to_their_greatest_length():
    """
    Forty characters, then nothing is looked at.
    """
    assert "1" * 40 == read_digits("一" * 40)
    assert read_digits("一" * 41) is None
    assert read_mixed("1万" + "零" * 39) is None
