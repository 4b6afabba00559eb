import fc from 'fast-check';

const given = process.env.MUSTER_SEED;

/**
 * The seed of everything random in tests: always the same, so that a change is judged by itself; `MUSTER_SEED=<number>`
 * takes another and `MUSTER_SEED=random` any, to find what no run has found yet. fast-check prints it where it fails.
 */
export const seed = given === 'random' ? Math.floor(Math.random() * 0x7fffffff) : Number(given ?? 20_261_122);

fc.configureGlobal({ seed });

export default fc;
