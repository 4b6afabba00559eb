import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentName, loadSettings, type Setting, settings } from '../../src/runtime/index.ts';
import { codeBlocks, readDoc, repoRoot } from '../support/docs.ts';

const begin = '<!-- settings: written from src/runtime/settings.ts, npx vitest run test/docs -u -->\n';
const end = '<!-- end of settings -->';

function describeSetting(setting: Setting): string {
  const flag = setting.flag === undefined ? '' : `\`--${setting.flag}\``;
  const secret = setting.secret === 'password' ? ', password secret' : ', secret';
  const name = `\`${environmentName(setting)}\`${setting.secret ? secret : ''}`;
  const value = setting.default === undefined ? '' : `\`${setting.default}\``;
  const choices = setting.choices ? `: ${setting.choices.join(', ')}` : '';
  return `| \`${setting.key}\` | ${flag} | ${name} | ${value} | ${setting.description}${choices} |`;
}

function withSettings(page: string): string {
  const head = '| key | flag | environment | default | what |\n|---|---|---|---|---|\n';
  const rows = (settings as readonly Setting[]).map(describeSetting).join('\n');
  const before = page.slice(0, page.indexOf(begin));
  return `${before}${begin}${head}${rows}
${page.slice(page.indexOf(end))}`;
}

describe('docs/operations.md', () => {
  it('lists every setting as it is', async () => {
    const page = readDoc('docs/operations.md');
    expect(page).toContain(begin);
    expect(page).toContain(end);
    await expect(withSettings(page)).toMatchFileSnapshot(join(repoRoot, 'docs/operations.md'));
  });

  it('its settings file loads', () => {
    const [text = ''] = codeBlocks(readDoc('docs/operations.md'), 'yaml');
    const file = { name: 'muster.yaml', bytes: new TextEncoder().encode(text) };
    const values = loadSettings({ flags: {}, environment: {}, file, readFile: () => '' });
    expect(values).toMatchObject({
      dataDir: '/var/lib/muster',
      'git.username': 'muster',
      'status.host': 'gitlab',
    });
  });

  it('names only variables and keys that there are', () => {
    const page = readDoc('docs/operations.md');
    const known = new Set(['MUSTER_CONFIG', 'MUSTER_SERVER', 'MUSTER_TOKEN', 'MUSTER_AGENT_TOKEN']);
    for (const setting of settings as readonly Setting[]) {
      known.add(environmentName(setting));
      if (setting.secret) known.add(`${environmentName(setting)}_FILE`);
    }
    // Each tenant's name makes one.
    known.add('MUSTER_SECRETS_KEY_');
    const named = [...page.matchAll(/MUSTER_[A-Z_]+/g)].map(([name]) => name);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});
