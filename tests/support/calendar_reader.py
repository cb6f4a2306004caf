"""Read a calendar back, for the tests that write one."""

import re


def read_calendar(content):
    """Return the events of a calendar as dictionaries of unescaped values, the lines unfolded."""
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    blocks = "\n".join(lines).split("\nBEGIN:VEVENT\n")[1:]
    unescaped = {"\\n": "\n", "\\N": "\n"}
    return [
        {
            name.partition(";")[0]: re.sub(r"\\.", lambda match: unescaped.get(match[0], match[0][1:]), value)
            for line in block.partition("\nEND:VEVENT")[0].split("\n")
            for name, _, value in [line.partition(":")]
        }
        for block in blocks
    ]
