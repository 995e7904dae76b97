// What people see who have the same workspace open in two windows: one proposal, one request, one bill.
import assert from "node:assert/strict";
import { came, until } from "./editor.mjs";

/** Take a code action on what another window proposed, once the menu is open and `meanwhile` has happened. */
async function take(editor, title, line, meanwhile = () => undefined) {
  await editor.open("bill.py", line);
  const row = editor.page.locator(".action-widget .monaco-list-row", { hasText: title });
  await until("the server of this window knows of it as well", async () => {
    await editor.page.keyboard.press("Escape");
    await editor.page.keyboard.press("Control+.");
    return came(row.waitFor({ timeout: 2000 }));
  });
  await meanwhile();
  await editor.take(".action-widget", title);
}

async function modify(editor, line) {
  await take(editor, "OptaFly: Modify", line);
  await editor.phase("editing");
  await editor.key("Escape");
  await editor.phase("review");
}

/** Propose in one window, and open another that knows of it. */
async function propose(editor, prompt, line) {
  await editor.closeAll();
  await editor.open("bill.py", line);
  await editor.ask(prompt);
  await editor.phase("review");
  const other = await editor.another();
  await other.running();
  return other;
}

/** Show in another window too what one proposes; nothing is decided on it yet. */
async function shared(editor, prompt, line) {
  const other = await propose(editor, prompt, line);
  await modify(other, line);
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

  async "what is being answered in another window is not taken for what this one sends"({ editor, api }) {
    const other = await shared(editor, "review this", 8);
    const asked = (await api.asked()).length;
    await api.script({ behaviour: { text: "word ".repeat(200), tokensPerS: 10 } });
    await editor.key("Control+Enter");
    await editor.panel.locator(".answer-body", { hasText: "word" }).waitFor();
    await other.panel.locator("#original").click();
    await other.phase("elsewhere");
    await other.panel.locator("#follow").click();
    await other.phase("sending");
    await other.panel.locator("#cancel").click();
    await other.phase("elsewhere");
    await editor.phase("answered");
    assert.equal((await api.asked()).length, asked + 1);
    await other.page.context().close();
  },

  async "a code action that another window has overtaken is refused once, in plain words"({ editor, api }) {
    const asked = (await api.asked()).length;
    const other = await propose(editor, "optimise this", 8);
    await take(other, "OptaFly: Accept & Send", 8, async () => {
      await editor.panel.locator("#discard").click();
      await editor.phase("discarded");
    });
    await other.page.locator(".notification-toast", { hasText: "cannot be decided: it is discarded" }).waitFor();
    await other.page.waitForTimeout(500); // whatever else were said would be there by now
    assert.equal(await other.page.locator(".notification-toast").count(), 1);
    await other.shot("62-overtaken");
    assert.equal((await api.asked()).length, asked);
    await other.page.context().close();
  },
};
