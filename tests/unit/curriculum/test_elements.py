"""What pages can hold besides text: as learners get it, and what authors read if something is missing."""

from __future__ import annotations

from datetime import date

import pytest

from lti_tool.curriculum.checks import check
from lti_tool.curriculum.loader import load_catalogue
from lti_tool.curriculum.markup import parse
from lti_tool.curriculum.render import Surroundings, to_html
from tests.unit.curriculum.conftest import ContentFolder

TODAY = date(2026, 11, 22)
PAGE, MODULE = "modules/wasser/pages/01-pegel.md", "modules/wasser/module.yaml"
HERE = Surroundings(
    "/content/wasser/v1", sizes={"plan.pdf": 123_456, "film.odt": 2_345_678}, terms={"dsfa": "Prüfung der <Risiken>"}
)
ENGLISH = Surroundings("/c", language="en", sizes={"film.odt": 2_345_678})
VTT = "WEBVTT\n\n00:01.000 --> 00:04.000\nGuten Tag.\n"
GLOSSARY = "glossary:\n  - {id: pegel, term: Pegel, text: Misst den Wasserstand.}\n"
CHECK = """\
::: check Was misst ein Pegel?
- [x] Den Wasserstand
  Über einem festen Punkt.
- [ ] Die Temperatur
  Dafür gibt es Thermometer.
:::
"""
PLAYER = "::: video media/film.mp4 Rundgang\nGuten Tag.\n:::\n"


def html(text: str, at: Surroundings = HERE) -> str:
    return to_html(parse(text), at)


def findings(content: ContentFolder) -> list[str]:
    return [str(p).removeprefix(f"{content.path.as_posix()}/") for p in check(content.path, today=TODAY)]


def written(content: ContentFolder, text: str) -> list[str]:
    """What the checker says about a page with this text, which starts on line 7."""
    content.write(PAGE, f"---\ntitle: Der Pegel\nminutes: 10\nsources: [gesetz]\n---\n\n{text}")
    return [line.removeprefix(f"{PAGE}:") for line in findings(content)]


def test_an_accordion_unfolds_without_a_script() -> None:
    assert html("::: accordion Mehr & dazu\n- eins\n:::") == (
        '<details class="kern-accordion"><summary class="kern-accordion__header"><span class="kern-title">Mehr &amp; dazu'
        '</span></summary><div class="kern-accordion__body">\n<ul>\n<li>eins</li>\n</ul>\n</div></details>'
    )


def test_boxes_may_lie_in_each_other() -> None:
    out = html("::::: accordion Mehr\n:::: practice Musterstadt\nText\n::::\nDanach\n:::::\n\nEnde")
    assert out.index("</div></div>") < out.index("Danach") < out.index("</div></details>") < out.index("Ende")


def test_a_knowledge_check_answers_at_once_and_without_a_server() -> None:
    out = html(CHECK)
    assert '<p class="check__prompt">Was misst ein Pegel?</p>' in out
    assert (
        '<details class="check__option check__option--right"><summary class="check__answer">Den Wasserstand</summary>'
        '<div class="check__feedback"><p><strong class="check__verdict">Richtig.</strong> Über einem festen Punkt.</p>'
    ) in out
    assert '<summary class="check__answer">Die Temperatur</summary>' in out
    assert "Nicht richtig.</strong> Dafür gibt es Thermometer." in out
    assert "[x]" not in out


def test_a_list_outside_of_a_knowledge_check_stays_a_list() -> None:
    assert "<li>[x] eins</li>" in html("- [x] eins\n- [ ] zwei")


def test_a_video_has_native_controls_captions_and_a_transcript() -> None:
    out = html(PLAYER)
    assert '<video class="player" controls="" preload="metadata" aria-label="Rundgang">' in out
    assert '<source src="/content/wasser/v1/film.mp4" type="video/mp4">' in out
    assert '<track kind="captions" src="/content/wasser/v1/film.vtt" srclang="de" label="Untertitel" default="">' in out
    assert '<span class="kern-title">Mitschrift: Rundgang</span></summary><div class="kern-accordion__body">' in out
    assert "autoplay" not in out


def test_a_sound_is_played_where_captions_can_be_seen() -> None:
    out = html("::: audio media/ton.mp3 Gespräch\nText\n:::", ENGLISH)
    assert '<video class="player player--audio" controls=""' in out
    assert 'type="audio/mpeg"' in out
    assert 'srclang="en" label="Captions"' in out
    assert "Transcript: Gespräch" in out


def test_a_download_names_its_kind_and_size() -> None:
    assert html("[Plan](media/plan.pdf)") == (
        '<p><a class="kern-link download" href="/content/wasser/v1/plan.pdf" download="">Plan '
        '<span class="download__facts">(PDF, 123 KB)</span></a></p>'
    )
    assert "(ODT, 2,3 MB)" in html("[Film](media/film.odt)")
    assert "(ODT, 2.3 MB)" in html("[Film](media/film.odt)", ENGLISH)


def test_a_term_is_explained_right_behind_it() -> None:
    assert html("Eine [DSFA](term:dsfa).") == (
        '<p>Eine <span class="term"><span class="term__name">DSFA</span>'
        '<span class="term__text"> (Prüfung der &lt;Risiken&gt;)</span></span>.</p>'
    )


def test_all_elements_together_have_no_findings(content: ContentFolder) -> None:
    for name, data in (("film.mp4", b"\0"), ("film.vtt", VTT), ("plan.pdf", "%PDF")):
        content.write(f"modules/wasser/media/{name}", data)
    content.change(MODULE, "provider: ", f"{GLOSSARY}provider: ")
    text = f"{CHECK}\n{PLAYER}\n::: accordion Mehr\nEin [Pegel](term:pegel), der [Plan](media/plan.pdf).\n:::\n"
    assert written(content, text) == []
    page = load_catalogue(content.path, today=TODAY).modules["wasser"].pages[0]
    assert "(Misst den Wasserstand.)" in page.html
    assert "(PDF, 1 KB)" in page.html


BOXES = [
    ("::: accordion\nText\n:::\n", "7:1: Der Kasten hat keinen Titel – hinter die Art einen Titel schreiben"),
    ("::: acordion Mehr\nText\n:::\n", "7:1: Den Kasten »acordion« gibt es nicht – meinten Sie »accordion«?"),
    ("::: check Frage?\nText\n:::\n",
     "7:1: Die Wissensfrage hat keine zwei Antworten – je Antwort eine Zeile »- [ ] Antwort« schreiben"),
    (CHECK.replace("[x]", "[ ]"), "7:1: Die Wissensfrage hat keine richtige Antwort – genau eine Antwort mit [x] kennzeichnen"),
    (CHECK.replace("[ ]", "[x]"), "7:1: Die Wissensfrage hat 2 richtige Antworten – genau eine Antwort mit [x] kennzeichnen"),
    (CHECK.replace("- [ ] Die", "- Die"),
     "10:1: Vor der Antwort »Die Temperatur« fehlt [ ] oder [x] – »- [ ] …« oder »- [x] …« schreiben"),
    (CHECK.replace("\n  Dafür gibt es Thermometer.", ""),
     "10:1: Die Antwort »Die Temperatur« hat keine Rückmeldung – eingerückt in die nächste Zeile schreiben"),
    (CHECK.replace("\n:::", "\n\nWeil es so ist.\n:::"),
     "7:1: Hinter den Antworten der Wissensfrage steht Text – in die Rückmeldungen schreiben"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), BOXES)
def test_box_rules(content: ContentFolder, text: str, expected: str) -> None:
    assert written(content, text) == [expected]


PLAYERS = [
    (PLAYER, ["film.mp4"], "7:1: Das Video media/film.mp4 hat keine Untertitel – media/film.vtt anlegen"),
    (PLAYER, ["film.vtt"], "7:1: Die Datei media/film.mp4 gibt es nicht – meinten Sie »media/film.vtt«?"),
    (PLAYER.replace("Guten Tag.\n", ""), ["film.mp4", "film.vtt"],
     "7:1: Das Video hat keine Mitschrift – den gesprochenen Text in den Kasten schreiben"),
    (PLAYER.replace(" Rundgang", ""), ["film.mp4", "film.vtt"],
     "7:1: Das Video hat keinen Titel – hinter die Datei einen Titel schreiben"),
    (PLAYER.replace("media/film.mp4", "https://example.org/film.mp4"), [],
     "7:1: Das Video liegt nicht im Modul – schreiben wie ::: video media/datei.mp4 Titel"),
    (PLAYER.replace("video", "audio"), ["film.mp4"],
     "7:1: Der Ton media/film.mp4 hat eine andere Endung als .mp3, .ogg, .m4a – umwandeln"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "files", "expected"), PLAYERS)
def test_video_and_audio_rules(content: ContentFolder, text: str, files: list[str], expected: str) -> None:
    for name in files:
        content.write(f"modules/wasser/media/{name}", VTT)
    assert written(content, text) == [expected]


LINKS = [
    ("[Plan](media/plan.pdf)", "7:1: Die Datei media/plan.pdf gibt es nicht – in den Ordner media/ legen"),
    ("[Bild](media/pegel.svg)", ("7:1: Die Datei media/pegel.svg ist nichts zum Herunterladen – vorgesehen sind .pdf, .odt, .ods,"
     " .odp, .docx, .xlsx, .pptx, .csv, .ics, .txt")),
    ("Ein [Pegl](term:pegl).", "7:1: Den Begriff »pegl« gibt es nicht – meinten Sie »pegel«?"),
    ("Mehr [hier](https://example.org).", "7:1: Der Linktext »hier« sagt nicht, wohin er führt – das Ziel nennen"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), LINKS)
def test_link_rules(content: ContentFolder, text: str, expected: str) -> None:
    content.change(MODULE, "provider: ", f"{GLOSSARY}provider: ")
    assert written(content, text) == [expected]


def test_a_term_needs_a_glossary(content: ContentFolder) -> None:
    assert written(content, "[Pegel](term:pegel)") == [
        "7:1: Den Begriff »pegel« gibt es nicht – in module.yaml unter »glossary« erklären"
    ]


def test_a_term_is_explained_once(content: ContentFolder) -> None:
    twice = GLOSSARY + GLOSSARY.splitlines()[1] + "\n"
    content.change(MODULE, "provider: ", f"{twice}provider: ")
    assert findings(content) == [f"{MODULE}:10:10: »pegel« kommt zweimal vor – jeden Namen nur einmal vergeben"]


CAPTIONS = [
    ("\x001".encode("utf-16"), "Die Untertitel sind kein UTF-8-Text – als UTF-8 speichern"),
    ("1\n00:01 --> 00:02\nText", "Die Untertitel beginnen nicht mit WEBVTT – im Format WebVTT speichern"),
    ("WEBVTT\n", ("Die Untertitel enthalten keinen Text"
     " – Zeilen wie »00:01.000 --> 00:04.000« und den Text ergänzen")),
]  # fmt: skip


@pytest.mark.parametrize(("data", "expected"), CAPTIONS)
def test_caption_rules(content: ContentFolder, data: bytes | str, expected: str) -> None:
    content.write("modules/wasser/media/film.vtt", data)
    assert findings(content) == [f"modules/wasser/media/film.vtt:1:1: {expected}"]


LONG = "Wer " + " ".join(["sehr"] * 24) + " lange liest."


def test_a_long_sentence_is_advice_with_its_own_line(content: ContentFolder) -> None:
    assert written(content, f"Kurz gesagt.\n{LONG} Danach ist es gut.\n") == [
        "8:1: Der Satz »Wer sehr sehr sehr sehr …« hat 27 Wörter – kürzen oder teilen, höchstens 25"
    ]
    load_catalogue(content.path, today=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        " ".join(["Wort"] * 25) + ".",
        f"{' '.join(['Wort'] * 20)}: {' '.join(['Wort'] * 20)}",
        f'![{LONG}](media/pegel.svg "Pegel")',
    ],
)
def test_what_is_no_long_sentence(content: ContentFolder, text: str) -> None:
    assert written(content, text) == []


@pytest.mark.parametrize("short", ["z. B.", "am 1.", "Art. 5 Abs.", "usw.", "d. h.", "ca."])
def test_an_abbreviation_ends_no_sentence(content: ContentFolder, short: str) -> None:
    half = " ".join(["wort"] * 13)
    assert len(written(content, f"Hier {half} {short} {half} ist das Ende.")) == 1
