// Builds dist/: one script, one style sheet, the page, and the licences of everything that went in.
// The result is committed, because the server embeds it and must build without Node.
import { build } from "esbuild";
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const dist = "dist";

// GraphiQL's style sheet carries 300 KB of fonts. The reader's own fonts do as well, and need no exception in the
// content security policy.
const systemFonts = {
  name: "system-fonts",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const css = await readFile(path, "utf8");
      const contents = css
        .replace(/@font-face\s*\{[^}]*\}/g, "")
        .replace(/(--font-family:)[^;}]*/g, "$1 system-ui, sans-serif")
        .replace(
          /(--font-family-mono:)[^;}]*/g,
          '$1 ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, monospace',
        );
      return { contents, loader: "css" };
    });
  },
};

await rm(dist, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: { graphiql: "src/main.jsx" },
  outdir: dist,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
  alias: { "react-style-singleton": "./src/style-singleton.js" },
  plugins: [systemFonts],
  legalComments: "none",
  metafile: true,
});
await cp("src/index.html", join(dist, "index.html"));
await cp("src/favicon.svg", join(dist, "favicon.svg"));
await writeFile(join(dist, "THIRD-PARTY-LICENSES.txt"), await licences(metafile));

// The licence of every package that a bundled file comes from.
async function licences({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  const folders = new Set(inputs.flatMap((input) => input.match(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []));
  const parts = new Map();
  for (const folder of folders) {
    const { name, version, license, author } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? await readFile(join(folder, file), "utf8") : `By ${author?.name ?? author ?? "its authors"}.`;
    parts.set(`${name} ${version}`, `${name} ${version} (${license})\n\n${text.replaceAll("\r\n", "\n").trim()}\n`);
  }
  const line = `\n${"-".repeat(80)}\n\n`;
  const sorted = [...parts.keys()].sort().map((key) => parts.get(key));
  return `GraphiQL as it ships with Plenary is made of these packages.\n${line}${sorted.join(line)}`;
}
