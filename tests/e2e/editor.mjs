// A real VS Code, driven by a real browser: starts code-server with the extension installed, opens a workspace in it, and
// knows where things are on its screen.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { createRequire } from "node:module";
import path from "node:path";

const { chromium } = createRequire(path.join(process.env.PLAYWRIGHT, "package.json"))("playwright-core");
const CODE_SERVER = process.env.CODE_SERVER;
const NODE_24 = path.join(CODE_SERVER, "node");
const ENTRY = path.join(CODE_SERVER, "code-server/out/node/entry.js");
const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];
const USER_SETTINGS = {
  "chat.disableAIFeatures": true,
  "editor.accessibilitySupport": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "git.enabled": false,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/** How long anything may take that is not said to take longer: on a machine with more to do than this, everything does. */
const PATIENCE_S = 60;
const QUICK_INPUT = ".quick-input-widget:not([style*='display: none']) input.input";

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The files below `folder` that hold `text`. */
export function filesWith(folder, text) {
  const found = spawnSync("grep", ["-rlaF", text, folder], { encoding: "utf8" });
  return found.stdout.split("\n").filter((line) => line !== "");
}

/** Write files, by their paths below `folder`. */
export function writeFiles(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

/** Wait until `look` gives something, or fail saying what was waited for. */
export async function until(what, look, seconds = PATIENCE_S) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(50)) {
    const found = await look();
    if (found) {
      return found;
    }
  }
  throw new Error(`Waited ${seconds} s in vain: ${what}`);
}

/** Whether what is waited for comes. */
export const came = (waiting) =>
  waiting.then(
    () => true,
    () => false,
  );

export class Editor {
  /**
   * Start VS Code on a copy of `sample` in `root`; `machine` are its machine settings, `env` what its processes see.
   *
   * `files` are written into the workspace; `folders` are further ones, by name, with their files: then both are opened
   * as one workspace.
   */
  static async start({ root, sample, vsix, machine, user, workspace, env, shots, started, files = {}, folders = {} }) {
    const editor = new Editor();
    started.add(editor);
    Object.assign(editor, { root, shots, workspace: path.join(root, "till"), user: path.join(root, "user") });
    for (const folder of ["user/User", "user/Machine", "extensions"]) {
      mkdirSync(path.join(root, folder), { recursive: true });
    }
    cpSync(sample, editor.workspace, { recursive: true });
    writeFiles(editor.workspace, files);
    for (const [name, inside] of Object.entries(folders)) {
      writeFiles(path.join(root, name), inside);
    }
    if (Object.keys(folders).length > 0) {
      const all = ["till", ...Object.keys(folders)].map((name) => ({ path: path.join(root, name) }));
      writeFileSync(path.join(root, "all.code-workspace"), JSON.stringify({ folders: all }));
      editor.several = path.join(root, "all.code-workspace");
    }
    writeFileSync(path.join(root, "config.yaml"), "auth: none\ncert: false\n");
    writeFileSync(path.join(editor.user, "User/settings.json"), JSON.stringify({ ...USER_SETTINGS, ...user }));
    if (workspace) {
      mkdirSync(path.join(editor.workspace, ".vscode"));
      writeFileSync(path.join(editor.workspace, ".vscode/settings.json"), JSON.stringify(workspace));
    }
    writeFileSync(path.join(editor.user, "Machine/settings.json"), JSON.stringify(machine));
    await editor.serve(vsix, env);
    await editor.browse();
    return editor;
  }

  async serve(vsix, extra) {
    const at = (name) => path.join(this.root, name);
    const base = [ENTRY, "--config", at("config.yaml"), "--user-data-dir", this.user, "--extensions-dir"];
    base.push(at("extensions"), "--disable-telemetry", "--disable-update-check");
    const env = { ...process.env, ...extra, XDG_CONFIG_HOME: at("xdg-config"), XDG_DATA_HOME: at("xdg-data") };
    env.EXTENSIONS_GALLERY = '{"serviceUrl":"http://127.0.0.1:9"}';
    execFileSync(NODE_24, [...base, "--install-extension", vsix], { env, stdio: "pipe" });
    this.port = await freePort();
    const address = ["--bind-addr", `127.0.0.1:${this.port}`, "--auth", "none", "--disable-getting-started-override"];
    this.server = spawn(NODE_24, [...base, ...address], { env, detached: true, stdio: "ignore" });
    const healthy = async () => (await fetch(`http://127.0.0.1:${this.port}/healthz`).catch(() => null))?.ok;
    await until("code-server answers", healthy);
  }

  async browse() {
    const executablePath = process.env.CHROMIUM;
    this.browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
    this.outside = new Set();
    await this.show();
  }

  /** The same workspace once more, in another window of the same VS Code: what it starts is its own. */
  async another() {
    const window = Object.assign(Object.create(Editor.prototype), this);
    await window.show();
    return window;
  }

  async show() {
    const context = await this.browser.newContext({ viewport: { width: 1440, height: 900 } });
    this.page = await context.newPage();
    this.page.setDefaultTimeout(PATIENCE_S * 1000);
    this.page.on("request", (request) => {
      const { host, protocol } = new URL(request.url());
      if (protocol.startsWith("http") && host !== `127.0.0.1:${this.port}` && !host.endsWith("vscode-cdn.net")) {
        this.outside.add(host);
      }
    });
    const timeout = 90_000; // a machine with more to do than this takes its time over the first page
    const opened = this.several === undefined ? `folder=${this.workspace}` : `workspace=${this.several}`;
    await this.page.goto(`http://127.0.0.1:${this.port}/?${opened}`, { timeout });
    await this.page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout });
    await this.page.keyboard.press("Control+b"); // more room for what is tested
  }

  async stop() {
    await this.browser?.close();
    try {
      process.kill(-this.server.pid, "SIGTERM"); // its own process group: the language server is in it
    } catch {
      // it was not started, or has ended by itself
    }
  }

  /** Load the window again, as a person would. */
  async reload() {
    const loaded = this.page.waitForEvent("load");
    await this.run("Developer: Reload Window");
    await loaded;
    await this.page.locator(".monaco-workbench .part.statusbar").waitFor();
  }

  async theme(name) {
    await this.run("Preferences: Color Theme");
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: "Dark Modern" }).first().waitFor();
    await this.input(name);
    await this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: name }).waitFor();
    await this.page.keyboard.press("Enter");
  }

  shot(name) {
    return this.page.screenshot({ path: path.join(this.shots, `${name}.png`) });
  }

  /** What there is on the screen, in a few lines: where a story failed elsewhere, there may be no picture. */
  async described() {
    const said = async (place) =>
      (await place.allInnerTexts().catch(() => []))
        .map((text) => text.replaceAll(/\s+/g, " ").slice(0, 1500))
        .join(" | ");
    const places = {
      tabs: this.page.locator(".tab"),
      menu: this.page.locator(".context-view .action-label"),
      box: this.page.locator(".quick-input-widget:not([style*='display: none'])"),
      messages: this.page.locator(".notification-toast, .monaco-dialog-box"),
      status: this.page.locator(".statusbar-item[id*='optafly.status']"),
      panel: this.panel.locator("body"),
    };
    const lines = await Promise.all(
      Object.entries(places).map(async ([name, place]) => `${name}: ${await said(place)}`),
    );
    return lines.join("\n");
  }

  // --- the workbench ---------------------------------------------------------------------------------------------

  /** Open quick open or the palette with `key` and type `text`. */
  async quick(key, text) {
    // a webview that is just loading may swallow a key
    await until(`${key} opens its box`, async () => {
      await this.page.keyboard.press(key);
      return came(this.page.locator(QUICK_INPUT).first().fill(text, { timeout: 3000 }));
    });
    await this.page.locator(".quick-input-list .monaco-list-row").first().waitFor();
  }

  /** Type into the open input box. */
  async input(text) {
    const input = this.page.locator(QUICK_INPUT).first();
    await input.waitFor();
    await input.fill(text);
  }

  /** Wait until the box whose field says `placeholder` is open and has the focus. */
  async box(placeholder) {
    await this.page.locator(`${QUICK_INPUT}[placeholder='${placeholder}']:focus`).waitFor();
  }

  /** Run a command of the palette: at first other rows may stand there still, and it need not be the first of its own. */
  async run(title) {
    await this.quick("F1", `>${title}`);
    await this.take(".quick-input-list", title);
    const palette = this.page.locator(`${QUICK_INPUT}[placeholder^='Type the name of a command']`);
    await palette.waitFor({ state: "hidden" }); // what is typed next is not for it
  }

  /** Take the row of a list that has `title`, by keys: the row under the mouse may be another one by the time of a click. */
  async take(list, title) {
    const rows = this.page.locator(`${list} .monaco-list-row`, { hasText: title });
    await rows.first().waitFor();
    await until(`${title} is the row that Enter takes`, async () => {
      if ((await rows.and(this.page.locator(".focused")).count()) > 0) {
        return true;
      }
      await this.page.keyboard.press("ArrowDown");
      return false;
    });
    await this.page.keyboard.press("Enter");
  }

  command(title) {
    return this.run(`OptaFly: ${title}`);
  }

  /** Choose an entry of the context menu of `place`; a menu that has just opened takes no click yet, so it is tried again. */
  async choose(place, title) {
    await place.click({ button: "right" });
    const entry = this.page.locator(".context-view .action-label", { hasText: title });
    await entry.waitFor();
    await until(`the menu takes a click on ${title}`, async () => {
      await entry.click({ timeout: 2000 }).catch(() => undefined);
      return came(entry.waitFor({ state: "detached", timeout: 1000 }));
    });
  }

  /** Open a file and put the cursor at the start of `line`; with `last`, select through the end of that line. */
  async open(file, line, last) {
    await this.quick("Control+p", file);
    await this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: file }).first().waitFor();
    await this.page.keyboard.press("Enter");
    await this.page.locator(`.tab.active[aria-label*="${file}"]`).first().waitFor();
    await this.go(line);
    for (let at = line; last !== undefined && at < last; at += 1) {
      await this.page.keyboard.press("Shift+ArrowDown");
    }
    if (last !== undefined) {
      await this.page.keyboard.press("Shift+End");
    }
  }

  async go(line) {
    await this.quick("Control+g", `:${line}`);
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: `go to line ${line} ` }).waitFor();
    await this.page.keyboard.press("Enter");
    await this.page
      .locator(".statusbar-item", { hasText: `Ln ${line}, Col 1` })
      .first()
      .waitFor();
    await this.page.locator(".monaco-editor.focused").first().waitFor();
  }

  /** Ask with the keyboard alone. */
  async ask(prompt) {
    const field = this.page.locator(`${QUICK_INPUT}[placeholder^='For example']`);
    await until("the box for a prompt opens", async () => {
      await this.page.keyboard.press("Control+Alt+u"); // a webview that is just loading may swallow a key
      return came(field.waitFor({ timeout: 5000 }));
    });
    await field.fill(prompt);
    await this.page.keyboard.press("Enter");
  }

  async closeAll() {
    await this.run("View: Close All Editors");
    await until("every editor is closed", async () => {
      const keep = this.page.getByRole("button", { name: "Don't Save" });
      if (await keep.isVisible()) {
        await keep.click();
      }
      return (await this.page.locator(".tab").count()) === 0;
    });
  }

  async closePanel(title) {
    const close = `.tab.active[aria-label*="${title}"] [role=button][aria-label^="Close"]`;
    await this.page.locator(close).first().click();
  }

  status(text) {
    const item = this.page.locator(".statusbar-item[id*='optafly.status']", { hasText: text });
    return item.first().waitFor();
  }

  /** Wait until the extension is there and its server runs: the first thing where no file was opened yet. */
  running() {
    const item = this.page.locator(".statusbar-item[id*='optafly.status']:has(.codicon-sparkle)");
    return item.first().waitFor();
  }

  // --- the panel -------------------------------------------------------------------------------------------------

  /** What is inside the visible panel. */
  get panel() {
    return this.page.frameLocator("iframe.webview.ready >> visible=true").frameLocator("#active-frame");
  }

  phase(name) {
    return this.panel.locator(`body[data-phase="${name}"]`).waitFor();
  }

  /** Press a key in the panel, once that has the focus: it comes with the panel, but not in the same moment. */
  async key(key) {
    await until("the panel has the focus", () => this.panel.locator("body").evaluate(() => document.hasFocus()));
    await this.page.keyboard.press(key);
  }

  /** Do what revises the proposal, and wait until the panel shows the revision. */
  async revising(act) {
    const revision = async () => Number(await this.panel.locator("body").getAttribute("data-revision"));
    const before = await revision();
    await act();
    await until(`revision ${before + 1} is shown`, async () => (await revision()) > before);
    await this.panel.locator("#root[aria-busy='false']").waitFor();
  }

  // --- processes -------------------------------------------------------------------------------------------------

  /** The process ids of this editor's language server, workers left out; or of another that has `word` as an argument. */
  serverPids(home, word = "lsp") {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        try {
          const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
          return words.includes(word) && readFileSync(`/proc/${pid}/environ`, "utf8").includes(`OPTAFLY_HOME=${home}`);
        } catch {
          return false;
        }
      })
      .map(Number);
  }
}

/** Let a home use the embedding model that is installed on this machine, where there is one. */
export function lendModel(home) {
  if (process.env.MODELS) {
    mkdirSync(path.join(home, "data"), { recursive: true });
    symlinkSync(process.env.MODELS, path.join(home, "data/models"));
  }
}
