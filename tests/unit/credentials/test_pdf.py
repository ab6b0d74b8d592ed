"""The certificate as a document: one page, tagged, in its language, with every name as it was typed."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pypdf
import pytest

from lti_tool.domain.proofs import Competence, ProofKind, UnwritableName
from tests.unit.credentials.conftest import a_proof

EVERY_COMPETENCE = tuple(Competence(f"SC-{number:02}", "Beteiligen und teilhaben lassen", 4) for number in range(1, 13))
NAMES = [
    "Ada Lovelace",
    "Dr. Ágnes Müller-Lüdenscheidt geb. Gräfin von und zu Weißenstein",
    "Nguyễn Thị Ánh",
    "Ада Лавлейс",
    "עדה לאבלייס",
    "آدا لوفليس",
    "Ada \N{GRINNING FACE}",
    '#eval("1") \\input{/etc/passwd} $x^2$ *fett* _kursiv_ @quelle <b> // %',
    "x" * 300,
    " ".join(["Lovelace"] * 33),
]


def _text(document):
    return "".join(pypdf.PdfReader(BytesIO(document)).pages[0].extract_text().replace("\u200b", "").split())


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_name_is_printed_as_typed_on_a_single_page(make_pdf, name):
    document = make_pdf(a_proof(competences=EVERY_COMPETENCE), name)
    assert len(pypdf.PdfReader(BytesIO(document)).pages) == 1
    if not any("\u0590" <= character <= "\u06ff" for character in name):  # their letters are joined when drawn
        assert "".join(name.split()) in _text(document)


def test_a_name_that_no_font_can_draw_is_named(make_pdf):
    with pytest.raises(UnwritableName) as refused:
        make_pdf(name="漢字")
    assert refused.value.characters.startswith("漢")


def test_it_carries_the_marks_of_pdf_ua_and_pdf_a_with_tags_language_and_title(make_pdf):
    with pikepdf.open(BytesIO(make_pdf())) as document:
        assert document.Root.MarkInfo.Marked
        assert document.Root.Lang == "de"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        kinds = {element["/S"] for element in _elements(document.Root.StructTreeRoot)}
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
            assert metadata["dc:title"] == "Zertifikat: Smart City Manager – Musterlehrgang"
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/Figure", "/Link"} <= kinds


def test_table_headings_name_their_scope_and_the_code_has_words(make_pdf):
    with pikepdf.open(BytesIO(make_pdf())) as document:
        found = list(_elements(document.Root.StructTreeRoot))
    headings = [element for element in found if element["/S"] == "/TH"]
    assert headings
    assert all("Column" in str(element["attributes"]) for element in headings)
    figure = next(element for element in found if element["/S"] == "/Figure")
    assert "QR-Code" in figure["alt"]


def _elements(node):
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from _elements(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield {"/S": str(node.S), "alt": str(node.get("/Alt", "")), "attributes": _plain(node.get("/A", ""))}
        if "/K" in node:
            yield from _elements(node.K)


def _plain(attributes):
    if isinstance(attributes, pikepdf.Array):
        return " ".join(_plain(entry) for entry in attributes)
    if isinstance(attributes, pikepdf.Dictionary):
        return " ".join(f"{name}={value}" for name, value in attributes.items())
    return str(attributes)


def test_english_content_has_an_english_certificate(make_pdf):
    document = make_pdf(a_proof(language="en", kind=ProofKind.PARTICIPATION, title="Understanding the smart city"))
    assert "Confirmationofparticipation" in _text(document)
    with pikepdf.open(BytesIO(document)) as opened:
        assert opened.Root.Lang == "en"


def test_the_same_proof_makes_the_same_bytes(make_pdf):
    assert make_pdf() == make_pdf()
