import { signal } from '@preact/signals';
import type { SessionView } from '../../src/model/index.ts';

/** Who is signed in; undefined until it is known. */
export const session = signal<SessionView | undefined>(undefined);
