// Builds docs/ as a static site: `npm run docs:site`, or `node docs/site/build.mjs <folder>`.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { framePage } from './frame-page.mjs';
import { escapeText, renderMarkdown } from './render-markdown.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const own = join(root, 'site');
const out = process.argv[2] ?? own;
const decisions = 'docs/decisions';
/** The menu's groups and the folder of each; decisions have a list of their own. */
const folders = [
  ['Start and look up', 'docs'],
  ['Guides', 'docs/guides'],
  ['Files of a fleet repo', 'docs/spec'],
];

/** Sources of pages, as paths in the repository. */
const sources = [
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => posix.join('docs', path.split(sep).join('/')))
    .sort(),
  'CHANGELOG.md',
];
/** Files that pages link to, as paths in the repository, which go along. */
const linked = new Set();

/** Where a page lies on the site. @param {string} source */
function placeOf(source) {
  const path = source.replace(/^docs\//, '').replace(/\.md$/, '.html');
  return path.replace(/(^|\/)(?:README)\.html$/, '$1index.html').replace('CHANGELOG', 'changelog');
}

/** @param {string} source @param {string} link */
function rewriteLink(source, link) {
  if (/^[a-z]+:/.test(link) || link.startsWith('#')) return link;
  const [path = '', anchor] = link.split('#');
  const target = posix.join(posix.dirname(source), path).replace(/\/$/, '');
  const place = findPlace(target, `${source}: ${link}`);
  const relativePath = posix.relative(posix.dirname(placeOf(source)), place);
  return anchor === undefined ? relativePath : `${relativePath}#${anchor}`;
}

/** @param {string} target a path in the repository @param {string} wanted for the error */
function findPlace(target, wanted) {
  if (target === decisions) return 'decisions/index.html';
  if (sources.includes(target)) return placeOf(target);
  const file = join(root, target);
  if (!existsSync(file) || !statSync(file).isFile()) throw new Error(`${wanted} leads to no file`);
  linked.add(target);
  return filePlace(target);
}

/** Files without an ending that browsers know are shown as text. @param {string} path */
function filePlace(path) {
  const name = path.replace(/^docs\//, '');
  return posix.join('files', /\.(?:png|svg)$/.test(name) ? name : `${name}.txt`);
}

/** @param {string} path @param {string} text */
function write(path, text) {
  mkdirSync(dirname(join(out, path)), { recursive: true });
  writeFileSync(join(out, path), text);
}

const pages = sources.map((source) => {
  const { title, html } = renderMarkdown(readFileSync(join(root, source), 'utf8'), (link) =>
    rewriteLink(source, link),
  );
  return { source, path: placeOf(source), title, html };
});
const inFolder = (/** @type {string} */ folder) =>
  pages.filter(({ source }) => posix.dirname(source) === folder);
const list = inFolder(decisions).map(
  ({ path, title }) => `<li><a href="${posix.basename(path)}">${title}</a></li>`,
);
const decisionList = {
  path: 'decisions/index.html',
  title: 'Decisions',
  html: `<h1>Decisions</h1>\n<ul class="plain">\n${list.join('\n')}\n</ul>\n`,
};
const groups = folders.map(([name = '', folder = '']) => ({
  name: escapeText(name),
  entries: [...inFolder(folder)].sort(
    (a, b) => Number(b.path === 'index.html') - Number(a.path === 'index.html'),
  ),
}));
groups.push({
  name: 'Behind it',
  entries: [decisionList, ...pages.filter(({ source }) => source === 'CHANGELOG.md')],
});

// What is left of pages that are gone; a folder of somebody's choice may hold more than the site.
if (out === own) rmSync(out, { recursive: true, force: true });
for (const page of [...pages, decisionList]) write(page.path, framePage(page, page.html, groups));
for (const path of linked) {
  mkdirSync(dirname(join(out, filePlace(path))), { recursive: true });
  cpSync(join(root, path), join(out, filePlace(path)));
}
cpSync(join(root, 'ui/styles/tokens.css'), join(out, 'tokens.css'));
cpSync(join(root, 'ui/icon.svg'), join(out, 'icon.svg'));
cpSync(join(root, 'docs/site/site.css'), join(out, 'site.css'));
console.log(`${pages.length + 1} pages in ${relative(process.cwd(), out) || '.'}`);
