"""Portuguese."""

from __future__ import annotations

from optafly.refine.lexicon import Questions, Wording, define

LEXICON = define(
    "pt",
    function_words=(
        "e|ou|mas|de|do|da|dos|das|a|o|os|as|ao|à|em|no|na|nos|nas|com|sem|por|pelo|pela|para|pra"
        "|sobre|entre|que|quê|quem|qual|como|quando|onde|é|são|está|estão|ser|estar|foi|há|tem|faz"
        "|fazer|faça|pode|posso|poderia|deve|devo|eu|me|mim|você|te|se|não|sim|um|uma|uns|umas|porque"
        "|mais|muito|seu|sua|meu|minha|tudo|todos|também|já|lo|la|dá|acontece|significa|assim"
        "|funciona|tão|isso"
    ),
    small=(
        "ainda|algo|algum|alguma|algumas|alguns|ali|antes|apenas|aquela|aquele|aqui|às|até|aos|cada|certo"
        "|consigo|contra|cujo|daquele|dela|delas|dele|deles|dentro|depois|desde|dessas|desses|destas|devem"
        "|dão|durante|ela|elas|ele|eles|enquanto|então|era|eram|essa|estava|faço|fazem|ficam|fica|foram|fora"
        "|for|havia|hoje|isto|lá|lhe|logo|mesmos|mesmas|menos|muita|muitas|muitos|nada|nem|nenhum|nenhuma"
        "|nela|nele|nunca|num|numa|outra|outras|outro|outros|parece|pelas|pelos|perto|pois|porém|pouco|podem"
        "|quais|quase|quer|quero|sabe|seja|sei|sempre|será|seus|suas|sob|só|somente|tal|tanto|tenho|têm"
        "|tinha|tipo|toda|todas|usa|usam|usar|vai|vão|várias|vários|vê|ver|vez|vezes"
    ),
    demonstratives="este|esta|estes|estas|esse|essa|esses|essas|neste|nesta|nesse|nessa|deste|desta|desse|dessa",
    articles="o|a|os|as",
    possessives="meu|minha|meus|minhas|nosso|nossa",
    of="de|do|da|dos|das|em|no|na",
    adjectives="mesmo|mesma|pequena|pequeno|longa|feia|feio|lenta",
    subjects="isto|isso|estas linhas|essas linhas",
    pronouns="isto|isso|corrija o|corrige o|explique o|conserte o|arruma isso|nisso|nisto",
    behaves=(
        "espera|bloqueia|falha|devolve|retorna|perde|pula|esquece|ignora|repete|demora|apaga|calcula|arredonda"
        "|carrega|consome|lança|duplica|copia|escreve|lê|envia|chama|trava"
    ),
    should_behave="deveria|deve|nunca|sempre",
    methods="método|metodo",
    types="tipo",
    interfaces="interface|trait",
    here="aqui",
    things={
        "code": (
            "código|codigo|função|funcao|funções|método|metodo|métodos|trecho|trecho de código|bloco"
            "|implementação|lógica|componente|teste|testes|testes unitários|teste unitário|algoritmo"
            "|pedaço|pedaço de código|seleção|interface|construtor"
        ),
        "part": (
            "laço|loop|consulta|query|regex|expressão regular|expressão|instrução|condição|variável"
            "|constante|chamada|parte|import|tipo|parâmetro|campo"
        ),
        "file": "arquivo|ficheiro|módulo|modulo|script|funções aqui|classes aqui",
        "class": "classe|struct|interface|trait|enum|métodos aqui",
        "line": "linha",
        "trouble": (
            "bug|bugs|erro|erros|mensagem de erro|falha|falhas|problema|problemas|aviso|avisos|exceção"
            "|vazamento de memória|warning"
        ),
        "project": "projeto|repo|repositório|aplicação|aplicativo|app|pacote|biblioteca|programa",
    },
    intents={
        "debug": (
            "corrij*|corrig*|consert*|depur*|repar*|arrum*|resolv*|bug|bugs|erro|erros|falha|falhas"
            "|falham|falhando|exceç*|quebrad*|quebra|não funciona|errado|errada|incorret*|aviso|avisos"
            "|trava|debug*"
        ),
        "explain": "explica|explicar|explique|descrev*|entend*|esclare*|resum*|significa",
        ("refactor"): (
            "refator*|refactor*|simplifi*|limpa|limpar|limpe|reestrutur*|reorganiz*|renomei*|reescrev*"
            "|legível|melhor*|extrai*"
        ),
        "test": "teste unitário|testes unitários|cobertura|casos de teste|escreva testes|adicione testes",
        "document": "document*|docstring*|comente|comentar|comentários|javadoc|jsdoc|anot*",
        ("optimise"): (
            "otimiz*|optimiz*|aceler*|mais rápido|mais rápida|rápido|lento|lenta|desempenho|performance|eficien*"
        ),
        "implement": (
            "implement*|trata|tratam|tratar|lida com|lidar com|tratamento de erros|complet*|traduz*|convert*"
            "|logging|suporte"
        ),
        ("review"): (
            "revise|revisa|revisar|revisão|review|verifi*|audit*|o que você acha|está correto|está certo|é seguro"
        ),
    },
    ask="o que faz|o que é|o que são|o que|como|por que|por quê|porque|para que|qual é",
    indefinite="um|uma",
    set_phrases="a diferença entre|as diferenças entre|a melhor forma|a melhor maneira",
    local="onde|quando|quem|por que|por quê|qual arquivo|qual função|qual classe|qual módulo|o que acontece|há|nós",
    requests=(
        "você pode|podes|poderia|pode me|podemos|consegue|por favor|como posso|como podemos|como faço|como eu|me ajuda"
    ),
    make=(
        "escreva|escreve|escrever|adicione|adiciona|adicionar|crie|cria|criar|gere|gerar|faça|mude"
        "|altere|substitua|remova|torne|coloque"
    ),
    test_things="teste|testes|teste unitário|testes unitários|casos de teste",
    document_things="docstring*|documentação|comentário|comentários|javadoc|jsdoc|anotações de tipo",
    all_documents="a documentação|a documentacao|nossa documentação",
    filler=(
        "por favor|obrigado|obrigada|olá|oi|ajuda|ajude|ajudar|rapidamente|bem|simples|casos limite"
        "|passo a passo|detalhe|em detalhe|detalhes|corretamente|certo|coisa|alguns|algumas|novo|nova"
        "|faltando|um exemplo|com exemplos|por exemplo|exemplo de|exemplos de"
    ),
    expectation=(
        "deve|deveria|deveriam|devem|tem que|esper*|em vez de|ao invés de|sem|para que|no máximo"
        "|pelo menos|somente|apenas|só|nunca|sempre"
    ),
    goals={
        "debug": (
            ("Diga qual é a causa e onde ela está.", "causa|motivo|por que|por quê|porque"),
            ("Dê a menor correção e diga por que ela funciona.", "menor|mínim*"),
        ),
        "explain": (
            (
                "Comece pelo propósito, depois como funciona, depois o que é fácil errar.",
                "passo a passo|linha por linha|brevemente|diferença|em uma frase|por que|por quê|porque|resum*",
            ),
        ),
        "refactor": (
            ("Mantenha o comportamento e os nomes públicos.", "comportamento|públic*|compatib*|renomei*"),
            (
                "Diga em poucas palavras o que cada mudança melhora.",
                "renomei*|extrai*|expli*|sem explicação|só o código",
            ),
        ),
        "test": (
            ("Cubra o caso normal, os casos limite e as falhas.", "casos limite|caso limite|cubra|cobrir|falhas"),
            ("Não mude o código testado.", "não mude|sem mudar|sem alterar|corrija"),
        ),
        "document": (
            (
                "Descreva o propósito, os parâmetros, o resultado e os erros.",
                "parâmetro*|retorn*|comentário*|comente*|readme|anot*",
            ),
            ("Não mude nada além da documentação.", "não mude|sem mudar|sem alterar|corrija|anot*"),
        ),
        "optimise": (
            ("Diga o que custa mais agora e o que cada mudança ganha.", "gargalo*|medir|meça|complexidade"),
            ("Os resultados devem continuar os mesmos.", "resultado*|comportamento"),
        ),
        "implement": (
            ("Siga o estilo do código ao redor.", "estilo|convenç*|traduz*|convert*"),
            (
                "Trate entradas inválidas e diga o que você supôs.",
                "inválid*|sup*|tratamento de erros|valid*|traduz*|convert*",
            ),
        ),
        "review": (
            (
                "Liste os achados, o mais grave primeiro, cada um com a linha e uma correção.",
                "liste|achados|grave*|priori*|sim ou não",
            ),
        ),
    },
    wording=Wording(line=" linha {}", lines=" linhas {}-{}", framework="Use {}, como o código já faz.", inside="em "),
    questions=Questions(
        broken="O que dá errado? Selecione o código, ou cole a mensagem de erro e diga o que esperava.",
        which="A qual código você se refere? Selecione-o ou coloque o cursor dentro da função.",
        candidates="Talvez em {}?",
    ),
)
