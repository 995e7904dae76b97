// Bundles the extension host's side and the panel's side; `--production` minifies, `--watch` builds again on a change.
import { context } from "esbuild";

const production = process.argv.includes("--production");
const shared = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : "linked",
  legalComments: "none",
  logLevel: "warning",
};

const bundles = await Promise.all([
  context({
    ...shared,
    entryPoints: ["src/extension.ts"],
    outfile: "out/extension.js",
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode"],
  }),
  context({
    ...shared,
    entryPoints: { view: "view/main.ts", statistics: "view/statistics-main.ts" },
    outdir: "out",
    platform: "browser",
    format: "iife",
    target: "es2023",
  }),
]);

if (process.argv.includes("--watch")) {
  await Promise.all(bundles.map((bundle) => bundle.watch()));
} else {
  await Promise.all(bundles.map((bundle) => bundle.rebuild()));
  await Promise.all(bundles.map((bundle) => bundle.dispose()));
}
