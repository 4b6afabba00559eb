import { factsOf, type Notice, textOf } from './notice.ts';

/** The body of a Slack incoming webhook: text for notifications, blocks for the channel (docs.slack.dev, Block Kit). */
export function composeSlackPayload(notice: Notice): object {
  const [title, text] = [escapeMarkup(notice.title), escapeMarkup(textOf(notice))];
  const link = notice.url === undefined ? '' : `\n<${encodeURI(notice.url)}|Open in Muster>`;
  const facts = factsOf(notice).map(([name, value]) => `${name}: ${escapeMarkup(value)}`);
  return {
    text: `${title}: ${text}`,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: `*${title}*\n${text}${link}` } },
      ...(facts.length > 0
        ? [{ type: 'context', elements: [{ type: 'mrkdwn', text: facts.join(' | ') }] }]
        : []),
    ],
  };
}

/** `<!channel>` would call everybody. */
function escapeMarkup(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
