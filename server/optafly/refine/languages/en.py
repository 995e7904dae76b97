"""English."""

from __future__ import annotations

from optafly.refine.lexicon import Questions, Wording, define

LEXICON = define(
    "en",
    function_words=(
        "a|an|and|or|but|so|to|of|in|on|at|for|from|with|without|by|as|into|about|is|are|was|be|been"
        "|am|does|do|did|has|have|had|can|could|would|will|should|must|may|i|me|my|you|your|we|us|our"
        "|what|why|how|when|where|which|who|there|if|then|not|no|some|any|all|more|most|much|many|too"
        "|very|just|also|only|again|now|still|up|out|s|t|m|re|ve|ll|d|don|doesn|isn|won|t|because"
        "|after|before|than|exactly|actually|really|here|its|keeps|get|gets|getting|got|happens"
        "|happening|happen|recently|lately|already|yet|ever|one|ones|else|going|goes|go|tell|give|let|need|want|look|looks|see|say|says|mean|means"
        "|try|using|use|find|take|something|somewhere|nothing|anything|everything|nobody|anybody|everybody|someone|anyone|everyone"
        "|that a|that an|that the|that i|that we|that you|that it|that they|that my|that our|that your|that all"
        "|that every|that no|that some|that any|under|over|below|between|within|lines"
    ),
    demonstratives=(
        "this|that|these|those|the above|the current|the selected|the following|above|current|selected|highlighted"
    ),
    articles="the",
    possessives="my|our",
    of="of|in|on|for|from",
    adjectives=(
        "whole|entire|selected|current|highlighted|same|above|small|ugly|weird|strange|stupid|messy"
        "|failing|broken|slow|long|smaller|bigger|separate|public|private|exported"
    ),
    subjects="this|these",
    pronouns="this|that|it|them|these|those|this one|this thing|this stuff",
    behaves=(
        "waits|hangs|leaks|loops|blocks|crashes|fails|returns|throws|raises|loses|drops|skips|misses|ignores"
        "|forgets|duplicates|repeats|retries|freezes|stalls|eats|takes|allocates|swallows|breaks|rounds|counts"
        "|sends|reads|writes|opens|closes|loads|saves|renders|flickers|makes|creates|updates|deletes|removes|adds"
        "|keeps|grows|shrinks|deadlocks|recurses|overflows|truncates|cuts|mutates|overwrites|resets|clears|exits"
        "|quits|rejects|treats|assumes|compares|escapes|times out|slows|spins|panics|sleeps|polls|prints|logs"
        "|gives|never"
    ),
    should_behave=(
        "always|still|sometimes|doesn t|does not|should|shouldn t|must|needs to|seems to|can t|cannot|won t|has to|only"
    ),
    whether="is this|is it|are these",
    methods="method",
    types="type",
    interfaces="interface|trait",
    here="here|right here",
    things={
        "code": (
            "code|function|functions|method|methods|func|snippet|block|implementation|logic|handler|hook"
            "|component|endpoint|route|test|tests|test case|test cases|unit test|unit tests|decorator"
            "|macro|constructor|lambda|closure|callback|algorithm|section|piece|piece of code|code block"
            "|code snippet|piece of logic|selection|helper"
        ),
        "part": (
            "loop|loops|query|queries|regex|regexp|regular expression|expression|statement|condition"
            "|variable|constant|call|line of code|bit|part|switch|if|import|imports|type|parameter"
            "|argument|field|property|assertion|comment|block of code|signature|case|cases"
        ),
        "file": "file|module|script|source file|header|functions here|functions in here|classes here",
        "class": "class|struct|interface|enum|trait|methods here|fields here",
        "line": "line",
        "trouble": (
            "bug|bugs|error|compile error|build error|errors|error message|errors and warnings|problem"
            "|problems|issue|issues|warning|warnings|exception|exceptions|crash|failure|failures|mistake"
            "|mistakes|leak|memory leak|race|race condition|deadlock|type error|syntax error|diagnostic"
            "|diagnostics|lint error"
        ),
        "project": "project|repo|repository|codebase|code base|app|application|package|library|workspace|program",
    },
    intents={
        "debug": (
            "make tests pass|make the tests pass|make the test pass|tests pass|fix|fixes|fixing|debug"
            "|debugging|bug|bugs|buggy|error|errors|broken|crash*|fail|fails|failing|failed|failure|wrong"
            "|exception*|traceback|stack trace|stacktrace|not work*|doesn t work|does not work|don t work"
            "|isn t working|stopped working|resolve|repair|warning|warnings|undefined|segfault*|deadlock*"
            "|leak|leaks|leaking|hangs|stuck|unexpected|throws|throwing|solve|correct the|incorrect*"
        ),
        "explain": "explain*|walk me through|understand*|describe|clarify|meaning of|summari*|eli5",
        "refactor": (
            "refactor*|clean up|cleanup|clean|simplif*|restructur*|reorgani*|rewrite|tidy|tidy up|extract"
            "|split|rename|inline|more readable|readability|dedupe|deduplicate|moderni*|make nicer|nicer"
            "|improve|better|shorten|shorter|decouple"
        ),
        ("test"): (
            "unit test|unit tests|test this|test it|test the|test coverage|cover with tests|test cases"
            "|integration tests|write tests|add tests"
        ),
        "document": (
            "document|docstring*|doc string*|documentation|jsdoc|javadoc|godoc|docs|comment|comments"
            "|type hint*|add comments|annotate"
        ),
        "optimise": (
            "optimi*|speed up|faster|slow|slower|performance|more efficient|efficient|memory usage"
            "|too much memory|reduce memory|bottleneck*|profile|latency"
        ),
        "implement": (
            "implement*|error handling|add error handling|add logging|logging|complete|finish|port"
            "|convert|translate|migrate|support for|handle|validat*|todo|build|null check*|retries"
            "|retry logic|caching"
        ),
        "review": (
            "review|code review|what do you think|any issues|any problems|any bugs|feedback|critique"
            "|audit|security issues|vulnerab*|check|look over|is this correct|is this right|is this ok"
            "|is this safe|is it correct|is it safe|find bugs|find the bugs|spot"
        ),
    },
    ask=(
        "what does|what do|what is|what are|what s|what happens|how does|how do|how is|tell me|why"
        "|why is|why does|why do|is this|is it|are these"
    ),
    indefinite="a|an",
    set_phrases=(
        "the difference between|the differences between|the best way|the best practice*|the point of|the meaning of"
    ),
    local=(
        "where|when|who|why|which file|which function|which class|which module|what happens|is there|are there|we|us"
    ),
    requests=(
        "can you|could you|would you|will you|can we|could we|please|pls|plz|how do i|how do we|how do you|how can i"
        "|how can we|how could i|how could we|how would i|how would we|how would you|how should i|how should we"
        "|how to|best way|possible to|would you mind|do you mind|help|how about|why don t|why not"
    ),
    make="add|write|create|generate|make|produce|provide|insert|put|extend|change|update|replace|remove|delete|move",
    test_things=(
        "test|tests|unit test|unit tests|test case|test cases|test suite|specs|integration test|integration tests"
    ),
    document_things=(
        "docstring*|doc string*|documentation|jsdoc|javadoc|godoc|docs|comment|comments|type hint*|type annotation*"
    ),
    all_documents="the docs|the documentation|our docs|our documentation",
    filler=(
        "please|pls|plz|help|thanks|thank|hi|hello|hey|ok|okay|kindly|quickly|properly|correctly"
        "|missing|edge case|edge cases|good|proper|simple|step by step|detail|detailed|briefly|short"
        "|work|works|working|run|runs|running|way|thing|stuff|bit|possible|necessary|needed"
        "|appropriate|few|lot|new|thread safe|safe|correct|right|fine|idiomatic|pythonic|clear|clean"
        "|tricky|idea|ideas|an example|with example|with examples|for example|example of|examples of"
    ),
    expectation=(
        "should|shouldn t|must|expected|expect|expects|instead of|supposed to|ought to|so that"
        "|in order to|rather than|want it to|needs to|need to|without changing|at most|at least"
        "|no more than|only|keep|must not|don t change|never|always"
    ),
    goals={
        "debug": (
            ("Say what causes it and where.", "cause|causes|caused|root cause|why"),
            ("Give the smallest fix, and say why it works.", "smallest|minimal|fix that|without changing"),
        ),
        "explain": (
            (
                "Start with its purpose, then how it works, then what is easy to get wrong.",
                (
                    "step by step|line by line|briefly|in detail|in one sentence|in simple|like i|difference|eli5"
                    "|short|summari*|why"
                ),
            ),
        ),
        "refactor": (
            (
                "Keep the behaviour and the public names as they are.",
                "behaviour|behavior|backward*|compatible|rename|public",
            ),
            (
                "Say briefly what each change improves.",
                "rename|renaming|extract|inline|split|explain|say why|no explanation|only the code|just the code",
            ),
        ),
        "test": (
            (
                "Cover the normal case, the edge cases and the failures.",
                "edge case*|corner case*|cover|covers|covering|failure*",
            ),
            ("Leave the tested code as it is.", "without changing|don t change|do not change|fix"),
        ),
        "document": (
            (
                "Say what it is for, its parameters, result and errors.",
                "parameter*|param|params|return*|raises|comment|comments|readme|type hint*|type annotation*|annotate",
            ),
            (
                "Change nothing but the documentation.",
                "don t change|do not change|without changing|change nothing|fix|type hint*|type annotation*|annotate",
            ),
        ),
        "optimise": (
            ("Say what costs most now and what each change gains.", "bottleneck*|measure|profile|complexity|big o"),
            ("Keep the results the same.", "same result*|behaviour|behavior|same output"),
        ),
        "implement": (
            (
                "Follow the style of the code around it.",
                "style|convention*|like the|convert*|translate*|port|migrate",
            ),
            (
                "Handle invalid input, and state what you assumed.",
                "invalid|assum*|error handling|validat*|handle|convert*|translate*|port|migrate",
            ),
        ),
        "review": (
            (
                "List the findings, worst first, each with its line and a fix.",
                "list|findings|worst|severity|priorit*|yes or no",
            ),
        ),
    },
    wording=Wording(line=" line {}", lines=" lines {}-{}", framework="Use {}, as the code does.", inside="in "),
    questions=Questions(
        broken="What goes wrong? Select the code, or paste the error message and say what you expected instead.",
        which="Which code do you mean? Select it, or put the cursor inside the function.",
        candidates="Perhaps in {}?",
    ),
)
