// What people meet before they can ask: no key, no server, a workspace that they do not trust.
import assert from "node:assert/strict";
import { KEY } from "./api.mjs";
import { filesWith } from "./editor.mjs";

export const withoutKey = {
  async "without a key the panel asks for one, keeps it, and goes on"({ editor, api, home }) {
    await editor.open("bill.py", 4, 12);
    await editor.ask("fix this");
    await editor.phase("review");
    await editor.key("Control+Enter");
    await editor.panel.locator(".problem[data-code='provider.no_key']").waitFor();
    await editor.shot("21-no-key");
    await editor.panel.locator("#set-key").click();
    await editor.input(KEY);
    await editor.shot("22-set-key");
    await editor.page.keyboard.press("Enter");
    await editor.phase("answered");
    assert.equal((await api.asked()).length, 1);
    assert.deepEqual(filesWith(home, KEY), []);
  },

  async "an answer that a reload cuts off is stopped and not asked for again, and the server has the key again"({
    editor,
    api,
  }) {
    await api.script({ behaviour: { text: "word ".repeat(2000), tokensPerS: 20 } });
    await editor.closeAll();
    await editor.open("bill.py", 4);
    await editor.ask("what is this for?");
    await editor.phase("review");
    await editor.key("Control+Enter");
    await editor.panel.locator(".answer-body", { hasText: "word" }).waitFor();
    await editor.reload();
    await editor.status("hits");
    await editor.phase("stopped");
    await editor.panel.locator("#again").waitFor();
    assert.equal((await api.asked()).length, 2);
    await editor.closeAll();
    await editor.open("bill.py", 18);
    await editor.ask("explain this");
    await editor.phase("review");
    await editor.key("Control+Enter");
    await editor.phase("answered");
    assert.equal((await api.asked()).length, 3);
  },
};

export const distrusted = {
  async "a workspace that is not trusted has no say, and a trusted one never where prompts go"({ editor, api }) {
    const model = editor.panel.locator(".fact", { hasText: "Model" });
    await editor.open("bill.py", 8);
    await editor.ask("explain this");
    await editor.phase("review");
    assert.match(await model.innerText(), /claude-sonnet-5-5/);
    await editor.closeAll();
    await editor.run("Workspaces: Manage Workspace Trust");
    await editor.page
      .locator(".workspace-trust-editor")
      .getByRole("button", { name: "Trust", exact: true })
      .first()
      .click();
    await editor.page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor({ state: "detached" });
    await editor.closeAll();
    await editor.open("bill.py", 8);
    await editor.ask("explain this");
    await editor.phase("review");
    assert.match(await model.innerText(), /claude-haiku-5-5/);
    await editor.key("Control+Enter");
    await editor.phase("answered");
    assert.equal((await api.asked()).length, 1, "it went to the address that the machine says");
  },
};

export const withoutServer = {
  async "without a server OptaFly offers to install it, and runs nothing by itself"({ editor }) {
    await editor.page.locator(".notification-toast", { hasText: "server was not found" }).waitFor();
    await editor.shot("23-no-server");
    assert.equal(await editor.page.locator(".terminal-wrapper").count(), 0);
    await editor.page.locator(".notification-toast a", { hasText: "Install…" }).click();
    const dialog = editor.page.locator(".monaco-dialog-box", { hasText: "Install the OptaFly server?" });
    await dialog.waitFor();
    await editor.shot("24-install");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    assert.equal(await editor.page.locator(".terminal-wrapper").count(), 0);
  },
};
