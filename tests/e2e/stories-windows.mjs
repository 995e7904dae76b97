// What people see who have the same workspace open in two windows: one proposal, one request, one bill.
import assert from "node:assert/strict";
import { until } from "./editor.mjs";

/** Open the panel of what another window proposed: by code action on the code that it is about. */
async function modify(editor, file, line) {
  await editor.open(file, line);
  const row = editor.page.locator(".action-widget .monaco-list-row", { hasText: "OptaFly: Modify" });
  await until("the server of this window knows of it as well", async () => {
    await editor.page.keyboard.press("Escape");
    await editor.page.keyboard.press("Control+.");
    return row.waitFor({ timeout: 2000 }).then(
      () => true,
      () => false,
    );
  });
  const wanted = editor.page.locator(".action-widget .monaco-list-row.focused", { hasText: "OptaFly: Modify" });
  for (let steps = 0; (await wanted.count()) === 0 && steps < 20; steps += 1) {
    await editor.page.keyboard.press("ArrowDown");
  }
  await editor.page.keyboard.press("Enter");
  await editor.phase("editing");
  await editor.key("Escape");
  await editor.phase("review");
}

/** Propose in one window and show the same proposal in another, where nothing is decided on it yet. */
async function shared(editor, prompt, line) {
  await editor.closeAll();
  await editor.open("bill.py", line);
  await editor.ask(prompt);
  await editor.phase("review");
  const other = await editor.another();
  await other.running();
  await modify(other, "bill.py", line);
  return other;
}

export const inTwoWindows = {
  async "what one window sent is answered in another that accepts it too, and is paid once"({ editor, api }) {
    const other = await shared(editor, "explain this", 8);
    await api.script({ behaviour: { text: "word ".repeat(40), tokensPerS: 20 } });
    await editor.key("Control+Enter");
    await editor.panel.locator(".answer-body", { hasText: "word" }).waitFor();
    await other.panel.locator("#accept").click();
    await other.phase("sending");
    await other.phase("answered");
    await editor.phase("answered");
    await other.panel.locator(".served", { hasText: "another window" }).waitFor();
    await other.shot("60-two-windows");
    assert.equal((await api.asked()).length, 1);
    await other.page.context().close();
  },

  async "what another window sent is said before anything else is decided, and its answer comes by one key"({
    editor,
    api,
  }) {
    const other = await shared(editor, "document this", 18);
    const asked = (await api.asked()).length;
    await editor.key("Control+Enter");
    await editor.phase("answered");
    await other.panel.locator("#original").click();
    await other.phase("elsewhere");
    await other.panel.locator("#follow:focus").waitFor();
    await other.shot("61-sent-elsewhere");
    await other.key("Control+Enter");
    await other.phase("answered");
    await other.panel.locator(".served", { hasText: "another window" }).waitFor();
    assert.equal((await api.asked()).length, asked + 1);
    await other.page.context().close();
  },
};
