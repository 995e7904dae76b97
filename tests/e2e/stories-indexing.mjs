// What people see of the index while it is being made, and how they stop it and let it go on.
import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import path from "node:path";
import { until, writeFiles } from "./editor.mjs";

/** What the processes that read files for the index are started with. */
const READERS = "optafly.context.index.reading:create";
const COUNT = 4000;

const body = (file) =>
  Array.from({ length: 40 }, (_, n) => `def step_${file}_${n}(value):\n    return value + ${n}\n`).join("\n\n");
const many = () => Object.fromEntries(Array.from({ length: COUNT }, (_, n) => [`step_${n}.py`, body(n)]));

/** Wait until the hover of the status bar says these words. */
const said = (editor, words) =>
  editor.page
    .locator(`.statusbar-item[id*='optafly.status'] [aria-label*='${words}']`)
    .first()
    .waitFor({ timeout: 120_000 });

/** Do something while files are being read, however quick the machine is: what reads them does not get on meanwhile. */
async function whileReading(editor, home, act) {
  let readers = [];
  await until("files are being read", async () => {
    readers = editor.serverPids(home, READERS);
    return readers.length > 0;
  });
  readers.forEach((pid) => process.kill(pid, "SIGSTOP"));
  try {
    await said(editor, "files.");
    await act();
    await said(editor, "Indexing is stopped");
  } finally {
    readers
      .filter((pid) => editor.serverPids(home, READERS).includes(pid))
      .forEach((pid) => process.kill(pid, "SIGCONT"));
  }
}

export const whileIndexing = {
  async "indexing is stopped in the menu or the palette, stays so, and is resumed in the panel or the palette"({
    editor,
    home,
  }) {
    await said(editor, "Index:");
    writeFiles(path.join(home, "steps"), many());
    renameSync(path.join(home, "steps"), path.join(editor.workspace, "steps")); // all at once, as with a branch
    await whileReading(editor, home, async () => {
      await editor.shot("70-indexing");
      await editor.page.locator(".statusbar-item[id*='optafly.status']").click();
      const entry = editor.page.locator(".quick-input-list .monaco-list-row", {
        hasText: "Stop Indexing",
      });
      await entry.filter({ hasText: "files" }).waitFor();
      await editor.shot("71-stop-indexing");
      await editor.take(".quick-input-list", "Stop Indexing");
    });
    await editor.status("indexing stopped");

    await editor.open("bill.py", 8);
    await editor.page.keyboard.type("# typed while it is stopped\n");
    await editor.ask("fix the wrong total");
    await editor.phase("review");
    const note = editor.panel.locator("#index-note");
    assert.match(await note.innerText(), /Indexing is stopped: [\d,]+ of 4,0\d\d files can be found\./);
    const resume = editor.panel.locator("#resume-indexing");
    await resume.scrollIntoViewIfNeeded();
    await editor.shot("72-indexing-stopped");
    await editor.status("indexing stopped");
    await resume.focus();
    await editor.page.keyboard.press("Enter");
    await resume.waitFor({ state: "detached" });

    await whileReading(editor, home, () => editor.command("Stop Indexing"));
    await resume.waitFor();
    await editor.command("Resume Indexing");
    await resume.waitFor({ state: "detached" });
    await said(editor, "Index: 4,0");
    await editor.shot("73-indexed");
    assert.match(await editor.panel.locator("#index-note").innerText(), /^$|by now it may find more/);
  },
};
