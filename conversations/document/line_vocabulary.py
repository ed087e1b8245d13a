"""Words in organs' names and titles after or before which a line may be broken."""

from __future__ import annotations

import re

# How bad a place for a break is.
BEST, GOOD, FAIR, POOR = 0, 3, 6, 12

# Words that end a part of a name.
ENDS = {
    GOOD: re.compile(
        "人民政府|街道办事处|办事处|街道|管理委员会|管委会|开发区|(?:产业|工业|物流|科技|农业)园区?"
        "|园区|新区|新城|片区|示范区|试验区|保税港?区|综保区|加工区|度假区|名胜区|保护区|合作区"
        "|功能区|集聚区|城区|矿区|垦区|自治[区州县旗]|特别行政区|总局|公司|集团|人民法院"
        "|人民检察院|工作委员会|党工委|生产建设兵团"
        "|(?:阿里|喀什|和田|阿克苏|塔城|阿勒泰|大兴安岭)地区|[、，；]"
    ),
    FAIR: re.compile(
        "委员会|办公[室厅]|[省市县区]委|中心|大学|学院|研究[院所]|总队|支队|大队|分局|(?<![邮布结时])局"
        "|(?<![大客餐])厅|管理处|管理[所站]|农场|林场|协会|联合会|行政公署|银行|海关|产业基地"
        "|中华人民共和国|[）)〕》]"
    ),
    POOR: re.compile(r"(?:\d{4}|[〇○零一二三四五六七八九]{4})年度?"),
}
# … unless one of these follows, which belongs to them.
GOES_ON = {
    "街道": re.compile("办事处"),
    "中心": re.compile("城区|城市|镇|卫生院|小学|中学|学校|支行|支局|幼儿园|校|站|主任"),
    "公司": re.compile("法|律"),
    "集团": re.compile("公司|有限|股份|军"),
    "局": re.compile("长|级|属|部|域|面"),
    "厅": re.compile("长|级|局"),
    "委": re.compile("员会|托|属|办|党校"),
    "银行": re.compile("业|卡|间"),
    "海关": re.compile("总署|缉私"),
    "行政公署": re.compile("办"),
    "产业基地": re.compile("区"),
    "园": re.compile("区|林|丁|地|艺"),
    "新城": re.compile("区|市|子|镇|乡|街"),
    "管理委员会": re.compile("办公室主任"),
}
ALWAYS_GOES_ON = re.compile("[）)〕》、，；：。]")

# Last characters of place names, and words in which they mean something else.
UNITS = "省市县区旗盟镇乡"
NO_UNIT = re.compile(
    "节省|[城都超股夜集上门]市|[社地校小景牧山辖灾分军禁战林库灌]区|[省市区]县|[红国]旗|[联同加]盟|[城乡村集]镇"
    "|[城下家故]乡"
)
NO_UNIT_AFTER = re.compile(
    "[省市县区旗盟镇乡]族|省(?:级|直|会|市|属|委)"
    "|市(?:场|容|域|区|级|直|属|政(?![务府协])|民(?![政族宗营间主])|委)"
    "|县(?:级|域|城|直|属|委)|区(?:域|划|块|级|直|间|属|委)"
    "|旗(?:级|县|直|委)|镇(?:级|域|区|村|直|静|市|委)"
    "|乡(?:村|镇|级|土|贤|愁|域|市|县|区|委)"
)

# Words before which a line may be broken.
BEGINS = {
    BEST: re.compile(r"[（(〔《]|(?:\d{4}|[〇○零一二三四五六七八九]{4})年"),
    GOOD: re.compile("关于(?=.{6})|暨"),
    POOR: re.compile("政府信息公开|(?<!政府)信息公开工作|(?<!工作)年度报告"),
}

BRACKETS = re.compile("（[^（）]*）|〔[^〔〕]*〕|《[^《》]*》|\\([^()]*\\)")
