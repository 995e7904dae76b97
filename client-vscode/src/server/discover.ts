// Finds the server's executable. Never inside a workspace, and never by a relative path: a cloned repository must not be
// able to bring its own.
import * as path from "node:path";

export interface Surroundings {
  /** The machine-scoped setting `optafly.server.path`. */
  readonly setting: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly windows: boolean;
  readonly isExecutable: (file: string) => boolean;
}

export type Found =
  | { readonly path: string; readonly source: "setting" | "environment" | "PATH" }
  | { readonly path: null; readonly why: string };

/** Look at the setting, then `OPTAFLY_SERVER`, then `PATH`. A place that is named but wrong is not passed over. */
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
  const onPath = searchPath("optafly", around);
  return onPath === null ? { path: null, why: "There is no optafly on PATH." } : { path: onPath, source: "PATH" };
}

/** The absolute path of a program on `PATH`, or null. Relative folders in `PATH` are passed over. */
export function searchPath(program: string, around: Omit<Surroundings, "setting">): string | null {
  const value = around.environment.PATH ?? around.environment.Path ?? "";
  for (const folder of value.split(path.delimiter)) {
    const file = path.join(folder, around.windows ? `${program}.exe` : program);
    if (path.isAbsolute(folder) && around.isExecutable(file)) {
      return file;
    }
  }
  return null;
}
