import { expect, inject, it } from 'vitest';
import { parseYaml } from '../../../src/manifests/index.ts';
import { lintConfig } from '../../../src/validation/index.ts';
import { seed } from '../../support/property.ts';
import { withCollector } from '../support/collector.ts';
import { composeRandomConfig, createRandom } from './random-configs.ts';

const count = 150;

it(`agrees with the collector’s own validate on ${count} random configs (MUSTER_SEED=${seed})`, async () => {
  const random = createRandom(seed);
  const accepted = await withCollector(inject('peers').collector, async ({ validate }) => {
    let fine = 0;
    for (let index = 0; index < count; index++) {
      const config = composeRandomConfig(random);
      const { documents, problems } = parseYaml(new TextEncoder().encode(config), 'config.yaml');
      const found = [...problems, ...documents.flatMap((document) => lintConfig(document))];
      const errors = found
        .filter(({ severity }) => severity === 'error')
        .map(({ code, message }) => `${code} ${message}`);
      const verdict = await validate(config);
      expect({ config, accepts: verdict.accepted }, `${errors.join('\n')}\n${verdict.output}`).toEqual({
        config,
        accepts: errors.length === 0,
      });
      if (verdict.accepted) fine++;
    }
    return fine;
  });
  // A generator of nothing but mistakes would prove little.
  expect(accepted).toBeGreaterThan(count / 20);
}, 120_000);
