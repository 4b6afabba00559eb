import { posix } from 'node:path';

/**
 * @typedef {{ readonly path: string, readonly title: string }} Entry a page of the site and its title
 * @typedef {{ readonly name: string, readonly entries: readonly Entry[] }} Group
 */

/**
 * A whole page: the menu, and what the page says. Every address in it is relative, so that the site works from any place
 * and from a folder.
 *
 * @param {Entry} page
 * @param {string} html
 * @param {readonly Group[]} groups
 */
export function framePage(page, html, groups) {
  const to = (/** @type {string} */ path) => posix.relative(posix.dirname(page.path), path);
  const item = (/** @type {Entry} */ { path, title }) =>
    `<li><a href="${to(path)}"${path === page.path ? ' aria-current="page"' : ''}>${title}</a></li>`;
  const menu = groups.map(
    ({ name, entries }) => `<h2>${name}</h2>\n<ul>\n${entries.map(item).join('\n')}\n</ul>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title} · Muster</title>
<link rel="icon" href="${to('icon.svg')}">
<link rel="stylesheet" href="${to('tokens.css')}">
<link rel="stylesheet" href="${to('site.css')}">
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<header><a href="${to('index.html')}"><img src="${to('icon.svg')}" alt="" width="22" height="22"> Muster</a></header>
<div class="page">
<details class="menu"><summary>Pages</summary></details>
<nav aria-label="Pages">
${menu.join('\n')}
</nav>
<main id="main">
${html}</main>
</div>
</body>
</html>
`;
}
