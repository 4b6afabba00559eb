import type { Problem } from '../model/index.ts';
import { type DecodedFleet, decodeFleet, emptyFleet } from './decode/fleet.ts';
import type { Discovery } from './discovery/discover.ts';
import { repoProblem } from './problem.ts';

/** The fleet of a revision, and documents of that kind that are not at the root. */
export interface FoundFleet {
  readonly fleet: DecodedFleet;
  readonly misplaced: readonly Problem[];
}

/** Reads `/fleet.yaml`, or what a repo without it has. */
export function findFleet(discovery: Discovery): FoundFleet {
  const documents = discovery.documents.filter(({ kind }) => kind === 'Fleet');
  const [first, ...others] = documents.filter(({ file }) => isFleetFile(file));
  const misplaced = documents
    .filter(({ file }) => !isFleetFile(file))
    .map(({ node }) => repoProblem('FR002', node.at, 'a Fleet is /fleet.yaml, nowhere else'));
  if (!first) return { fleet: emptyFleet, misplaced };
  const fleet = decodeFleet(first);
  const repeated = others.map(({ node }) =>
    repoProblem('FR010', node.at, `there already is a Fleet in ${first.file}`),
  );
  return {
    fleet: { ...fleet, problems: [...fleet.problems, ...repeated, ...checkShared(fleet, discovery)] },
    misplaced,
  };
}

/** Whether this is the one place of a Fleet. */
export function isFleetFile(path: string): boolean {
  return path === 'fleet.yaml' || path === 'fleet.yml';
}

function checkShared({ sharedPaths }: DecodedFleet, { entries }: Discovery): readonly Problem[] {
  const paths = [...entries.keys()];
  return sharedPaths.flatMap(({ path, at }) => {
    if (paths.some((candidate) => candidate === path || candidate.startsWith(`${path}/`))) return [];
    return [repoProblem('FR029', at, `there is no folder "${path}" to share`)];
  });
}
