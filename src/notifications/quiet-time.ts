import type { Cancel, Clock } from '../runtime/index.ts';
import type { Notice } from './notice.ts';

/** Tells each subject once, and what follows within the quiet time together at its end. */
export interface QuietTime {
  /** Something is wrong; with `lasts`, until it recovers. */
  raise(notice: Notice, lasts: boolean): void;
  /** It is right again: told at once, and only where somebody was told that it was wrong. */
  recover(notice: Notice): void;
  /** Forgets what waits. */
  close(): void;
}

export interface QuietTimeOptions {
  /** Milliseconds. */
  readonly quietMs: number;
  /** Subjects that are kept apart at a time; what goes beyond is not told. */
  readonly maxSubjects: number;
}

interface Subject {
  /** Whether the last word was that it is wrong. */
  told: boolean;
  lasts: boolean;
  pending: Notice | undefined;
  repeats: number;
  endQuiet: Cancel | undefined;
}

/** A quiet time for each subject, which begins when something is told of it. */
export function createQuietTime(
  { quietMs, maxSubjects }: QuietTimeOptions,
  {
    clock,
    tell,
    onDropped,
  }: {
    readonly clock: Clock;
    readonly tell: (notice: Notice) => void;
    readonly onDropped: (notice: Notice) => void;
  },
): QuietTime {
  const subjects = new Map<string, Subject>();

  function tellNow(name: string, subject: Subject, notice: Notice): void {
    subject.told = true;
    subject.endQuiet = clock.after(quietMs, () => end(name, subject));
    tell(notice);
  }

  function end(name: string, subject: Subject): void {
    const { pending, repeats } = subject;
    subject.endQuiet = undefined;
    subject.pending = undefined;
    subject.repeats = 0;
    if (pending) tellNow(name, subject, { ...pending, repeats: repeats - 1 });
    else if (!subject.told || !subject.lasts) subjects.delete(name);
  }

  function open(name: string, lasts: boolean): Subject | undefined {
    const known = subjects.get(name);
    if (known || subjects.size >= maxSubjects) return known;
    const subject: Subject = { told: false, lasts, pending: undefined, repeats: 0, endQuiet: undefined };
    subjects.set(name, subject);
    return subject;
  }

  return {
    raise(notice, lasts) {
      const subject = open(notice.subject, lasts);
      if (!subject) return onDropped(notice);
      if (!subject.endQuiet) return tellNow(notice.subject, subject, notice);
      subject.pending = notice;
      subject.repeats += 1;
      return undefined;
    },
    recover(notice) {
      const subject = subjects.get(notice.subject);
      if (!subject) return;
      subject.pending = undefined;
      subject.repeats = 0;
      if (!subject.told) return;
      subject.told = false;
      if (!subject.endQuiet) subjects.delete(notice.subject);
      tell(notice);
    },
    close() {
      for (const { endQuiet } of subjects.values()) endQuiet?.();
      subjects.clear();
    },
  };
}
