"""
Words outside the tables: headings of the six sections, and texts of websites above and below a
report.
"""

from __future__ import annotations

from conversations.document.read.words import plain
from conversations.form import FORM_IN_FORCE, FORMS
from conversations.form.model import ItemId

_SECTIONS = FORM_IN_FORCE.sections  # the same six in every edition
SECTIONS: tuple[ItemId, ...] = tuple(section.id for section in _SECTIONS)
NARRATIVES = frozenset(narrative.id for narrative in FORM_IN_FORCE.narratives)
NUMERALS: dict[str, ItemId] = {section.number: section.id for section in _SECTIONS}
TITLES: dict[str, ItemId] = {
    plain(title): section.id
    for form in FORMS.values()
    for section in form.sections
    for title in (section.title, *section.variants)
}
# Words of a section's heading in free wording, as patterns.
SECTION_WORDS: dict[ItemId, str] = {
    "overview": "总体|概述|概况|基本情况",
    "proactive_disclosure": "主动公开",
    "requests": "(收到|处理|受理|办理|依).{0,12}申请",
    "review": "复议|诉讼",
    "problems_and_improvements": "问题|改进|整改|不足",
    "other_matters": "其他.{0,8}事项|报告的?.{0,4}事项|其他事项|需要报告",
}
# Labels of table three that are numbered like a section.
TABLE_LABELS = frozenset(
    plain(line.path[0]) for form in FORMS.values() for table in form.tables for line in table.lines
) | {plain("三、本年度办理结果")}
TABLE_LABEL_BEGINNINGS = ("本年新收", "上年结转", "本年度办理", "结转下年")

# The hint above a wide table on our own web page.
SCROLLS = "表格较宽，可左右滑动查看"

FOOTER_WORDS = (
    r"上一篇|下一篇|上一条|下一条|上篇|下篇|打印|打 ?印|关闭|关 ?闭|分享|扫一扫|扫码|二维码|"
    r"版权所有|主办单位|承办单位|主办[:：]|承办[:：]|维护单位|网站标识码|网站地图|联系我们|"
    r"关于我们|网站声明|备案号|"
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]ICP备|ICP备|公网安备|"
    r"相关文章|相关链接|相关附件|相关文档|相关稿件|相关信息|相关阅读|附件|附 ?件[:：]|"
    r"信息来源|来源[:：]|文章来源|稿件来源|发布日期|发布时间|发布机构|返回顶部|返回首页|"
    r"回到顶部|浏览次数|访问量|点击数|阅读次数|责任编辑|责编|编辑[:：]|作者[:：]|您是第|"
    r"当前位置|首页|网站首页|友情链接|技术支持|政府网站找错|无障碍|适老|长者|我要纠错|纠错|"
    r"收藏|字号|保护视力色|视力保护色|微信|微博|电子邮箱[:：]|Copyright|copyright|©|下载|"
    r"关闭窗口"
)
METADATA_WORDS = (
    r"索引号|索 引 号|信息索引|名称|名 称|文号|文 号|发文字号|发布机构|发文机关|发布日期|"
    r"发布时间|公开日期|成文日期|生成日期|生效日期|主题词|主题分类|关键词|体裁|分类|"
    r"信息分类|组配分类|信息来源|来源|文章来源|时间|日期|浏览|访问|点击|阅读|字体|字号|"
    r"字 号|打印|关闭|分享|保护视力|视力|时效|有效性|废止日期|内容概述|信息名称|公开方式|"
    r"公开时限|公开范围|责任部门|作者|编辑|审核|责任编辑|当前位置|您(现在)?的?(当前)?位置|"
    r"首页|文件下载|收藏|概述|内容分类|服务对象|语种|载体|效力|记录形式|公开责任|公开类别|"
    r"公开形式|公开程序|背景色|二维码|扫一扫|大 ?中 ?小"
)
