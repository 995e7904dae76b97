"""The graph of a workspace: what is imported and used, through packages and modules that hand on, edit by edit."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from fakes.imports import outline
from optafly.context.imports import Graph, Resolver, Use, facts_of
from optafly.context.imports.facts import decode, encode
from optafly.context.outline.model import Definition, Import, Outline


def graph_of(files: Mapping[str, Outline | None], manifests: Mapping[str, str] | None = None) -> Graph:
    graph = Graph(manifests)
    for path, each in files.items():
        graph.put(path, each)
    return graph


def python(*imports: str, defines: str = "", uses: str = "") -> Outline:
    return outline("python", *imports, defines=defines, uses=uses)


def test_imports_are_known_in_both_directions() -> None:
    graph = graph_of({"a.py": python("b: run", "os"), "b.py": python(defines="run"), "c.py": python("b")})

    assert graph.imports("a.py") == ("b.py",)
    assert graph.importers("b.py") == ("a.py", "c.py")


def test_a_file_that_is_not_there_has_no_imports() -> None:
    graph = graph_of({"a.py": python("b: run")})

    assert (graph.imports("x.py"), graph.importers("x.py"), graph.callees("x.py"), graph.callers("x.py")) == (
        (), (), (), (),
    )  # fmt: skip


def test_an_import_is_resolved_once_its_file_comes_and_lost_when_it_goes() -> None:
    graph = graph_of({"a.py": python("b: run")})
    assert graph.imports("a.py") == ()

    graph.put("b.py", python(defines="run"))
    assert graph.imports("a.py") == ("b.py",)

    graph.drop("b.py")
    assert graph.imports("a.py") == ()


def test_a_name_that_a_package_hands_on_is_imported_from_where_it_is() -> None:
    graph = graph_of(
        {
            "app/__init__.py": python(".store: Store", ".io: *"),
            "app/store.py": python(defines="Store"),
            "app/io.py": python(defines="read"),
            "one.py": python("app: Store"),
            "two.py": python("app: read"),
            "three.py": python("app: VERSION"),
        }
    )

    assert graph.imports("one.py") == ("app/store.py",)
    assert graph.imports("two.py") == ("app/io.py",)
    assert graph.imports("three.py") == ("app/__init__.py",)
    assert graph.importers("app/store.py") == ("app/__init__.py", "one.py")


def test_what_a_package_hands_on_may_change() -> None:
    graph = graph_of(
        {
            "src/index.ts": outline("typescript", "./a: run"),
            "src/a.ts": outline("typescript", defines="run"),
            "src/b.ts": outline("typescript", defines="run"),
            "x.ts": outline("typescript", "./src: run"),
        }
    )
    assert graph.imports("x.ts") == ("src/a.ts",)

    graph.put("src/index.ts", outline("typescript", "./b: run"))
    assert graph.imports("x.ts") == ("src/b.ts",)

    graph.put("src/index.ts", outline("typescript", "./a: *"))
    assert graph.imports("x.ts") == ("src/a.ts",)

    graph.put("src/a.ts", outline("typescript", defines="walk"))
    assert graph.imports("x.ts") == ("src/index.ts",)


def test_a_name_taken_from_a_package_is_a_module_once_there_is_one() -> None:
    graph = graph_of(
        {
            "p/__init__.py": python("q: a"),
            "q/__init__.py": python(),
            "x.py": python("q: a"),
            "y.py": python("p: a"),
        }
    )
    assert (graph.imports("x.py"), graph.imports("y.py")) == (("q/__init__.py",), ("q/__init__.py",))

    graph.put("q/a.py", python())
    assert (graph.imports("x.py"), graph.imports("y.py")) == (("q/a.py",), ("q/a.py",))

    graph.drop("q/a.py")
    assert (graph.imports("x.py"), graph.imports("y.py")) == (("q/__init__.py",), ("q/__init__.py",))


def test_packages_that_hand_on_to_one_another_come_to_an_end() -> None:
    graph = graph_of({"a/index.ts": outline("typescript", "../b: x"), "b/index.ts": outline("typescript", "../a: x")})

    assert graph.imports("a/index.ts") == ()
    assert graph.importers("b/index.ts") == ()


def test_a_go_file_imports_the_files_of_a_package_whose_names_it_uses() -> None:
    graph = graph_of(
        {
            "store/open.go": outline("go", defines="Open", package="store"),
            "store/close.go": outline("go", defines="Close", uses="Open", package="store"),
            "main.go": outline("go", "x.org/app/store", "fmt", uses="Open Println", package="main"),
        },
        {"go.mod": "module x.org/app"},
    )

    assert graph.imports("main.go") == ("store/open.go",)
    assert graph.importers("store/open.go") == ("main.go", "store/close.go")


def test_a_kotlin_function_is_imported_from_the_file_that_defines_it() -> None:
    graph = graph_of(
        {
            "a/Files.kt": outline("kotlin", defines="Path.read", package="org.app"),
            "a/Other.kt": outline("kotlin", defines="write", package="org.app"),
            "a/Tools.kt": outline("kotlin", defines="Tool", package="org.app"),
            "b/Main.kt": outline("kotlin", "org.app.read", "org.app.Tool.run", uses="read", package="org.main"),
        }
    )

    assert graph.imports("b/Main.kt") == ("a/Files.kt", "a/Tools.kt")
    assert graph.importers("a/Files.kt") == ("b/Main.kt",)


def test_a_java_class_sees_its_own_package_and_a_wildcard() -> None:
    graph = graph_of(
        {
            "org/app/Store.java": outline("java", defines="Store", uses="Entry", package="org.app"),
            "org/app/Entry.java": outline("java", defines="Entry", package="org.app"),
            "web/Page.java": outline("java", "org.app: *", uses="Store", package="web"),
        }
    )

    assert graph.imports("org/app/Store.java") == ("org/app/Entry.java",)
    assert graph.imports("web/Page.java") == ("org/app/Store.java",)


def test_a_csharp_file_sees_its_namespace_those_around_it_and_those_it_uses() -> None:
    graph = graph_of(
        {
            "Core.cs": outline("csharp", defines="Core", package="App"),
            "Data/Row.cs": outline("csharp", defines="Row", package="App.Data"),
            "Web/Page.cs": outline("csharp", "App.Data", uses="Row Core", package="App.Web"),
            "Other.cs": outline("csharp", uses="Row", package="Else"),
        }
    )

    assert graph.imports("Web/Page.cs") == ("Core.cs", "Data/Row.cs")
    assert graph.imports("Other.cs") == ()


def test_a_csharp_file_sees_what_its_project_uses_everywhere() -> None:
    graph = graph_of(
        {
            "Tools/Clock.cs": outline("csharp", defines="Clock", package="Tools"),
            "Tools/Maths.cs": outline("csharp", defines="Maths", members=["Maths.Half"], package="Tools.Numbers"),
            "Tools/Text.cs": outline("csharp", defines="Text", package="Words"),
            "App/Sub/Page.cs": outline("csharp", uses="Clock Half Text", package="App"),
            "Else/Page.cs": outline("csharp", uses="Clock Half Text", package="Else"),
        }
    )
    assert graph.imports("App/Sub/Page.cs") == ()

    graph.manifest("App/App.csproj", '<Project><ItemGroup><Using Include="Tools" /></ItemGroup></Project>')
    graph.manifest("App/GlobalUsings.cs", "global using static Tools.Numbers.Maths;\nglobal using W = Words;\n")
    assert graph.imports("App/Sub/Page.cs") == ("Tools/Clock.cs", "Tools/Maths.cs", "Tools/Text.cs")
    assert graph.imports("Else/Page.cs") == ()

    graph.manifest("App/App.csproj", None)
    assert "Tools/Clock.cs" not in graph.imports("App/Sub/Page.cs")


def test_a_csharp_type_that_gets_another_name_leads_to_its_file() -> None:
    graph = graph_of(
        {
            "Shop.cs": outline("csharp", defines="Cart", members=["Cart.Line"], package="App.Shop"),
            "Bill.cs": outline("csharp", defines="Bill", package="App.Shop.Cart"),
            "Type.cs": outline("csharp", "App.Shop: Cart", package="A"),
            "Inner.cs": outline("csharp", "App.Shop.Cart: Line", package="B"),
            "Static.cs": outline("csharp", "App.Shop.Cart: *", package="C"),
            "Space.cs": outline("csharp", "App: Shop", uses="Cart", package="D"),
        }
    )
    for path in ("Type.cs", "Inner.cs", "Static.cs", "Space.cs"):
        assert graph.imports(path) == ("Shop.cs",), path


def test_callees_are_the_imported_files_that_define_what_is_used() -> None:
    graph = graph_of(
        {
            "a.py": python("b: run", "c", uses="run stop nothing"),
            "b.py": python(defines="run stop"),
            "c.py": python(defines="stop"),
            "d.py": python(defines="run"),
        }
    )

    assert [(use.path, use.names) for use in graph.callees("a.py")] == [("b.py", ("run", "stop")), ("c.py", ("stop",))]
    assert [(use.path, use.names) for use in graph.callers("b.py")] == [("a.py", ("run", "stop"))]
    assert graph.callers("d.py") == ()


def test_a_name_that_many_files_define_tells_no_callee() -> None:
    files = {f"m{n}.py": python(defines="run") for n in range(4)}

    assert graph_of({"a.py": python("m1: run", uses="run")} | files).callees("a.py") == ()


def test_ruby_needs_no_import_for_a_name_that_one_file_defines() -> None:
    graph = graph_of(
        {
            "app/store.rb": outline("ruby", defines="Store"),
            "app/page.rb": outline("ruby", uses="Store Row"),
            "app/row.rb": outline("ruby", defines="Row"),
            "lib/row.rb": outline("ruby", defines="Row"),
        }
    )

    assert [use.path for use in graph.callees("app/page.rb")] == ["app/store.rb"]
    assert [use.path for use in graph.callers("app/store.rb")] == ["app/page.rb"]


def test_a_c_function_is_called_where_it_is_written_not_only_where_it_is_declared() -> None:
    graph = graph_of(
        {
            "main.c": outline("c", "store.h", uses="store_open"),
            "store.h": outline("c", defines="store_open"),
            "unix/store.c": outline("c", "store.h", defines="store_open"),
        }
    )

    assert [use.path for use in graph.callees("main.c")] == ["store.h", "unix/store.c"]
    assert [use.path for use in graph.callers("unix/store.c")] == ["main.c"]


def test_a_ruby_method_of_a_common_name_tells_no_callee() -> None:
    graph = graph_of({"a.rb": outline("ruby", uses="size"), "b.rb": outline("ruby", defines="size")})

    assert graph.callees("a.rb") == ()


def test_super_in_a_rust_module_inside_a_file_is_the_file() -> None:
    source = Outline(
        language="rust",
        lines=9,
        definitions=(Definition(name="tests", kind="module", start_line=5, end_line=9, name_line=5),),
        imports=(
            Import(module="super", line=6, names=("*",)),
            Import(module="super::super::b", line=7, names=("x",)),
            Import(module="super", line=1, names=("y",)),
        ),
    )

    assert facts_of(source).imports == (("self", ("*",)), ("super::b", ("x",)), ("super", ("y",)))


def test_facts_survive_being_stored() -> None:
    facts = facts_of(outline("go", "fmt", "x.org/a: b c", defines="Open", uses="Close", package="p", members=["T.Run"]))

    assert decode(encode(facts)) == facts
    assert (facts.defines, facts.members) == (("Open",), ("Run",))


def test_a_manifest_that_changes_changes_what_is_imported() -> None:
    files = {"x.ts": outline("typescript", "lib"), "a/lib.ts": None, "b/lib.ts": None}
    graph = graph_of(files, {"tsconfig.json": '{"compilerOptions": {"baseUrl": "a"}}'})
    assert graph.imports("x.ts") == ("a/lib.ts",)

    graph.manifest("tsconfig.json", '{"compilerOptions": {"baseUrl": "b"}}')
    assert graph.imports("x.ts") == ("b/lib.ts",)

    graph.manifest("tsconfig.json", None)
    assert graph.imports("x.ts") == ()


def test_a_manifest_that_says_the_same_of_modules_changes_nothing() -> None:
    resolver = Resolver()
    text = '{"name": "a", "version": "%d", "dependencies": {}}'

    assert resolver.manifest("package.json", text % 1)
    assert not resolver.manifest("package.json", text % 2)
    assert not resolver.manifest("README.md", "text")


_PATHS = {
    "python": ("a.py", "p/__init__.py", "p/a.py", "p/q/__init__.py", "p/q/a.py", "src/p/b.py", "src/p/__init__.py"),
    "typescript": ("a.ts", "p/index.ts", "p/a.ts", "p/q/index.ts", "p/a/index.ts", "src/a.tsx", "src/index.ts"),
    "rust": ("src/lib.rs", "src/a.rs", "src/a/b.rs", "src/b/mod.rs", "src/b/a.rs", "tests/a.rs", "tests/b/mod.rs"),
    "go": ("a.go", "p/a.go", "p/b.go", "q/a.go", "p/q/a.go", "vendor/z/a.go", "a_test.go"),
    "kotlin": ("org/A.kt", "org/B.kt", "src/org/A.kt", "src/org/p/B.kt", "org/p/A.kt", "A.kt", "p/A.kt"),
    "csharp": ("A.cs", "B.cs", "p/A.cs", "p/B.cs", "q/A.cs", "q/B.cs", "C.cs"),
    "ruby": ("lib/a.rb", "lib/p/a.rb", "a.rb", "p/a.rb", "q/p/a.rb", "lib/b.rb", "b.rb"),
    "cpp": ("a.h", "a.cpp", "p/a.h", "include/p/a.h", "p/b.h", "b.h", "q/p/a.h"),
    "php": ("src/A.php", "src/p/A.php", "src/B.php", "A.php", "lib/A.php", "lib/p/B.php", "B.php"),
}
_MODULES = {
    "python": (".", ".a", "..a", "p", "p.a", "p.q", "p.q.a", "a", ".q", "p.b"),
    "typescript": (".", "./a", "../a", "./p", "../p", "./q", "@/a", "src", "k", "k/a"),
    "rust": ("crate", "crate::a", "crate::a::b", "self::a", "self::b", "super", "super::b", "k", "k::a", "b"),
    "go": ("m", "m/p", "m/q", "m/p/q", "z", "fmt"),
    "kotlin": ("org", "org.A", "org.p.B", "org.f", "org.p", "A"),
    "csharp": ("N", "N.M", "N.M.K", "O"),
    "ruby": ("./a", "a", "p/a", "b", "../a"),
    "cpp": ("a.h", "p/a.h", "<p/a.h>", "b.h", "../a.h"),
    "php": ("N\\A", "N\\p\\A", "N\\B", "./A.php", "../A.php"),
}
_MANIFESTS = {
    "Cargo.toml": '[package]\nname = "k"',
    "package.json": '{"name": "k"}',
    "go.mod": "module m",
    "composer.json": '{"autoload": {"psr-4": {"N\\\\": "src"}}}',
    "tsconfig.json": '{"compilerOptions": {"baseUrl": "."}}',
    "p/tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./*"]}}}',
}
_NAMES = st.lists(st.sampled_from(["a", "b", "f", "A", "B", "q", "*"]), max_size=3, unique=True)


@st.composite
def _edits(draw: st.DrawFn) -> list[tuple[str, object]]:
    language = draw(st.sampled_from(sorted(_PATHS)))
    edits: list[tuple[str, object]] = []
    for _ in range(draw(st.integers(1, 12))):
        if draw(st.integers(0, 5)) == 0:
            path = draw(st.sampled_from(sorted(_MANIFESTS)))
            edits.append((path, draw(st.sampled_from([None, _MANIFESTS[path]]))))
            continue
        path = draw(st.sampled_from(_PATHS[language]))
        if draw(st.integers(0, 4)) == 0:
            edits.append((path, None))
            continue
        imports = draw(st.lists(st.tuples(st.sampled_from(_MODULES[language]), _NAMES), max_size=4))
        each = outline(
            language,
            *(f"{module}: {' '.join(names)}" if names else module for module, names in imports),
            defines=" ".join(draw(_NAMES)),
            uses=" ".join(draw(_NAMES)),
            package=draw(st.sampled_from(["", "org", "org.p", "N", "N.M"])),
        )
        edits.append((path, each))
    return edits


def answers(graph: Graph) -> object:
    paths = sorted(path for listed in _PATHS.values() for path in listed)
    return {
        path: (graph.imports(path), graph.importers(path), graph.callees(path), graph.callers(path)) for path in paths
    }


@given(_edits(), st.booleans())
def test_a_graph_after_any_edits_is_the_graph_made_anew(edits: list[tuple[str, object]], asked_between: bool) -> None:
    edited = Graph()
    files: dict[str, Outline] = {}
    manifests: dict[str, str] = {}

    for path, content in edits:
        if isinstance(content, Outline):
            files[path] = content
            edited.put(path, content)
        elif path in _MANIFESTS:
            manifests.pop(path, None)
            if isinstance(content, str):
                manifests[path] = content
            edited.manifest(path, manifests.get(path))
        else:
            files.pop(path, None)
            edited.drop(path)
        if asked_between:
            edited.settle()

    anew = graph_of(files, manifests)
    assert answers(edited) == answers(anew)
    for path in files:
        assert all(path in anew.importers(target) for target in anew.imports(path))
        assert all(path in anew.imports(source) for source in anew.importers(path))
        assert all(use.names == _names(anew.callers(use.path), path) for use in anew.callees(path))


def _names(uses: tuple[Use, ...], path: str) -> tuple[str, ...] | None:
    return next((use.names for use in uses if use.path == path), None)
