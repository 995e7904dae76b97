// The panel's page: a strict content security policy and one script; everything else is built by that script.
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

/** The whole page for `webview`, with a fresh nonce. `script` is one of those that `esbuild.mjs` makes. */
export function page(
  webview: vscode.Webview,
  extension: vscode.Uri,
  script: "view" | "statistics",
  title: string,
): string {
  const nonce = randomBytes(18).toString("base64");
  const source = webview.asWebviewUri(vscode.Uri.joinPath(extension, "out", `${script}.js`)).toString();
  const style = webview.asWebviewUri(vscode.Uri.joinPath(extension, "media", "panel.css")).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="stylesheet" href="${style}" />
    <title>${title}</title>
  </head>
  <body>
    <main id="root"></main>
    <div id="live" class="hidden" role="status" aria-live="polite"></div>
    <script nonce="${nonce}" src="${source}"></script>
  </body>
</html>`;
}
