"""Question banks as Moodle writes them, with content of our own."""

from __future__ import annotations

MOODLE = """\
<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<!-- question: 0  -->
  <question type="category">
    <category><text>$course$/top/Wasser</text></category>
    <info format="html"><text></text></info>
    <idnumber></idnumber>
  </question>
<!-- question: 11  -->
  <question type="multichoice">
    <name><text>Was misst ein Pegel?</text></name>
    <questiontext format="html"><text><![CDATA[<p dir="ltr">Was misst ein <em>Pegel</em>?<br></p>]]></text></questiontext>
    <generalfeedback format="html"><text><![CDATA[<p>Ein Pegel misst den Wasserstand.</p>]]></text></generalfeedback>
    <defaultgrade>2.0000000</defaultgrade>
    <penalty>0.3333333</penalty>
    <hidden>0</hidden>
    <idnumber>pegel-1</idnumber>
    <single>true</single>
    <shuffleanswers>true</shuffleanswers>
    <answernumbering>abc</answernumbering>
    <showstandardinstruction>0</showstandardinstruction>
    <correctfeedback format="html"><text>Die Antwort ist richtig.</text></correctfeedback>
    <partiallycorrectfeedback format="html"><text>Teilweise richtig.</text></partiallycorrectfeedback>
    <incorrectfeedback format="html"><text>Die Antwort ist falsch.</text></incorrectfeedback>
    <answer fraction="100" format="html"><text><![CDATA[<p>Wasser &amp; Eis</p>]]></text>
      <feedback format="html"><text><![CDATA[<p>Ja.</p>]]></text></feedback></answer>
    <answer fraction="0" format="html"><text><![CDATA[<p>Wind</p>]]></text>
      <feedback format="html"><text></text></feedback></answer>
    <hint format="html"><text>Denken Sie an den Fluss.</text><shownumcorrect/></hint>
    <tags><tag><text>wasser</text></tag></tags>
  </question>
  <question type="multichoice">
    <name><text>Vorsorge</text></name>
    <questiontext format="html"><text>Was hilft?</text></questiontext>
    <generalfeedback format="html"><text>Versickern.</text></generalfeedback>
    <defaultgrade>1.5000000</defaultgrade>
    <single>false</single>
    <shuffleanswers>false</shuffleanswers>
    <answer fraction="50" format="html"><text>Mulden</text><feedback format="html"><text>Ja.</text></feedback></answer>
    <answer fraction="50" format="html"><text>Dächer</text><feedback format="html"><text>Ja.</text></feedback></answer>
    <answer fraction="-100" format="html"><text>Asphalt</text><feedback format="html"><text>Nein.</text></feedback></answer>
  </question>
  <question type="truefalse">
    <name><text>Eis</text></name>
    <questiontext format="moodle_auto_format"><text>Eis schwimmt.</text></questiontext>
    <generalfeedback format="html"><text>Es ist leichter.</text></generalfeedback>
    <defaultgrade>1.0000000</defaultgrade>
    <answer fraction="100" format="moodle_auto_format"><text>true</text>
      <feedback format="html"><text>Ja.</text></feedback></answer>
    <answer fraction="0" format="moodle_auto_format"><text>false</text>
      <feedback format="html"><text>Doch.</text></feedback></answer>
  </question>
  <question type="numerical">
    <name><text>Siedepunkt</text></name>
    <questiontext format="html"><text>Wann siedet Wasser?</text></questiontext>
    <generalfeedback format="html"><text>Bei 100 Grad.</text></generalfeedback>
    <defaultgrade>1</defaultgrade>
    <answer fraction="100" format="moodle_auto_format"><text>100</text>
      <feedback format="html"><text>Ja.</text></feedback><tolerance>0.5</tolerance></answer>
    <answer fraction="50" format="moodle_auto_format"><text>95</text>
      <feedback format="html"><text>Fast.</text></feedback><tolerance>5</tolerance></answer>
    <answer fraction="0" format="moodle_auto_format"><text>*</text>
      <feedback format="html"><text>Nein.</text></feedback><tolerance>0</tolerance></answer>
    <units>
      <unit><multiplier>33.8</multiplier><unit_name>F</unit_name></unit>
      <unit><multiplier>1</multiplier><unit_name>Grad</unit_name></unit>
    </units>
    <unitgradingtype>0</unitgradingtype>
  </question>
  <question type="shortanswer">
    <name><text>Messgerät</text></name>
    <questiontext format="html"><text>Womit misst man?</text></questiontext>
    <generalfeedback format="html"><text>Mit dem Pegel.</text></generalfeedback>
    <defaultgrade>1</defaultgrade>
    <usecase>1</usecase>
    <answer fraction="100" format="moodle_auto_format"><text>Pegel</text>
      <feedback format="html"><text>Ja.</text></feedback></answer>
    <answer fraction="100" format="moodle_auto_format"><text>*pegel*</text>
      <feedback format="html"><text>Ja.</text></feedback></answer>
  </question>
  <question type="cloze">
    <name><text>Lücken</text></name>
    <questiontext format="html"><text><![CDATA[<p>Ergänzen Sie:</p><p>Der {1:SHORTANSWER:=Pegel~=Wasserpegel#Genau}
     misst bis {2:NUMERICAL:=3.5:0.1} Meter, {1:MULTICHOICE_V:~nie~=immer} nachts \\{so\\}.</p>]]></text></questiontext>
    <generalfeedback format="html"><text>So ist es.</text></generalfeedback>
    <penalty>0.3333333</penalty>
  </question>
  <question type="matching">
    <name><text>Zuordnung</text></name>
    <questiontext format="html"><text>Was gehört zusammen?</text></questiontext>
    <generalfeedback format="html"><text>Klar.</text></generalfeedback>
    <defaultgrade>1</defaultgrade>
    <shuffleanswers>true</shuffleanswers>
    <correctfeedback format="html"><text>Gut.</text></correctfeedback>
    <partiallycorrectfeedback format="html"><text>Halb.</text></partiallycorrectfeedback>
    <incorrectfeedback format="html"><text>Schade.</text></incorrectfeedback>
    <subquestion format="html"><text>Pegel</text><answer><text>Wasser</text></answer></subquestion>
    <subquestion format="html"><text>Windrad</text><answer><text>Wind</text></answer></subquestion>
    <subquestion format="html"><text></text><answer><text>Sonne</text></answer></subquestion>
  </question>
  <question type="ordering">
    <name><text>Reihenfolge</text></name>
    <questiontext format="html"><text>Ordnen Sie.</text></questiontext>
    <generalfeedback format="html"><text>Erst melden.</text></generalfeedback>
    <defaultgrade>1</defaultgrade>
    <layouttype>VERTICAL</layouttype>
    <selecttype>ALL</selecttype>
    <selectcount>0</selectcount>
    <gradingtype>RELATIVE_NEXT_EXCLUDE_LAST</gradingtype>
    <showgrading>SHOW</showgrading>
    <numberingstyle>none</numberingstyle>
    <correctfeedback format="html"><text>Gut.</text></correctfeedback>
    <incorrectfeedback format="html"><text>Schade.</text></incorrectfeedback>
    <answer fraction="1.0000000" format="html"><text>melden</text></answer>
    <answer fraction="2.0000000" format="html"><text>warnen</text></answer>
    <answer fraction="3.0000000" format="html"><text>handeln</text></answer>
  </question>
  <question type="essay">
    <name><text>Aufsatz</text></name>
    <questiontext format="html"><text>Beschreiben Sie.</text></questiontext>
    <generalfeedback format="html"><text>Gut ist, was hilft.</text></generalfeedback>
    <defaultgrade>6</defaultgrade>
    <responseformat>editor</responseformat>
    <minwordlimit>100</minwordlimit>
    <maxwordlimit>200</maxwordlimit>
    <attachments>1</attachments>
    <graderinfo format="html"><text><![CDATA[<ul><li>(4) Klar &amp; knapp</li><li>(2) Richtig</li></ul>]]></text></graderinfo>
    <responsetemplate format="html"><text>Ich finde …</text></responsetemplate>
  </question>
  <question type="ddimageortext">
    <name><text>Bild beschriften</text></name>
    <questiontext format="html"><text>Ziehen Sie.</text></questiontext>
    <file name="fluss.png" encoding="base64">AA==</file>
  </question>
</quiz>
"""

GIFT = """\
$CATEGORY: $course$/top/Wasser

// question: 11  name: Pegel
// [id:pegel-1] [tag:wasser]
::Pegel::[html]Was misst ein <b>Pegel</b>?{
\t=Wasser#Ja.
\t~Wind#Nein\\: der weht.
\t####Ein Pegel misst Wasser.
}

::Vorsorge::Was hilft\\?\\=? {
~%50%Mulden#Ja.
~%50%Dächer#Ja.
~%-100%[plain]Asphalt <heiß>#Nein.
}

// zweimal
// verneint
::Eis::Eis sinkt. {F#Es schwimmt.#Genau. ####Es ist leichter.}

::Siedepunkt::Wann siedet Wasser? {#
=%100%100:0.5#Ja.
=%50%95:5#Fast.
~#Nein.
}

::Spanne::Eine Zahl von 1 bis 5? {#1..5}

Womit misst man? {=Pegel =Wasserpegel#Auch gut.}

::Zuordnung::Was gehört zusammen? {
=Pegel -> Wasser
=Windrad -> Wind
= -> Sonne
}

::Lücke::Ein Pegel misst {~Wind =Wasser} im Fluss.

::Aufsatz::Beschreiben Sie. {}

::Beschreibung::Nur ein Text.
"""
