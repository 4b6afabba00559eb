import type { TestProject } from 'vitest/node';
import { buildGoTools, findMissing, type GoTools } from './go-tools.ts';

declare module 'vitest' {
  interface ProvidedContext {
    tools: GoTools;
  }
}

/** Ends the run with status 2 and one line where Go is missing; otherwise builds the tools and provides their paths. */
export default async function setup(project: TestProject): Promise<void> {
  const missing = await findMissing();
  if (missing !== undefined) {
    process.stderr.write(`${missing}\n`);
    process.exit(2);
  }
  project.provide('tools', await buildGoTools());
}
