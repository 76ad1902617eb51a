"""Four hundred texts that would be code, markup, formulas or paths somewhere, mixed with Urdu and with one another.

An attack that runs sets `pwned` on a window; one that loads asks the host `canary.example`.
"""

from __future__ import annotations

import random

_FRAGMENTS = (
    # HTML and scripts
    '<img src=x onerror="window.top.pwned=1;window.pwned=1">',
    "</script><script>window.top.pwned=1</script>",
    "<svg/onload=window.top.pwned=1>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    '"><a href="javascript:window.top.pwned=1">x</a>',
    "<style>@import 'http://canary.example/x.css';</style>",
    "<b onmouseover=window.top.pwned=1>bold</b>",
    "&lt;img src=x&gt; &#60;script&#62;",
    # template literals, templates, escapes
    "${window.top.pwned=1}",
    "`;window.top.pwned=1;`",
    "{{7*7}} {% raw %}",
    "'\"); window.top.pwned=1; //",
    r"C:\users\new \u00zz \x",
    r"\\server\share",
    "../../etc/passwd",
    # Markdown, LaTeX, directives of Streamlit
    "![i](http://canary.example/x.png)",
    "[link](javascript:window.top.pwned=1)",
    "<http://canary.example/auto>",
    "# heading",
    "| a | b |",
    "**strong** _soft_ ~~gone~~ `code`",
    r"$\frac{1}{2}$ $$x$$ \(y\)",
    ":material/skull: :red[red] :blue-badge[b] :skull:",
    ":streamlit: <- -> -- ---",
    # formulas
    "=cmd|'/C calc'!A0",
    "+1+1",
    "@SUM(1)",
    '=HYPERLINK("http://canary.example/","x")',
    # Urdu, marks of direction, what nobody sees
    "بنوں بازار",
    "ڈیرہ اسماعیل خان کے قریب",
    "\u202eevorp\u202c",
    "\u2067سرائے نورنگ\u2069",
    "\u200fمیر\u200cعلی",
    "a\u0301\u0323 \ufeff",
    "'; DROP TABLE batches; --",
    "%00%0d%0aSet-Cookie: a=b",
)


def mixes(n: int = 400) -> list[str]:
    """Return n different texts of one to four fragments; every fragment is in some of them."""
    chance, found = random.Random(46), dict.fromkeys(_FRAGMENTS)
    while len(found) < n:
        found[" ".join(chance.sample(_FRAGMENTS, chance.randint(2, 4)))] = None
    return list(found)


MIXES = mixes()
