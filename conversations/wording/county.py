"""What those are told who look after many organs: what all views share."""

COUNTY = "cy"
NOT_YOURS = "只有管理员能看下级单位的情况。"
OLD = "这个按钮已经失效，请重新打开。"
