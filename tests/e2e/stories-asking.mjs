// What people do with OptaFly in VS Code, in the order in which one person would do it. Each story goes from the first
// key to what it leaves behind.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { Api, KEY } from "./api.mjs";
import { filesWith, until } from "./editor.mjs";

const FIXED = `This is about rounding: each share was rounded on its own.

\`\`\`python
def shares(total_cents: int, people: int) -> list[int]:
    share, left = divmod(total_cents, people)
    return [share + (place < left) for place in range(people)]
\`\`\`

1. \`divmod\` keeps what is left over.
2. The first people pay one cent more, so that **every cent** is paid. See [rounding](https://docs.example/rounding).
`;

const bill = (editor) => readFileSync(path.join(editor.workspace, "till/bill.py"), "utf8");
const squeezed = (text) => text.replaceAll(/\s+/g, " ").trim();

export const withKey = {
  async "a prompt about a selection is refined, accepted, answered and applied"({ editor, api }) {
    await editor.open("bill.py", 4, 12);
    await editor.shot("01-selection");
    await editor.ask("fix this");
    await editor.phase("review");
    assert.match(await editor.panel.locator("#refined-text").innerText(), /bill\.py[^]*def shares/);
    assert.equal(await editor.panel.locator("#original-text").innerText(), "fix this");
    assert.deepEqual(await api.asked(), [], "nothing leaves before a person approved it");
    await editor.shot("02-review");
    await editor.panel.locator("#measured-summary").click();
    await editor.shot("03-measured");
    await editor.panel.locator("#measured-summary").click();

    await api.script({ behaviour: { text: FIXED, tokensPerS: 40 } });
    const refined = await editor.panel.locator("#refined-text").innerText();
    await editor.panel.locator("#accept").click();
    await editor.panel.locator(".answer-body", { hasText: "This is about" }).waitFor();
    await editor.shot("04-streaming");
    await editor.phase("answered");
    assert.equal((await api.asked()).length, 1);
    assert.equal(squeezed(await api.lastPrompt()).includes(squeezed(refined)), true, "what was shown is what was sent");
    await editor.status("0% hits");
    await editor.shot("05-answered");

    await editor.panel.getByRole("link", { name: "rounding" }).click();
    const asks = editor.page.locator(".monaco-dialog-box", { hasText: "https://docs.example/rounding" });
    await asks.getByRole("button", { name: "Cancel" }).click();

    const before = bill(editor);
    await editor.panel.getByRole("button", { name: "Apply" }).first().click();
    await editor.page.locator(".tab.dirty", { hasText: "bill.py" }).waitFor();
    await editor.page.locator(".monaco-editor.focused .view-line", { hasText: "divmod" }).waitFor();
    await editor.page.keyboard.press("Control+z");
    await editor.page.locator(".tab.dirty", { hasText: "bill.py" }).waitFor({ state: "detached" });
    assert.equal(bill(editor), before);
  },

  async "the same question again is answered from the cache"({ editor, api }) {
    await editor.closeAll();
    await editor.open("bill.py", 4, 12);
    await editor.ask("fix this");
    await editor.phase("review");
    await editor.key("Control+Enter");
    await editor.phase("answered");
    await editor.panel.locator(".served", { hasText: "From the cache" }).waitFor();
    assert.equal((await api.asked()).length, 1, "the API was not asked again");
    await editor.status("50% hits");
    await editor.shot("06-cached");
  },

  async "a modified prompt is looked at again, then sent as it was written"({ editor, api }) {
    await editor.closeAll();
    await editor.open("bill.py", 8);
    await editor.ask("explain this");
    await editor.phase("review");
    await editor.panel.locator("#accept").focus();
    await editor.page.keyboard.press("e");
    await editor.phase("editing");
    await editor.panel.locator("#draft").press("Control+End");
    await editor.page.keyboard.type("\nAnswer as a haiku.");
    await editor.shot("07-editing");
    const asked = (await api.asked()).length;
    await editor.key("Control+Enter");
    await editor.panel.locator("h2", { hasText: "Your version" }).waitFor();
    await editor.phase("review");
    assert.equal((await api.asked()).length, asked);
    await editor.key("Control+Enter");
    await editor.phase("answered");
    assert.match(await api.lastPrompt(), /Answer as a haiku\.\s*$/);
  },

  async "a change that was switched off is not sent"({ editor, api }) {
    await editor.closeAll();
    await editor.open("bill.py", 8);
    await editor.ask("write tests for this");
    await editor.phase("review");
    const rows = editor.panel.locator(".changes .row");
    const all = await rows.count();
    const last = editor.panel.locator(".changes input").last();
    const snippet = await rows.last().locator(".snippet").innerText();
    await last.focus();
    await editor.page.keyboard.press("Space");
    await editor.panel.locator(".changes .row.off").waitFor();
    assert.equal(await rows.count(), all);
    // the focus stays on the switch
    await editor.panel.locator(".changes .row:last-child input:focus").waitFor();
    await editor.shot("08-switched-off");
    await editor.key("Control+Enter");
    await editor.phase("answered");
    assert.equal((await api.lastPrompt()).includes(snippet.replace(/ …$/, "")), false);
  },

  async "the original is one key away among the buttons, and a letter does nothing elsewhere"({ editor, api }) {
    await editor.closeAll();
    await editor.open("bill.py", 8);
    await editor.ask("what does round do here?");
    await editor.phase("review");
    await editor.panel.locator("#original-text").focus();
    await editor.page.keyboard.press("o");
    await editor.page.keyboard.press("e");
    await editor.panel.locator("#accept").focus();
    await editor.phase("review");
    await editor.page.keyboard.press("o");
    await editor.phase("answered");
    assert.equal((await api.lastPrompt()).trim(), "what does round do here?");
  },

  async "an answer about the function at the cursor is applied to just that function"({ editor, api }) {
    await editor.closeAll();
    await editor.open("bill.py", 8);
    await editor.ask("rewrite this without the check");
    await editor.phase("review");
    await api.script({ behaviour: { text: FIXED } });
    await editor.key("Control+Enter");
    await editor.phase("answered");
    const before = bill(editor);
    await editor.panel.locator("button[title='Replace shares']").first().click();
    await editor.page.locator(".tab.dirty", { hasText: "bill.py" }).waitFor();
    await editor.page.locator(".monaco-editor.focused .view-line", { hasText: "divmod" }).waitFor();
    assert.equal(
      await editor.page.locator(".monaco-editor.focused .view-line", { hasText: "return parts" }).count(),
      0,
    );
    await editor.page.locator(".monaco-editor.focused .view-line", { hasText: "def receipt" }).waitFor();
    await editor.page.keyboard.press("Control+z");
    await editor.page.locator(".tab.dirty", { hasText: "bill.py" }).waitFor({ state: "detached" });
    assert.equal(bill(editor), before);
  },

  async "a discarded prompt is never sent"({ editor, api }) {
    await editor.closeAll();
    const asked = (await api.asked()).length;
    await editor.open("bill.py", 8);
    await editor.ask("make this faster");
    await editor.phase("review");
    await editor.panel.locator("#refined-text").focus();
    await editor.page.keyboard.press("Escape");
    await editor.phase("discarded");
    assert.equal((await api.asked()).length, asked);
    await editor.shot("09-discarded");
  },

  async "a vague prompt is answered with one question"({ editor, api }) {
    await editor.closeAll();
    const asked = (await api.asked()).length;
    await editor.ask("fix it");
    await editor.phase("question");
    await editor.shot("10-question");
    await editor.panel.locator("#clarify").fill("the rounding in till/bill.py loses a cent");
    await editor.key("Control+Enter");
    await editor.phase("review");
    assert.match(await editor.panel.locator("#original-text").innerText(), /fix it\s+the rounding/);
    assert.equal((await api.asked()).length, asked);
  },

  async "an earlier answer to other words is offered, and reused by one key"({ editor, api }) {
    await editor.closeAll();
    await editor.open("bill.py", 4, 12);
    await editor.ask("why do the shares not add up to the total?");
    await editor.phase("review");
    await editor.key("Control+Enter");
    await editor.phase("answered");
    await editor.closeAll();
    await editor.open("bill.py", 4, 12);
    await editor.ask("Why is the sum of the shares not the total?");
    await editor.phase("review");
    if (!process.env.MODELS) {
      assert.equal(await editor.panel.locator(".offer").count(), 0, "without a model nothing is like anything");
      return;
    }
    await editor.panel.locator(".offer", { hasText: "You asked something like this" }).first().waitFor();
    await editor.shot("25-offer");
    const asked = (await api.asked()).length;
    await editor.panel.locator("#accept").focus();
    await editor.page.keyboard.press("r");
    await editor.phase("answered");
    await editor.panel.locator(".served", { hasText: "From the cache" }).waitFor();
    assert.equal((await api.asked()).length, asked);
  },

  async "a comment is a prompt, and Send Prompt sends it from the editor"({ editor, api }) {
    await editor.closeAll();
    await editor.open("bill.py", 13);
    await editor.page.keyboard.type("# explain how shares rounds");
    await editor.page.keyboard.press("Shift+Home");
    await editor.page.keyboard.press("Control+Alt+u");
    await editor.phase("review");
    assert.match(await editor.panel.locator("#original-text").innerText(), /^explain how shares rounds$/);
    await editor.page.keyboard.press("Control+1");
    await editor.page.locator(".monaco-editor.focused").first().waitFor();
    await editor.page.keyboard.press("Control+Alt+Enter");
    await editor.phase("answered");
    assert.match(await api.lastPrompt(), /explain how shares rounds/);
  },

  async "a long prompt is written in a document, and stays about the code it came from"({ editor }) {
    await editor.closeAll();
    await editor.open("bill.py", 8);
    await editor.page.keyboard.press("Control+Alt+u");
    await editor.input("explain this");
    await editor.shot("26-input");
    await editor.page.locator(".quick-input-widget .action-label[aria-label*='long prompt']").click();
    await editor.page.locator(".tab.active[aria-label*='Untitled']").waitFor();
    await editor.page.keyboard.press("Control+End");
    await editor.page.keyboard.type(" in detail.\nSay why the parts are rounded.");
    await editor.page.keyboard.press("Control+Alt+u");
    await editor.phase("review");
    assert.match(await editor.panel.locator("#original-text").innerText(), /explain this in detail\.\nSay why/);
    assert.match(await editor.panel.locator("#refined-text").innerText(), /def shares/);
    await editor.shot("27-long-prompt");
  },

  async "a proposal can be approved by code action alone"({ editor, api }) {
    await editor.closeAll();
    await editor.open("bill.py", 8);
    await editor.ask("document this");
    await editor.phase("review");
    await editor.closePanel("document this");
    await editor.open("bill.py", 8);
    const asked = (await api.asked()).length;
    await editor.page.keyboard.press("Control+.");
    await editor.page.locator(".action-widget .monaco-list-row", { hasText: "OptaFly: Accept & Send" }).waitFor();
    await editor.shot("11-code-action");
    await editor.take(".action-widget", "OptaFly: Accept & Send");
    await editor.phase("answered");
    assert.equal((await api.asked()).length, asked + 1);
  },

  async "Modify by code action opens the panel for editing"({ editor }) {
    await editor.closeAll();
    await editor.open("bill.py", 18);
    await editor.ask("refactor this");
    await editor.phase("review");
    await editor.closePanel("refactor this");
    await editor.open("bill.py", 18);
    await editor.page.keyboard.press("Control+.");
    await editor.take(".action-widget", "OptaFly: Modify");
    await editor.phase("editing");
  },

  async "an answer can be stopped while it comes in"({ editor, api }) {
    await editor.closeAll();
    await editor.open("bill.py", 8);
    await editor.ask("review this");
    await editor.phase("review");
    await api.script({ behaviour: { tokensPerS: 4 } });
    await editor.key("Control+Enter");
    await editor.panel.locator(".answer-body", { hasText: "simulated" }).waitFor();
    await editor.status("asking");
    await editor.panel.locator("#cancel").click();
    await editor.phase("stopped");
    await editor.shot("12-stopped");
    await editor.key("Control+Enter");
    await editor.phase("answered");
    assert.equal(await editor.panel.locator(".served").count(), 0, "what was stopped was not remembered");
  },

  async "an API that is down is said in plain words, and asked again by one key"(story) {
    const { editor } = story;
    await editor.closeAll();
    await editor.open("bill.py", 18);
    await editor.ask("explain this in detail");
    await editor.phase("review");
    const { port } = new URL(story.api.url);
    await story.api.stop();
    await editor.key("Control+Enter");
    await editor.panel.locator(".problem[data-code='provider.network']").waitFor();
    await editor.shot("13-api-down");
    story.api = await Api.start(port);
    story.started.add(story.api);
    await editor.key("Control+Enter");
    await editor.phase("answered");
  },

  async "a server that dies while it answers is started again, and asked again by one key"({ editor, api, home }) {
    await editor.closeAll();
    await editor.open("bill.py", 18);
    await editor.ask("optimise this");
    await editor.phase("review");
    await api.script({ behaviour: { tokensPerS: 4 } });
    await editor.key("Control+Enter");
    await editor.panel.locator(".answer-body", { hasText: "simulated" }).waitFor();
    const [pid] = editor.serverPids(home);
    process.kill(pid, "SIGKILL");
    await editor.panel.locator(".problem[data-code='client.stopped']").waitFor();
    await editor.shot("14-server-died");
    await until("the server runs again", () => editor.serverPids(home).some((each) => each !== pid));
    await editor.status("saved");
    await editor.key("Control+Enter");
    await editor.phase("answered");
    assert.equal(await editor.panel.locator(".served").count(), 0, "what was cut off was not remembered");
  },

  async "a panel and its answer are still there after the window was loaded again"({ editor }) {
    await editor.reload();
    await editor.phase("answered");
    await editor.panel.locator(".answer-body", { hasText: "This is about" }).waitFor();
    await editor.status("saved");
  },

  async "prompts in any script are shown whole"({ editor }) {
    await editor.closeAll();
    await editor.open("bill.py", 8);
    await editor.ask("اشرح هذه الدالة من فضلك، وبالتفصيل。この関数の丸め誤差を説明してください");
    await editor.phase("review");
    await editor.shot("15-scripts");
  },

  async "every theme can be read"({ editor }) {
    await editor.closeAll();
    await editor.open("bill.py", 4, 12);
    await editor.ask("fix this please");
    await editor.phase("review");
    const themes = {
      light: ["Light Modern", "vscode-light"],
      contrast: ["Dark High Contrast", "vscode-high-contrast:not(.vscode-high-contrast-light)"],
      paper: ["Light High Contrast", "vscode-high-contrast-light"],
    };
    const each = async (stage) => {
      for (const [name, [theme, kind]] of Object.entries(themes)) {
        await editor.theme(theme);
        await editor.panel.locator(`body.${kind}`).waitFor();
        await editor.shot(`16-${name}-${stage}`);
      }
      await editor.theme("Dark Modern");
      await editor.panel.locator("body.vscode-dark").waitFor();
    };
    await each("review");
    await editor.panel.locator("#accept").click();
    await editor.phase("answered");
    await each("answered");
  },

  async "the menu, the stats and the walkthrough are there"({ editor }) {
    await editor.page.locator(".statusbar-item[id*='optafly.status'] a").first().click();
    await editor.page.locator(".quick-input-list .monaco-list-row", { hasText: "Show Statistics" }).waitFor();
    await editor.shot("18-menu");
    await editor.page.locator(".quick-input-list .monaco-list-row", { hasText: "Show Statistics" }).click();
    await editor.panel.locator(".totals, #nothing-yet").waitFor();
    await editor.shot("19-stats");
    await editor.closeAll();
    await editor.run("Open Walkthrough");
    await editor.page
      .locator(".quick-input-list .monaco-list-row", { hasText: "Get started with OptaFly" })
      .first()
      .click();
    await editor.page.locator(".gettingStartedContainer", { hasText: "Ask again, pay once" }).waitFor();
    await editor.page.locator(".getting-started-media iframe").first().waitFor();
    await editor.shot("20-walkthrough");
  },

  async "nothing but the machine itself was spoken to, and no key was written down"({ editor, home }) {
    assert.deepEqual([...editor.outside], []);
    assert.deepEqual(filesWith(home, KEY), []);
    assert.deepEqual(filesWith(path.join(editor.user, "logs"), KEY), []);
  },
};
