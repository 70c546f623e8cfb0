"""Web pages of invented outlets whose markup says nothing, and what `cleaner run` makes of them.

    python bench/site_pages.py make FOLDER GOLD.jsonl [--sites 6] [--pages 30] [--seed 1] [--bare]
    python bench/site_pages.py score FOLDER OUT

make: FOLDER/in/<host>/<n>.html and FOLDER/gold.jsonl. The bodies are those of GOLD (id, text, spans: articles of any
kind, their boilerplate cut). All elements of a page are div, p, a and h1 to h3, with --bare all but the title are div;
of three outlets one has names like "x3f9a" that stay the same, one has such names anew on each page, one has none.
Around the body are menus, a list of what is most read, with a line of text each, comments, a biography of the author,
an appeal; within it a prompt for a letter and links to other articles. What must stay though it repeats: a sub-heading
of the house, and the background of a story.
score: for each kind how much of it is gone, and how much of the articles, in characters of whole lines of OUT/clean.
"""

from __future__ import annotations

import argparse
import html
import json
import random
from collections import defaultdict
from pathlib import Path
from typing import Any

SECTIONS = ["World", "Town", "Business", "Culture", "Sport", "Weather", "Letters", "Puzzles"]
HEADINGS = ["What happens next", "The background", "Why it matters", "A closer look"]
NAMES = ["Ada Brook", "Ben Carver", "Cleo Dunn", "Dov Ellis", "Eva Frost", "Finn Gale", "Gwen Hale"]
PROMPT = [
    "Sign up for the {} letter",
    "The stories of the day in your inbox before breakfast, chosen by our editors.",
    "Your address is safe with us and you can leave whenever you like.",
]
APPEAL = [
    "The {} belongs to its readers.",
    "If you find our work useful, please think about giving something so that it stays free for all.",
    "Give today",
]
FOOTER = ["About the {}", "Terms of use", "Privacy", "Advertise with us", "All rights reserved by the {} Company."]


def body(gold: dict[str, Any]) -> list[str]:
    """The paragraphs of the article alone."""
    text = gold["text"]
    marks = bytearray(len(text))
    for span in gold["spans"]:
        marks[span["start"] : span["end"]] = b"\1" * (span["end"] - span["start"])
    kept = "".join(c for c, mark in zip(text, marks, strict=True) if not mark or c == "\n")
    return [" ".join(line.split()) for line in kept.split("\n") if len(line.strip()) > 1]


class Outlet:
    """An outlet: its names, its texts, and how it makes a page."""

    def __init__(self, number: int, bodies: list[list[str]], rnd: random.Random, *, bare: bool) -> None:
        self.bare = bare
        self.host = f"www.gazette{number:02}.example"
        self.title = f"Gazette {chr(65 + number % 26)}"
        self.naming = ("same", "anew", "none")[number % 3]
        self.rnd = rnd
        self.bodies = bodies
        self.names: dict[str, str] = {}
        self.story = next(line for each in bodies for line in each if len(line.split()) > 25)
        self.heading = HEADINGS[number % len(HEADINGS)]
        self.popular = [self.teaser() for _ in range(14)]
        self.places = rnd.sample(["most read", "comments", "author", "appeal"], 4)
        self.authors = [(each, f"{each} {rnd.choice(['has written about', 'covers', 'reports on'])} "
                         f"{rnd.choice(['the valley', 'schools', 'courts'])} for {rnd.randrange(2, 30)} years.")
                        for each in rnd.sample(NAMES, 4)]  # fmt: skip

    def teaser(self) -> tuple[str, str]:
        """The title of another article, and a line of it."""
        other = self.rnd.choice(self.bodies)
        return other[0][:90], max(other[1:] or other, key=len).split(". ")[0][:200] + "."

    def name(self, role: str) -> str:
        """The class of an element of this role."""
        if self.naming == "none":
            return ""
        if role not in self.names or self.naming == "anew":
            self.names[role] = f"x{self.rnd.randrange(16**4):04x}"
        return f' class="{self.names[role]}"'

    def page(self, text: list[str]) -> tuple[str, list[tuple[str, str]]]:
        """A page around an article, and the lines of it with their kinds (article, repeats, or a kind of template)."""
        if self.naming == "anew":
            self.names = {}
        rnd, lines = self.rnd, []

        def block(role: str, parts: list[str], kind: str, *, links: bool = False, tag: str = "p") -> str:
            lines.extend((part, kind) for part in parts)
            shown = [
                f'<a href="/{rnd.randrange(10**6)}">{html.escape(p)}</a>' if links else html.escape(p) for p in parts
            ]
            tag = "div" if self.bare else tag
            inner = "".join(f"<{tag}{self.name(role + ' line')}>{each}</{tag}>" for each in shown)
            return f"<div{self.name(role)}>{inner}</div>"

        def boxed(box: list[str]) -> list[str]:
            return [part.format(self.title) for part in box]

        author, about = rnd.choice(self.authors)
        made = [block("menu", [self.title, *SECTIONS], "menu", links=True, tag="div")]
        made.append(f"<h1{self.name('title')}>{html.escape(text[0])}</h1>")
        made.append(block("byline", [f"By {author}"], "byline", tag="div"))
        inner = [(line, "article") for line in text[1:]]
        if rnd.random() < 1 / 3:
            inner.insert(len(inner) // 2, (self.heading, "heading"))
        if rnd.random() < 1 / 6:
            inner.insert(max(1, len(inner) - 2), (self.story, "repeats"))
        parts = []
        for line, kind in inner:
            lines.append((line, "repeats" if kind == "heading" else kind))
            tag = "div" if self.bare else "h2" if kind == "heading" else "p"
            parts.append(
                f"<{tag}{self.name('text heading' if kind == 'heading' else 'text')}>{html.escape(line)}</{tag}>"
            )
        if rnd.random() < 0.8:
            parts.insert(len(parts) // 2, block("prompt", boxed(PROMPT), "prompt"))
        for _ in range(rnd.choice((0, 1, 2))):
            parts.insert(
                rnd.randrange(1, len(parts) + 1), block("more", [self.teaser()[0]], "other articles", links=True)
            )
        made.append(f"<div{self.name('body')}>{''.join(parts)}</div>")
        for part in self.places:
            if part == "most read":
                chosen = [rnd.choice(self.popular) if rnd.random() < 0.8 else self.teaser() for _ in range(5)]
                made.append(block("most head", ["Most read"], "most read", tag="h3"))
                for title, line in chosen:
                    made.append(block("most title", [title], "most read", links=True, tag="div"))
                    made.append(block("most line", [line], "most read", tag="div"))
            elif part == "comments":
                made.append(block("comments head", [f"{rnd.randrange(2, 90)} comments"], "comments", tag="h3"))
                for _ in range(rnd.choice((0, 1, 3))):
                    said = rnd.choice(rnd.choice(self.bodies)[1:] or ["No."])[:300]
                    made.append(block("comment", [f"reader{rnd.randrange(999)}", said, "Reply"], "comments", tag="div"))
            elif part == "author":
                made.append(block("author", [about], "author", tag="div"))
            else:
                made.append(block("appeal", boxed(APPEAL), "appeal", tag="div"))
        made.append(block("footer", boxed(FOOTER), "footer", tag="div"))
        head = f"<head><title>{html.escape(text[0])}</title></head>"
        return f"<html>{head}<body><div{self.name('page')}>{''.join(made)}</div></body></html>", lines


def make(folder: Path, gold: list[Path], sites: int, pages: int, seed: int, *, bare: bool) -> None:
    """Write the pages and what each holds."""
    rnd = random.Random(seed)
    given = [json.loads(line) for path in gold for line in path.read_text(encoding="utf-8").splitlines()]
    bodies = [b for b in map(body, (g for g in given if g.get("lang", "en") == "en")) if 6 <= len(b) <= 60]
    rnd.shuffle(bodies)
    at = 0
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "gold.jsonl", "w", encoding="utf-8") as file:
        for number in range(sites):
            outlet = Outlet(number, bodies, rnd, bare=bare)
            (folder / "in" / outlet.host).mkdir(parents=True, exist_ok=True)
            for page in range(pages):
                text, lines = outlet.page(bodies[at % len(bodies)])
                at += 1
                name = f"{outlet.host}/{page:03}.html"
                (folder / "in" / name).write_text(text, encoding="utf-8")
                file.write(json.dumps({"id": name, "naming": outlet.naming, "lines": lines}) + "\n")


def score(folder: Path, out: Path) -> None:
    """Print the share of each kind that is gone, by how the outlets name their elements."""
    gone: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        page = json.loads(line)
        left = {" ".join(each.split()) for each in (out / "clean" / f"{page['id']}.txt").read_text().split("\n")}
        own = {text for text, kind in page["lines"] if kind in ("article", "repeats")}
        for text, kind in page["lines"]:
            if kind not in ("article", "repeats") and text in own:
                continue  # the same words are article, too
            for naming in (page["naming"], "all"):
                gone[naming, kind][0] += len(text) * (text not in left)
                gone[naming, kind][1] += len(text)
    for naming in ("same", "anew", "none", "all"):
        kinds = {kind: some / most for (each, kind), (some, most) in gone.items() if each == naming and most}
        own = {kind: f"{kinds.pop(kind):.2%}" for kind in ("article", "repeats") if kind in kinds}
        template = [
            pair for (each, kind), pair in gone.items() if each == naming and kind not in ("article", "repeats")
        ]
        recall = sum(some for some, _ in template) / max(1, sum(most for _, most in template))
        by = ", ".join(f"{kind} {share:.2f}" for kind, share in sorted(kinds.items()))
        print(f"names {naming:5} template gone {recall:.3f} ({by}); lost: {own}")


def main() -> None:
    """Make or score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make")
    making.add_argument("folder", type=Path)
    making.add_argument("gold", nargs="+", type=Path)
    making.add_argument("--sites", type=int, default=6)
    making.add_argument("--pages", type=int, default=30)
    making.add_argument("--seed", type=int, default=1)
    making.add_argument("--bare", action="store_true")
    scoring = commands.add_parser("score")
    scoring.add_argument("folder", type=Path)
    scoring.add_argument("out", type=Path)
    args = parser.parse_args()
    if args.command == "make":
        make(args.folder, args.gold, args.sites, args.pages, args.seed, bare=args.bare)
    else:
        score(args.folder, args.out)


if __name__ == "__main__":
    main()
