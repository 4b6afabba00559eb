import { describe, expect, it } from 'vitest';
import { checkOpenFiles, readOpenFileLimit } from '../../../src/cli/simulate/index.ts';
import { parseLocalAddresses } from '../../../src/cli/simulate/local-addresses.ts';
import { createProgress } from '../../../src/cli/simulate/progress.ts';

describe('--local-address', () => {
  it('takes addresses and ranges, each once', () => {
    expect(parseLocalAddresses(['127.0.0.2', '127.0.0.1-127.0.0.3', '::1'])).toEqual([
      '127.0.0.2',
      '127.0.0.1',
      '127.0.0.3',
      '::1',
    ]);
    expect(parseLocalAddresses(['10.0.0.254-10.0.1.1'])).toEqual([
      '10.0.0.254',
      '10.0.0.255',
      '10.0.1.0',
      '10.0.1.1',
    ]);
  });

  it.each(['127.0.0.1-', '127.0.0.1-127.1.0.1', 'a-b', '127.0.0.1-127.0.0.2-127.0.0.3', '::1-::2', ''])(
    'refuses "%s"',
    (text) => {
      expect(() => parseLocalAddresses([text])).toThrow(/--local-address wants an address, or a range/);
    },
  );
});

describe('the limit of open files', () => {
  it('is known here, and enough for a few agents', () => {
    expect(readOpenFileLimit()).toBeGreaterThan(100);
    expect(() => checkOpenFiles(10, readOpenFileLimit())).not.toThrow();
    expect(() => checkOpenFiles(20_000, undefined)).not.toThrow();
  });

  it('says what to do where it is too small', () => {
    const faults = { message: '2000 agents need 2060 open files, and this process may have 1024' };
    expect(() => checkOpenFiles(2_000, 1_024)).toThrow(expect.objectContaining(faults));
    expect(() => checkOpenFiles(2_000, 1_024)).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/ulimit -n 2060.*at most 964 agents each/) }),
    );
  });
});

describe('progress', () => {
  function told(errIsTerminal: boolean): readonly string[] {
    const lines: string[] = [];
    const progress = createProgress({ errIsTerminal, err: (text) => lines.push(text) });
    for (let second = 0; second <= 12; second += 1) progress.show(second * 1_000, () => `${second >= 2}`);
    progress.end();
    return lines;
  }

  it('is drawn over every second on a terminal, and away at the end', () => {
    expect(told(true)).toEqual(['\r\u001b[Kfalse', '\r\u001b[Ktrue', '\r\u001b[K']);
  });

  it('is a line for what changed, every five seconds, elsewhere', () => {
    expect(told(false)).toEqual(['true\n']);
  });
});
