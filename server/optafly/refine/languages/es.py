"""Spanish."""

from __future__ import annotations

from optafly.refine.lexicon import Questions, Wording, define

LEXICON = define(
    "es",
    function_words=(
        "y|o|u|e|pero|de|del|a|al|en|con|sin|por|para|sobre|entre|que|qué|quién|cuál|cómo|cuándo"
        "|dónde|es|son|está|están|ser|estar|ha|he|hay|hace|hacer|haz|hago|puedes|puede|puedo|podrías"
        "|debe|debo|yo|me|mí|tú|te|se|nos|no|sí|un|una|unos|unas|si|porque|más|muy|su|sus|mi|mis|tu"
        "|como|todo|todos|toda|también|ya|cuando|lo|le|les|da|dan|pasa|sucede|significa|así|funciona"
        "|tan"
    ),
    small=(
        "ahí|ahora|algo|algún|alguna|algunas|alguno|algunos|allí|antes|apenas|aquel|aquella|aun|aún|aunque"
        "|bajo|bastante|bien|cada|casi|cerca|cualquier|cual|cuales|cuanto|dado|dentro|desde|después|donde"
        "|durante|él|ella|ellas|ello|ellos|encima|entonces|era|eran|eres|estaba|fue|fueron|fuera|había|hacen"
        "|hacia|han|hasta|igual|incluso|lado|lejos|luego|mejor|menos|mientras|mismos|misma|mismas|mucha"
        "|muchas|mucho|muchos|nada|nadie|ni|ningún|ninguna|ninguno|nosotros|nuestros|nunca|otra|otras|otro"
        "|otros|parece|pues|pueda|pueden|quiero|quiere|quien|sea|según|será|sido|siempre|sino|solo|sólo"
        "|somos|soy|suyo|tal|tampoco|tanto|tengo|tiene|tienen|tenía|tras|tus|usa|usan|usar|va|van|varias"
        "|varios|veces|ve|ver|vez|vuelve"
    ),
    demonstratives="este|esta|estos|estas|ese|esa|esos|esas",
    articles="el|la|los|las",
    possessives="mi|mis|nuestro|nuestra",
    of="de|del|en",
    adjectives="mismo|misma|pequeña|pequeño|larga|fea|feo|lenta",
    subjects="esto|eso|estas líneas|estas lineas|esas líneas",
    pronouns=(
        "esto|eso|arréglalo|arreglalo|arréglala|explícalo|explicalo|explícamelo|corrígelo|corrigelo"
        "|optimízalo|refactorízalo|mejóralo|pruébalo|documéntalo|revísalo|simplifícalo|depúralo"
    ),
    behaves=(
        "espera|bloquea|falla|devuelve|retorna|pierde|salta|olvida|ignora|repite|tarda|borra|calcula|redondea"
        "|cuenta|carga|consume|lanza|duplica|copia|escribe|lee|envía|llama"
    ),
    should_behave="debería|debe|nunca|siempre",
    methods="método|metodo",
    types="tipo",
    interfaces="interfaz|trait",
    here="aquí|aqui|acá",
    things={
        "code": (
            "código|codigo|función|funcion|funciones|método|metodo|métodos|fragmento|bloque"
            "|implementación|lógica|componente|test|tests|prueba|pruebas|pruebas unitarias"
            "|tests unitarios|algoritmo|trozo|trozo de código|fragmento de código|selección|interfaz"
            "|constructor"
        ),
        "part": (
            "bucle|ciclo|consulta|regex|expresión regular|expresión|instrucción|condición|variable"
            "|constante|llamada|parte|import|tipo|parámetro|campo"
        ),
        "file": "archivo|fichero|módulo|modulo|script|funciones aquí|funciones aqui|clases aquí",
        "class": "clase|struct|interfaz|trait|enum|métodos aquí|métodos aqui",
        "line": "línea|linea",
        "trouble": (
            "bug|bugs|error|errores|mensaje de error|fallo|fallos|problema|problemas|advertencia"
            "|advertencias|aviso|avisos|excepción|excepcion|fuga de memoria|warning"
        ),
        "project": "proyecto|repo|repositorio|aplicación|app|paquete|biblioteca|programa",
    },
    intents={
        "debug": (
            "arregl*|arrégl*|corríg*|corrig*|correg*|depur*|repar*|solucion*|resuelv*|bug|bugs|error"
            "|errores|falla|fallo|fallos|fallan|excepci*|roto|rota|no funciona|mal|incorrect*"
            "|advertencia*|se cuelga|se rompe|debug*"
        ),
        ("explain"): (
            "explica|explicar|explícame|explicame|explíc*|explique|describ*|entiend*|entender|aclara*|resum*|significa"
        ),
        ("refactor"): (
            "refactor*|simplific*|limpia|limpiar|reestructur*|reorganiz*|renombr*|reescrib*|legible"
            "|mejora|mejorar|extra*"
        ),
        ("test"): (
            "prueba unitaria|pruebas unitarias|tests unitarios|test unitario|cobertura|casos de prueba"
            "|añade tests|escribe tests|escribe pruebas"
        ),
        "document": "document*|docstring*|comenta|comentar|comentarios|javadoc|jsdoc|anota*",
        "optimise": "optimiz*|aceler*|más rápido|más rápida|rápido|lento|lenta|rendimiento|eficien*",
        ("implement"): (
            "implement*|maneja|manejan|manejar|gestiona|gestionan|gestionar|manejo de errores|completa"
            "|completar|traduc*|conviert*|convertir|registro|logging|soporte"
        ),
        ("review"): (
            "revisa|revisar|revisión|revise|review|verific*|comprueba|audit*|qué te parece|qué opinas"
            "|es correcto|es seguro"
        ),
    },
    ask="qué hace|qué es|qué son|qué significa|cómo|por qué|para qué|cuál es|que hace|que es|por que|qué",
    indefinite="un|una",
    set_phrases="la diferencia entre|las diferencias entre|la mejor forma|la mejor manera",
    local=(
        "dónde|donde|cuándo|quién|por qué|por que|qué archivo|qué función|qué clase|qué módulo|qué pasa|qué sucede|hay"
    ),
    requests=(
        "puedes|podrías|podéis|pueden ustedes|podemos|por favor|cómo puedo|cómo podemos|cómo hago|cómo podría"
        "|como puedo|ayúdame|me ayudas"
    ),
    make="escribe|escribir|añade|añadir|agrega|agregar|crea|crear|genera|generar|haz|cambia|reemplaza|elimina|pon",
    test_things="test|tests|prueba|pruebas|pruebas unitarias|tests unitarios|casos de prueba",
    document_things="docstring*|documentación|comentario|comentarios|javadoc|jsdoc|anotaciones de tipo",
    all_documents="la documentación|la documentacion|nuestra documentación",
    filler=(
        "por favor|gracias|hola|ayuda|ayúdame|rápidamente|bien|mejor|simple|casos límite|paso a paso"
        "|detalle|en detalle|correctamente|seguro|cosa|algunos|algunas|nuevo|nueva|faltan|vale"
        "|un ejemplo|con ejemplos|por ejemplo|ejemplo de|ejemplos de"
    ),
    expectation=(
        "debe|debería|deberían|deben|tiene que|esper*|en vez de|en lugar de|sin|para que|como máximo"
        "|al menos|solo|sólo|nunca|siempre"
    ),
    goals={
        "debug": (
            ("Di cuál es la causa y dónde está.", "causa|motivo|por qué|por que"),
            ("Da el arreglo más pequeño y di por qué funciona.", "más pequeño|mínim*"),
        ),
        "explain": (
            (
                "Empieza por su propósito, sigue con cómo funciona y acaba con lo que es fácil hacer mal.",
                "paso a paso|línea por línea|brevemente|diferencia|en una frase|por qué|por que|resum*",
            ),
        ),
        "refactor": (
            ("Conserva el comportamiento y los nombres públicos.", "comportamiento|públic*|compatib*|renombr*"),
            (
                "Di en pocas palabras qué mejora cada cambio.",
                "renombr*|extra*|explic*|sin explicación|solo el código",
            ),
        ),
        "test": (
            ("Cubre el caso normal, los casos límite y los fallos.", "caso límite|casos límite|cubr*|fallos"),
            ("No cambies el código probado.", "no cambies|sin cambiar|sin modificar|arregla"),
        ),
        "document": (
            (
                "Describe su propósito, parámetros, resultado y errores.",
                "parámetro*|retorn*|comentario*|comenta*|readme|anota*|anotaciones",
            ),
            (
                "No cambies nada más que la documentación.",
                "no cambies|sin cambiar|sin modificar|arregla|anota*|anotaciones",
            ),
        ),
        "optimise": (
            ("Di qué es lo más costoso ahora y qué gana cada cambio.", "cuello*|mide|medir|complejidad"),
            ("Los resultados deben seguir iguales.", "resultado*|comportamiento"),
        ),
        "implement": (
            (
                "Sigue el estilo del código que lo rodea.",
                "estilo|convención|convenciones|traduc*|conviert*|convertir",
            ),
            (
                "Trata las entradas no válidas y di qué has supuesto.",
                "inválid*|válid*|supon*|manejo de errores|valid*|traduc*|conviert*|convertir",
            ),
        ),
        "review": (
            (
                "Enumera los hallazgos, el más grave primero, cada uno con su línea y un arreglo.",
                "lista|hallazgos|grave*|priori*|sí o no",
            ),
        ),
    },
    wording=Wording(
        line=(" línea {}"), lines=(" líneas {}-{}"), framework=("Usa {}, como ya hace el código."), inside=("en ")
    ),
    questions=Questions(
        broken="¿Qué falla? Selecciona el código, o pega el mensaje de error y di qué esperabas.",
        which="¿A qué código te refieres? Selecciónalo o pon el cursor dentro de la función.",
        candidates="¿Quizá en {}?",
    ),
)
