"""Sentences about the source of a report's figures."""

FROM_FILE = "📎 数字来自收到的文件，不是在这里填的；在这里改了，就以这里的为准。"
BEGUN_ANEW = "收到的文件用的是旧表样，这里按现在的表样接着填；意思相同的数字已带过来，请逐项核对。"
OTHER_FORM = "这份年报换用了当年的表样；意思相同的内容都保留，请看看新增的项目。"
