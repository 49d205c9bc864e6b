"""What the audit page calls actions and details: no English on screen (ui.md). Pure."""

from collections.abc import Mapping

ACTIONS = {
    "account.contact": "改职务和办公电话",
    "account.confirm": "再次确认密码",
    "account.create": "新建账号",
    "account.disable": "停用账号",
    "account.enable": "启用账号",
    "account.found": "建立首批管理员",
    "account.hand_over": "调任交接",
    "account.login": "登录",
    "account.logout": "退出",
    "account.password": "改密码",
    "account.reset": "重置密码",
    "api.read": "接口读取",
    "assignment.confirm": "确认岗位",
    "assignment.end": "结束任职",
    "assignment.grant": "授予岗位",
    "assignment.refuse": "退回岗位",
    "audit.read": "查看审计",
    "ballot.batch": "成批填评议意见",
    "ballot.clear": "清除评议意见",
    "ballot.save": "填写评议意见",
    "case.amend": "变更锁定的户",
    "case.list": "列入名单",
    "case.end": "终止评议",
    "case.file": "打印一户一档",
    "county.settings": "改县设置",
    "delegation.end": "结束委托代办",
    "delegation.give": "委托代办",
    "document.copy": "登记报表份数去向",
    "document.deadline": "定上报期限",
    "document.finding": "记抽查发现",
    "document.make": "建上报表",
    "document.mended": "记抽查整改",
    "document.note": "填报说明",
    "document.step": "办上报表",
    "doubt.close": "说明疑点",
    "doubt.reopen": "重新核实疑点",
    "draft.discard": "丢弃草稿",
    "draft.save": "存草稿",
    "due.work": "办理到期工作",
    "evidence.add": "上传佐证材料",
    "evidence.read": "查看佐证材料",
    "export.approve": "批准含完整号码的导出",
    "export.ask": "申请含完整号码的导出",
    "export.made": "导出",
    "export.refuse": "不批准导出",
    "export.withdraw": "撤回导出申请或批准",
    "export.request": "申请导出",
    "household.find": "按证件后四位查找",
    "family.add": "登记成员增加",
    "family.back": "登记成员回户",
    "family.head": "户主变更",
    "family.leave": "登记成员减少",
    "family.merge": "并户",
    "family.move": "登记换组",
    "family.reopen": "恢复已销的户",
    "family.split": "分户",
    "household.register": "登记农户",
    "household.reveal": "查看证件号码",
    "household.update": "修改农户",
    "import.cancel": "取消导入",
    "import.commit": "导入名册",
    "import.confirm": "确认导入",
    "import.errors": "下载标好错误的文件",
    "import.undo": "申请撤销导入",
    "import.undone": "撤销导入",
    "import.verdict": "认定疑似重复",
    "import.start": "上传名册核对",
    "income.check": "清查组算账",
    "income.save": "填写年度收支",
    "job.cancel": "停止处理",
    "job.download": "下载导出文件",
    "keys.rotate": "更换密钥",
    "list.verify": "核验名单",
    "member.update": "修改成员",
    "notice.conclude": "公示期满办结",
    "notice.post": "登记张贴",
    "notice.check": "核对校验码",
    "notice.print": "打印公示",
    "notice.start": "发起公示",
    "notice.withdraw": "撤回公示",
    "objection.assign": "交办异议",
    "objection.confirm": "异议定案",
    "objection.lodge": "提出异议",
    "objection.propose": "提出核查意见",
    "objection.read": "查看异议",
    "objection.review": "提交复核评估表",
    "objection.take": "受理异议",
    "panel.retire": "停用评议小组",
    "panel.save": "保存评议小组",
    "paper.add": "上传签字材料",
    "paper.read": "查看签字材料",
    "paper.set_aside": "作废签字材料",
    "paper.sign": "屏幕签字",
    "photo.add": "上传入户照片",
    "photo.look": "浏览入户照片",
    "photo.read": "打开入户照片",
    "photo.remove": "移除入户照片",
    "paper.print": "打印表格",
    "papers.made": "打印全村表格",
    "papers.request": "申请打印全村表格",
    "place.group": "改村民小组",
    "place.outlines": "改县地图",
    "place.population": "改户籍人口",
    "places.load": "装入区划",
    "quality.request": "申请核对疑点",
    "quality.run": "核对疑点",
    "quality.settings": "改疑点规则",
    "exclusion.ask": "询问排除情形",
    "exclusion.confirm": "确认排除情形理由",
    "exclusion.override": "提出排除情形理由",
    "round.close": "结束批次",
    "round.open": "开启批次",
    "round.settings": "改批次设置",
    "rubric.publish": "发布评估表版本",
    "sample.draw": "随机抽查",
    "sample.result": "记抽查复核结果",
    "signing.add": "登记农户签字表",
    "signing.read": "查看农户签字表",
    "ranking.clear": "清除排队表",
    "ranking.fill": "按排队结果填意见",
    "ranking.line": "排队划线",
    "ranking.sheet": "填排队表",
    "ranking.tie": "定并列的先后",
    "ranking.way": "选择排法",
    "sitting.close": "结束会议并锁定名单",
    "sitting.drop": "取消会议",
    "sitting.head": "填写会议情况",
    "sitting.open": "开会",
    "sitting.print": "打印会议材料",
    "survey.draft": "保存评估草稿",
    "survey.print": "打印评估表",
    "survey.rescore": "重算得分",
    "survey.submit": "提交评估表",
    "table.freeze": "报表定稿",
    "table.rebuild": "重建定稿",
    "table.request_roll_up": "申请汇总",
    "table.roll_up": "汇总",
    "token.issue": "发放令牌",
    "transfer.answer": "答复转户申请",
    "transfer.ask": "提出转户申请",
    "transfer.within": "村内转户",
    "transfer.withdraw": "撤回转户申请",
    "token.revoke": "停用令牌",
    "village.merge": "撤并村",
    "village.unmerge": "撤销撤并村",
}
DETAILS = {
    "blank": "空白",
    "addresses": "限定地址", "after": "改后", "archetypes": "样例", "area": "地区", "before": "改前", "changed": "改动",
    "codes": "编号", "compared": "比对", "counts": "数量", "county": "县", "day": "日期", "days": "天数", "digest": "校验码",
    "dry_run": "只核对", "fields": "栏目", "file": "文件", "filters": "筛选项", "full": "全部重算", "groups": "组",
    "hide_score": "隐藏得分", "job": "处理编号", "joined": "入户", "left": "离户", "members": "成员", "name": "名称",
    "number": "第几批", "owner": "所有人", "part": "部分", "persons": "人口", "points": "得分", "populations": "人口数",
    "posts": "任职", "proposed_area": "拟任地区", "proposed_role": "拟任岗位", "purpose": "用途", "recomputed": "重算村数",
    "reference_date": "基准日", "refusal": "原因", "revision": "版", "role": "岗位", "round": "批次", "route": "接口",
    "rows": "行数", "rule": "规则", "rubric": "评估表", "run": "次", "since": "起", "successor": "接手人", "superseded": "代替", "table": "表",
    "tier": "档次", "title": "职务", "to": "到期", "token": "令牌", "township": "乡镇", "version": "版本", "village": "村",
    "villages": "村数", "year": "年度", "stage": "阶段", "back_to": "退回到", "subject": "事项", "end_reason": "终止原因",
    "opinion": "意见", "category": "类别", "sitting": "会议", "notice": "公示", "kind": "种类", "list_seal": "名单校验码",
    "reasons": "理由", "checks": "四关", "group": "组", "held_on": "开会日期", "present": "实到", "blocked": "须由他人决定",
    "ends_at": "截止", "posted_at": "张贴时间", "sheet": "张贴件", "objection": "异议", "channel": "途径", "outcome": "结果",
    "proposal": "核查意见", "households": "户", "deadlines": "截止日期", "findings": "发现", "sealed": "已锁定", "sha256": "文件校验码", "size": "字节",
    "procedure": "程序", "look": "哪一看", "survey_scope": "评估范围", "survey_deadline": "评估截止", "phone": "办公电话", "found": "找到",
    "conditions": "情形", "reason": "事由", "head": "新户主", "other": "另一户", "moved": "转移人数", "household": "户编号",
    "taken": "从队尾取", "votes": "票数", "way": "排法", "ranking": "排队校验码", "whole": "全户", "state": "状态",
    "seed": "种子", "sample_percent": "抽查比例", "sample_least": "抽查最少户数", "income_departure": "算账允许相差",
    "into": "并入", "document": "文号", "effective": "生效日期", "merge": "撤并编号", "stayed": "留下的户",
    "marked": "用户原文件", "cells": "格数", "approved_by": "批准人", "numbers": "含完整号码", "request": "申请编号", "serial": "文件序号",
    "level": "级别", "feed_seq": "流水序号", "lists": "名单数", "snapshot": "定稿编号", "edition": "第几次", "step": "办了什么", "late": "逾期",
    "delegate": "代办人", "until": "止", "on_behalf_of": "代谁办理", "places": "地方数",
}  # fmt: skip
WORDS = {
    "households": "户", "persons": "人", "surveys": "表", "new": "新增", "changed": "修改", "same": "不变", "left": "离户",
    "notices": "公示", "cases": "办结户", "held": "有异议未结", "doubts": "疑点", "error": "必须改", "warning": "要说明", "hint": "请留意", "off": "不查", "county": "县表", "township": "乡镇表", "village": "村表", "roster": "花名册", "edit": "编辑用名册", "list": "分类名单",
    "agree": "同意", "return": "退回", "reject": "不同意", "stays": "留在本阶段", "filled": "已填", "skipped": "没有填", "refused": "没有填",
}  # fmt: skip
SHOWN, LONGEST, DIGEST = 3, 80, 12
REFUSALS = {"denied": "没有权限", "not_found": "没有找到或不在范围内", "bad_input": "内容有误", "wrong_state": "状态不符", "stale": "已被别人修改"}


def action_label(name: str) -> str:
    """Chinese name of an action; a refused page is named as such."""
    return "打开页面" if name.startswith("page") else ACTIONS.get(name, "其他操作")


def detail_lines(detail: Mapping[str, object]) -> list[tuple[str, str]]:
    """(label, value) of an audit row's detail, short."""
    return [(DETAILS.get(key, "其他"), _value(key, value)) for key, value in detail.items() if value not in (None, "", [], {})]


def _value(key: str, value: object) -> str:
    if key == "refusal":
        return REFUSALS.get(str(value), "未办成")
    if key == "digest":
        return str(value)[:DIGEST]
    text = _said(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return "，".join(f"{WORDS.get(key, DETAILS.get(key, key))} {_said(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        more = f" 等 {len(value)} 项" if len(value) > SHOWN else ""
        return "、".join(_said(item) for item in value[:SHOWN]) + more
    return WORDS.get(str(value), str(value))
