// Bundles the front end into app/static/dist/ with hashed names, and writes manifest.json for the Jinja global asset().
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const final = `${root}app/static/dist`;
const fresh = `${root}app/static/dist.new`;

await rm(fresh, { recursive: true, force: true });
await mkdir(fresh, { recursive: true });
const result = await esbuild.build({
  absWorkingDir: root,
  entryPoints: ["frontend/app.css", "frontend/app.js", "frontend/mark.svg"],
  outdir: fresh,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  metafile: true,
  target: ["chrome111", "firefox115", "safari16.4"],
  loader: { ".woff2": "file", ".svg": "copy" },
  legalComments: "linked",
  logLevel: "warning",
});
const manifest = {};
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  if (output.entryPoint) manifest[basename(output.entryPoint)] = basename(path);
}
await writeFile(`${fresh}/manifest.json`, JSON.stringify(manifest, null, 2) + "\n");
// A running server never sees a half-written folder: the new one takes the old one's place in one step.
await rm(final, { recursive: true, force: true });
await rename(fresh, final);
