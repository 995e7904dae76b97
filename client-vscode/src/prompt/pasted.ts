// The lines of what is pasted into a box of one line, which shows a space in the place of each line's end.

/** So much comes at once only where it is pasted. */
const FEWEST = 8;
/** A clipboard of another program may never answer (X11, a remote desktop): the prompt then goes as it stands. */
export const ANSWER_MS = 500;

export class PastedLines {
  private readonly texts: string[] = [];
  private last = "";
  private reading: Promise<void> = Promise.resolve();

  /** `read` gives what is in the clipboard. */
  constructor(private readonly read: () => PromiseLike<string>) {}

  /** Take what stands in the box by now; only where something was pasted is the clipboard looked at. */
  changed(text: string): void {
    const pasted = text.length - this.last.length >= FEWEST;
    this.last = text;
    if (pasted) {
      this.reading = this.remember(text);
    }
  }

  /** The text of the box with the lines of what was pasted, as far as that was not edited since. */
  async restored(text: string): Promise<string> {
    await withinTime(this.reading);
    return this.texts.reduce((now, lines) => now.replace(inOneLine(lines), () => lines), text);
  }

  private async remember(text: string): Promise<void> {
    const copied = await Promise.resolve(this.read()).catch(() => "");
    const lines = copied.replaceAll("\r\n", "\n").trim();
    if (lines.includes("\n") && text.includes(inOneLine(lines)) && !this.texts.includes(lines)) {
      this.texts.push(lines);
    }
  }
}

/** Wait for `reading` from when it is needed, and no longer than a person would. */
async function withinTime(reading: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([reading, new Promise<void>((resolve) => (timer = setTimeout(resolve, ANSWER_MS)))]);
  clearTimeout(timer);
}

function inOneLine(lines: string): string {
  return lines.replaceAll(/[\r\n]/g, " ");
}
