"""Words in a report's files beside the report, and sentences about their names."""

from conversations.wording.county_handing_out import FIGURES_HEAD

TEXTS_SHEET = "正文"
LONG_SHEET = "数据"
LONG_HEAD = (*FIGURES_HEAD, "状态")
LONG_WIDTHS = (30, 8, 60, 50, 14, 8, 8)
STATES = {False: "定稿", True: "草稿"}
ON_A_SHEET = "（见工作表「{sheet}」）"

OTHER_ENDING = "「{file}」的结尾和格式不符：这个格式的文件名以 {ending} 结尾。"
