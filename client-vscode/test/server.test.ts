import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { findServer, installCommand, type Surroundings } from "../src/server/discover";
import { problemOf } from "../src/server/problem";
import { Coalesced } from "../src/server/queue";
import { orSaid } from "../src/server/said";
import { editorSettings, machineEnvironment, toml } from "../src/server/settings";
import { settings, window } from "./vscode";

function around(changed: Partial<Surroundings> = {}, executables: readonly string[] = []): Surroundings {
  return {
    setting: "",
    environment: {},
    windows: false,
    isExecutable: (file) => executables.includes(file),
    installed: "/storage/optafly",
    ...changed,
  };
}

describe.skipIf(process.platform === "win32")("installing the server with a shell", () => {
  function program(folder: string, name: string, script: string): string {
    const file = path.join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  test("the first Python that is new enough is taken, and names are taken as they are", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "a person's $HOME "));
    const said = path.join(folder, "said");
    program(folder, "python3", "exit 1"); // as the one of macOS answers when it is asked whether it is new enough
    program(folder, "python3.12", `test "$1" = -c || printf '%s|' "$@" >> "$SAID"`);
    const python = program(folder, "python", `printf '%s|' "$@" >> "$SAID"`);
    const server = program(folder, "optafly", `printf 'server|%s|' "$*" >> "$SAID"`);

    const command = installCommand(false, `${folder}/server`, { python, server }, "/it's.whl");
    execFileSync("/bin/sh", ["-c", command], { env: { PATH: folder, SAID: said } });

    expect(readFileSync(said, "utf8")).toBe(`-m|venv|${folder}/server|-m|pip|install|/it's.whl|server|models install|`);
  });

  test("PowerShell takes names as they are too", () => {
    const programs = { python: "C:\\p.exe", server: "C:\\O'Neil.exe" };
    const command = installCommand(true, "C:\\O'Neil $x", programs, "C:\\w.whl");
    expect(command).toContain("-m venv 'C:\\O''Neil $x';");
    expect(command).toContain("'C:\\w.whl'; if ($?) { & 'C:\\O''Neil.exe' models install } }");
  });
});

describe("finding the server", () => {
  const environment = { OPTAFLY_SERVER: "/env/optafly", PATH: "bin:.:/usr/bin:/opt/bin" };
  const all = ["/set/optafly", "/env/optafly", "/opt/bin/optafly", "bin/optafly", "optafly"];

  test("the setting comes first, then the environment, then PATH", () => {
    expect(findServer(around({ setting: "/set/optafly", environment }, all))).toMatchObject({ source: "setting" });
    expect(findServer(around({ environment }, all))).toMatchObject({ source: "environment" });
    expect(findServer(around({ environment: { PATH: environment.PATH } }, all))).toEqual({
      path: "/opt/bin/optafly",
      source: "PATH",
    });
  });

  test("what was installed from here is the last resort", () => {
    const here = ["/storage/optafly"];
    expect(findServer(around({ environment: { PATH: "/usr/bin" } }, here))).toMatchObject({ path: "/storage/optafly" });
    expect(findServer(around({ environment: { PATH: "/opt/bin" } }, [...here, "/opt/bin/optafly"]))).toMatchObject({
      source: "PATH",
    });
  });

  test("a relative path is never run, so that a workspace cannot bring a server", () => {
    expect(findServer(around({ setting: "optafly" }, all)).path).toBeNull();
    expect(findServer(around({ environment: { PATH: "bin:." } }, all)).path).toBeNull();
  });

  test("a named place that is wrong is said, not passed over", () => {
    expect(findServer(around({ setting: "/gone", environment }, all))).toEqual({
      path: null,
      why: "The setting optafly.server.path names /gone, which is not the absolute path of an executable.",
    });
  });
});

describe("settings for the server", () => {
  beforeEach(() => settings.clear());

  test("only what a person set is sent, never a machine setting", () => {
    settings.set("claude.model", { workspaceValue: "claude-opus-5-5" });
    settings.set("claude.baseUrl", { globalValue: "http://127.0.0.1:1", workspaceValue: "https://evil.example" });
    expect(editorSettings(undefined)).toEqual({ claude: { model: "claude-opus-5-5" } });
  });

  test("machine settings are environment variables, from the user's own value alone", () => {
    settings.set("claude.baseUrl", { globalValue: "http://127.0.0.1:1", workspaceValue: "https://evil.example" });
    settings.set("privacy.maskSecrets", { workspaceValue: false });
    settings.set("claude.prices", { globalValue: { "claude-x": { inputUsd: 1.5, outputUsd: 2 } } });
    expect(machineEnvironment()).toEqual({
      OPTAFLY_CLAUDE_BASE_URL: "http://127.0.0.1:1",
      OPTAFLY_CLAUDE_PRICES: '{ "claude-x" = { "inputUsd" = 1.5, "outputUsd" = 2 } }',
    });
  });

  test("lists and words are TOML", () => {
    expect(toml(["a\nb", true, 3])).toBe('["a\\nb", true, 3]');
  });
});

describe("restarts", () => {
  test("many requests at once make one more run, and never two at a time", async () => {
    let running = 0;
    let runs = 0;
    const releases: (() => void)[] = [];
    const cycle = new Coalesced(async () => {
      runs += 1;
      running += 1;
      expect(running).toBe(1);
      await new Promise<void>((resolve) => releases.push(resolve));
      running -= 1;
    });
    const all = [cycle.request(), cycle.request(), cycle.request(), cycle.request()];
    while (releases.length > 0) {
      releases.shift()!();
      await new Promise((resolve) => setTimeout(resolve));
    }
    await Promise.all(all);
    expect(runs).toBe(2);
  });

  test("a run that fails fails those who asked for it, and the next still runs", async () => {
    let runs = 0;
    const cycle = new Coalesced(() => (++runs === 1 ? Promise.reject(new Error("no")) : Promise.resolve()));
    const [first, second] = [cycle.request(), cycle.request()];
    await expect(first).rejects.toThrow("no");
    await expect(second).resolves.toBeUndefined();
  });
});

test("an error of the server keeps its code and words; any other gets some", () => {
  const problem = { code: "approval.stale", what: "Nothing was sent.", why: "", todo: "", traceId: null };
  expect(problemOf(Object.assign(new Error("x"), { data: problem }))).toEqual(problem);
  expect(problemOf(new Error("pipe broke"))).toMatchObject({ code: "client", why: "pipe broke" });
});

test("what fails outside of a panel is said once, in the server's words, and logged", async () => {
  const said = vi.spyOn(window, "showErrorMessage");
  const log = { error: vi.fn() };
  const data = { code: "approval.state", what: "It was sent.", why: "", todo: "Refine it again.", traceId: null };
  const refuses = (): Promise<number> => Promise.reject(Object.assign(new Error("no"), { data }));
  expect(await orSaid(log, "optafly.approve", refuses)).toBe(undefined);
  expect(said.mock.calls).toEqual([["It was sent. Refine it again."]]);
  expect(log.error.mock.calls).toEqual([["optafly.approve: It was sent. Refine it again."]]);
  expect(await orSaid(log, "optafly.approve", () => 3)).toBe(3);
});
