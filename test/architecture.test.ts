import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkImports, checkNames, checkPurity, findCycles, type Sources } from './architecture/rules.ts';
import { codeOnly, findImports } from './architecture/source-file.ts';
import { importTable, packageHomes } from './architecture/table.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

function readSources(): Sources {
  const names = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.ts')).sort();
  return new Map(
    files.map((name) => [name.split(sep).join('/'), readFileSync(join(root, 'src', name), 'utf8')]),
  );
}

const sources = readSources();

describe('src/', () => {
  it('imports only what the table allows, through index.ts, and each package in its home', () => {
    expect(checkImports(sources)).toEqual([]);
  });

  it('keeps pure folders pure', () => {
    expect(checkPurity(sources)).toEqual([]);
  });

  it('has no import cycle', () => {
    expect(findCycles(sources)).toEqual([]);
  });

  it('has only folders of the table and kebab-case files', () => {
    expect(checkNames(sources)).toEqual([]);
  });

  it('declares every package at run time, each with a home', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const homeless = Object.keys(manifest.dependencies).filter((name) => !(name in packageHomes));
    expect(homeless).toEqual([]);
  });
});

describe('the rules themselves', () => {
  const judge = (file: string, text: string) => checkImports(new Map([[file, text]]));

  it.each([
    ['model/a.ts', "import { x } from '../runtime/index.ts';", /may not import runtime/],
    ['reconciler/a.ts', "import { x } from '../store/index.ts';", /may not import store/],
    ['fleet/a.ts', "export * from '../selectors/parse.ts';", /not by its index\.ts/],
    ['fleet/a.ts', "import { parse } from 'yaml';", /whose home is manifests/],
    ['cli/a.ts', "const ws = await import('ws');", /whose home is opamp-server/],
    ['cli/a.ts', "import leftPad from 'left-pad';", /has no home folder/],
    ['validation/a.ts', "import { readFileSync } from 'node:fs';", /is pure/],
    ['runtime/a.ts', "import fs from 'fs';", /without node:/],
    ['cli/a.ts', "import { x } from './b.js';", /without its \.ts extension/],
    ['cli/a.ts', "import { x } from '../../test/support/x.ts';", /leaves src/],
    ['simulator/a.ts', "import { createOpampServer } from '../opamp-server/index.ts';", /client door/],
  ])('%s: %s', (file, text, fault) => {
    expect(judge(file, text)).toEqual([expect.stringMatching(fault)]);
  });

  it.each([
    ['cli/a.ts', "import { x } from '../store/index.ts';"],
    ['desired-state/a.ts', "import { createHash } from 'node:crypto';"],
    ['simulator/a.ts', "import { decodeServerToAgent } from '../opamp-server/index.ts';"],
    ['model/a.ts', "// import { x } from '../runtime/index.ts';"],
    ['model/a.ts', 'const text = `import { x } from "../runtime/index.ts"`;'],
  ])('%s may: %s', (file, text) => {
    expect(judge(file, text)).toEqual([]);
  });

  it.each([
    'const t = Date.now();',
    'const d = new Date();',
    'const r = Math.random();',
    'const e = process.env.HOME;',
    "console.log('x');",
    'setTimeout(f, 1);',
    'const text = `at ${Date.now()}`;',
  ])('impure: %s', (text) => {
    expect(checkPurity(new Map([['rollout/a.ts', text]]))).toHaveLength(1);
  });

  it('sees purity through comments, strings, patterns and dates that are given', () => {
    const text =
      "/* Date.now() */ const a = 'Math.random()'; const b = /process.env/; const c = new Date(now);";
    expect(checkPurity(new Map([['rollout/a.ts', text]]))).toEqual([]);
  });

  it('finds every form of import with its line', () => {
    const text =
      "import a from 'a';\nimport {\n  type B,\n  c as d,\n} from 'b';\nexport * from 'c';\nimport 'd';\nawait import('e');";
    const found = findImports(text).map(({ specifier, names, line }) => [specifier, names.join(), line]);
    expect(found).toEqual([
      ['a', '', 1],
      ['b', 'B,c', 2],
      ['c', '', 6],
      ['d', '', 7],
      ['e', '', 8],
    ]);
  });

  it('keeps lines in place when it blanks what is not code', () => {
    expect(
      codeOnly('/* a\nb */ x; // y\n`p\n${q}`', false)
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual(['', 'x;', '', '( q)']);
  });

  it('finds a cycle', () => {
    const cyclic = new Map([
      ['cli/a.ts', "import './b.ts';"],
      ['cli/b.ts', "import './a.ts';"],
    ]);
    expect(findCycles(cyclic)).toEqual(['cli/a.ts -> cli/b.ts -> cli/a.ts']);
  });

  it('refuses vague and unknown folders', () => {
    expect(checkNames(new Map([['cli/utils/a.ts', '']]))).toHaveLength(1);
    expect(checkNames(new Map([['toolbox/aB.ts', '']]))).toHaveLength(2);
  });

  it('has a table without cycles', () => {
    for (const [folder, allowed] of Object.entries(importTable)) {
      if (allowed === 'any') continue;
      for (const target of allowed)
        expect(importTable[target], `${target} imports ${folder}`).not.toContain(folder);
    }
  });
});
