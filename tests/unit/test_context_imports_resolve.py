"""What an import means, language by language, in trees of a few files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import ClassVar

import pytest

from fakes.imports import outline
from optafly.context.imports import Resolver, is_manifest
from optafly.context.imports.asked import Asked


def resolved(
    paths: str, path: str, language: str, *imports: str, manifests: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    return Resolver(paths.split(), manifests).targets(path, outline(language, *imports))


def grouped(module: str, family: str, paths: str = "", place: str = "", **manifests: str) -> str:
    texts = {name.replace("_", "/").replace("gomod", "go.mod"): text for name, text in manifests.items()}
    return Resolver(paths.split(), texts).answer(Asked(family, place, module)).group


class TestPython:
    PACKAGE = "src/app/__init__.py src/app/core.py src/app/sub/__init__.py src/app/sub/deep.py tests/test_core.py"

    @pytest.mark.parametrize(
        ("written", "target"),
        [
            (".: core", "src/app/core.py"),
            (".core: run", "src/app/core.py"),
            (".sub: deep", "src/app/sub/deep.py"),
            (".sub: something", "src/app/sub/__init__.py"),
            ("app.core: run", "src/app/core.py"),
            ("app.sub.deep", "src/app/sub/deep.py"),
            ("app: core", "src/app/core.py"),
            (".: *", "src/app/__init__.py"),
        ],
    )
    def test_a_module_of_the_same_package_is_found(self, written: str, target: str) -> None:
        assert resolved(self.PACKAGE, "src/app/other.py", "python", written) == (target,)

    def test_dots_lead_up_as_many_packages(self) -> None:
        assert resolved(self.PACKAGE, "src/app/sub/x.py", "python", "..core: run") == ("src/app/core.py",)
        assert resolved(self.PACKAGE, "src/app/sub/x.py", "python", ".....core: run") == ()

    def test_a_test_finds_the_package_below_src(self) -> None:
        assert resolved(self.PACKAGE, "tests/test_core.py", "python", "app.core: run") == ("src/app/core.py",)

    def test_what_is_not_in_the_workspace_is_nothing(self) -> None:
        assert resolved(self.PACKAGE, "src/app/x.py", "python", "os", "numpy.linalg: norm", "apps.core") == ()

    def test_a_module_of_a_package_is_not_taken_for_a_top_level_module_of_that_name(self) -> None:
        paths = "app/__init__.py app/requests.py app/client.py"

        assert resolved(paths, "app/client.py", "python", "requests: get") == ()

    def test_a_module_of_the_standard_library_is_not_a_file_of_its_name(self) -> None:
        assert resolved("logging.py run.py", "run.py", "python", "logging") == ()

    def test_a_script_finds_the_module_beside_it(self) -> None:
        assert resolved("tools/run.py tools/shared.py", "tools/run.py", "python", "shared") == ("tools/shared.py",)

    def test_a_namespace_package_needs_no_init(self) -> None:
        paths = "one/ns/a/__init__.py two/ns/b/mod.py"

        assert resolved(paths, "one/ns/a/__init__.py", "python", "ns.b: mod") == ("two/ns/b/mod.py",)

    def test_of_two_packages_of_a_name_the_nearer_is_meant(self) -> None:
        paths = "one/app/__init__.py one/app/a.py two/app/__init__.py two/app/a.py"

        assert resolved(paths, "two/app/x.py", "python", "app.a: run") == ("two/app/a.py",)

    def test_a_stub_is_found_where_there_is_no_source(self) -> None:
        assert resolved("app/__init__.py app/fast.pyi", "app/x.py", "python", ".fast: run") == ("app/fast.pyi",)


class TestEcmascript:
    @pytest.mark.parametrize(
        ("written", "target"),
        [
            ("./a", "src/a.ts"),
            ("./a.js", "src/a.ts"),
            ("./b.js", "src/b.js"),
            ("./c", "src/c.tsx"),
            ("./d", "src/d/index.ts"),
            ("./d/", "src/d/index.ts"),
            ("./e.test", "src/e.test.ts"),
            ("./f.vue", "src/f.vue"),
            ("./g", "src/g.d.ts"),
            ("./g.js", "src/g.d.ts"),
            ("./a?raw", "src/a.ts"),
            (".", "src/index.ts"),
            ("..", "index.js"),
            ("../lib/h.mjs", "lib/h.mts"),
        ],
    )
    def test_a_relative_path_is_found_as_bundlers_find_it(self, written: str, target: str) -> None:
        paths = (
            "src/a.ts src/b.js src/c.tsx src/d/index.ts src/e.test.ts src/f.vue src/g.d.ts src/index.ts index.js"
            " lib/h.mts"
        )

        assert resolved(paths, "src/x.ts", "typescript", written) == (target,)

    def test_a_path_out_of_the_workspace_is_nothing(self) -> None:
        assert resolved("a.ts", "x.ts", "typescript", "../a", "../../a") == ()

    def test_paths_of_the_nearest_tsconfig_hold(self) -> None:
        text = """{
          // comments and trailing commas are allowed here
          "compilerOptions": {"baseUrl": "./src", "paths": {"@lib/*": ["lib/*"], "conf": ["settings.ts"],}},
        }"""
        paths = "web/src/lib/a.ts web/src/settings.ts web/src/plain.ts lib/a.ts"

        found = resolved(
            paths, "web/src/x.ts", "typescript", "@lib/a", "conf", "plain", manifests={"web/tsconfig.json": text}
        )

        assert found == ("web/src/lib/a.ts", "web/src/settings.ts", "web/src/plain.ts")

    def test_a_tsconfig_that_extends_another_has_its_paths(self) -> None:
        manifests = {
            "tsconfig.base.json": '{"compilerOptions": {"paths": {"#all/*": ["./shared/*"]}}}',
            "app/tsconfig.json": '{"extends": "../tsconfig.base.json"}',
        }

        assert resolved("shared/a.ts", "app/x.ts", "typescript", "#all/a", manifests=manifests) == ("shared/a.ts",)

    def test_tsconfigs_that_extend_one_another_again_and_again_are_read_once_each(self) -> None:
        names = [f"tsconfig.{number}.json" for number in range(30)]
        bases: dict[str, dict[str, object]] = {name: {"extends": [f"./{other}" for other in names]} for name in names}
        bases[names[-1]] |= {"compilerOptions": {"baseUrl": "lib"}}
        manifests = {name: json.dumps(said) for name, said in bases.items()}

        assert resolved("lib/a.ts", "x.ts", "typescript", "nothing", "a", manifests=manifests) == ("lib/a.ts",)

    def test_of_an_endless_chain_of_tsconfigs_the_first_fifty_are_read(self) -> None:
        manifests = {
            f"p{n}/tsconfig.json": json.dumps(
                {"extends": f"../p{n + 1}/tsconfig.json", "compilerOptions": {"paths": {"@/*": ["./src/*"]}}}
            )
            for n in range(100)
        }

        found = resolved("p49/src/a.ts p50/src/b.ts", "p0/x.ts", "typescript", "@/a", "@/b", manifests=manifests)

        assert found == ("p49/src/a.ts",)

    def test_a_tsconfig_that_extends_itself_is_read_once(self) -> None:
        manifests = {"tsconfig.json": '{"extends": "./tsconfig.json", "compilerOptions": {"baseUrl": "."}}'}

        assert resolved("a.ts", "x.ts", "typescript", "nothing", manifests=manifests) == ()

    def test_a_package_of_the_workspace_is_its_source_not_what_is_built_of_it(self) -> None:
        exports = {".": {"types": "./dist/index.d.ts", "import": "./dist/index.mjs"}, "./node": "./dist/node/main.js"}
        manifests = {"packages/core/package.json": json.dumps({"name": "@my/core", "exports": exports})}
        paths = "packages/core/src/index.ts packages/core/src/node/main.ts packages/core/src/util.ts"

        found = resolved(
            paths, "app/x.ts", "typescript", "@my/core", "@my/core/node", "@my/core/util", manifests=manifests
        )

        assert found == (
            "packages/core/src/index.ts",
            "packages/core/src/node/main.ts",
            "packages/core/src/util.ts",
        )

    def test_patterns_in_exports_and_own_imports_are_filled_in(self) -> None:
        said = {"name": "kit", "exports": {"./*": "./source/*.js"}, "imports": {"#util/*": "./source/util/*.js"}}
        manifests = {"kit/package.json": json.dumps(said)}

        assert resolved("kit/source/a.js", "x.js", "javascript", "kit/a", manifests=manifests) == ("kit/source/a.js",)
        assert resolved("kit/source/util/b.js", "kit/x.js", "javascript", "#util/b", manifests=manifests) == (
            "kit/source/util/b.js",
        )

    def test_the_usual_alias_means_the_sources_of_the_package(self) -> None:
        manifests = {"web/package.json": "{}"}

        assert resolved("web/src/a/b.ts", "web/src/x.vue", "vue", "@/a/b", manifests=manifests) == ("web/src/a/b.ts",)

    def test_a_folder_with_a_manifest_is_what_its_manifest_says(self) -> None:
        manifests = {"package.json": '{"main": "./lib/api.js"}'}

        assert resolved("lib/api.js", "tools/x.js", "javascript", "..", manifests=manifests) == ("lib/api.js",)

    def test_what_is_not_in_the_workspace_is_nothing(self) -> None:
        assert resolved("react/index.js", "src/x.js", "javascript", "react", "node:fs", "@scope/x") == ()


class TestGo:
    def test_a_package_is_the_folder_below_its_module(self) -> None:
        manifests = {"gomod": "module example.org/app\n\ngo 1.22\n", "tools_gomod": 'module "example.org/app/tools"'}

        assert grouped("example.org/app/a/b", "go", **manifests) == "go a/b"
        assert grouped("example.org/app", "go", **manifests) == "go "
        assert grouped("example.org/app/tools/x", "go", **manifests) == "go tools/x"
        assert grouped("example.org/apples", "go", **manifests) == ""
        assert grouped("fmt", "go", **manifests) == ""

    def test_a_vendored_package_is_its_folder(self) -> None:
        assert grouped("x.org/y", "go", paths="vendor/x.org/y/y.go") == "go vendor/x.org/y"


class TestRust:
    CRATE: ClassVar = {
        "core/Cargo.toml": '[package]\nname = "my-core"\n',
        "app/Cargo.toml": '[package]\nname = "app"\n',
    }
    FILES = (
        "core/src/lib.rs core/src/a.rs core/src/a/b.rs core/src/c/mod.rs core/src/c/d.rs app/src/main.rs"
        " core/tests/all.rs core/tests/common/mod.rs app/src/lib.rs"
    )

    @pytest.mark.parametrize(
        ("path", "written", "target"),
        [
            ("core/src/lib.rs", "self::a", "core/src/a.rs"),
            ("core/src/c/d.rs", "crate::a::b: Thing", "core/src/a/b.rs"),
            ("core/src/c/d.rs", "crate::a: b", "core/src/a/b.rs"),
            ("core/src/c/d.rs", "crate::a: Thing", "core/src/a.rs"),
            ("core/src/c/d.rs", "crate::a::Kind: One", "core/src/a.rs"),
            ("core/src/c/d.rs", "crate: Thing", "core/src/lib.rs"),
            ("core/src/c/d.rs", "super: Thing", "core/src/c/mod.rs"),
            ("core/src/a/b.rs", "super: Thing", "core/src/a.rs"),
            ("core/src/a/b.rs", "super::super::c: Thing", "core/src/c/mod.rs"),
            ("core/src/c/mod.rs", "self::d", "core/src/c/d.rs"),
            ("core/src/lib.rs", "a::b: Thing", "core/src/a/b.rs"),
            ("app/src/main.rs", "my_core::c: Thing", "core/src/c/mod.rs"),
            ("app/src/main.rs", "my_core: Thing", "core/src/lib.rs"),
            ("app/src/main.rs", "app: run", "app/src/lib.rs"),
            ("core/tests/all.rs", "my_core: Thing", "core/src/lib.rs"),
            ("core/tests/all.rs", "self::common", "core/tests/common/mod.rs"),
            ("core/tests/all.rs", "crate::common: help", "core/tests/common/mod.rs"),
        ],
    )
    def test_a_path_leads_to_the_file_of_its_module(self, path: str, written: str, target: str) -> None:
        assert resolved(self.FILES, path, "rust", written, manifests=self.CRATE) == (target,)

    def test_other_crates_are_nothing(self) -> None:
        found = resolved(self.FILES, "core/src/a.rs", "rust", "std::path: Path", "serde: de", manifests=self.CRATE)

        assert found == ()

    def test_a_crate_that_is_called_otherwise_is_found(self) -> None:
        manifests = self.CRATE | {"app/Cargo.toml": '[dependencies]\nheart = {path = "../core", package = "my-core"}'}

        found = resolved(self.FILES, "app/src/main.rs", "rust", "heart::a: Thing", manifests=manifests)

        assert found == ("core/src/a.rs",)

    def test_a_library_may_lie_where_its_manifest_says(self) -> None:
        manifests = {"Cargo.toml": '[package]\nname = "x"\n[lib]\nname = "y"\npath = "lib/y.rs"'}

        found = resolved("lib/y.rs lib/z.rs", "main.rs", "rust", "y::z: Thing", manifests=manifests)

        assert found == ("lib/z.rs",)

    @pytest.mark.parametrize(
        ("path", "written", "target"),
        [
            ("code/core/flags/mod.rs", "crate::search: run", "code/core/search.rs"),
            ("code/core/main.rs", "crate::flags::parse: all", "code/core/flags/parse.rs"),
            ("checks/all.rs", "crate::shared: dir", "checks/shared.rs"),
        ],
    )
    def test_a_program_lies_where_the_manifest_says(self, path: str, written: str, target: str) -> None:
        files = "code/core/main.rs code/core/search.rs code/core/flags/mod.rs code/core/flags/parse.rs checks/all.rs"
        text = '[package]\nname = "find"\n[[bin]]\npath = "code/core/main.rs"\n[[test]]\npath = "checks/all.rs"\n'

        found = resolved(f"{files} checks/shared.rs", path, "rust", written, manifests={"Cargo.toml": text})

        assert found == (target,)

    def test_a_module_that_only_holds_others_needs_no_file(self) -> None:
        found = resolved(
            "tests/rename.rs tests/support/ring.rs", "tests/rename.rs", "rust", "crate::support::ring: start",
            manifests={"Cargo.toml": '[package]\nname = "io"\n'},
        )  # fmt: skip

        assert found == ("tests/support/ring.rs",)


class TestJvm:
    FILES = "core/src/main/java/org/app/Store.java core/src/main/kotlin/org/app/io/Files.kt"

    @pytest.mark.parametrize(
        ("written", "target"),
        [
            ("org.app.Store", "core/src/main/java/org/app/Store.java"),
            ("org.app.Store.Entry", "core/src/main/java/org/app/Store.java"),
            ("org.app.Store: open", "core/src/main/java/org/app/Store.java"),
            ("org.app.io.Files", "core/src/main/kotlin/org/app/io/Files.kt"),
        ],
    )
    def test_a_class_is_the_file_of_its_name(self, written: str, target: str) -> None:
        assert resolved(self.FILES, "web/src/X.kt", "kotlin", written) == (target,)

    def test_a_class_of_another_package_is_not_meant(self) -> None:
        assert resolved(self.FILES, "web/src/X.java", "java", "org.other.Store", "java.util.List") == ()


class TestNative:
    FILES = "src/a.c src/a.h include/lib/b.h third/include/lib/b.h src/string.h"

    @pytest.mark.parametrize(
        ("written", "target"),
        [
            ("a.h", "src/a.h"),
            ("lib/b.h", "include/lib/b.h"),
            ("<lib/b.h>", "include/lib/b.h"),
            ("../src/a.h", "src/a.h"),
        ],
    )
    def test_a_header_is_found_beside_the_file_or_by_the_end_of_its_path(self, written: str, target: str) -> None:
        assert resolved(self.FILES, "src/a.c", "c", written) == (target,)

    def test_a_header_of_the_standard_library_is_nothing(self) -> None:
        assert resolved(self.FILES, "tools/x.c", "c", "<string.h>", "<vector>") == ()


class TestRubyAndPhp:
    def test_ruby_files_are_required_by_path_and_from_lib(self) -> None:
        paths = "lib/app/store.rb lib/app.rb lib/app/other.rb spec/app/store.rb"

        found = resolved(paths, "lib/app/x.rb", "ruby", "./other", "app/store", "app", "json")

        assert found == ("lib/app/other.rb", "lib/app/store.rb", "lib/app.rb")

    def test_php_classes_are_found_by_the_namespaces_of_composer(self) -> None:
        composer = {"autoload": {"psr-4": {"My\\App\\": "src/", "My\\": ["other"]}}, "autoload-dev": {}}
        paths = "src/Store/Entry.php other/Thing.php inc/old.php"

        found = resolved(
            paths, "src/X.php", "php", "My\\App\\Store\\Entry", "My\\Thing", "../inc/old.php", "Other\\Thing",
            manifests={"composer.json": json.dumps(composer)},
        )  # fmt: skip

        assert found == ("src/Store/Entry.php", "other/Thing.php", "inc/old.php")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("package.json", "{"),
        ("package.json", "[" * 100_000),
        ("package.json", '{"name": 7, "exports": [[[[[[[["./a"]]]]]]]], "main": {}}'),
        ("package.json", '["name"]'),
        ("tsconfig.json", '{"compilerOptions": {"paths": [], "baseUrl": 3}, "extends": [1]}'),
        ("tsconfig.json", "/*" * 50_000),
        ("Cargo.toml", "[package"),
        ("Cargo.toml", "[package]\nname = 3\n[dependencies]\na = {package = 1}"),
        ("go.mod", "modul x"),
        ("composer.json", '{"autoload": {"psr-4": {"A\\\\": 3}, "psr-0": []}}'),
        ("go.mod", "\0" * 100),
    ],
)
def test_a_manifest_that_is_not_sound_says_nothing(path: str, text: str) -> None:
    assert is_manifest(path)
    assert resolved("a.ts", "x.ts", "typescript", "./a", "x", "@/b", manifests={path: text}) == ("a.ts",)


def test_an_import_that_cannot_be_meant_so_is_nothing() -> None:
    paths = "a.py a.ts a.go a.rs a.java a.c a.rb a.php a.cs"
    languages = ("python", "typescript", "go", "rust", "java", "c", "ruby", "php", "csharp", "plaintext")

    for language in languages:
        for module in ("", ".", "..", "/", "//", "::", "\\", "*", "a//b", "a..b", "./", "..." * 50, "a\0b", '""'):
            resolved(paths, "b/x", language, module, f"{module}: *", f"{module}: name")
