// The simulated Messages API, as the stories meet it: what it was asked, and what it is to answer.
import { spawn } from "node:child_process";

/** The one key that the simulated API takes. */
export const KEY = "sk-ant-simulated";

/** The simulated Messages API, in a process of its own. */
export class Api {
  static async start(port = 0) {
    const api = new Api();
    api.child = spawn(process.env.PYTHON, ["-m", "optafly.demo.server", "--port", String(port)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await new Promise((resolve) => api.child.stdout.once("data", (data) => resolve([String(data)])));
    api.url = JSON.parse(line).url;
    return api;
  }

  async script(values) {
    const response = await fetch(`${this.url}/_simulate`, { method: "POST", body: JSON.stringify(values) });
    if (!response.ok) {
      throw new Error(await response.text());
    }
  }

  /** The bodies of the messages asked for so far. */
  async asked() {
    const all = await (await fetch(`${this.url}/_simulate/requests`)).json();
    return all.filter((each) => each.method === "POST" && each.path === "/v1/messages").map((each) => each.body);
  }

  /** The text of the last user turn of the last request. */
  async lastPrompt() {
    const content = (await this.asked()).at(-1).messages.at(-1).content;
    return typeof content === "string" ? content : content.map((block) => block.text).join("\n");
  }

  async stop() {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = new Promise((resolve) => this.child.once("exit", resolve));
      this.child.kill("SIGTERM");
      await ended;
    }
  }
}
