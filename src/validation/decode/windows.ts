import type { ConfigNode, Problem, RolloutWindow } from '../../model/index.ts';
import { repoProblem } from '../problem.ts';
import { itemsOf, scalarOf, textOf, textsOf } from './fields.ts';

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** The times of day under `windows`; one that cannot be read is left out, with its problem. */
export function windowsOf(node: ConfigNode, problems: Problem[]): readonly RolloutWindow[] {
  return itemsOf(node, 'windows').flatMap((item) => {
    const from = parseTimeOfDay(textOf(item, 'from'));
    const to = parseTimeOfDay(textOf(item, 'to'));
    const timeZone = readTimeZone(item, problems);
    if (from === undefined || to === undefined || timeZone === undefined) return [];
    if (from === to) {
      const at = scalarOf(item, 'to')?.at ?? item.at;
      problems.push(repoProblem('FR045', at, 'this window is open for no time; for whole days leave it out'));
      return [];
    }
    const days = textsOf(item, 'days').map((day) => weekdays.indexOf(day));
    return [{ days: [...new Set(days)].filter((day) => day >= 0).sort(), from, to, timeZone }];
  });
}

function parseTimeOfDay(text: string | undefined): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text ?? '') ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}

function readTimeZone(item: ConfigNode, problems: Problem[]): string | undefined {
  const scalar = scalarOf(item, 'timeZone');
  if (!scalar) return 'UTC';
  if (isTimeZone(scalar.text)) return scalar.text;
  const message = `there is no time zone "${scalar.text.slice(0, 60)}"; write an IANA name such as Europe/Berlin`;
  problems.push(repoProblem('FR046', scalar.at, message));
  return undefined;
}

function isTimeZone(name: string): boolean {
  // Offsets (+02:00) are accepted by some engines only, and know no summer time.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
