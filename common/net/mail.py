from __future__ import annotations

from email.charset import QP, Charset

# Every relay carries it as it is; Django's own choice is raw 8-bit text where lines are short.
SEVEN_BIT = Charset("utf-8")
SEVEN_BIT.body_encoding = QP
