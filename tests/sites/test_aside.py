"""What is surely the site's is laid aside before the judge looks, unless it opens what differs between articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from outlets import BACKGROUND, HOST, NOTICE, body

from cleaner import Cleaner
from cleaner.article.model import Finding, Span
from cleaner.detectors import repeats
from cleaner.reading.plain_text import segment
from cleaner.sites.counts import Counts, count
from cleaner.sites.listing import listed
from cleaner.sites.sample import digest, sketch
from cleaner.text.paragraphs import ArticleFacts

PITCH = ["Our reporters walk every street of the town.", "$5 | $10 | $25", "Give what you can, and thank you"]
THREAD = ["{} comments", "Old Tup says: it was the wind that did it", "Leave a comment"]


def outlet(*, middle: list[str], end: list[str] | None = None, title: str = "", number: int = 30) -> list[list[str]]:
    """Articles with the same lines in their midst and at their end; ``title``: one that differs comes behind those."""
    articles = []
    for at in range(number):
        own = body(at)
        titles = [title.format(chr(97 + at % 26) * (3 + at // 26))] if title else []
        lines = [line.format(at) if line.startswith("{}") else line for line in middle]
        articles.append([*own[:4], *lines, *titles, *own[4:], *(end or [])])
    return articles


def counted(articles: Iterable[list[str]]) -> Counts:
    texts = ["\n\n".join(article) for article in articles]
    return count(HOST.removeprefix("www."), [sketch(segment(text), digest(text)) for text in texts])


def laid_aside(article: list[str], counts: Counts, claims: tuple[Finding, ...] = ()) -> list[str]:
    """The paragraphs of the pieces that are laid aside."""
    facts = ArticleFacts.of(segment("\n\n".join(article)))
    pieces = repeats.aside(facts, claims, counts)
    left = repeats.without(facts.article, pieces)
    assert list(pieces) == sorted(pieces)
    gone = set(facts.article.paragraphs) - set(left.paragraphs)
    return [paragraph.span.of(facts.article.text) for paragraph in facts.article.paragraphs if paragraph in gone]


@dataclass
class Looks:
    """A judge that notes what it is shown."""

    seen: list[str] = field(default_factory=list)
    claims: tuple[Finding, ...] = ()
    sense: Any = None

    def __call__(self, facts: ArticleFacts, findings: Iterable[Finding]) -> Iterator[Finding]:
        self.seen += facts.texts
        self.claims = tuple(findings)
        return iter(())

    def kinds(self, facts: ArticleFacts, runs: Iterable[Span]) -> Iterator[Finding]:
        return (Finding(run, "donation-appeal", "judge", "judge/words", 0.0, role="kind") for run in runs)


def with_judge(articles: list[list[str]], looks: Looks) -> Cleaner:
    """A cleaner with that judge, that knows what the articles repeat."""
    counts = counted(articles)

    class One:
        def of_site(self, site: str) -> Counts | None:
            return counts if site == counts.site else None

    cleaner = Cleaner(repeats=One())
    cleaner.pipeline = replace(cleaner.pipeline, judge=looks)  # type: ignore[arg-type]
    return cleaner


def test_the_judge_does_not_see_what_is_surely_the_sites() -> None:
    articles = outlet(middle=PITCH, end=["Sign up here for our letter of the week"])
    looks = Looks()
    result = with_judge(articles, looks).clean("\n\n".join(articles[3]), url=f"https://{HOST}/a")
    assert looks.seen == body(3)
    assert result.text.split("\n\n") == body(3)
    # What it did not see is named all the same, and so is the line without a letter in its midst.
    assert {r.category for r in result.removed if r.text.strip() in PITCH} == {"donation-appeal"}
    reasons = " ".join(removed.reason for removed in result.removed)
    assert "in 30 of 30 articles of marlow-post.example" in reasons


def test_without_counts_it_sees_all() -> None:
    articles = outlet(middle=PITCH)
    looks = Looks()
    with_judge(articles, looks).clean("\n\n".join(articles[3]), url="https://elsewhere.example/a")
    assert looks.seen == articles[3]


def test_what_opens_a_title_stays_in_sight() -> None:
    articles = outlet(middle=["You may like this, too:"], title="A story of the {} in the hills")
    assert laid_aside(articles[5], counted(articles)) == []


def test_at_the_end_nothing_is_opened() -> None:
    articles = outlet(middle=[], end=["You may like what comes next:"])
    assert laid_aside(articles[5], counted(articles)) == ["You may like what comes next:"]


def test_behind_comments_more_of_them_may_come() -> None:
    """A heading of comments with a comment behind it in a quarter of the articles looks like one behind which the
    articles go on; a rule that calls it comments makes the difference."""
    articles = outlet(middle=[], number=32)
    for at, article in enumerate(articles):
        article += [f"{at} comments so far, join in"]
        more = [f"{line} I say" for line in body(1000 + at, 8)]
        article += more if at % 4 == 0 else [f"visitor {chr(97 + at % 26) * 3}{at * 7919:x}", *more[:1]]
    counts = counted(articles)
    text = "\n\n".join(articles[4])
    start = text.index("4 comments so far")
    rule = Finding(Span(start, start + 10), "comments", "phrases", "comments/heading", 0.9, own=False)
    whole = replace(rule, span=Span(start, start + len("4 comments so far, join in")))
    assert laid_aside(articles[4], counts) == ["4 comments so far, join in"]
    assert laid_aside(articles[4], counts, (whole,)) == []


def test_a_thread_that_repeats_as_a_whole_opens_nothing() -> None:
    articles = outlet(middle=THREAD)
    assert laid_aside(articles[7], counted(articles)) == [THREAD[0].format(7), *THREAD[1:]]


def claims_on(article: list[str], *lines: str) -> tuple[Finding, ...]:
    """What a rule says that calls these lines comments."""
    text = "\n\n".join(article)
    spans = [Span(text.index(line), text.index(line) + len(line)) for line in lines]
    return tuple(Finding(span, "comments", "phrases", "comments/heading", 0.9, own=False) for span in spans)


def test_comments_that_repeat_themselves_are_no_heading_of_others() -> None:
    """The box stands near the end in three of four articles, in the midst in one."""
    told = "Old Tup wrote that it was the wind, and that nobody in the whole valley is to blame."
    for box in (["Comments so far"], ["Comments so far", told]):
        articles = [[*body(at)] for at in range(32)]
        for at, article in enumerate(articles):
            place = 4 if at % 4 == 0 else 7
            article[place:place] = box
        found = laid_aside(articles[4], counted(articles), claims_on(articles[4], box[0]))
        assert found == (box if told in box else [])


def test_the_background_of_a_story_behind_a_notice_opens_nothing() -> None:
    articles = [[*body(at)] for at in range(36)]
    for at, article in enumerate(articles):
        place = 7 if at % 6 == 0 else 3
        article[place:place] = [NOTICE, BACKGROUND] if at % 6 == 0 else [NOTICE]
    assert laid_aside(articles[6], counted(articles)) == [NOTICE]


def test_what_stands_in_a_block_between_lines_that_go_goes_with_them() -> None:
    box = ["Comments so far", "Old Tup", "It was the wind, and nobody in the whole of the valley is to blame for that.",
           "Tell us what you think"]  # fmt: skip
    articles = [[*body(at)] for at in range(32)]
    for at in range(0, 32, 5):
        articles[at][4:4] = box
    counts, article = counted(articles), articles[5]
    assert laid_aside(article, counts) == []
    claims = claims_on(article, box[0], box[-1])
    assert laid_aside(article, counts, claims) == box
    facts = ArticleFacts.of(segment("\n\n".join(article)))
    found = {f.span.of(facts.article.text): f for f in repeats.detect(facts, claims, counts) if f.score}
    assert sorted(found) == sorted(box)
    assert found["Old Tup"].evidence[0].text == "between lines that are in 7 of 32 articles of marlow-post.example"
    # One alone at the edge stays: the article may go on with it.
    facts = ArticleFacts.of(segment("\n\n".join(article)))
    found = {f.span.of(facts.article.text): f for f in repeats.detect(facts, claims[:1], counts) if f.score}
    assert [*found] == [box[0]]


def test_a_block_that_begins_in_a_piece_ends_with_it_but_the_users_own() -> None:
    pieces = (Span(10, 20), Span(40, 50))
    block = Finding(Span(12, 90), "comments", "phrases", "comments/block", 0.8, own=False)
    inside, before = replace(block, span=Span(41, 45)), replace(block, span=Span(0, 60))
    own = replace(block, own=True)
    ended = repeats.ended((block, inside, before, own), pieces)
    assert [finding.span for finding in ended] == [Span(12, 20), Span(41, 45), Span(0, 60), Span(12, 90)]


def test_amounts_between_lines_that_go_go_with_them() -> None:
    articles = outlet(middle=PITCH)
    facts = ArticleFacts.of(segment("\n\n".join(articles[2])))
    found = {f.span.of(facts.article.text): f for f in repeats.detect(facts, (), counted(articles))}
    assert found[PITCH[1]].score == min(found[PITCH[0]].score, found[PITCH[2]].score)
    assert found[PITCH[1]].evidence[0].text == "between lines that are in 30 of 30 articles of marlow-post.example"
    scores = [*body(40)[:2], "2 : 1", *body(40)[2:]]
    facts = ArticleFacts.of(segment("\n\n".join(scores)))
    assert [*repeats.detect(facts, (), counted(articles))] == []


def test_what_is_told_with_those_nearly_the_same_is_listed_once() -> None:
    names = ("Ann Lee", "Max Orr", "Ida Lund")
    articles = [[*body(at), f"Get the {names[at % 3]} letter from the coast each Friday morning"] for at in range(30)]
    sketches = [sketch(segment("\n\n".join(article)), digest("".join(article))) for article in articles]
    _, found = listed("marlow-post.example", sketches)
    assert [(one.near, one.repeat.articles) for one in found] == [(True, 30)]
