"""Languages we do not write: the words that tell them from those that we do, and more that say nothing in them."""

from __future__ import annotations

OTHERS = {
    "nl": (
        "de het een en van is dat die niet deze dit wat waarom waar wanneer hoe los op uit leg voor met naar ik je"
        " wordt worden moet heeft zijn werkt schrijf"
    ),
    "pl": (
        "i w nie na to jest się że dlaczego gdzie kiedy czy jak co jego ten ta tym są popraw napisz wyjaśnij błąd"
        " dla kod funkcję tę"
    ),
    "sv": ("och att det är inte den här denna detta som en ett för varför hur vad förklara koden fixa skriv jag på av"),
    "da": ("og at det er ikke den denne dette som en et for hvorfor hvordan hva hvad forklar koden skriv jeg på av af"),
    "tr": "bu ve bir neden nasıl için değil ne kodu hatayı düzelt açıkla yaz mı mi da de",
    "cs": "a je to v na se že proč jak co tento tuto oprav vysvětli napiš chybu kód pro funkci",
    "fi": "ja on ei se että miksi miten mitä tämä tämän korjaa selitä kirjoita koodi virhe",
    "ro": "și este nu în de la ce cum acest această pentru explică repară scrie eroare codul",
    "vi": "và là không này cho của tại sao như thế nào sửa lỗi giải thích viết hàm",
    "id": "dan ini itu di yang tidak untuk mengapa kenapa bagaimana apa perbaiki jelaskan tulis kode",
    "hu": "és a az ez nem hogy miért hogyan mit ezt javítsd magyarázd írj kód hiba",
    "ca": "i els les és amb aquest aquesta aquests això corregeix escriu perquè què",
}
SMALL = {
    "nl": (
        "aan af al alle alleen als altijd andere bij daar dan der doe doen doet door dus eens eerst elke er ga gaat"
        " gebeurt geen haar had heb hebben hem hen het hier hij hun iemand iets in ja kan kon kun kunnen maar maak"
        " maakt me meer mee men mij mijn moeten mogen na naar nee nog nooit nu of om omdat onder ons ook over per"
        " samen staat steeds te tegen terwijl toch toen tot tussen u uw vaak veel via waardoor want waren was wel"
        " welk welke weer werd wie wij wil zal ze zelf zich zie zien zij zit zo zonder zou"
    ),
    "pl": (
        "a aby albo ale ani bardzo bez bo by być był była było były chce chcę ci coś czego czemu czym dla dlatego"
        " do gdy go ich ile im inne ja jaka jaki jakie jako je jej jeszcze jeśli już kto która które który ku lub ma"
        " mam mamy mi mnie może można mój musi my nad nic nich nim niż o od on ona one oni oraz po pod potem przed"
        " przez przy robi skąd ta tak taki także tam te tego tej temu też to tu tych tylko u w we więc wszystkie"
        " wszystko z za ze żeby"
    ),
    "sv": (
        "de du efter från får göra han har hon i ingen inga kan man med men mig min när nu och om sig ska så till"
        " under upp ut utan vara vi vid vilken över"
    ),
    "da": (
        "de du efter fra får gøre han har hun i ikke ingen kan man med men mig min når nu om op sig skal så til ud"
        " uden under ved være vi over"
    ),
    "tr": "ama ancak bana ben bu çok daha diye gibi ile ise kadar ki o onu sonra var veya ya yok zaman",
    "cs": (
        "ale ani až bez by být co do i jako jeho jen ještě již k kde kdy když která které který má mi mít nebo není"
        " o od po pod proto při s si tak také tam ten ti u už ve z za ze"
    ),
    "fi": "hän ihan jos jota joka kun kuin me mikä missä myös nyt ne niin ovat sen sitä vain vai voi",
    "ro": (
        "a ai al ale am are ar au ca când care că cu dacă din din după e fi fără iar la mai mi ne nu o pe poate"
        " prin să sau se si sunt un una unde"
    ),
}
