import { word } from '../shape.ts';

/** What happens when a statement or condition fails. */
export const errorMode = word('ignore', 'silent', 'propagate');
