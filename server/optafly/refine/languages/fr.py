"""French."""

from __future__ import annotations

from optafly.refine.lexicon import Questions, Wording, define

LEXICON = define(
    "fr",
    function_words=(
        "et|ou|mais|de|du|des|d|à|au|aux|en|dans|sur|pour|par|avec|sans|sous|vers|chez|que|qu|qui"
        "|quoi|quel|quelle|où|quand|comment|pourquoi|est|sont|était|sera|être|a|as|ai|ont|avoir|fait"
        "|faire|fais|peux|peut|pouvez|pourrais|pourriez|dois|doit|je|j|me|m|tu|te|toi|moi|il|elle|on"
        "|nous|vous|se|s|ne|n|pas|plus|un|une|si|y|car|donc|alors|très|trop|aussi|encore|bien|son|sa"
        "|ses|mon|ma|mes|votre|ton|ta|comme|tout|tous|toute|ici|quels|quelles|passe|va|c|ça|t|dire"
        "|dis|signifie"
    ),
    small=(
        "afin|ainsi|ait|après|aucun|aucune|aujourd|auquel|autre|autres|avait|avant|avez|avons|beaucoup|bout"
        "|ceci|cela|celle|celles|celui|cependant|ceux|chaque|combien|contre|déjà|depuis|dès|deux|doivent"
        "|dont|elles|entre|étaient|étant|été|eux|faut|fois|jamais|jusqu|jusque|lequel|laquelle|lesquels|leur"
        "|leurs|lors|lorsque|lui|maintenant|malgré|mieux|moins|même|mêmes|ni|notre|nos|parce|parfois|parmi"
        "|pendant|peu|peuvent|plusieurs|plutôt|pourtant|presque|puis|puisque|quelque|quelques|rien|sait|sauf"
        "|selon|serait|seul|seule|seulement|sinon|soit|sois|surtout|tant|tel|telle|tels|toujours|toutes"
        "|trouve|utilise|utiliser|vais|veut|veux|voir|vois|voit|vos|vraiment"
    ),
    demonstratives="ce|cet|cette|ces|cette même|la présente",
    articles="le|la|l|les",
    possessives="mon|ma|mes|notre|nos",
    of="de|du|d|des|en|dans",
    adjectives="petite|petit|vilain|vilaine|même|longue|entier|entière|grosse|gros",
    subjects="ceci|ça|cela|ces lignes",
    pronouns=(
        "ça|cela|ceci|corrige le|corrigez le|corrige la|explique le|explique la|répare le|optimise le|teste le|ce truc"
    ),
    behaves=(
        "attend|bloque|fuit|boucle|plante|renvoie|retourne|perd|saute|oublie|ignore|répète|dure|écrase|supprime"
        "|calcule|arrondit|compte|charge|rame|consomme|mange|tourne|lève|double|copie|écrit|lit|envoie|appelle"
    ),
    should_behave="devrait|doit|n attend",
    methods="méthode",
    types="type|structure",
    interfaces="interface|trait",
    here="ici|là",
    things={
        "code": (
            "code|fonction|fonctions|méthode|méthodes|extrait|bloc|implémentation|logique|composant|test"
            "|tests|test unitaire|tests unitaires|algorithme|morceau|morceau de code|bout de code"
            "|extrait de code|sélection|constructeur|gestionnaire"
        ),
        "part": (
            "boucle|requête|regex|expression régulière|expression|instruction|condition|variable"
            "|constante|appel|partie|import|type|paramètre|champ|endroit"
        ),
        "file": "fichier|module|script|fonctions ici|classes ici",
        "class": "classe|struct|structure|interface|trait|enum|méthodes ici",
        "line": "ligne",
        "trouble": (
            "bug|bugs|bogue|bogues|erreur|erreurs|message d erreur|problème|problèmes|avertissement"
            "|avertissements|exception|plantage|fuite mémoire|fuite de mémoire|souci|warning"
        ),
        "project": "projet|dépôt|repo|application|appli|paquet|bibliothèque|programme",
    },
    intents={
        "debug": (
            "corrig*|répar*|débog*|debug|débug*|bug|bugs|bogue*|erreur*|plante|plantage|échou*|exception*"
            "|cassé*|ne marche pas|marche pas|ne fonctionne pas|fonctionne pas|résou*|incorrect*"
            "|avertissement*|bloque|faux|fausse|cloche"
        ),
        "explain": "expliqu*|explication|décri*|comprend*|comprends|clarifi*|résum*|que signifie",
        "refactor": (
            "refactor*|refactoris*|simplifi*|nettoie|nettoyer|nettoyez|restructur*|réorganis*|renomm*"
            "|réécri*|lisible|amélior*|extrai*|remani*"
        ),
        ("test"): (
            "test unitaire|tests unitaires|teste|tester|testez|couverture|cas de test|écris des tests|ajoute des tests"
        ),
        "document": "document*|docstring*|commente|commenter|commentaires|javadoc|jsdoc|annot*",
        "optimise": "optimis*|accélér*|plus rapide|rapide|lent|lente|performance*|performant*|efficace",
        ("implement"): (
            "implément*|implant*|gère|gèrent|gérer|gestion des erreurs|gestion d erreurs|complèt*|tradui*|converti*"
            "|journalisation|logs|support"
        ),
        ("review"): (
            "revue de code|relis|relire|relisez|vérifi*|révis*|review|audit*|qu en penses|est ce correct"
            "|est ce que c est correct"
        ),
    },
    ask="que fait|qu est ce|à quoi sert|comment|pourquoi|que|quoi|quel est|quelle est|est ce",
    indefinite="un|une",
    set_phrases="la différence entre|les différences entre|la meilleure façon|la meilleure manière",
    local="où|quand|qui|pourquoi|quel fichier|quelle fonction|quelle classe|quel module|que se passe|y a t il|nous",
    requests=(
        "peux tu|pouvez vous|pourrais tu|pourriez vous|tu peux|vous pouvez|peut on|s il te plaît"
        "|s il vous plaît|stp|svp|comment puis je|comment faire|comment je peux|comment peut on"
        "|comment pourrais je|aide moi|aidez moi"
    ),
    make=(
        "écris|écrire|écrivez|ajoute|ajouter|ajoutez|crée|créer|créez|génère|générer|rends|rendre"
        "|change|remplace|supprime|mets"
    ),
    test_things="test|tests|test unitaire|tests unitaires|cas de test",
    document_things="docstring*|documentation|commentaire|commentaires|javadoc|jsdoc|annotations de type",
    all_documents="la doc|la documentation|notre documentation",
    filler=(
        "s il te plaît|s il vous plaît|stp|svp|merci|bonjour|salut|aide|aider|vite|rapidement"
        "|simplement|mieux|bon|propre|manquants|cas limites|étape par étape|en détail|détail"
        "|détaillée|sûr|truc|chose|quelques|nouveau|nouvelle|correctement"
        "|un exemple|avec exemples|des exemples|par exemple|exemple de|exemples de"
    ),
    expectation=(
        "doit|devrait|devraient|doivent|attend*|au lieu de|plutôt que|sans|afin|pour que|au plus"
        "|au moins|seulement|jamais|toujours"
    ),
    goals={
        "debug": (
            ("Dis quelle est la cause et où elle se trouve.", "cause|raison|pourquoi"),
            ("Donne la plus petite correction, et dis pourquoi elle suffit.", "plus petite|minimal*"),
        ),
        "explain": (
            (
                "Commence par son but, puis son fonctionnement, puis les pièges.",
                "étape par étape|ligne par ligne|brièvement|différence|en une phrase|pourquoi|résum*|pièges",
            ),
        ),
        "refactor": (
            ("Garde le comportement et les noms publics tels quels.", "comportement|publi*|compatib*|renomm*"),
            (
                "Dis en bref ce que chaque changement améliore.",
                "renomm*|extrai*|expliqu*|sans explication|que le code",
            ),
        ),
        "test": (
            ("Couvre le cas normal, les cas limites et les échecs.", "cas limite*|couvr*|échec*"),
            ("Ne change pas le code testé.", "ne change pas|sans changer|sans modifier|corrige"),
        ),
        "document": (
            (
                "Décris son but, ses paramètres, son résultat et ses erreurs.",
                "paramètre*|retour|commentaire*|commente*|readme|annot*",
            ),
            ("Ne change que la documentation.", "ne change*|sans changer|sans modifier|corrige|annot*"),
        ),
        "optimise": (
            (
                "Dis ce qui coûte le plus aujourd'hui et ce que chaque changement fait gagner.",
                "goulot*|mesur*|complexité",
            ),
            ("Les résultats restent les mêmes.", "résultat*|comportement"),
        ),
        "implement": (
            ("Suis le style du code alentour.", "style|convention*|tradui*|converti*"),
            (
                "Traite les entrées invalides, et dis ce que tu as supposé.",
                "invalide*|suppos*|gestion des erreurs|gestion d erreurs|valid*|tradui*|converti*",
            ),
        ),
        "review": (
            (
                "Liste les remarques, la plus grave d'abord, chacune avec sa ligne et une correction.",
                "liste|remarques|grave*|priorit*|oui ou non",
            ),
        ),
    },
    wording=Wording(
        line=" ligne {}", lines=" lignes {}-{}", framework="Utilise {}, comme le code le fait déjà.", inside="dans "
    ),
    questions=Questions(
        broken=(
            "Qu'est-ce qui ne va pas ? Sélectionne le code, ou colle le message d'erreur et dis ce que tu attendais."
        ),
        which="De quel code parles-tu ? Sélectionne-le, ou place le curseur dans la fonction.",
        candidates="Peut-être dans {} ?",
    ),
)
