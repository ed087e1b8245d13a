"""
Made-up reports, written in the ways real offices write.

They contain comparisons, plans, laws with years, document numbers, “十四五”, founding dates,
percentages, parts of the year, departments' shares and lists after 「其中」. The texts agree with
the figures, so every finding about them is a false alarm. `statements` is the least number of
figures that the checks must understand in the texts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from conversations.checks.findings import Report
from tests.checked import report


@dataclass(frozen=True)
class Clean:
    organ: str
    year: int
    overview: str
    problems: str
    other: str
    statements: int
    introduction: str = ""
    cells: Mapping[str, int | Decimal] = field(default_factory=dict)

    def report(self) -> Report:
        """
        The report; figures that are not named are 0.
        """
        introduction = {"introduction": self.introduction} if self.introduction else {}
        return report(
            {**self.cells, **introduction},
            organ=self.organ,
            year=self.year,
            overview=self.overview,
            problems_and_improvements=self.problems,
            other_matters=self.other,
        )


CLEAN = (
    Clean(
        organ="雷公镇人民政府",
        year=2023,
        overview=(
            "2023年，我镇坚持以习近平新时代中国特色社会主义思想为指导，深入贯彻党的二十大精神，认"
            "真落实2019年新修订的《条例》，扎实推进政府信息公开工作。\n"
            "（一）主动公开情况。围绕群众关心的热点，全年通过县政府门户网站、公开栏等渠道主动公开"
            "政府信息86条，其中工作动态52条，财政预决算4条，规范性文件类2条，2022年信息公开年报1"
            "条。按时公开2022年度部门决算和2023年度部门预算。\n"
            "（二）依申请公开情况。进一步规范接收、登记、审核、答复流程。2023年，我镇未收到政府信"
            "息公开申请，上年结转0件，未发生因政府信息公开引发的行政复议、行政诉讼。\n"
            "（三）政府信息管理情况。落实“三审三校”制度，坚持“谁公开、谁审查、谁负责”，对202"
            "2年以前制发的文件开展集中清理。\n"
            "（四）政府信息公开平台建设情况。镇便民服务中心于2018年建成，设立查阅点1处；微信公众"
            "号“雷公发布”自2020年8月开通以来，累计推送信息300余条。\n"
            "（五）监督保障情况。把公开工作纳入年度考核，全年组织培训2次，参训60人次。本年度未开"
            "展社会评议，没有需要追究责任的情形。"
        ),
        problems=(
            "2023年，我镇政府信息公开工作虽取得一定成效，但仍存在公开内容不够全面、更新不够及时等"
            "问题。针对2022年考核中指出的公开栏更新慢的问题，已全部整改到位。2024年，我镇将从以下"
            "方面改进：一是加强学习培训；二是完善公开目录；三是强化监督检查。"
        ),
        other=(
            "按照《政府信息公开信息处理费管理办法》（国办函〔2020〕109号），2023年收取信息处理费"
            "0元。"
        ),
        statements=3,
        introduction=(
            "根据《中华人民共和国政府信息公开条例》（国务院令第711号）和《国务院办公厅政府信息与"
            "政务公开办公室关于印发〈中华人民共和国政府信息公开工作年度报告格式〉的通知》（国办公"
            "开办函〔2021〕30号）要求，现公布雷公镇人民政府2023年政府信息公开工作年度报告。本报告"
            "所列数据的统计期限自2023年1月1日起至2023年12月31日止。如有疑问，请与雷公镇党政办公室"
            "联系（地址：雷公镇人民路1号，邮编：571200，电话：0898-60000001）。"
        ),
    ),
    Clean(
        organ="沭河县教育局",
        year=2023,
        overview=(
            "2023年，县教育局围绕招生、师资、资助等群众关心的事，把公开贯穿工作始终。\n"
            "（一）主动公开政府信息情况\n"
            "全年共公开信息312条，较上年增加20条，同比增长6.8%。其中，招生入学类120条，行政许可公"
            "示35条，行政处罚公示3条。制发行政规范性文件2件，现行有效9件。\n"
            "（二）依申请公开政府信息情况\n"
            "2023年度我局共收到政府信息公开申请26件，其中网上申请20件、信函申请4件、当面申请2件；"
            "自然人申请24件，商业企业申请2件。已办结26件，其中予以公开22件，本机关不掌握相关政府"
            "信息4件，无结转下年度办理的申请。全年受理网络问政96件，全部办结。\n"
            "（三）政府信息管理情况\n"
            "落实保密审查制度，全年审核发布信息312条。\n"
            "（四）平台建设情况\n"
            "局网站改版后，浏览量达1.2万次。\n"
            "（五）监督保障情况\n"
            "全年办理人大建议5件、政协提案7件，答复率100%，满意率100%。未发生责任追究情形。"
        ),
        problems=(
            "（一）存在的主要问题。一是公开意识有待加强；二是政策解读形式单一；三是队伍专业化水平"
            "不高。\n"
            "（二）改进措施。一是加强培训；二是丰富形式，用图解、视频等方式解读政策；三是配强力量"
            "。"
        ),
        other="本年度未收取政府信息公开信息处理费。",
        statements=8,
        introduction=(
            "根据《条例》要求，现向社会公布沭河县教育局2023年度政府信息公开工作年度报告。本报告所"
            "列数据统计时限为2023年1月1日至2023年12月31日。"
        ),
        cells={
            "requests.received.natural_person": 24,
            "requests.received.commercial_enterprise": 2,
            "requests.outcome.disclosed.natural_person": 20,
            "requests.outcome.disclosed.commercial_enterprise": 2,
            "requests.outcome.unable_to_provide.not_held.natural_person": 4,
            "proactive_disclosure.normative_documents.issued": 2,
            "proactive_disclosure.normative_documents.in_force": 9,
            "proactive_disclosure.licensing.decisions": 35,
            "proactive_disclosure.penalties.decisions": 3,
        },
    ),
    Clean(
        organ="临海县人民政府",
        year=2023,
        overview=(
            "2023年，临海县坚持以公开促落实、强监管、优服务，“十四五”规划（2021—2025年）确定的"
            "公开任务有序推进。\n"
            "（一）主动公开情况。全县通过政府门户网站公开信息11360条，其中县教育局860条、县卫健局"
            "720条、各乡镇3000余条。全年制发行政规范性文件8件，废止3件，现行有效61件。作出行政许"
            "可决定15230件，行政处罚决定4119件，行政强制195件；行政事业性收费7730.28万元。\n"
            "（二）依申请公开情况。2023年全县新收政府信息公开申请105件，较2022年的87件增加18件，"
            "上年结转4件，共计109件。从申请方式看，网上申请70件，信函申请30件，当面申请5件；从申"
            "请内容看，涉及征地拆迁的申请40件，涉及规划建设的申请22件。全年办结103件，其中：予以"
            "公开46件，部分公开10件，不予公开5件，无法提供32件，不予处理8件，其他处理2件；结转下"
            "年度继续办理6件。其中自然人申请90件，商业企业12件，其他3件。县公安局、县自然资源局分"
            "别受理申请30件、25件，占比居前两位。\n"
            "（三）行政复议、行政诉讼情况。因政府信息公开被申请行政复议6件，其中结果维持5件、结果"
            "纠正1件；被提起行政诉讼3件，其中未经复议直接起诉2件，复议后起诉1件。\n"
            "（四）政府信息管理情况。完成2012年以来县政府文件的公开属性认定，集中公开规范性文件6"
            "1件。\n"
            "（五）监督保障情况。将公开工作纳入绩效考核，分值占4%；上半年通报2次，第三季度抽查网"
            "站45家次。2022年度全市考核中，我县列第2位。"
        ),
        problems=(
            "2023年，政府信息公开工作虽取得一定成效，但仍存在答复规范性不足等问题，全年被纠错1件"
            "。2024年，县政府将加强业务培训，计划举办培训班3期，力争纠错率下降。2023年针对上年度"
            "报告中提出的3个问题，逐一整改：一是编印答复范本；二是建立会商机制，会商疑难申请12件"
            "；三是开展案例评析，评析案例20件。"
        ),
        other=(
            "严格执行《政府信息公开信息处理费管理办法》，2023年发出收费通知2件，收取信息处理费12"
            "00元。"
        ),
        statements=21,
        introduction=(
            "本报告由临海县人民政府办公室编制。报告中所列数据统计期限自2023年1月1日起至12月31日止。"
        ),
        cells={
            "requests.received.natural_person": 90,
            "requests.received.commercial_enterprise": 12,
            "requests.received.other": 3,
            "requests.carried_over.natural_person": 4,
            "requests.outcome.disclosed.natural_person": 40,
            "requests.outcome.disclosed.commercial_enterprise": 6,
            "requests.outcome.partly_disclosed.natural_person": 10,
            "requests.outcome.withheld.third_party_rights.natural_person": 3,
            "requests.outcome.withheld.internal_affairs.natural_person": 2,
            "requests.outcome.unable_to_provide.not_held.natural_person": 25,
            "requests.outcome.unable_to_provide.not_held.other": 3,
            "requests.outcome.unable_to_provide.must_be_created.commercial_enterprise": 4,
            "requests.outcome.not_processed.petition_or_complaint.natural_person": 6,
            "requests.outcome.not_processed.repeat_request.natural_person": 2,
            "requests.outcome.otherwise_handled.other.commercial_enterprise": 2,
            "requests.carried_forward.natural_person": 6,
            "review.reconsideration.upheld": 5,
            "review.reconsideration.corrected": 1,
            "review.litigation.direct.upheld": 2,
            "review.litigation.after_reconsideration.pending": 1,
            "proactive_disclosure.normative_documents.issued": 8,
            "proactive_disclosure.normative_documents.repealed": 3,
            "proactive_disclosure.normative_documents.in_force": 61,
            "proactive_disclosure.licensing.decisions": 15230,
            "proactive_disclosure.penalties.decisions": 4119,
            "proactive_disclosure.coercion.decisions": 195,
            "proactive_disclosure.administrative_fees.amount": Decimal("7730.28"),
        },
    ),
    Clean(
        organ="滨湖区东湖街道办事处",
        year=2023,
        overview=(
            "2023年，东湖街道围绕中心工作，认真做好政府信息公开。\n"
            "1.主动公开。全年主动公开政府信息47条，其中部门文件22件，通知公告16条，人事任免5条。"
            "\n"
            "2.依申请公开。2023年度街道办事处共收到政府信息公开申请39件，其中通过政府网站收到3件"
            "、信函36件，均为自然人申请；结转下年度继续办理2件，其余均按期答复。因政府信息公开引"
            "发行政复议31件，未发生行政诉讼。\n"
            "3.政府信息管理。定期回看已发布信息，纠正错别字12处。\n"
            "4.平台建设。“东湖发布”公众号推送信息977条，阅读量11.3万次。\n"
            "5.监督保障。指定专人负责，全年作出行政处罚1472件均依法公示。工作考核结果良好，未发生"
            "责任追究。"
        ),
        problems=(
            "一、存在的主要问题\n"
            "（一）依申请公开数量大，经办人员不足。\n"
            "（二）公开形式较为单一。\n"
            "二、改进情况\n"
            "（一）增加专职人员1名。\n"
            "（二）下一步将丰富公开形式，2024年计划制作短视频10期。"
        ),
        other="无其他需要报告的事项，本年度未收取信息处理费。",
        statements=3,
        cells={
            "requests.received.natural_person": 39,
            "requests.outcome.disclosed.natural_person": 37,
            "requests.carried_forward.natural_person": 2,
            "review.reconsideration.upheld": 30,
            "review.reconsideration.pending": 1,
            "proactive_disclosure.penalties.decisions": 1472,
        },
    ),
    Clean(
        organ="定南县发展和改革局",
        year=2022,
        overview=(
            "2022年，我局深入学习贯彻党的二十大精神，全面落实县委、县政府决策部署。\n"
            "（一）主动公开情况。2022年1月至12月，公开信息120条，其中上半年50条，下半年70条；4月"
            "、10月各开展一次清理。\n"
            "（二）依申请公开情况。受理政府信息公开申请3件，加上2021年结转的1件，共办理4件，予以"
            "公开及部分公开4件，均在20个工作日内答复。与2021年相比，申请量减少2件，下降40%。\n"
            "（三）政府信息管理情况。根据《2022年定南县政务公开工作要点》，细化任务12项。\n"
            "（四）政府信息公开平台建设情况。依托县政府门户网站，不单独建站。\n"
            "（五）监督保障情况。2021年机构改革后，由办公室承担公开职能，2022年3月调整充实领导小"
            "组。办理行政许可295件，行政事业性收费35.6万元。责任追究0起。"
        ),
        problems=(
            "存在问题：公开主动性不够，专业人员不足。改进情况：2022年以来，先后选派3人参加省、市"
            "培训；对2021年年报反映的解读质量不高问题，发布图解8期。2023年，我局将继续抓好落实。"
        ),
        other="2022年，我局未收取信息处理费，无其他需要报告的事项。",
        statements=5,
        introduction=(
            "本报告中所列数据的统计期限为2022年1月至12月。本报告电子版可在县政府网站（http://www"
            ".dingnan.gov.cn/XXGK/）查阅。"
        ),
        cells={
            "requests.received.natural_person": 3,
            "requests.carried_over.natural_person": 1,
            "requests.outcome.disclosed.natural_person": 2,
            "requests.outcome.partly_disclosed.natural_person": 2,
            "proactive_disclosure.licensing.decisions": 295,
            "proactive_disclosure.administrative_fees.amount": Decimal("35.6"),
        },
    ),
    Clean(
        organ="平江县自然资源局",
        year=2023,
        overview=(
            "平江县自然资源局严格落实《条例》，现将2023年度政府信息公开工作情况报告如下：\n"
            "（一）主动公开方面。公示行政许可850件、行政处罚38件，公开征地信息210条。\n"
            "（二）依申请公开方面。全年收到公民、法人和其他组织提出的政府信息公开申请66件，上年结"
            "转2件；依法答复66件，结转下年度2件。申请内容主要为征地批文、不动产登记资料等，其中征"
            "地类45件、登记类15件、其他6件。按照申请人划分，自然人58件，法人或其他组织8件。逾期答"
            "复0件。\n"
            "（三）行政复议、行政诉讼。因政府信息公开被申请行政复议1件，结果维持1件；未发生行政诉"
            "讼。此外，我局作为被告的其他行政诉讼12件。\n"
            "（四）政府信息管理。一是规范发文，二是落实审查，三是动态调整。\n"
            "（五）平台与监督保障。办理不动产登记资料查询1.2万件次；受理12345热线工单320件，办结"
            "318件；收到群众来信15件，回复15件。"
        ),
        problems=(
            "主要问题：公开精准度不高、答复文书质量有待提升。整改措施：制定答复文书模板8种，开展"
            "旁听庭审2次；2024年继续开展培训。"
        ),
        other="2023年没有收取信息处理费。",
        statements=8,
        cells={
            "requests.received.natural_person": 58,
            "requests.received.commercial_enterprise": 6,
            "requests.received.legal_service_institution": 2,
            "requests.carried_over.natural_person": 2,
            "requests.outcome.disclosed.natural_person": 50,
            "requests.outcome.disclosed.commercial_enterprise": 6,
            "requests.outcome.unable_to_provide.not_held.natural_person": 8,
            "requests.outcome.unable_to_provide.not_held.legal_service_institution": 2,
            "requests.carried_forward.natural_person": 2,
            "review.reconsideration.upheld": 1,
            "proactive_disclosure.licensing.decisions": 858,
            "proactive_disclosure.penalties.decisions": 40,
            "proactive_disclosure.coercion.decisions": 1,
        },
    ),
    Clean(
        organ="白沙镇人民政府",
        year=2024,
        overview=(
            "2024年，白沙镇认真贯彻党的二十届三中全会精神，持续深化政务公开。白沙镇由原白沙乡、河"
            "口乡于2001年合并设立，辖18个村。\n"
            "（一）主动公开。全年公开信息210条，比2023年增加30条。公开2024年度预算、2023年度决算"
            "。\n"
            "（二）依申请公开。2024年全年没有收到公民、法人或其他组织的政府信息公开申请，也无上年"
            "结转。\n"
            "（三）政府信息管理。1月集中清理历史信息，废止过期通知12份；6月开展自查。\n"
            "（四）公开平台。利用政府网站、微信公众号、村务公开栏等平台。\n"
            "（五）监督保障。全年召开专题会4次，考核结果与评优挂钩，未发生责任追究。"
        ),
        problems=(
            "（一）问题\n"
            "1.内容更新不够及时；\n"
            "2.解读形式不够丰富。\n"
            "（二）措施\n"
            "1.2025年将建立季度通报制度；\n"
            "2.2024年下半年已增加图解6期，2025年计划再增加10期。"
        ),
        other="全年收取政府信息公开信息处理费0元，与上年持平。",
        statements=1,
        introduction=(
            "现将白沙镇2024年政府信息公开工作年度报告予以公布，统计期限：2024年1月1日—12月31日。"
            "报告于2025年1月15日发布。"
        ),
        cells={
            "proactive_disclosure.licensing.decisions": 12,
        },
    ),
    Clean(
        organ="海江市人民政府",
        year=2023,
        overview=(
            "2023年，海江市制定政府规章3件，制发行政规范性文件56件，废止20件，现行有效812件。市政"
            "府常务会议审议议题120个。\n"
            "全市各级行政机关共新收政府信息公开申请1,300件，同比下降8.5%；上年结转34件。市本级收"
            "到申请260件，县（区）收到申请1040件，其中甲区收到申请400件，乙县收到申请350件。办理"
            "结果为：予以公开1000件，占76.7%；部分公开110件，占8.4%；不予公开40件；无法提供100件"
            "；不予处理54件。1000件申请来自自然人。结转下年度30件。\n"
            "全市因政府信息公开引发行政复议70件、行政诉讼22件。司法行政部门全年办理行政复议案件1"
            "560件。\n"
            "政府信息管理、平台建设和监督保障同步推进：全市开设政务新媒体120个，关停8个；举办培训"
            "班15期，培训2600人次；社会评议满意度92.5%。"
        ),
        problems=(
            "存在的问题主要有三个方面：一是基层答复质量不高，全年复议纠正比例较2022年上升0.3个百"
            "分点；二是平台管理有漏洞；三是解读不够通俗。改进情况：一是开展“政府信息公开质量提升"
            "年”活动；二是关停整合账号；三是推行“一图读懂”。"
        ),
        other="2023年，全市共有3家单位发出收费通知5件，收取信息处理费3650元。",
        statements=14,
        cells={
            "requests.received.natural_person": 1000,
            "requests.received.commercial_enterprise": 300,
            "requests.carried_over.natural_person": 34,
            "requests.outcome.disclosed.natural_person": 800,
            "requests.outcome.disclosed.commercial_enterprise": 200,
            "requests.outcome.partly_disclosed.natural_person": 110,
            "requests.outcome.withheld.deliberative_process.natural_person": 40,
            "requests.outcome.unable_to_provide.not_held.commercial_enterprise": 100,
            "requests.outcome.not_processed.petition_or_complaint.natural_person": 54,
            "requests.carried_forward.natural_person": 30,
            "review.reconsideration.upheld": 70,
            "review.litigation.direct.upheld": 22,
            "proactive_disclosure.rules.issued": 3,
            "proactive_disclosure.rules.in_force": 40,
            "proactive_disclosure.normative_documents.issued": 56,
            "proactive_disclosure.normative_documents.repealed": 20,
            "proactive_disclosure.normative_documents.in_force": 812,
        },
    ),
    Clean(
        organ="江口经济开发区管委会",
        year=2023,
        overview=(
            "一是抓组织领导。调整充实领导小组，由主要领导任组长。二是抓主动公开。全年发布信息96条"
            "，其中规划计划2条、招商引资30条。三是抓依申请公开。全年收到政府信息公开申请1件，申请"
            "人为商业企业，已在法定期限内予以公开。四是抓信息管理。严格“三审”，未发生失泄密事件"
            "。五是抓平台建设。园区网站于2019年6月上线，2023年改版。六是抓监督保障。纳入年度考核"
            "，全年通报4次。"
        ),
        problems="一是公开不够主动，二是队伍不够稳定。改进措施：一是压实责任，二是加强培训。",
        other="无。2023年未产生信息处理费。",
        statements=1,
        introduction="本报告所列数据的统计期限自2023年1月1日起至2023年12月31日止。",
        cells={
            "requests.received.commercial_enterprise": 1,
            "requests.outcome.disclosed.commercial_enterprise": 1,
        },
    ),
    Clean(
        organ="柳河县卫生健康局",
        year=2023,
        overview=(
            "2023年,柳河县卫生健康局(以下简称县卫健局)认真落实《条例》要求.\n"
            "(一)主动公开情况.全年公开信息523条,公示行政许可120条.\n"
            "(二)依申请公开情况.本年度共收到政府信息公开申请0件,上年结转0件.全年无因政府信息公开"
            "申请行政复议、提起行政诉讼的情况.\n"
            "(三)政府信息管理情况.落实审核制度.\n"
            "(四)平台建设情况.县卫健局无独立网站,依托县政府网站公开.\n"
            "(五)监督保障情况.全年办理行政许可125件,作出行政处罚6件.工作时间:上午8:30-12:00,下午"
            "14:00-17:30."
        ),
        problems="问题:一是公开不够及时;二是形式单一.措施:一是加强学习;二是拓宽渠道.",
        other="2023年度未收取信息处理费,未收取行政事业性收费.",
        statements=5,
        cells={
            "proactive_disclosure.licensing.decisions": 125,
            "proactive_disclosure.penalties.decisions": 6,
            "proactive_disclosure.administrative_fees.amount": 0,
        },
    ),
    Clean(
        organ="南山县人民政府办公室",
        year=2023,
        overview=(
            "2023年，县政府办公室认真履行主管部门职责。\n"
            "（一）主动公开情况。发布县政府及县政府办文件82件，转发上级规范性文件15件。\n"
            "（二）依申请公开情况。县政府办公室共收到8份政府信息公开申请，均为自然人申请。其中，"
            "予以公开2件，部分公开2件，属于四类过程性信息1件，本办不掌握相关政府信息2件，其他1件"
            "（申请人撤回）。无下年度结转。另外，指导全县各单位受理申请120件。\n"
            "（三）政府信息管理情况。全县清理规范性文件96件，保留70件，废止20件，修改6件。\n"
            "（四）平台建设情况。县政府门户网站全年发布信息1.5万条。\n"
            "（五）监督保障情况。全年培训3次。"
        ),
        problems=(
            "主要问题是答复不够规范、人员流动快。改进情况：制定《南山县政府信息公开申请办理规程》"
            "，2023年9月起施行。"
        ),
        other="2023年度收取信息处理费0元。",
        statements=5,
        cells={
            "requests.received.natural_person": 8,
            "requests.outcome.disclosed.natural_person": 2,
            "requests.outcome.partly_disclosed.natural_person": 2,
            "requests.outcome.withheld.deliberative_process.natural_person": 1,
            "requests.outcome.unable_to_provide.not_held.natural_person": 2,
            "requests.outcome.otherwise_handled.other.natural_person": 1,
        },
    ),
    Clean(
        organ="青石乡人民政府",
        year=2023,
        overview=(
            "青石乡人民政府高度重视政府信息公开工作，2023年以来，始终坚持依法、及时、准确的原则。"
            "\n"
            "（一）主动公开\n"
            "公开惠农补贴、低保、宅基地审批等信息65条；受理低保申请50件，办结48件，受理建房申请1"
            "2件，办结12件。\n"
            "（二）依申请公开\n"
            "2023全年未收到政府信息公开申请，也未收到行政复议、行政诉讼方面的文书。\n"
            "（三）政府信息管理\n"
            "2022年12月收到的1件咨询，已于2023年1月5日答复。\n"
            "（四）平台建设\n"
            "用好村级公开栏12处、大喇叭12套。\n"
            "（五）监督保障\n"
            "接受乡人大监督，邀请代表评议1次，群众满意率98%。"
        ),
        problems=(
            "公开专业性不强，2022年、2023年连续两年被县里通报1次。下一步：一是请县里派员指导；二"
            "是组织学习《条例》4次。"
        ),
        other="无。",
        statements=1,
    ),
)
