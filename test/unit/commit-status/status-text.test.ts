import { describe, expect, it } from 'vitest';
import { composeStatus, reduceReason } from '../../../src/commit-status/index.ts';
import { fitList, fitText, positionText } from '../../../src/commit-status/status-text.ts';
import fc from '../../support/property.ts';
import { counts, summary, tenant } from './summaries.ts';

describe('fitText', () => {
  it('makes printable ASCII of at most the limit out of anything', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.integer({ min: 3, max: 200 }),
        (text, limit) => {
          const fitted = fitText(text, limit);
          expect(fitted.length).toBeLessThanOrEqual(limit);
          expect(fitted).toMatch(/^[\x20-\x7e]*$/);
        },
      ),
    );
  });

  it('replaces line breaks, quotes stay, an emoji is one mark', () => {
    expect(fitText('a\n"b"\t\u{1f600}')).toBe('a "b" ?');
  });
});

describe('fitList', () => {
  it('says how many were left out, within the limit', () => {
    const hosts = Array.from({ length: 40 }, (_, index) => `web-${index} exit code 1`);
    const text = fitList('40 failed: ', hosts);
    expect(text.length).toBeLessThanOrEqual(140);
    expect(text).toBe(
      '40 failed: web-0 exit code 1, web-1 exit code 1, web-2 exit code 1, web-3 exit code 1, web-4 exit code 1, web-5 exit code 1 (+34 more)',
    );
  });

  it('cuts a single item that is too long', () => {
    expect(fitList('', ['x'.repeat(300)])).toHaveLength(140);
    expect(fitList('', ['x'.repeat(300), 'y'])).toMatch(/x\.\.\. \(\+1 more\)$/);
  });

  it('stays within the limit for any list', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 60 }),
        fc.array(fc.string({ maxLength: 90 }), { maxLength: 20 }),
        (head, items) => {
          expect(fitList(head, items).length).toBeLessThanOrEqual(140);
        },
      ),
    );
  });
});

describe('positionText', () => {
  it('keeps the end of a long path', () => {
    const at = { file: `tenants/acme/${'deep/'.repeat(40)}collector.yaml`, line: 12, column: 3 };
    expect(positionText(at)).toMatch(/^\.\.\..*\/collector\.yaml:12:3$/);
    expect(positionText(at).length).toBeLessThanOrEqual(80);
  });
});

describe('reduceReason', () => {
  it.each([
    ['exit code 1', 'exit code 1'],
    ['Agent process exited with code 137 after 2s', 'exit code 137'],
    ['exit status 2', 'exit code 2'],
    ['failed to get config: cannot unmarshal: token: hunter2', 'rejected config'],
    ["unknown type: 'otlp_htp' for id 'otlp_htp'", 'lacks a component'],
    ['its build lacks exporter/kafka', 'lacks a component'],
    ['package not installed', 'package not installed'],
    ['agent is unhealthy: dial tcp 10.0.0.1:4317', 'unhealthy'],
    ['wrong config', 'wrong config'],
    ['no answer', 'no answer'],
    ['requires version >=0.150', 'needs another version'],
    ['attribute host.name is missing', 'lacks an attribute'],
    ['the agent does not report service.version, which its config uses', 'lacks an attribute'],
    [
      'its labels change with its config; left alone until 2026-11-24T06:53Z',
      'labels change with the config',
    ],
    [
      'it would delete otel/config; add it to the config or list it under delete:',
      'would delete what it runs',
    ],
    [
      'the bridge does not report its effective config, so that an offer could delete what it runs',
      'would delete what it runs',
    ],
    ['type: otelcol-cr is for the OpAMP bridge, and the agent is none', 'needs another type'],
    ['the agent is an OpAMP bridge and takes type: otelcol-cr, not otelcol', 'needs another type'],
    ['the secrets of acme are not open', 'secrets are not open'],
    ['something else entirely', ''],
    ['signal: killed', 'killed by a signal'],
  ])('%s: %s', (reason, class_) => {
    expect(reduceReason(reason)).toBe(class_);
    expect(reduceReason(class_)).toBe(class_);
  });
});

describe('what agents say', () => {
  it('never reaches a status, whatever it is', () => {
    const canary = 'CANARYCANARY';
    const around = fc.string({ maxLength: 80 });
    fc.assert(
      fc.property(
        around,
        around,
        fc.constantFrom('exit code 1: ', 'invalid ', 'version ', ''),
        (before, after, word) => {
          const reason = `${word}${before}${canary}${after}`;
          const agents = counts({ matched: 1, connected: 1, failed: 1 });
          const failing = tenant({ agents, failures: [{ uid: 'u', host: 'web-17', reason }] });
          const held = tenant({ agents: counts({ matched: 1, connected: 1, held: 1 }), heldReason: reason });
          for (const input of [failing, held])
            expect(JSON.stringify(composeStatus(summary([input])))).not.toContain('CANARY');
        },
      ),
    );
  });

  it('keeps host names to what a host name may hold', () => {
    const failures = [{ uid: 'u', host: 'we b-17"<script>\n', reason: '' }];
    const input = summary([tenant({ agents: counts({ matched: 1, connected: 1, failed: 1 }), failures })]);
    expect(composeStatus(input)[2]?.description).toBe('1 failed: web-17script');
  });
});
