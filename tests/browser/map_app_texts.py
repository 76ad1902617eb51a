"""Texts that would run or break the map if any of them outcome code."""

HOSTILE = (
    "<script>window.top.pwned=1;window.pwned=1</script>",
    "${window.pwned=1}",
    "`;window.pwned=1;`",
    r"C:\users\new \u00zz",
    "{{7*7}} {% raw %}",
    '<img src=x onerror="window.pwned=1">',
    "</script><b>bold</b>",
    "'\"); window.pwned=1; //",
)
