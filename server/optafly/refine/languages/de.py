"""German."""

from __future__ import annotations

from optafly.refine.lexicon import Questions, Wording, define

LEXICON = define(
    "de",
    function_words=(
        "und|oder|aber|zu|zum|zur|von|vom|in|im|an|am|auf|aus|bei|mit|ohne|für|um|als|wie|so|dass|ob"
        "|wenn|weil|damit|ist|sind|war|wird|werden|wurde|hat|haben|kann|kannst|könntest|können|soll"
        "|muss|ich|mir|mich|du|dir|wir|uns|man|sich|was|warum|wieso|weshalb|wo|wann|wer|nicht|kein"
        "|keine|keinen|ein|eine|einen|einem|einer|nur|noch|auch|mal|doch|denn|da|dann|nach|vor|über"
        "|durch|sehr|zu|genau|immer|bitte|macht|machen|mache|tut|tun|geht|gibt|gib|passiert|stimmt"
        "|lässt|eigentlich|gerade"
    ),
    small=(
        "alle|allen|aller|alles|also|andere|anderen|anderer|anderes|anders|beim|bereits|bis|bist|daher"
        "|dabei|dadurch|danach|daran|darauf|daraus|darf|davon|davor|dazu|deren|dessen|desto|dort|eben|eigene"
        "|eigenen|einige|einigen|einmal|erst|etwas|falls|fast|gar|gegen|habe|hätte|hinter|ihm|ihnen|ihr|ihre"
        "|ihren|ins|irgendwie|irgendwo|ja|je|jede|jeden|jeder|jedes|jedoch|jemand|jetzt|konnte|könnte"
        "|komplett|lassen|liegt|manche|mehrere|neben|nein|nichts|nie|nun|oft|schon|sein|seine|seinen|seiner"
        "|selbst|sobald|solange|sondern|sonst|sowie|statt|steht|trotzdem|unter|viel|viele|vielleicht|wäre"
        "|während|waren|weder|weg|weiter|welche|welchem|welchen|welcher|welches|wenig|weniger|werde|wieder"
        "|will|woher|woran|worin|wollen|würde|würden|zwar|zwischen"
    ),
    demonstratives=(
        "dieser|diese|dieses|diesen|diesem|der aktuelle|die aktuelle|das aktuelle|den aktuellen"
        "|der markierte|die markierte|den markierten|aktuelle|markierten"
    ),
    articles="der|die|das|den|dem",
    possessives="mein|meine|meinen|meinem|meiner|unser|unsere",
    of="von|vom|des|einer|eines|in|im|bei",
    adjectives=(
        "ganze|ganzen|gesamte|gesamten|markierte|markierten|aktuelle|aktuellen|obige|obigen|komische"
        "|hässliche|langsame|langsamen"
    ),
    subjects="dies|das hier|das da|diese zeilen|diesen zeilen",
    pronouns="das|dies|es|das da|das hier|ihn|sie",
    behaves=(
        "wartet|hängt|blockiert|leckt|liefert|wirft|verliert|rundet|zählt|überspringt|vergisst|wiederholt|lädt"
        "|rechnet|frisst|verbraucht|dauert|endet|stoppt|bricht|friert|kopiert|löscht|überschreibt|ignoriert"
        "|verschluckt|sortiert|schreibt|liest|sendet|schickt|stürzt|braucht"
    ),
    should_behave="sollte|soll|muss|darf|hört|läuft|gibt|bleibt|wird",
    methods="methode",
    types="typ",
    interfaces="interface|schnittstelle|trait",
    here="hier",
    things={
        "code": (
            "code|funktion|funktionen|methode|methoden|snippet|abschnitt|block|codeblock|implementierung"
            "|logik|handler|komponente|endpunkt|test|tests|testfall|unit test|unit tests|algorithmus"
            "|stück|code stück|auswahl|konstruktor"
        ),
        "part": (
            "schleife|abfrage|query|regex|regulären ausdruck|reguläre ausdruck|regulärer ausdruck"
            "|ausdruck|anweisung|bedingung|variable|konstante|aufruf|stelle|teil|import|importe|typ"
            "|parameter|feld|codestelle"
        ),
        "file": "datei|modul|skript|script|funktionen hier|klassen hier",
        "class": "klasse|struct|trait|enum|interface|schnittstelle|methoden hier",
        "line": "zeile",
        "trouble": (
            "bug|bugs|fehler|fehlermeldung|problem|probleme|warnung|warnungen|exception|absturz|ausnahme"
            "|speicherleck|typfehler|syntaxfehler"
        ),
        "project": "projekt|repo|repository|codebasis|anwendung|app|paket|bibliothek|programm",
    },
    intents={
        "debug": (
            "behebe|behebt|beheben|fix|fixe|fixen|debugge|debug|korrigier*|repariere|reparieren|fehler*"
            "|bug|bugs|kaputt|abstürz*|stürzt|absturz|schlägt|fehlschl*|exception*|falsch"
            "|funktioniert nicht|geht nicht|klappt nicht|läuft nicht|hängt|warnung*|löse|lösen"
        ),
        "explain": "erklär*|erläuter*|verstehe|verstehen|beschreib*|bedeutet|zusammenfass*|fasse zusammen",
        "refactor": (
            "refaktor*|refactor*|vereinfach*|aufräum*|räume|umstruktur*|umbenenn*|benenne|lesbarer"
            "|verbesser*|kürzer|schöner|extrahier*|umschreib*|schreib um|teile auf|aufteil*|modernisier*"
        ),
        ("test"): (
            "unit test|unit tests|unittest|unittests|teste|testabdeckung|testfälle|tests schreiben"
            "|schreib tests|schreibe tests"
        ),
        ("document"): (
            "dokumentier*|dokumentation|docstring*|kommentier*|kommentare|javadoc|jsdoc|type hint*|typannotation*"
        ),
        ("optimise"): (
            "optimier*|beschleunig*|schneller|langsam|langsame|performance|performanter|effizienter|speicherverbrauch"
        ),
        ("implement"): (
            "implementier*|behandelt|behandeln|behandle|fehlerbehandlung|logging|ergänz*|vervollständig*|übersetz*|portier*"
            "|konvertier*|wandle|unterstütz*"
        ),
        ("review"): (
            "review|code review|überprüf*|prüf*|begutacht*|was hältst du|ist das richtig|ist das korrekt"
            "|ist das sicher|schau"
        ),
    },
    ask=(
        "was macht|was tut|was ist|was sind|was bedeutet|wie funktioniert|wie kann|wie|warum|wieso"
        "|weshalb|ist das|was passiert"
    ),
    indefinite="ein|eine|einen|einem|einer",
    set_phrases=(
        "der unterschied zwischen|den unterschied zwischen|die unterschiede zwischen|die beste art|der beste weg"
    ),
    local=(
        "wo|wann|wer|warum|wieso|weshalb|welche datei|welche funktion|welche klasse|welches modul"
        "|was passiert|gibt es|wir|uns"
    ),
    requests=(
        "kannst|könntest|können sie|könnten sie|können wir|könnten wir|würdest|würden sie|bitte|magst du|hilf"
        "|wie kann ich|wie kann man|wie können wir|wie mache ich|wie mach ich|wie soll|wie sollte|wie würdest"
        "|wie lässt sich"
    ),
    make=(
        "schreib|schreibe|schreiben|füge|erstelle|erstellen|erzeuge|generiere|baue|mach|ändere"
        "|ersetze|entferne|lösche|hinzu|hinzufügen"
    ),
    test_things="test|tests|unit test|unit tests|unittest|unittests|testfall|testfälle",
    document_things="docstring*|dokumentation|kommentar|kommentare|javadoc|jsdoc|type hint*|typannotation*",
    all_documents="die doku|die dokumentation|der dokumentation|unsere doku|unsere dokumentation",
    filler=(
        "bitte|danke|hallo|hi|hilf|hilfe|schnell|kurz|einfach|genau|ok|randfälle|richtig|gut|besser"
        "|fehlende|fehlenden|schritt für schritt|ausführlich|sauber|sicher|threadsicher|neu|neue"
        "|neuen|paar|mehr|ding|sache|funktioniert|funktionieren|geht|klappt|läuft|dafür|dazu"
        "|ein beispiel|einem beispiel|mit beispiel|mit beispielen|zum beispiel|beispiel für|beispiele für"
    ),
    expectation=(
        "soll|sollte|sollten|muss|müssen|erwart*|statt|stattdessen|anstatt|ohne|damit|höchstens"
        "|mindestens|nur|nie|immer|darf nicht|darf"
    ),
    goals={
        "debug": (
            ("Nenne die Ursache und ihre Stelle.", "ursache|grund|warum|wieso|weshalb"),
            ("Gib die kleinste Korrektur an und sag, warum sie hilft.", "kleinste|minimal*"),
        ),
        "explain": (
            (
                "Beginne mit dem Zweck, dann wie es funktioniert, dann was man leicht falsch macht.",
                (
                    "schritt für schritt|zeile für zeile|kurz|unterschied|in einem satz|warum|wieso|weshalb"
                    "|zusammenfass*|fasse"
                ),
            ),
        ),
        "refactor": (
            (
                "Verhalten und öffentliche Namen bleiben, wie sie sind.",
                "verhalten|öffentlich*|kompatib*|umbenenn*|benenne",
            ),
            (
                "Sag kurz, was jede Änderung verbessert.",
                "umbenenn*|benenne|extrahier*|erklär*|ohne erklärung|nur den code",
            ),
        ),
        "test": (
            (
                "Decke den Normalfall, die Randfälle und die Fehlerfälle ab.",
                "randfälle*|randfall|decke|fehlerfälle*|grenzfälle*",
            ),
            ("Der getestete Code bleibt, wie er ist.", "nicht ändern|ohne änderung*|behebe"),
        ),
        "document": (
            (
                "Beschreibe Zweck, Parameter, Ergebnis und Fehler.",
                "parameter|rückgabe*|kommentar|kommentare|kommentier*|readme|type hint*|typannotation*",
            ),
            (
                "Ändere nichts als die Dokumentation.",
                "nicht ändern|ohne änderung*|ändere nichts|behebe|type hint*|typannotation*",
            ),
        ),
        "optimise": (
            ("Sag, was jetzt am meisten kostet und was jede Änderung bringt.", "engpass*|messen|miss|komplexität"),
            ("Die Ergebnisse bleiben gleich.", "ergebnis*|verhalten"),
        ),
        "implement": (
            ("Halte dich an den Stil des Codes ringsum.", "stil|konvention*|konvertier*|übersetz*|portier*|wandle"),
            (
                "Behandle ungültige Eingaben und nenne deine Annahmen.",
                "ungültig*|annahme*|fehlerbehandlung|validier*|konvertier*|übersetz*|portier*|wandle",
            ),
        ),
        "review": (
            (
                "Liste die Befunde auf, den schwersten zuerst, je mit Zeile und Korrektur.",
                "liste|befund*|schwerste*|priorit*|ja oder nein",
            ),
        ),
    },
    wording=Wording(
        line=" Zeile {}", lines=" Zeilen {}-{}", framework="Nimm {}, wie es der Code schon tut.", inside="in "
    ),
    questions=Questions(
        broken=(
            "Was geht schief? Markiere den Code, oder füge die Fehlermeldung ein und sag, was du "
            "stattdessen erwartet hast."
        ),
        which="Welchen Code meinst du? Markiere ihn, oder setze den Cursor in die Funktion.",
        candidates="Vielleicht in {}?",
    ),
)
