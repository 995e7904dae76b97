import { beforeEach, expect, test, vi } from "vitest";
import { Connection } from "../src/server/connection";
import { settled } from "./fakes";

const server = vi.hoisted(() => {
  const notYet = (): void => undefined;
  return { asked: [] as unknown[], started: notYet, failed: notYet, stopped: notYet };
});

vi.mock("vscode-languageclient/node", () => {
  const State = { Stopped: 1, Running: 2, Starting: 3 };
  class LanguageClient {
    state = State.Stopped;
    private starting: Promise<void> | null = null;
    onDidChangeState = (): void => undefined;
    onNotification = (): void => undefined;

    /** As the real one: who calls while it starts waits for the same start. */
    start(): Promise<void> {
      this.state = State.Starting;
      this.starting ??= new Promise((resolve, reject) => {
        server.started = () => {
          this.state = State.Running;
          resolve();
        };
        server.failed = () => {
          this.state = State.Stopped;
          reject(new Error("It did not start."));
        };
      });
      return this.starting;
    }

    stop(): Promise<void> {
      this.state = State.Stopped;
      return new Promise((resolve) => {
        server.stopped = resolve;
      });
    }

    sendRequest(_type: unknown, params: unknown): Promise<unknown> {
      server.asked.push(params);
      return Promise.resolve("answer");
    }
  }
  return { State, LanguageClient, ExecuteCommandRequest: {}, ErrorAction: {}, CloseAction: {} };
});

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
let connection: Connection;

beforeEach(() => {
  server.asked = [];
  connection = new Connection(() => "/bin/optafly", log as never);
  void connection.restart();
});

test("a command that is given while the server starts is carried out once it has", async () => {
  await settled();
  const answered = connection.command("optafly.refine", { prompt: "fix this" });
  await settled();
  expect(server.asked).toEqual([]);
  server.started();
  expect(await answered).toBe("answer");
  expect(server.asked).toEqual([{ command: "optafly.refine", arguments: [{ prompt: "fix this" }] }]);
});

test("a command that is given while the server is stopped and started again is carried out by the new one", async () => {
  await settled();
  server.started();
  await settled();
  void connection.restart();
  const answered = connection.command("optafly.refine", { prompt: "fix this" });
  await settled();
  void connection.restart();
  server.stopped();
  await settled();
  server.started();
  await settled();
  expect(server.asked).toEqual([]);
  server.stopped();
  await settled();
  server.started();
  expect(await answered).toBe("answer");
});

test("a command that is given to a server that does not start says that it is not running", async () => {
  await settled();
  const answered = connection.command("optafly.refine", {});
  server.failed();
  await expect(answered).rejects.toThrow("The OptaFly server is not running.");
});
