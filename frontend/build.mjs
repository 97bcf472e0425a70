// Builds frontend/ into src/sujin/platform/static/build/. `--watch` builds again on every change.
import { watch } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import * as sass from 'sass';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const OUT = here('../src/sujin/platform/static/build/');
const BUNDLES = ['app', 'public'];
// A script that a browser runs beside pages has no style.
const WORKERS = ['walk-worker'];
// Bank desktops and old people's phones: Chromium of 2020, Safari of iOS 14.5.
const TARGET = ['chrome87', 'safari14.1', 'firefox88'];

// What the strict content policy, the manifest storage or an offline network would trip on.
const FORBIDDEN = [/sourceMappingURL/, /url\(\s*["']?data:/, /@import/, /url\(\s*["']?(https?:)?\/\//];

function refuse(name, text) {
  for (const pattern of FORBIDDEN) {
    if (pattern.test(text)) throw new Error(`${name}: ${pattern} must not be in the built files`);
  }
}

// A misspelt custom property fails in silence in the browser, so it fails aloud here.
function refuseUndefined(name, css) {
  const made = new Set([...css.matchAll(/(--[\w-]+)\s*:/g)].map((found) => found[1]));
  const read = [...css.matchAll(/var\((--[\w-]+)\)/g)].map((found) => found[1]);
  const lost = [...new Set(read)].filter((property) => !made.has(property));
  if (lost.length > 0) throw new Error(`${name}: never defined: ${lost.join(', ')}`);
}

async function styles(name) {
  const options = { loadPaths: [here('../node_modules')], quietDeps: true, logger: sass.Logger.silent };
  const { css } = sass.compile(here(`css/${name}.scss`), options);
  const { code } = await esbuild.transform(css, { loader: 'css', minify: true, target: TARGET });
  refuse(`${name}.css`, code);
  refuseUndefined(`${name}.css`, code);
  await writeFile(`${OUT}${name}.css`, code);
  return `${name}.css ${code.length}`;
}

async function scripts(name) {
  const built = await esbuild.build({
    entryPoints: [here(`js/${name}.js`)],
    bundle: true,
    minify: true,
    format: 'iife',
    target: TARGET,
    legalComments: 'none',
    write: false,
  });
  const code = built.outputFiles[0].text;
  refuse(`${name}.js`, code);
  await writeFile(`${OUT}${name}.js`, code);
  return `${name}.js ${code.length}`;
}

// What letters are set in; a machine need not have a Chinese font of its own.
const FONTS = ['400Regular/NotoSansSC_400Regular.ttf', '700Bold/NotoSansSC_700Bold.ttf'];

async function fonts() {
  await mkdir(`${OUT}fonts`, { recursive: true });
  const from = (name) => here(`../node_modules/@expo-google-fonts/noto-sans-sc/${name}`);
  await Promise.all(FONTS.map((name) => copyFile(from(name), `${OUT}fonts/${name.split('/')[1]}`)));
}

async function build() {
  await mkdir(OUT, { recursive: true });
  await fonts();
  const made = BUNDLES.flatMap((name) => [styles(name), scripts(name)]);
  const sizes = await Promise.all([...made, ...WORKERS.map(scripts)]);
  console.log(sizes.join('\n'));
}

await build();
if (process.argv.includes('--watch')) {
  watch(here('.'), { recursive: true }, () => build().catch((error) => console.error(error.message)));
}
