// Finds the server's executable. Never inside a workspace, and never by a relative path: a cloned repository must not be
// able to bring its own.
import * as path from "node:path";

export interface Surroundings {
  /** The machine-scoped setting `optafly.server.path`. */
  readonly setting: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly windows: boolean;
  readonly isExecutable: (file: string) => boolean;
  /** Where the offer to install puts it. */
  readonly installed: string;
}

export type Found =
  | { readonly path: string; readonly source: "setting" | "environment" | "PATH" | "VS Code's own folder" }
  | { readonly path: null; readonly why: string };

/** Look at the setting, then `OPTAFLY_SERVER`, then `PATH`, then what was installed from here. A place that is named but wrong is not passed over. */
export function findServer(around: Surroundings): Found {
  const named = [
    { file: around.setting.trim(), source: "setting", label: "The setting optafly.server.path" },
    {
      file: (around.environment.OPTAFLY_SERVER ?? "").trim(),
      source: "environment",
      label: "The environment variable OPTAFLY_SERVER",
    },
  ] as const;
  for (const { file, source, label } of named) {
    if (file !== "") {
      return path.isAbsolute(file) && around.isExecutable(file)
        ? { path: file, source }
        : { path: null, why: `${label} names ${file}, which is not the absolute path of an executable.` };
    }
  }
  const onPath = searchPath(around);
  if (onPath !== null) {
    return { path: onPath, source: "PATH" };
  }
  return around.isExecutable(around.installed)
    ? { path: around.installed, source: "VS Code's own folder" }
    : { path: null, why: "There is no optafly on PATH." };
}

/** Look through `PATH`, passing over relative folders in it. */
function searchPath(around: Surroundings): string | null {
  const value = around.environment.PATH ?? around.environment.Path ?? "";
  for (const folder of value.split(path.delimiter)) {
    const file = path.join(folder, around.windows ? "optafly.exe" : "optafly");
    if (path.isAbsolute(folder) && around.isExecutable(file)) {
      return file;
    }
  }
  return null;
}

/**
 * What makes an environment in `folder`, whose interpreter is then `python`, and installs the server in it: with the
 * first Python that is new enough, for `python3` is 3.9 on many a Mac, and a Windows may have `python` and no `py`. Not
 * `pip install --user`: most systems forbid it now. Nothing outside VS Code's own folder is touched, but for what the
 * `server` is then told to get: the embedding model, without which code and answers are found by words alone.
 */
export function installCommand(
  windows: boolean,
  folder: string,
  { python, server }: Readonly<Record<"python" | "server", string>>,
  wheel: string,
): string {
  if (windows) {
    const quoted = (text: string): string => `'${text.replace(/['\u2018\u2019]/g, "$&$&")}'`;
    const choose = "$py = if (Get-Command py -ErrorAction SilentlyContinue) { 'py' } else { 'python' }";
    const install = `& ${quoted(python)} -m pip install ${quoted(wheel)}; if ($?) { & ${quoted(server)} models install }`;
    return `${choose}; & $py -m venv ${quoted(folder)}; if ($?) { ${install} }`;
  }
  const quoted = (text: string): string => `'${text.replace(/'/g, "'\\''")}'`;
  const isNew = `"$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null`;
  const choose = `for p in python3 python3.14 python3.13 python3.12 python3.11; do ${isNew} && break; done`;
  const install = `${quoted(python)} -m pip install ${quoted(wheel)} && ${quoted(server)} models install`;
  return `${choose}; "$p" -m venv ${quoted(folder)} && ${install}`;
}
