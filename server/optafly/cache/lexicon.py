"""General knowledge of English that the verifier reads prompts with: which words frame a request, which compare, order,
count or negate, and which mean the same. None of it was taken from a data set.

A word in no list is content: it counts as much as it is rare. Other languages go without these lists, so their prompts
are only served where nearly every word is the same.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _classes(**groups: str) -> dict[str, str]:
    return {word: name for name, words in groups.items() for word in words.split()}


# They carry grammar, or point at what is there anyway.
FUNCTION = _words(
    """a an the this that these those of to in on at by for with from and is are was were be been being am do does did
    can could would should will shall may might must i me my mine we us our you your it its they them their there here
    what which who whom whose where when how as than into onto upon per via if then so such also just
    please kindly thanks thank hello hi hey ok okay well now some one's let lets let's about have has had having got
    it's i'm i'd i've i'll what's that's there's who's where's how's you'd they're we're he she his her him"""
)
# They point at something; the second ones at what was named before, where anything was.
POINTING = _words("this these those here")
POINTING_BACK = _words("it its them they")
# Behind one of these a word is a thing: `is a list faster`.
ARTICLES = _words("a an the this that my our your its each every of")
# With these a request opens; they say that something is wanted, not what.
FRAME = _words(
    """show list display print output give tell find search get fetch retrieve return look locate identify select see
    view want need like wish help know learn understand explain describe say report provide present make write create
    generate produce do perform go use using try trying looking interested information info details way possible able
    possibly question quick simple simply exactly basically actually really currently following available exist exists
    given certain various search"""
)
# The same verbs, as in a description of what is done: `finds all files`.
THIRD_PERSON = {
    f"{verb}s": verb for verb in _words("show list display print output give tell find get retrieve return locate")
} | {"searches": "search", "fetches": "fetch", "explains": "explain", "describes": "describe"}
# What they ask for: to make something is not to show it, nor to explain it. `return` is only shown `to me`.
ACTS = _classes(
    show="""show list display print output give tell find search get fetch retrieve look locate identify select see
    view report say provide present""",
    explain="explain describe understand learn",
    make="make write create generate produce",
    give_back="return",
)
# What may be done, and what must.
MODALS = _classes(may="can could may might", must="must should shall")
# What is, and what was.
PAST = _words("was were")
BEING = PAST | {"is", "are"}
# Word endings that stand alone behind an apostrophe: `what 's`. Elsewhere they are letters, as `x` is.
CLITICS = _words("s t d m ll re ve")
# Small words of grammar that a language of code has too: behind an article, or where a name must stand, they are named.
KEYWORDS = _words("if as with from in is do for on by at of to and than then where when let has have how what who that")
# Behind or in front of one of these a plain word is the name of one.
NAMED_KINDS = _words(
    """variable variables function functions method methods class classes struct enum interface module modules field
    fields column columns table tables parameter parameters param argument arguments attribute property constant
    component hook endpoint route branch branches flag option keyword service trait namespace macro decorator fixture
    constructor statement clause operator"""
)
# `a file located in /tmp` is one in /tmp.
LOCATED = _words("located situated residing resides reside found present existing exists exist contained")
# With one of these, `the name X` says no more than `named X`.
WITH_A_NAME = _words("with whose by of having have has")
# `give me a list of` asks for no list more than `list` does.
ASKING = _words("show give tell want like need see display provide get print output")
# Names that are written in either case.
PROPER = _words(
    """python java javascript typescript rust ruby perl php swift kotlin scala haskell bash linux unix windows macos
    ubuntu debian docker kubernetes git github gitlab react angular vue django flask rails node sql mysql postgres
    postgresql sqlite redis mongodb kafka html css json yaml toml xml csv http https api url aws azure gcp excel google
    emacs vim neovim vscode intellij unity unreal godot pytorch tensorflow keras numpy pandas latex webpack npm maven
    gradle jenkins terraform ansible nginx apache graphql grpc oauth jwt spring laravel nextjs svelte tailwind firebase
    selenium playwright jest pytest junit elasticsearch rabbitmq prometheus grafana arduino matlab
    english german french spanish italian chinese japanese russian portuguese dutch
    korean arabic hindi turkish polish"""
)
# Written together or apart.
COMPOUNDS = {
    "".join(pair): pair
    for pair in (
        ("file", "name"), ("file", "names"), ("path", "name"), ("path", "names"), ("user", "name"), ("user", "names"),
        ("host", "name"), ("host", "names"), ("file", "system"), ("file", "systems"), ("code", "base"),
        ("time", "stamp"), ("time", "stamps"), ("web", "page"), ("web", "pages"), ("web", "site"), ("data", "type"),
        ("data", "types"), ("white", "space"), ("class", "name"), ("field", "name"), ("check", "box"), ("back", "end"),
        ("front", "end"),
    )
}  # fmt: skip
NEGATION = _words(
    """not no never none nothing nobody nowhere without except excluding exclude excludes excluded unless neither nor
    cannot ignoring ignore ignores omit omitting avoid avoiding skip skipping non un prevent disallow forbid stop lacks
    lacking missing absent minus instead"""
)
COMPARE = _classes(
    more="greater more larger bigger longer over above exceeding exceed exceeds higher beyond",
    less="less fewer smaller shorter under below lower within",
    least="least minimum min",
    most="most maximum max",
    same="exactly equal equals equal same identical",
    around="about around approximately roughly nearly almost circa",
)
# Before a folder they say where, as `in` does; before a number they compare.
PLACING = _words("under below within beneath")
SEQUENCE = _classes(
    before="before until till earlier prior ahead older",
    after="after since later afterwards newer following",
    during="during while between throughout",
)
SUPERLATIVE = _classes(
    first="first earliest oldest initial",
    last="last latest newest final recent recently",
    next="next upcoming",
    previous="previous preceding",
    largest="largest biggest greatest",
    smallest="smallest tiniest",
    longest="longest",
    shortest="shortest",
    highest="highest tallest",
    lowest="lowest cheapest",
    best="best top",
    worst="worst bottom",
    average="average mean",
    median="median",
    total="total sum overall",
    count="count number amount quantity",
    distinct="distinct unique different",
    nearest="nearest closest",
)
QUANTITY = _classes(
    all="all every each everything entire whole", any="any anything", only="only just solely merely", both="both either"
)
ALTERNATIVE = _words("or either otherwise")
TIMES = _words(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december spring summer autumn fall winter today tomorrow yesterday tonight morning
    afternoon evening night noon midnight midday dawn dusk daily weekly monthly yearly hourly annual weekday weekend"""
)
# How a part is bound: what follows `from` is not what follows `to`.
BINDING = _classes(
    source="from out off leaving departing starting",
    target="to into onto toward towards arriving reaching becoming",
    place="in inside within at on under beneath below",
    agent="by",
    tool="with using",
    lack="without except excluding minus besides",
    owner="of",
    purpose="for",
    path="via through",
    pair="between among",
    than="than versus vs",
    before="before until till",
    after="after since",
    likeness="like as",
)
UNITS = _classes(
    s="s sec secs second seconds",
    ms="ms millisecond milliseconds",
    min="minute minutes mins",
    h="h hr hrs hour hours",
    d="day days",
    b="byte bytes",
    kb="kb kib kilobyte kilobytes k",
    mb="mb mib megabyte megabytes meg megs m",
    gb="gb gib gigabyte gigabytes gig gigs g",
    tb="tb terabyte terabytes",
)
NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
} | {
    "twenty": "20",
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "hundred": "100",
    "thousand": "1000",
    "twice": "2",
    "single": "1",
    "dozen": "12",
    "half": "0.5",
    "million": "1000000",
}

# British and American spellings of one word, by stem; `-ise` and `-ize` are one ending anyway.
SPELLINGS: tuple[str, ...] = (
    "behaviour behavior",
    "colour color",
    "favour favor favourite favorite",
    "neighbour neighbor",
    "honour honor",
    "centre center centred centered",
    "catalogue catalog",
    "dialogue dialog",
    "label labelled labeled labelling labeling",
    "cancel cancelled canceled cancelling canceling",
    "model modelled modeled modelling modeling",
    "travel travelled traveled travelling traveling",
    "signal signalled signaled signalling signaling",
    "licence license",
    "grey gray",
    "programme program",
    "defence defense",
    "artefact artifact",
    "judgement judgment",
)

# Words that mean the same in most requests, by stem; each group is one meaning.
SAME: tuple[str, ...] = (
    "folder directory dir directories folders dirs",
    "delete remove erase del rm deletes removes deleting removing deleted removed",
    "build compile",
    "change modify alter edit adjust changes modifies changed modified changing modifying",
    "fix repair correct resolve solve mend fixes fixing",
    "start begin launch starts beginning begins starting",
    "end finish ends ending finishes",
    "picture image photo pictures images photos",
    "file files",
    "function func method functions methods",
    "error exception failure fault errors exceptions",
    "bug defect issue problem bugs issues problems",
    "test tests testing unittest",
    "regex regexp",
    "docs documentation",
    "config configuration configs",
    "repo repository repos repositories",
    "app application apps applications",
    "database db databases",
    "environment env",
    "argument arg parameter param arguments args parameters params",
    "string str strings",
    "integer int integers ints",
    "boolean bool",
    "dictionary dict dictionaries dicts",
    "javascript js",
    "typescript ts",
    "kubernetes k8s",
    "faster quicker speed",
    "improve enhance better improves",
    "summarise summary",
    "use utilise employ uses",
    "convert transform turn converts converting",
    "contain include contains containing includes including hold holding holds",
    "big large huge",
    "small little tiny",
    "exit quit leave",
    "choose select pick",
    "combine merge",
    "join concatenate",
    "split divide",
    "place put insert",
    "copy duplicate clone",
    "move relocate",
    "name named called names",
    "extension suffix ext extensions",
    "hidden invisible",
    "empty blank",
    "buy purchase",
    "cost price fare prices costs fares",
    "cheap inexpensive",
    "person people persons",
    "employee worker staff employees workers",
    "student pupil students pupils",
    "movie film movies films",
    "author writer authors writers",
    "paper article publication papers articles publications",
    "subdirectory subfolder subdirectories subfolders subdirs recursively recursive",
    "path location",
    "permission permissions perms rights mode",
    "owner owned own owns belong belongs belonging",
    "process processes",
    "package packages library libraries lib module modules",
    "version versions",
    "run execute runs running executes executing",
    "key keys",
    "handle cope",
    "raise throw raises raised throws thrown",
    "add append",
    "user users",
    "sort order arrange sorted ordered arranged sorting ordering",
)
