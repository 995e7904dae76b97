"""What a file is written in and what it is for can be told from its path, in every ecosystem."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optafly.context.outline.languages import kind_of, language_of

LANGUAGES = {
    "a/b.py": "python",
    "stub.pyi": "python",
    "app.ts": "typescript",
    "app.d.mts": "typescript",
    "App.tsx": "typescriptreact",
    "App.JSX": "javascriptreact",
    "x.cjs": "javascript",
    "main.go": "go",
    "lib.rs": "rust",
    "Main.java": "java",
    "a.c": "c",
    "a.h": "cpp",
    "a.hpp": "cpp",
    "a.cc": "cpp",
    "Program.cs": "csharp",
    "Rakefile": "ruby",
    "a.gemspec": "ruby",
    "index.php": "php",
    "build.gradle.kts": "kotlin",
    "Makefile": "makefile",
    "Dockerfile.dev": "dockerfile",
    "go.mod": "go.mod",
    "notes": "plaintext",
    ".bashrc": "plaintext",
    "a.unheard-of": "plaintext",
    "": "plaintext",
}

KINDS = {
    "source": [
        "setup/install.py",
        "src/main/java/shop/Cart.java",
        "src/latest.ts",
        "src/contest.py",
        "app/docs/page.tsx",
        "pkg/demo/server.py",
        "server/docs.go",
        "src/license.ts",
        "src/history.rs",
        "types/index.d.ts",
        "lib/testing.py",
        "scrapy/utils/test.py",
        "src/Request.kt",
        "src/Latest.java",
        "build.rs",
        "styles/app.scss",
        "templates/page.html",
        "schema.sql",
        "api/v1.proto",
        "scripts/release.sh",
        "web/options_gen.ts",
        "lib/scheme/list.scm",
        ".hidden.js",
    ],
    "test": [
        "tests/unit/test_a.py",
        "pkg/server_test.go",
        "pkg/test_server.py",
        "pkg/conftest.py",
        "src/a.spec.ts",
        "src/a.test-d.ts",
        "src/__tests__/a.ts",
        "src/test/java/shop/Carts.java",
        "src/commonTest/kotlin/A.kt",
        "src/main/CartTest.java",
        "Shop.UnitTests/CartFacts.cs",
        "okhttp-tests/A.kt",
        "pkg/testdata/a.go",
        "spec/cart_spec.rb",
        "spec/spec_helper.rb",
        "crate/benches/parse.rs",
        "src/parser/tests.rs",
        "tests/fixtures/conf.json",
        "pkg/test_data/a.bin",
        "cypress/login.js",
    ],
    "docs": ["README.md", "docs/conf.py", "packages/ui/docs/a.ts", "CHANGELOG", "guide.rst", "LICENSE", "book/a.js"],
    "example": [
        "examples/a.py",
        "packages/vue/examples/a.ts",
        "playground/hmr/main.ts",
        "crates/net/example/a.rs",
        "demo/a.ts",
        "create-app/template-react/src/App.jsx",
        "src/Button.stories.tsx",
        "{{cookiecutter.slug}}/main.py",
    ],
    "vendored": [
        "node_modules/a/index.js",
        "vendor/golang.org/x/a.go",
        "third_party/zlib/a.c",
        "src/pip/_vendor/a.py",
        "static/jquery-3.7.1.js",
    ],
    "generated": [
        "api/v1.pb.go",
        "api/v1_pb2.py",
        "api/v1_pb2_grpc.py",
        "web/app.min.js",
        "dist/index.js",
        "lib/model.g.dart",
        "Form.Designer.cs",
        "zz_generated.deepcopy.go",
        "schema.generated.ts",
        "package-lock.json",
        "Cargo.lock",
        "go.sum",
        "app.js.map",
    ],
    "config": [
        "pyproject.toml",
        "package.json",
        "vite.config.ts",
        ".eslintrc.cjs",
        ".github/workflows/ci.yml",
        "Makefile",
        "Dockerfile",
        "CMakeLists.txt",
        "build.gradle.kts",
        "setup.py",
        "go.mod",
        ".gitignore",
        ".npmignore",
        ".editorconfig",
        ".gitattributes",
        "docker/.dockerignore",
        ".clang-format",
    ],
    "other": ["logo.png", "notes.txt", "data.bin", "runtime/queries/go/tags.scm", "noextension", "a.gitignore"],
}


@pytest.mark.parametrize(("path", "language"), LANGUAGES.items())
def test_the_language_is_told_by_the_name(path: str, language: str) -> None:
    assert language_of(path) == language


@pytest.mark.parametrize(("kind", "path"), [(kind, path) for kind, paths in KINDS.items() for path in paths])
def test_what_a_file_is_for_is_told_by_its_path(kind: str, path: str) -> None:
    assert kind_of(path) == kind


@given(st.text(max_size=60))
def test_any_path_has_a_language_and_a_kind(path: str) -> None:
    assert language_of(path)
    assert kind_of(path) in KINDS
