"""Articles of an outlet that there is not, for the tests of what sites repeat."""

from __future__ import annotations

import random

TREES = "Alder Birch Cedar Dogwood Elm Fir Gorse Hazel Ivy Juniper Larch Maple Oak Pine Rowan Spruce Thorn Willow"
NAMES = TREES.split()
THINGS = ["harbour", "mill", "bridge", "market", "tower", "orchard", "library", "quarry", "ferry", "chapel"]
VERBS = ["opened", "closed", "flooded", "burned", "reopened", "sold", "moved", "grew", "shrank", "failed"]
HOST = "www.marlow-post.example"
NOTICE = "Our reporters walk every street of the town so that you know first what happens in it."
FIGURE = "{} neighbours have told us what they think of this"
BACKGROUND = (
    "The Alder mill has stood empty since the flood of 1987, when its owners left the valley and its weavers with it."
)


def body(number: int, size: int = 8) -> list[str]:
    """The paragraphs of an article that no other has."""
    rnd = random.Random(number)
    return [
        f"The {rnd.choice(THINGS)} of {rnd.choice(NAMES)} {rnd.choice(VERBS)} in week {rnd.randrange(9999)} after "
        f"{rnd.choice(NAMES)} {rnd.choice(NAMES)} and {rnd.choice(THINGS)} keeper {rnd.randrange(9**9):x} spoke of the "
        f"{rnd.choice(THINGS)} to {rnd.choice(NAMES)} council, {chr(97 + number % 26) * 3}{rnd.randrange(9**9):x}."
        for _ in range(size)
    ]


def outlet(number: int = 30) -> list[list[str]]:
    """The articles of an outlet, with a notice, a line with a figure, and the background of a story in some."""
    articles = []
    for at in range(number):
        article = body(at)
        if at % 5 == 0:
            article.insert(4, BACKGROUND)
        if at % 3 == 0:
            article.insert(2, "What comes next")
        articles.append([*article, NOTICE, FIGURE.format(at * 7)])
    return articles
