// The API key: kept in the editor's secret store, handed to the server in a request, never written anywhere else.
import * as vscode from "vscode";
import { CREDENTIAL, type CredentialParams, type CredentialResult } from "../protocol";
import type { Connection } from "./connection";

const KEY_NAME = "ANTHROPIC_API_KEY";
const SECRET = `optafly.${KEY_NAME}`;

export class Credential {
  constructor(
    private readonly secrets: vscode.SecretStorage,
    private readonly connection: Connection,
  ) {}

  /** Hand a stored key to a server that has just started. */
  async handOver(): Promise<void> {
    const value = await this.secrets.get(SECRET);
    if (value !== undefined) {
      await this.send(value);
    }
  }

  /** Ask for a key and keep it. Returns whether there is a new one. */
  async ask(): Promise<boolean> {
    const value = await vscode.window.showInputBox({
      title: "OptaFly: Anthropic API key",
      prompt: "Kept in VS Code's secret store and handed to the OptaFly server on this machine only.",
      placeHolder: "sk-ant-…",
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) => (/\s/.test(text.trim()) ? "A key has no spaces in it." : undefined),
    });
    const key = value?.trim() ?? "";
    if (key === "") {
      return false;
    }
    await this.secrets.store(SECRET, key);
    await this.send(key);
    return true;
  }

  /** Forget the stored key, here and in the server. */
  async forget(): Promise<void> {
    await this.secrets.delete(SECRET);
    await this.send(null);
    void vscode.window.showInformationMessage("OptaFly has forgotten the API key that VS Code kept for it.");
  }

  private async send(value: string | null): Promise<void> {
    if (this.connection.running) {
      const params: CredentialParams = { keyName: KEY_NAME, value };
      await this.connection.request<CredentialResult>(CREDENTIAL, params);
    }
  }
}
