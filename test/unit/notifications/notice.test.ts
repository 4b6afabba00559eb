import { describe, expect, it } from 'vitest';
import { composeNotice } from '../../../src/notifications/notice.ts';
import { tellingEvents } from '../../support/notices.ts';

describe('composeNotice', () => {
  it.each(['rollout-step', 'rollout-passed', 'rollout-abort', 'forgotten', 'guard', 'oscillation'])(
    'is silent on %s',
    (kind) => {
      expect(composeNotice({ at: 0, kind, message: 'x' }, {})).toBeUndefined();
    },
  );

  it('links to the page of the rollout, of the agent, and to the front page', () => {
    const url = (event: keyof typeof tellingEvents, publicUrl = 'https://muster.example/') =>
      composeNotice(tellingEvents[event], { publicUrl })?.url;
    expect(url('failed')).toBe(`https://muster.example/r/${tellingEvents.failed.sha}/t/acme`);
    expect(url('wrongConfig')).toBe(`https://muster.example/agents/${tellingEvents.wrongConfig.uid}`);
    expect(url('stalled')).toBe('https://muster.example/');
    expect(url('stalled', 'javascript:alert(1)')).toBeUndefined();
  });

  it('never repeats what an agent says', () => {
    expect(JSON.stringify(composeNotice(tellingEvents.wrongConfig, {}))).not.toContain('CANARY');
  });

  it('is one line of printable ASCII, of bounded length', () => {
    const message = `edge:\n3 failed \u202e\u0007${'x'.repeat(9_999)}`;
    const text = composeNotice({ ...tellingEvents.failed, message }, {})?.text ?? '';
    expect(text).toMatch(/^edge: 3 failed \?\?x+\. Nothing/);
    expect(text.length).toBeLessThan(400);
  });
});
