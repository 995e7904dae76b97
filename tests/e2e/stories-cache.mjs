// What people see of the cache in VS Code: what it offers, what it gave, what they say of it, and what it saved.
import assert from "node:assert/strict";

const LINE = 8; // of `share = …` in bill.py

/** Change the code that a prompt about `shares` is about. */
async function divide(editor, expression) {
  await editor.closeAll();
  await editor.open("bill.py", LINE, LINE);
  await editor.page.keyboard.type(`    share = ${expression}`);
  await editor.page.keyboard.press("Escape");
  await editor.page.locator(".view-line", { hasText: expression }).waitFor();
}

/** Ask about the whole of `shares`, as far as the panel that shows what would be sent. */
async function propose(editor, prompt) {
  await editor.open("bill.py", 4, 12);
  await editor.ask(prompt);
  await editor.phase("review");
}

async function ask(editor, prompt) {
  await editor.closeAll();
  await propose(editor, prompt);
  await editor.key("Control+Enter");
  await editor.phase("answered");
}

async function inLightToo(editor, name) {
  await editor.shot(`${name}-dark`);
  await editor.theme("Light Modern");
  await editor.panel.locator("body.vscode-light").waitFor();
  await editor.shot(`${name}-light`);
  await editor.theme("Dark Modern");
  await editor.panel.locator("body.vscode-dark").waitFor();
}

const focused = (editor, id) => editor.panel.locator(`#${id}:focus`).waitFor();

export const ofTheCache = {
  async "the statistics page says what to do while there is nothing to count"({ editor }) {
    await editor.running();
    await editor.command("Show Statistics");
    await editor.panel.locator("#nothing-yet", { hasText: "No answers yet" }).waitFor();
    await inLightToo(editor, "30-no-statistics");
    await editor.closeAll();
  },

  async "an offer says what changed in the code since, and is taken by one key"({ editor, api }) {
    await api.script({ behaviour: { text: "Each share is rounded on its own, so a cent can be missing." } });
    await ask(editor, "why do the shares not add up to the total?");
    await divide(editor, "total_cents // people");
    await propose(editor, "why do the shares not add up to the total?");
    const offer = editor.panel.locator(".offer").first();
    await offer.locator("h3", { hasText: "You asked the same" }).waitFor();
    await inLightToo(editor, "31-offer");
    assert.equal(await offer.locator(".diff").isVisible(), false, "the code is folded until somebody asks for it");
    await offer.locator("summary").focus();
    await editor.page.keyboard.press("Enter");
    await offer.locator(".diff ins").first().waitFor();
    assert.match(await offer.locator("summary").innerText(), /shares has changed/);
    await inLightToo(editor, "32-offer-code");
    const asked = (await api.asked()).length;
    await editor.panel.locator("#reuse-0").focus();
    await editor.page.keyboard.press("r");
    await editor.phase("answered");
    await editor.panel.locator(".served", { hasText: "From the cache: you chose this earlier answer" }).waitFor();
    await editor.panel.locator(".answer-body", { hasText: "a cent can be missing" }).waitFor();
    assert.equal((await api.asked()).length, asked, "the API was not asked again");
  },

  async "an offer that is not wanted goes by one key, and nothing is sent"({ editor, api }) {
    await divide(editor, "int(total_cents / people)");
    await propose(editor, "why do the shares not add up to the total?");
    const asked = (await api.asked()).length;
    const offers = editor.panel.locator(".offer");
    await offers.first().waitFor();
    const before = await offers.count();
    await editor.panel.locator("#refuse-0").dblclick();
    if (before > 1) {
      await focused(editor, "refuse-0");
      await editor.page.waitForTimeout(700); // a second click that counts would have done its work by now
      assert.equal(await offers.count(), before - 1, "a double click refuses one offer, not the next as well");
    }
    for (let left = before; left > 0; left -= 1) {
      await editor.panel.locator(`#refuse-${left - 1}`).waitFor({ state: "detached" });
      await focused(editor, left > 1 ? "refuse-0" : "accept");
      await editor.page.keyboard.press(left > 1 ? "n" : "Tab");
    }
    assert.equal(await offers.count(), 0);
    await editor.shot("33-refused");
    assert.equal((await api.asked()).length, asked);
  },

  async "a served answer is asked for anew by one click, and the new one takes its place"({ editor, api }) {
    const prompt = "explain what the ValueError at the end guards against";
    await api.script({ behaviour: { text: "The first answer." } });
    await ask(editor, prompt);
    await ask(editor, prompt);
    await editor.panel.locator(".served", { hasText: "From the cache:" }).waitFor();
    await editor.panel.locator(".answer-body", { hasText: "The first answer." }).waitFor();
    await inLightToo(editor, "34-served");
    const asked = (await api.asked()).length;
    await api.script({ behaviour: { text: "A better answer, word by word.", tokensPerS: 4 } });
    await editor.panel.locator("#regenerate").click();
    await editor.phase("sending");
    await editor.shot("35-regenerating");
    await editor.panel.locator(".answer-body", { hasText: "word by word." }).waitFor();
    await editor.phase("answered");
    assert.equal(await editor.panel.locator(".served").count(), 0);
    assert.equal((await api.asked()).length, asked + 1, "the API was asked once more");
    assert.deepEqual((await api.asked()).at(-1), (await api.asked())[asked - 1], "with the bytes that were approved");
    await ask(editor, prompt);
    await editor.panel.locator(".served").waitFor();
    await editor.panel.locator(".answer-body", { hasText: "A better answer" }).waitFor();
    assert.equal((await api.asked()).length, asked + 1);
  },

  async "an answer that was reported wrong is not served again"({ editor, api }) {
    const prompt = "explain what the ValueError at the end guards against";
    await editor.panel.locator("#wrong").focus();
    await editor.page.keyboard.press("Enter");
    await editor.panel.locator("#wrong", { hasText: "Thanks" }).waitFor();
    await focused(editor, "wrong");
    await inLightToo(editor, "36-reported");
    const asked = (await api.asked()).length;
    await ask(editor, prompt);
    assert.equal(await editor.panel.locator(".served").count(), 0);
    assert.equal((await api.asked()).length, asked + 1);
  },

  async "the statistics page has what was saved, by day and by project, and how it is measured"({ editor }) {
    await editor.closeAll();
    await editor.page.locator(".statusbar-item[id*='optafly.status']").first().hover();
    await editor.page.locator(".workbench-hover", { hasText: "1 offer taken, 1 answer reported wrong" }).waitFor();
    await editor.shot("37-status");
    await editor.command("Show Statistics");
    const value = (name) => editor.panel.locator(".total", { hasText: name }).locator(".value").innerText();
    await editor.panel.locator(".totals").waitFor();
    assert.match(await value("Offers taken"), /^1 of [2-9]/);
    assert.equal(await value("Reported wrong"), "1");
    assert.match(await value("Money saved"), /\$\d/);
    assert.match(await editor.panel.locator(".by-project tbody tr").innerText(), /^till\s/);
    assert.equal(await editor.panel.locator(".bar").count(), 30);
    const themes = ["Light Modern", "Dark High Contrast", "Light High Contrast", "Dark Modern"];
    for (const theme of themes) {
      await editor.theme(theme);
      await editor.shot(`38-statistics-${theme.replaceAll(" ", "-").toLowerCase()}`);
    }
    await editor.panel.locator("#day-table-summary").click();
    assert.equal(await editor.panel.locator("#day-table tbody tr").count(), 1);
    await editor.panel.locator("#period").selectOption("7");
    await editor.panel.locator(".bar").nth(7).waitFor({ state: "detached" });
    await editor.shot("39-statistics-table");
  },
};
