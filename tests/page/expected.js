// What Python computes, for the tests of this folder.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("expected.py", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
const options = { encoding: "utf8", maxBuffer: 1e8, env: { ...process.env, PYTHONPATH: root } };

export const expected = JSON.parse(execFileSync(process.env.PYTHON ?? "python", [script], options));
