// Draws src/sujin/platform/static/icons.svg from the names in icons.txt. The sprite is committed,
// so the icon package (large) is fetched only by whoever adds an icon:
//   npm install --no-save @tabler/icons@3.51.0 && npm run icons
import { readFileSync, writeFileSync } from 'node:fs';

const HERE = new URL('./', import.meta.url);
const SPRITE = new URL('../src/sujin/platform/static/icons.svg', HERE);
const SOURCE = new URL('../node_modules/@tabler/icons/icons/outline/', HERE);

const FRAME = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />';

const tidy = (shapes) => shapes.replace(/\s*\n\s*/g, '').replace(FRAME, '').replaceAll('" />', '"/>');

function symbol(name) {
  const drawing = readFileSync(new URL(`${name}.svg`, SOURCE), 'utf8');
  const shapes = drawing.slice(drawing.indexOf('>', drawing.indexOf('<svg')) + 1, drawing.indexOf('</svg>'));
  return `<symbol id="${name}" viewBox="0 0 24 24">${tidy(shapes)}</symbol>`;
}

const names = readFileSync(new URL('icons.txt', HERE), 'utf8').split(/\s+/).filter(Boolean).sort();
const lines = [
  '<svg xmlns="http://www.w3.org/2000/svg">',
  '<!-- Tabler Icons 3.51.0, https://tabler.io/icons, MIT licence, (c) 2020-2025 Paweł Kuna. Made by frontend/icons.mjs. -->',
  ...names.map(symbol),
  '</svg>',
];
writeFileSync(SPRITE, lines.join('\n') + '\n');
