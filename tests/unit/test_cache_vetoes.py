"""What may never be served without a person, whatever the score says, and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.cache import lexicon
from optafly.cache.reading import read
from optafly.cache.vetoes import veto

NAMES = st.from_regex(r"[a-z]{2,8}_[a-z]{1,6}|[a-z]{2,5}[A-Z][a-z]{1,5}", fullmatch=True)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Retry after 30 seconds", "Retry after 60 seconds", "`30 seconds` became `60 seconds`"),
        ("Retry after 30 seconds", "Retry after 30 minutes", "`30 seconds` became `30 minutes`"),
        ("Retry three times", "Retry five times", "`three` became `five`"),
        ("Use Python 3.11 here", "Use Python 3.12 here", "`3.11` became `3.12`"),
        ("Write tests for parse_dates", "Write tests for parse_times", "`parse_dates` became `parse_times`"),
        ("What does getUser return", "What does getuser return", "`getUser` became `getuser`"),
        ('Print "yes" at the end', 'Print "no" at the end', '`"yes"` became `"no"`'),
        ("Open src/app.py", "Open src/api.py", "`src/app.py` became `src/api.py`"),
        ("Run ls -a", "Run ls -l", "`-a` became `-l`"),
        ("Create a POST endpoint", "Create a PUT endpoint", "`POST` became `PUT`"),
        ("What does a && b do?", "What does a || b do?", "`&&` became `||`"),
        ("Make the function async", "Make the function not async", "the negation `not` was added"),
        ("Use a global counter", "Don't use a global counter", "the negation `Don't` was added"),
        ("Sort the rows ascending", "Sort the rows descending", "`ascending` became its opposite `descending`"),
        ("Files larger than the limit", "Files smaller than the limit", "`larger` became `smaller`"),
        ("Find files under 10 MB in src/", "Find files over 10 MB in src/", "became"),
        ("Show the rows under the average", "Show the rows over the average", "`under` became `over`"),
        ("Commit only the staged files", "Commit the staged files", "the scope changed: `only`"),
        ("Are all sensors on?", "Are any sensors on?", "`all` became its opposite `any`"),
        ("Get the first element", "Get the last element", "`first` became its opposite `last`"),
        ("Show the invoices that were paid before March", "Show the invoices that were paid after March", "`before`"),
        ("List the red and blue ones", "List the red or blue ones", "`or` was added"),
        (
            "Copy the rows from orders_old to orders_new",
            "Copy the rows to orders_old from orders_new",
            "behind another word",
        ),
        ("Lines of `a.txt` that are not lines of `b.txt`", "Lines of `b.txt` that are not lines of `a.txt`", "changed"),
        ("Merge the develop branch into main", "Merge the main branch into develop", "changed places"),
        ("Let the enemy follow the player", "Let the player follow the enemy", "changed places"),
        ("Is a list faster than a tuple?", "Is a tuple faster than a list?", "changed places"),
        ("Why does the build take so long?", "How many builds take so long?", "asks"),
        ("Add a unit test for the login", "Add an integration test for the login", "`unit` became `integration`"),
        ("Explain this line", "Explain this file", "`line` became `file`"),
        ("List the flights to Oslo", "List the direct flights to Oslo", "`direct` was added"),
        ("Show the full path of each file", "Show the path of each file", "`full` is gone"),
        ("Zeige die offenen Aufträge", "Zeige die offenen Rechnungen", "became"),
        ("要删除文件", "不要删除文件", "the negation `不` was added"),
    ],
)
def test_a_veto_says_what_differs(before: str, after: str, said: str) -> None:
    found = veto(read(before), read(after))
    assert found is not None
    assert said in found
    assert veto(read(after), read(before)) is not None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Delete the folder build/", "Remove the directory `build`"),
        ("Copy 2 files of 10 MB", "Copy two files of 10MB"),
        ("orders from Oslo to Rome on friday", "on friday, orders to Rome from Oslo"),
        ("show flights and fares to Oslo", "show fares and flights to Oslo"),
        ("show me the open invoices", "could you please list the open invoices"),
        ("find empty files under the logs directory", "find empty files in the logs directory"),
        ("Write unit tests for calculate_tax", "I need unit tests for calculate_tax()"),
        ("Write a regex for e-mail addresses", "A regex for e-mail addresses, please"),
        ("Normalise the colours of each label", "Normalize the colors of each label"),
        ("List the current directory's subdirectories", "List the subdirectories of the current directory"),
        ("Print every filename", "Print every file name"),
        ("Create the directory backup", 'Create the directory "backup"'),
        ("Find the log files located in /var/log", "Find the log files in the directory /var/log"),
        ("Read the file notes.txt", "Read notes.txt"),
        ("Find files named 'a.txt'", "Find files with the name 'a.txt'"),
        ("Give me a list of the open invoices", "List the open invoices"),
        ("Finds the open invoices", "search for the open invoices"),
        ("Find files larger than 10 MB in size", "Find files larger than 10MB"),
        ("flights from Oslo to Rome on monday", "flights from Oslo to Rome monday"),
        ("Parse command line arguments in Python", "parse command-line args in python"),
        ("What 's in the queue?", "What is in the queue"),
        ("Find files that were changed today", "Find files that are changed today"),
        ("What does parser return?", "What does the parser return?"),
        ("How does caching work", "How does the caching work"),
    ],
)
def test_other_words_for_the_same_are_not_vetoed(before: str, after: str) -> None:
    assert veto(read(before), read(after)) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("what does s return", "what does t return"),
        ("what is the type of M", "what is the type of T"),
        ("Explain x", "Explain X"),
        ("find a in b", "find b in a"),
        ("explain if", "explain as"),
        ("What does from do", "What does with do"),
        ("Make the if branch return 1", "Make the then branch return 1"),
        ("Explain the Order class", "Explain the order class"),
        ("Explain the order class", "Explain the orders class"),
        ("Rename users to accounts", "Rename user to account"),
        ("Add a field called name", "Add a field called title"),
        ("Add a column error", "Add a column exception"),
        ("Use int instead of integer", "Use integer instead of int"),
        ("Replace folder with directory in the docs", "Replace directory with folder in the docs"),
        ("Write the parser", "Explain the parser"),
        ("Create a test", "Show a test"),
        ("List users", "Create users"),
        ("Print the value", "Return the value"),
        ("Get users from the cache", "Get users to the cache"),
        ("Read from the socket", "Read to the socket"),
        ("What can be null here", "What must be null here"),
        ("Should I use a list", "Can I use a list"),
        ("Is the cache used", "Was the cache used"),
        ("Why is the import slow?", "Why was the import slow?"),
        ("What does users return", "What does user return"),
        ("Copy bucket raw-events to bucket logs", "Copy bucket logs to bucket raw-events"),
        ("Which state has the smallest population", "the population of the smallest state"),
        ("Sort by name", "Sort by title"),
        ("what is called by parse", "what calls parse"),
    ],
)
def test_small_differences_that_mean_much_to_a_programmer_are_vetoed(before: str, after: str) -> None:
    assert veto(read(before), read(after)) is not None
    assert veto(read(after), read(before)) is not None


@given(st.text(max_size=120))
def test_nothing_is_vetoed_for_itself(prompt: str) -> None:
    assert veto(read(prompt), read(prompt)) is None


@given(st.text(max_size=120), st.text(max_size=120))
def test_any_two_texts_can_be_compared_and_the_reason_is_one_short_line(one: str, other: str) -> None:
    said = veto(read(one), read(other))
    assert said is None or ("\n" not in said and len(said) < 200)


@given(NAMES, NAMES)
def test_another_name_is_always_vetoed(one: str, other: str) -> None:
    found = veto(read(f"Explain what {one} does"), read(f"Explain what {other} does"))
    assert (found is None) is (one == other)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_another_number_is_always_vetoed(one: int, other: int) -> None:
    found = veto(read(f"What is wrong on line {one}"), read(f"What is wrong on line {other}"))
    assert (found is None) is (one == other)


@given(NAMES, NAMES)
def test_swapped_names_are_always_vetoed(one: str, other: str) -> None:
    found = veto(read(f"Rename {one} to {other}"), read(f"Rename {other} to {one}"))
    assert (found is None) is (one == other)


PLAIN = st.sampled_from(
    sorted({form for each in lexicon.SAME for form in each.split()} | set("bcdstxy") | {"if", "in"})
)


@given(PLAIN, PLAIN)
def test_plain_words_that_are_swapped_are_vetoed_whatever_they_mean(one: str, other: str) -> None:
    found = veto(read(f"Rename {one} to {other}"), read(f"Rename {other} to {one}"))
    assert (found is None) is (one == other)


@given(PLAIN, PLAIN)
def test_a_plain_word_is_a_name_beside_what_it_names(one: str, other: str) -> None:
    found = veto(read(f"Explain the {one} class"), read(f"Explain the {other} class"))
    assert (found is None) is (one == other)


def test_of_several_words_behind_another_one_the_first_is_named_in_every_process() -> None:
    before, after = "read from sockets files pipes", "read to sockets files pipes"
    assert veto(read(before), read(after)) == "`sockets` stands behind another word (as `from` and `to` are)"
