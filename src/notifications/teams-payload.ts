import { factsOf, type Notice, textOf } from './notice.ts';

/** The body of a Teams workflow "when a webhook request is received": a message with one Adaptive Card of version 1.4. */
export function composeTeamsPayload(notice: Notice): object {
  const facts = factsOf(notice).map(([title, value]) => ({ title, value: escapeMarkdown(value) }));
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      {
        type: 'TextBlock',
        text: escapeMarkdown(notice.title),
        weight: 'Bolder',
        size: 'Medium',
        color: notice.kind === 'source.recovered' ? 'Good' : 'Attention',
        wrap: true,
      },
      { type: 'TextBlock', text: escapeMarkdown(textOf(notice)), wrap: true },
      ...(facts.length > 0 ? [{ type: 'FactSet', facts }] : []),
    ],
    ...(notice.url !== undefined && {
      actions: [{ type: 'Action.OpenUrl', title: 'Open in Muster', url: notice.url }],
    }),
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}

/** A card's text is Markdown: no links of anybody else's, no images. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\[\]*_`]/g, '\\$&');
}
