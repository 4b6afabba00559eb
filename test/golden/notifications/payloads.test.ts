import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { createDestinations } from '../../../src/notifications/destination.ts';
import { composeNotice } from '../../../src/notifications/notice.ts';
import { repoRoot } from '../../support/docs.ts';
import { tellingEvents } from '../../support/notices.ts';

const context = { publicUrl: 'https://muster.example', instance: 'eu' };
const url = [new URL('https://receiver.example')];
const destinations = createDestinations({
  ...{ slack: url, teams: url, webhook: url },
  webhookSecret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
});
const names = Object.keys(tellingEvents) as (keyof typeof tellingEvents)[];

function bodyOf(destination: string, name: keyof typeof tellingEvents, repeats = 0): unknown {
  const notice = composeNotice(tellingEvents[name], context)!;
  const found = destinations.find((one) => one.name === destination)!;
  return JSON.parse(found.compose({ ...notice, repeats }, 0).body);
}

describe.each(['slack', 'teams', 'webhook'])('what is sent to %s', (destination) => {
  it('is as recorded', async () => {
    const bodies = Object.fromEntries(names.map((name) => [name, bodyOf(destination, name)]));
    const text = `${JSON.stringify({ ...bodies, repeated: bodyOf(destination, 'wrongConfig', 16) }, null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, `${destination}.json`));
    expect(text).not.toContain('CANARY');
  });
});

describe.each(['slack', 'teams'])('what is sent to %s', (destination) => {
  const path = join(repoRoot, 'test/fixtures/notifications', `${destination}.schema.json`);
  const validate = new Ajv2020({ strictTypes: false }).compile(JSON.parse(readFileSync(path, 'utf8')));

  it.each(names)('has the documented shape: %s', (name) => {
    validate(bodyOf(destination, name));
    expect(validate.errors).toBeNull();
  });
});

it('calls nobody by markup', () => {
  const event = { ...tellingEvents.failed, message: 'edge: <!channel> [x](https://evil.example) & *b*' };
  const notice = composeNotice(event, {})!;
  const [slack, teams] = destinations.map((one) => one.compose(notice, 0).body);
  expect(slack).toContain('&lt;!channel&gt;');
  expect(teams).toContain('\\\\[x\\\\](https');
});
