from django import forms


class GroupForm(forms.Form):
    number = forms.IntegerField(label="组号", min_value=1, max_value=98)
    name = forms.CharField(label="组名", max_length=64, required=False, help_text="不填就叫“n组”。")


class PopulationForm(forms.Form):
    group_code = forms.CharField(widget=forms.HiddenInput)
    year = forms.IntegerField(label="年度", min_value=1990, max_value=2100)
    households = forms.IntegerField(label="户籍户数", min_value=0, max_value=100_000)
    persons = forms.IntegerField(label="户籍人口", min_value=0, max_value=1_000_000)
    source = forms.CharField(label="来源", max_length=64, required=False)


class CountySettingsForm(forms.Form):
    hide_score = forms.BooleanField(label="填表时隐藏得分、小计和暂列档次", required=False)
