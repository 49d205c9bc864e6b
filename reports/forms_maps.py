"""The form of the county's map: a GeoJSON file, or the wish to be without one."""

from django import forms


class OutlinesForm(forms.Form):
    file = forms.FileField(
        label="GeoJSON 文件", help_text="每个村或乡镇一个面，属性 code 写 12 位村代码或 9 位乡镇代码；经纬度坐标，不超过 8 MB。",
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请重新选择。"},
    )  # fmt: skip
