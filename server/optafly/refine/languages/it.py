"""Italian."""

from __future__ import annotations

from optafly.refine.lexicon import Questions, Wording, define

LEXICON = define(
    "it",
    function_words=(
        "e|ed|o|ma|di|del|dello|della|dei|degli|delle|dell|a|ad|al|alla|allo|in|nel|nella|nello|nei"
        "|nelle|nell|con|senza|per|da|dal|dalla|su|sul|sulla|tra|fra|che|chi|cosa|cos|come|quando"
        "|dove|perché|perche|quale|è|sono|era|essere|ha|ho|hai|fa|fai|fare|può|puoi|posso|potresti"
        "|deve|devo|io|mi|me|tu|ti|te|si|ci|non|un|uno|una|se|più|molto|suo|sua|mio|mia|tutto|tutti"
        "|anche|già|c|dà|succede|significa|così|funziona|vuol|dire|gli"
    ),
    small=(
        "agli|ai|alcune|alcuni|allora|altra|altre|altri|altro|ancora|appena|avere|aveva|bene|ciascuno|cioè"
        "|circa|coi|col|cui|dai|dagli|dalle|dallo|davanti|dentro|devono|dopo|dov|dunque|ecco|entrambi|erano"
        "|fanno|fino|fuori|hanno|infatti|invece|lei|loro|lui|mai|meglio|meno|mentre|messa|messo|miei|molta"
        "|molte|molti|neanche|nessun|nessuna|niente|noi|nostri|nulla|ogni|oppure|ora|ovvero|peggio|però"
        "|perciò|poco|poi|possono|presso|prima|proprio|pure|qualche|qualcosa|qualcuno|quali|quanto|quanti"
        "|quasi|quelle|quelli|quindi|sai|sarà|sempre|sia|siamo|siano|solo|soltanto|sopra|sotto|spesso|stata"
        "|stati|stato|subito|sue|sugli|sui|suoi|tale|tanto|troppo|uguale|usa|usare|va|vanno|vedere"
        "|vedo|vengono|verso|viene|voglio|voi|vuole"
    ),
    demonstratives="questo|questa|questi|queste|quest|quel|quello|quella|quell",
    articles="il|lo|la|l|i|gli|le",
    possessives="mio|mia|nostro|nostra",
    of="di|del|della|dello|dell|in|nel|nella",
    adjectives="stesso|stessa|piccola|piccolo|lunga|brutta|brutto|lenta",
    subjects="questo|ciò|queste righe|queste linee",
    pronouns=(
        "questo|ciò|correggilo|correggila|spiegalo|spiegala|spiegamelo|sistemalo|sistemala|aggiustalo"
        "|ottimizzalo|miglioralo|testalo|documentalo|semplificalo|riparalo"
    ),
    behaves=(
        "aspetta|attende|blocca|fallisce|restituisce|ritorna|perde|salta|dimentica|ignora|ripete|dura|cancella"
        "|calcola|arrotonda|carica|consuma|lancia|duplica|scrive|legge|invia|chiama"
    ),
    should_behave="dovrebbe|deve",
    methods="metodo",
    types="tipo",
    interfaces="interfaccia|trait",
    here="qui|qua",
    things={
        "code": (
            "codice|funzione|funzioni|metodo|metodi|frammento|blocco|implementazione|logica|componente"
            "|test|test unitario|test unitari|algoritmo|pezzo|pezzo di codice|selezione|interfaccia"
            "|costruttore"
        ),
        "part": (
            "ciclo|query|regex|espressione regolare|espressione|istruzione|condizione|variabile|costante"
            "|chiamata|parte|import|tipo|parametro|campo"
        ),
        "file": "file|modulo|script|funzioni qui|classi qui",
        "class": "classe|struct|interfaccia|trait|enum|metodi qui",
        "line": "riga|linea",
        ("trouble"): (
            "bug|errore|errori|messaggio di errore|problema|problemi|avviso|avvisi|eccezione|crash|memory leak|warning"
        ),
        "project": "progetto|repo|repository|applicazione|app|pacchetto|libreria|programma",
    },
    intents={
        "debug": (
            "corregg*|sistema|sistemare|sistemal*|aggiust*|ripar*|risolv*|debug*|bug|errore|errori"
            "|fallisc*|eccezion*|rotto|rotta|non funziona|sbagliat*|crash*|avviso|avvisi|si blocca"
            "|va storto"
        ),
        "explain": "spieg*|descriv*|capire|capisco|chiari*|riassum*|significa",
        ("refactor"): (
            "refactor*|rifattorizz*|semplific*|ripuli*|pulisci|ristruttur*|riorganizz*|rinomin*|riscriv*"
            "|leggibile|miglior*|estra*"
        ),
        ("test"): (
            "test unitario|test unitari|unit test|copertura|casi di test|scrivi test|scrivi dei test"
            "|aggiungi test|aggiungi dei test"
        ),
        "document": "document*|docstring*|commenta|commentare|commenti|javadoc|jsdoc|annot*",
        "optimise": "ottimizz*|veloc*|lento|lenta|prestazion*|performance|efficien*",
        ("implement"): (
            "implement*|gestisce|gestiscono|gestire|gestione degli errori|gestione errori|completa|completare|traduc*"
            "|converti*|logging|supporto"
        ),
        "review": "revisiona|revisione|rivedi|review|controll*|verific*|audit*|cosa ne pensi|è corretto|è sicuro",
    },
    ask="cosa fa|che cosa fa|cos è|cosa è|che cos è|cosa sono|come|perché|perche|a cosa serve|qual è|che fa|cosa",
    indefinite="un|uno|una",
    set_phrases="la differenza tra|la differenza fra|le differenze tra|le differenze fra|il modo migliore",
    local=(
        "dove|quando|chi|perché|perche|quale file|quale funzione|quale classe|quale modulo|cosa succede|ci sono|noi"
    ),
    requests=(
        "puoi|potresti|potete|potreste|possiamo|per favore|come posso|come possiamo|come faccio|come si fa|aiutami"
    ),
    make=(
        "scrivi|scrivere|aggiungi|aggiungere|crea|creare|genera|generare|rendi|cambia|sostituisci|rimuovi|metti|fammi"
    ),
    test_things="test|test unitario|test unitari|unit test|casi di test",
    document_things="docstring*|documentazione|commento|commenti|javadoc|jsdoc|annotazioni di tipo",
    all_documents="la documentazione|nostra documentazione",
    filler=(
        "per favore|per piacere|grazie|ciao|aiuto|aiutami|rapidamente|bene|meglio|semplice"
        "|casi limite|passo passo|dettaglio|in dettaglio|correttamente|sicuro|giusto|alcuni|alcune"
        "|nuovo|nuova|mancanti|ok|un esempio|con esempi|per esempio|ad esempio|esempio di|esempi di"
    ),
    expectation=(
        "deve|dovrebbe|dovrebbero|devono|mi aspetto|atteso|invece di|anziché|senza|affinché"
        "|al massimo|almeno|solo|soltanto|mai|sempre"
    ),
    goals={
        "debug": (
            ("Di' qual è la causa e dove si trova.", "causa|motivo|perché|perche"),
            ("Dai la correzione più piccola e di' perché funziona.", "più piccola|minim*"),
        ),
        "explain": (
            (
                "Parti dallo scopo, poi come funziona, poi che cosa è facile sbagliare.",
                "passo passo|riga per riga|brevemente|differenza|in una frase|perché|perche|riassum*",
            ),
        ),
        "refactor": (
            ("Mantieni il comportamento e i nomi pubblici.", "comportamento|pubblic*|compatib*|rinomin*"),
            (
                "Di' in breve che cosa migliora ogni modifica.",
                "rinomin*|estra*|spieg*|senza spiegazioni|solo il codice",
            ),
        ),
        "test": (
            ("Copri il caso normale, i casi limite e gli errori.", "casi limite|caso limite|copri|coprire"),
            ("Non modificare il codice sotto test.", "non modificare|senza modificare|senza cambiare|correggi"),
        ),
        "document": (
            ("Descrivi scopo, parametri, risultato ed errori.", "parametr*|restitui*|comment*|readme|annot*"),
            (
                "Non modificare altro che la documentazione.",
                "non modificare|senza modificare|senza cambiare|correggi|annot*",
            ),
        ),
        "optimise": (
            (
                "Di' che cosa costa di più ora e che cosa fa guadagnare ogni modifica.",
                "collo di bottiglia|misur*|complessità",
            ),
            ("I risultati devono restare gli stessi.", "risultat*|comportamento"),
        ),
        "implement": (
            ("Segui lo stile del codice intorno.", "stile|convenzion*|traduc*|converti*"),
            (
                "Gestisci gli input non validi e di' che cosa hai supposto.",
                "valid*|suppo*|gestione degli errori|gestione errori|traduc*|converti*",
            ),
        ),
        "review": (
            (
                "Elenca i rilievi, il più grave per primo, ciascuno con la riga e una correzione.",
                "elenca|rilievi|grav*|priorit*|sì o no",
            ),
        ),
    },
    wording=Wording(line=" riga {}", lines=" righe {}-{}", framework="Usa {}, come fa già il codice.", inside="in "),
    questions=Questions(
        broken=(
            "Che cosa non va? Seleziona il codice, oppure incolla il messaggio di errore e di' che cosa ti aspettavi."
        ),
        which="A quale codice ti riferisci? Selezionalo o metti il cursore dentro la funzione.",
        candidates="Forse in {}?",
    ),
)
