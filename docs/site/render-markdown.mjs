import { Marked } from 'marked';

/**
 * One page's Markdown as HTML, with the anchors that GitHub gives its headings.
 *
 * @param {string} text
 * @param {(link: string) => string} rewrite where a link or image of the page leads on the site
 * @returns {{ title: string, html: string }} the title is the first heading's text
 */
export function renderMarkdown(text, rewrite) {
  const taken = new Map();
  let title = '';
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const inner = this.parser.parseInline(tokens);
        const plain = inner.replace(/<[^>]*>/g, '');
        if (depth === 1 && title === '') title = plain;
        const id = anchorOf(unescapeText(plain), taken);
        return `<h${depth} id="${id}"><a href="#${id}">${inner.replace(/<\/?a\b[^>]*>/g, '')}</a></h${depth}>\n`;
      },
      link({ href, tokens }) {
        return `<a href="${escapeText(rewrite(href))}">${this.parser.parseInline(tokens)}</a>`;
      },
      image({ href, text: alternative }) {
        return `<img src="${escapeText(rewrite(href))}" alt="${escapeText(alternative)}">`;
      },
      table(token) {
        const rows = [token.header, ...token.rows].map((cells, index) => {
          const tag = index === 0 ? 'th' : 'td';
          const inner = cells.map((cell) => `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag}>`);
          return `<tr>${inner.join('')}</tr>\n`;
        });
        const [head, ...body] = rows;
        // Wide tables scroll by themselves, also by keyboard.
        return `<div class="wide" tabindex="0" role="group" aria-label="Table"><table><thead>${head}</thead><tbody>${body.join('')}</tbody></table></div>\n`;
      },
      code({ text: code, lang }) {
        const language = lang === undefined || lang === '' ? 'Text' : lang;
        return `<pre tabindex="0" role="group" aria-label="${escapeText(language)}"><code>${escapeText(code)}</code></pre>\n`;
      },
    },
  });
  const html = /** @type {string} */ (marked.parse(text));
  return { title, html };
}

/** @param {string} text */
export function escapeText(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** @param {string} text */
function unescapeText(text) {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

/**
 * @param {string} heading
 * @param {Map<string, number>} taken how often each anchor was given already
 */
function anchorOf(heading, taken) {
  const slug = heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-');
  const before = taken.get(slug) ?? 0;
  taken.set(slug, before + 1);
  return before === 0 ? slug : `${slug}-${before}`;
}
