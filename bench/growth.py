"""How the time grows with the size: texts and pages of one shape, from 12 to 800 kB.

    python bench/growth.py [SHAPE ...] [--sizes 12 50 200 800]

Prints seconds of the processor for each size (the median of three), and the exponent between the smallest and the
largest size: 1 is linear. The bar is 1.2. Exit code 1 if a shape is over it.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable
from statistics import median

from cleaner import Cleaner

BAR = 1.2
LINE = "The harbour board met on Tuesday and put off the vote on berth {n} until the ferry is back.\n"


def page(body: str) -> str:
    """A page with a body."""
    return f"<!DOCTYPE html><html lang=en><title>Berths</title><body><article>{body}</article></body></html>"


SHAPES: dict[str, tuple[Callable[[int], str], bool]] = {
    "lines": (lambda n: LINE.format(n=n), False),
    "short lines": (lambda n: f"Berth {n}\n", False),
    "one line": (lambda n: LINE.format(n=n).replace("\n", " "), False),
    "© lines": (lambda n: f"© {1900 + n % 120} Harbour Post {n}. All rights reserved\n", False),
    "bylines": (lambda n: f"By Ann Weaver {n} | Updated 14:{n % 60:02}\n", False),
    "glued": (lambda n: f"BerthNumber{n}IsLetToTheFerry", False),
    "glued lines": (lambda n: f"Berth {n} is let.Next is the quay of the Ferry{n}", False),
    "tiny": (lambda n: "a\n", False),
    "same line": (lambda n: "Berth nine is let to the ferry of Varn\n", False),
    "titles": (lambda n: f"Ferry Number {n} Ends Strike After Nine Long Weeks in Varn\n\n", False),
    "list items": (lambda n: f"- Berth {n}, let\n", False),
    "rows": (lambda n: f"Berth {n}\t{n * 7}\tlet\t{n}:30\n", False),
    "captions": (lambda n: f"The quay at berth {n} in May. Photo: Jo Field\n", False),
    "share bars": (lambda n: "Facebook Twitter Google Email Print\n", False),
    "questions": (lambda n: f"Q: Is berth {n} let?\nA: Yes, to the ferry.\n", False),
    "paragraphs": (lambda n: f"<p>{LINE.format(n=n)}</p>", True),
    "lists": (lambda n: f"<ul><li>Berth {n}<li>Ferry {n}</ul>", True),
    "links": (lambda n: f'<a href="/berth/{n}">Berth {n} is let</a> ', True),
    "attributes": (lambda n: f'<p class="text t{n}" id="p{n}" data-a="{n}" style="color: red">Berth {n}.</p>', True),
    "<br>": (lambda n: f"Berth {n} is let to the ferry.<br>", True),
    "nested": (lambda n: f"<div><span>Berth {n}</span> is let</div>", True),
    "tables": (lambda n: f"<table><tr><td>Berth {n}<td>let<td>{n}</table>", True),
    "one list": (lambda n: "<ul>" * (n == 0) + f"<li>Berth {n}", True),
    "one table": (lambda n: "<table>" * (n == 0) + f"<tr><td>Berth {n}<td>let<td>{n}", True),
    "one paragraph": (lambda n: "<p>" * (n == 0) + f"Berth {n} is let to the <b>ferry</b>. ", True),
    "one tag": (lambda n: "<p" * (n == 0) + f' data-a{n}="{n}"', True),
    "unclosed": (lambda n: f"<div>Berth {n} is let", True),
    "glued spans": (lambda n: f"<span>Berth{n}</span>", True),
    "empty": (lambda n: "<p></p><div></div>", True),
    "figures": (lambda n: f"<figure><img src=a.png><figcaption>Berth {n} (Jo Field)</figcaption></figure>", True),
}
"""By name: what is repeated, with its number, and whether it is a page."""


def made(name: str, size: int) -> str:
    """A text or page of a shape, of about ``size`` thousand characters."""
    part, html = SHAPES[name]
    parts, length, number = [], 0, 0
    while length < 1000 * size:
        parts.append(part(number))
        length += len(parts[-1])
        number += 1
    return page("".join(parts)) if html else "".join(parts)


def seconds(cleaner: Cleaner, text: str, html: bool) -> float:
    """The median of three, in seconds of the processor."""
    took = []
    for _ in range(3):
        begin = time.process_time()
        cleaner.clean_html(text) if html else cleaner.clean(text)
        took.append(time.process_time() - begin)
    return median(took)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="*", choices=[[], *SHAPES], metavar="SHAPE")
    parser.add_argument("--sizes", nargs="+", type=int, default=[12, 50, 200, 800], metavar="KB")
    options = parser.parse_args()
    cleaner = Cleaner()
    print(f"{'':14}" + "".join(f"{size:>8} kB" for size in options.sizes) + "  exponent")
    over = []
    for name in options.shapes or SHAPES:
        html = SHAPES[name][1]
        seconds(cleaner, made(name, 2), html)  # what is made ready once
        took = [seconds(cleaner, made(name, size), html) for size in options.sizes]
        exponent = math.log(took[-1] / took[0]) / math.log(options.sizes[-1] / options.sizes[0])
        if exponent > BAR:
            over.append(name)
        print(f"{name:14}" + "".join(f"{each:9.3f} s" for each in took) + f"{exponent:8.2f}", flush=True)
    if over:
        sys.exit(f"over {BAR}: {', '.join(over)}")


if __name__ == "__main__":
    main()
