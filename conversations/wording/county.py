"""Sentences that all views of many organs share."""

COUNTY = "cy"
NOT_YOURS = "只有管理员能看，而且只能看自己的下级单位。"
OLD = "这个按钮已经失效，请重新打开。"
