// Bundles GraphiQL into dist/, which is committed: the binary embeds it, and cargo must build without Node.
// npm ci && npm run build
import { build } from "esbuild";
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";

await rm("dist", { recursive: true, force: true });
await mkdir("dist");
const result = await build({
  entryPoints: { graphiql: "src/main.jsx" },
  outdir: "dist",
  bundle: true,
  minify: true,
  metafile: true,
  format: "iife",
  target: "es2020",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  loader: { ".graphql": "text", ".woff": "dataurl", ".woff2": "dataurl", ".ttf": "dataurl" },
});
await copyFile("src/index.html", "dist/index.html");

// The licence of every package of which something is in the bundle.
const folders = new Set();
for (const input of Object.keys(result.metafile.inputs)) {
  const found = input.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//);
  if (found) folders.add(found[1]);
}
const parts = [];
for (const folder of [...folders].sort()) {
  const about = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  const files = (await readdir(folder)).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name));
  const texts = await Promise.all(files.map((name) => readFile(path.join(folder, name), "utf8")));
  const text = texts.length > 0 ? texts.join("\n") : `Licence: ${about.license}`;
  parts.push(`${about.name} ${about.version} (${about.license})\n\n${text.trim()}\n`);
}
const line = "-".repeat(80);
await writeFile("dist/THIRD-PARTY-LICENSES.txt", parts.join(`\n${line}\n\n`));
console.log(`${parts.length} packages bundled`);
