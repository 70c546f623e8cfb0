"""Kinds of lines that were once left in or taken wrongly: each in several wordings, in an article of its language."""

from __future__ import annotations

import re

import pytest

import cleaner

ENGLISH = """\
The last sawmill on the Tarrow closes in June
The sawmill at Tarrow Bridge will stop its saws on the last day of June, after one hundred and forty years by the river.
Its owner, who is eighty-one, told the eleven men at breakfast, and then she went to the yard and counted the logs.
"We had more wood than water, and now we have neither," said the foreman, whose father also worked at the great saw.
{}
The mill was built in 1884 by a carpenter from the coast, and it burned down twice before the roof was made of slate.
In a good year it cut nine thousand trunks, most of them spruce, for the railway and for the shipyards in the south.
The county has offered to buy the wheel, which weighs four tons, but nobody knows yet how it could be moved by road."""
PORTUGUESE = """\
Serraria do rio fecha as portas em junho
A serraria da ponte vai parar as máquinas no último dia de junho, depois de cento e quarenta anos junto ao rio.
A dona, de oitenta e um anos, avisou os onze homens ao café da manhã e foi ao pátio contar os troncos.
"Tínhamos mais madeira do que água, e agora não temos nem uma nem outra", disse o encarregado da grande serra.
{}
A serraria foi construída em 1884 por um carpinteiro do litoral e pegou fogo duas vezes antes do telhado de ardósia.
O município quer comprar a roda, que pesa quatro toneladas, mas ninguém sabe como levá-la pela estrada."""
TURKISH = """\
Köprünün başındaki hızar haziranda susuyor
{}
Irmak kıyısındaki hızar, yüz kırk yıl sonra haziran ayının son günü çalışmayı bırakacak.
Seksen bir yaşındaki sahibi, haberi on bir işçiye kahvaltıda verdi, sonra avluya çıkıp tomrukları saydı.
Ustabaşı, babasının da aynı hızarda çalıştığını belirtti ve suyun artık yetmediğini anlattı.
Hızar 1884 yılında kıyıdan gelen bir marangoz tarafından kuruldu ve iki kez yandı.
İlçe belediyesi dört ton ağırlığındaki çarkı satın almak istiyor ama nasıl taşınacağını kimse bilmiyor."""


def left(article: str, put: str) -> str:
    """What is left of the line that was put in; the article itself must stay."""
    before, after = article.split("{}")
    text = cleaner.clean(article.format(put)).text
    head, tail = before.strip().split("\n"), after.strip().split("\n")
    for line in (*head[1:], *tail):
        assert line in text, line
    found = text[text.index(head[-1]) + len(head[-1]) : text.index(tail[0])]
    return re.sub(r"\s+", " ", found).strip()


@pytest.mark.parametrize(
    "line",
    [
        "If you get the Tarrow Ledger from Facebook or Instagram, that will be changing. Here's how to reach us.",
        "If you follow Valley News on Facebook, this is about to end. Find out how you can still get our stories.",
        "If you read our stories on Instagram - it may no longer work. Learn how to keep up with us.",
        "Meta is blocking news in your region. Find out how you can still connect with us.",
        "News is being blocked on Facebook in our country. See how you can still reach us.",
    ],
)
def test_news_on_networks_goes(line: str) -> None:
    assert left(ENGLISH, line) == ""


@pytest.mark.parametrize(
    "lines",
    [
        "Sign up to River Notes\nFree newsletter\nThe valley's best stories, and the week's weather\nEnter your email",
        "Free weekly newsletter\nAll the wood, the water and the wheels that matter\nYour email address",
        "Get our free newsletter\nWhat the river brought this week, good and bad\nEnter your e-mail here",
        "Sign up for Timber Talk\nA look at the trade, from stump to shelf\nEmail address",
        "Newsletter\nThe planet, the forest and what both need\nPlease enter your email address",
    ],
)
def test_the_pitch_in_a_form_goes(lines: str) -> None:
    assert left(ENGLISH, lines) == ""


@pytest.mark.parametrize(
    "pointer",
    [
        *("Scroll down for video.", "Scroll down for the full video", "Scroll down to watch the video."),
        *("Scroll down for more photos.", "Scroll down to see the gallery!"),
    ],
)
def test_a_pointer_behind_a_sentence_goes(pointer: str) -> None:
    sentence = "The blade was bought in Hamburg in 1902, and it has been filed by hand on every Sunday since then."
    assert left(ENGLISH, f"{sentence} {pointer}") == sentence


@pytest.mark.parametrize(
    "lines",
    [
        "Video Ad Feedback\nFarmer films the last log\n1:43",
        "Now playing\nHow the great wheel was hung in 1884\n2:05 / 4:10",
        "Video\nWhat a slate roof weighs\n0:58",
        "Watch\nThe saw at work, from above\n3:12",
        "Listen\nThe foreman's daughter sings at the gate\n12:40",
    ],
)
def test_the_title_between_label_and_length_goes(lines: str) -> None:
    assert left(ENGLISH, lines) == ""


@pytest.mark.parametrize(
    "line",
    [
        "MURAT DERELİ-VARNA/GÖLHA",
        "NEHİR ÇAKIR - SAZLIGÖL/GÖLHA",
        "ALİ CAN YILDIZ/VARNA (GHA)",
        "ESRA TAŞ-KÖPRÜBAŞI",
        "ONUR KAYA/SAZLIGÖL, GÖLHA",
    ],
)
def test_a_turkish_name_with_its_town_goes(line: str) -> None:
    assert left(TURKISH, line) == ""


@pytest.mark.parametrize(
    "line",
    [
        "Leia a íntegra da nota da prefeitura:",
        "Leia a íntegra da carta:",
        "Veja a íntegra do comunicado da empresa:",
        "Confira a íntegra da resposta do sindicato:",
        "Leia o texto da decisão:",
    ],
)
def test_what_announces_a_statement_stays(line: str) -> None:
    statement = '"A administração lamenta o transtorno e informa que as máquinas serão guardadas no galpão do cais."'
    assert left(PORTUGUESE, f"{line}\n{statement}") == f"{line} {statement}"


@pytest.mark.parametrize(
    ("sentence", "credits"),
    [
        ("Nobody has told the swallows.", "Reporting by Ada Moss and Tom Rusk; Editing by Ines Vold"),
        ("The wheel will stay for now.", "(Reporting by Ada Moss in Tarrow; Editing by Ines Vold)"),
        ("Her dog slept through all of it.", "Additional reporting by Tom Rusk; writing by Ada Moss"),
        ("By noon the yard was empty.", "Reporting by Tom Rusk, editing by Ines Vold"),
        ("It was her last word on it.", "Writing by Ada Moss; Editing by Ines Vold and Karl Ost"),
    ],
)
def test_the_sentence_before_glued_credits_stays(sentence: str, credits: str) -> None:
    article = ENGLISH.replace("{}\n", "")
    assert cleaner.clean(f"{article}\n{sentence}{credits}").text.rstrip() == f"{article}\n{sentence}"
