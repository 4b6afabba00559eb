import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repoRoot } from '../support/docs.ts';
import { unknownVariables } from './support/known-names.ts';

const file = readFileSync(join(repoRoot, 'packaging/container/Dockerfile'), 'utf8');
/** Instructions with their continued lines. */
const instructions = file
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '');
const ignored = readFileSync(join(repoRoot, '.dockerignore'), 'utf8').trim().split('\n');

function argumentsOf(name: string): readonly string[] {
  return instructions
    .filter((line) => line.startsWith(`${name} `))
    .map((line) => line.slice(name.length + 1));
}

describe('packaging/container/Dockerfile', () => {
  it('copies what is in the repo and passes .dockerignore', () => {
    expect(ignored[0]).toBe('*');
    const sources = argumentsOf('COPY')
      .filter((line) => !line.startsWith('--from='))
      .flatMap((line) => line.split(' ').slice(0, -1));
    for (const source of sources) {
      expect([source, existsSync(join(repoRoot, source))]).toEqual([source, true]);
      expect(ignored).toContain(`!${source}`);
    }
    const used = new Set(sources);
    expect(ignored.slice(1).filter((line) => !used.has(line.slice(1)))).toEqual([]);
  });

  it('takes all that the package holds, and what is built from', () => {
    const { files } = JSON.parse(readFileSync(join(repoRoot, 'package.json'), 'utf8')) as { files: string[] };
    const last = file.slice(file.lastIndexOf('\nFROM '));
    for (const needed of ['node_modules', ...files.filter((name) => !/^!|CHANGELOG/.test(name))])
      expect(last).toContain(needed);
  });

  it('runs the server as a numeric user that is not root, with a health check', () => {
    expect(argumentsOf('USER')).toEqual(['65532:65532']);
    expect(argumentsOf('ENTRYPOINT')).toEqual(['["node", "/opt/muster/dist/main.js"]']);
    expect(argumentsOf('HEALTHCHECK')[0]).toContain('/healthz');
    expect(argumentsOf('VOLUME')).toEqual(['["/var/lib/muster"]']);
    expect(unknownVariables(file)).toEqual([]);
  });

  it('runs on a Node that the package supports', () => {
    const { engines } = JSON.parse(readFileSync(join(repoRoot, 'package.json'), 'utf8')) as {
      engines: { node: string };
    };
    expect(engines.node).toContain('>=22');
    expect(argumentsOf('ARG')).toContain('NODE_VERSION=22');
  });
});
