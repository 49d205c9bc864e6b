"""The income sheet of a year, 1 October to 30 September (brief 3.9). Pure."""

from households.fields.model import Field, FieldClass, Fields, Kind, Section


def _yuan(name: str, label: str, national: str = "", help_text: str = "") -> Field:
    return Field(
        name, label, Kind.YUAN, unit="元", lowest=0, highest=99_999_999, help=help_text, seen_by=FieldClass.FINANCE, national=national
    )


INCOME = Fields((
    Section("wage", "工资性收入", (_yuan("wage", "工资性收入", "AAC073", "务工、公益岗等一年合计。"),)),
    Section("business", "生产经营", (
        _yuan("business", "生产经营性收入", "AAC071", "种植、养殖、林果、做生意的毛收入。"),
        _yuan("expense", "生产经营性支出", "AAC074", "种子、化肥、饲料、进货等成本。"),
    )),
    Section("property", "财产性收入", (
        _yuan("dividend", "资产收益扶贫分红收入", "AAC092"),
        _yuan("property_other", "其他财产性收入", "AAC093", "土地流转租金等。"),
    )),
    Section("transfer", "转移性收入", (
        _yuan("family_planning", "计划生育金", "AAC076"),
        _yuan("dibao_money", "低保金", "AAC077"),
        _yuan("wubao_money", "五保金", "AAC086"),
        _yuan("pension", "养老保险金", "AAC087"),
        _yuan("ecology", "生态补偿金", "AAC078", "退耕还林、公益林、草原补助。"),
        _yuan("transfer_other", "其他转移性收入", "AAC083", "不含建房、搬迁等专项补助和慰问金、临时救助。"),
    )),
    Section("beside", "不计入纯收入", (
        _yuan("insurance_paid", "理赔收入"),
        _yuan("medical_paid", "合规自付支出", help_text="看病报销以后自己付的合规费用。"),
    )),
))  # fmt: skip
