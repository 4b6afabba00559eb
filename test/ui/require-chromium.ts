import { existsSync } from 'node:fs';
import { chromiumPath } from './browser.ts';

/** Ends at once, with one line that says what to do, where there is no browser. */
export default function requireChromium(): void {
  if (existsSync(chromiumPath)) return;
  process.stderr.write(
    `test:ui needs Chromium at ${chromiumPath}: apt-get install chromium, or set CHROMIUM.\n`,
  );
  process.exit(2);
}
