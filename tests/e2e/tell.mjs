// Tells every story in a real VS Code, and prints one line of JSON for each: {"story", "ok", "error", "seconds"}.
// ONLY, in the environment, is part of a story's title, or the name of a group of stories below.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Api, KEY } from "./api.mjs";
import { Editor, lendModel } from "./editor.mjs";
import { withKey } from "./stories-asking.mjs";
import { ofTheCache } from "./stories-cache.mjs";
import { inLittleRoom, inTwoFolders, ofTheCode } from "./stories-context.mjs";
import { HOURS, SHOP, WAREHOUSE } from "./shop.mjs";
import { whileIndexing } from "./stories-indexing.mjs";
import { inTwoWindows } from "./stories-windows.mjs";
import { distrusted, withoutKey, withoutServer } from "./stories-setting-up.mjs";

const { VSIX, SAMPLE, SHOTS, OPTAFLY } = process.env;
mkdirSync(SHOTS, { recursive: true });
const root = mkdtempSync(path.join(tmpdir(), "optafly-e2e-"));
const started = new Set();

async function stopAll() {
  await Promise.all([...started].map((each) => each.stop()));
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

async function tell(name, stories, { env, machine, user, workspace, files, folders }) {
  const folder = path.join(root, name);
  const home = path.join(folder, "home");
  mkdirSync(home, { recursive: true });
  lendModel(home);
  const only = process.env.ONLY ?? "";
  const wanted = Object.entries(stories).filter(([title]) => name === only || title.includes(only));
  if (wanted.length === 0) {
    return;
  }
  const story = { home, started, api: await Api.start() };
  started.add(story.api);
  const baseUrl = { "optafly.claude.baseUrl": story.api.url, "optafly.claude.maxRetries": 0 };
  story.editor = await Editor.start({
    root: folder,
    sample: SAMPLE,
    vsix: VSIX,
    shots: SHOTS,
    machine: { ...baseUrl, ...machine },
    env: { OPTAFLY_HOME: home, ...env },
    user,
    workspace,
    files,
    folders,
    started,
  });
  for (const [title, run] of wanted) {
    await one(title, () => run(story), story.editor);
  }
  await story.editor.stop();
  await story.api.stop();
}

async function one(story, run, editor) {
  const start = Date.now();
  let error = null;
  try {
    await run();
  } catch (problem) {
    error = `${problem?.stack ?? problem}\n${await editor.described().catch(String)}`;
    await editor.shot(`failed-${story.replaceAll(/\W+/g, "-")}`).catch(() => undefined);
    await editor.page.keyboard.press("Escape").catch(() => undefined);
  }
  console.log(JSON.stringify({ story, ok: error === null, error, seconds: (Date.now() - start) / 1000 }));
}

process.once("SIGTERM", () => void stopAll().finally(() => process.exit(1)));
try {
  const server = { "optafly.server.path": OPTAFLY };
  await tell("with-key", withKey, { env: { ANTHROPIC_API_KEY: KEY }, machine: server });
  await tell("in-two-windows", inTwoWindows, { env: { ANTHROPIC_API_KEY: KEY }, machine: server });
  await tell("of-the-cache", ofTheCache, { env: { ANTHROPIC_API_KEY: KEY }, machine: server });
  await tell("of-the-code", ofTheCode, { env: { ANTHROPIC_API_KEY: KEY }, machine: server, files: SHOP });
  await tell("in-little-room", inLittleRoom, {
    env: { ANTHROPIC_API_KEY: KEY },
    machine: { ...server, "optafly.context.maxTokens": 300 },
    files: { ...SHOP, ...HOURS },
  });
  await tell("in-two-folders", inTwoFolders, {
    env: { ANTHROPIC_API_KEY: KEY },
    machine: server,
    files: SHOP,
    folders: { warehouse: WAREHOUSE },
  });
  await tell("while-indexing", whileIndexing, { env: { ANTHROPIC_API_KEY: KEY }, machine: server });
  await tell("without-key", withoutKey, { env: { ANTHROPIC_API_KEY: "" }, machine: server });
  await tell("distrusted", distrusted, {
    env: { ANTHROPIC_API_KEY: KEY },
    machine: server,
    user: { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" },
    workspace: {
      "optafly.claude.model": "claude-haiku-5-5",
      "optafly.claude.baseUrl": "https://evil.example",
      "optafly.server.path": "/bin/false",
    },
  });
  await tell("without-server", withoutServer, { env: { PATH: "/usr/bin:/bin", OPTAFLY_SERVER: "" }, machine: {} });
} finally {
  await stopAll();
}
