import { describe, expect, it } from '@jest/globals';
import { gaussian, seededRng } from '../../shared/index.js';
import { CompiledNetwork } from '../serving/compiled-network.js';
import { profiles, randomArtefact } from '../testing/random-artefact.js';
import { joinMembers } from './members.js';
import { widthsOf } from './encoder.js';
import { shapesOf } from './weights.js';

const architecture = { tower: 6, embedding: 5, candidateTower: 4, joint: 3, product: 2 };

describe('several members as one network', () => {
  it('answer with the mean of their logits', () => {
    const members = ['one', 'two', 'three'].map((seed) => randomArtefact(architecture, seededRng(seed)));
    const [first] = members;
    if (!first) throw new Error('no member');
    const heads = first.heads.length;
    const shapes = shapesOf(architecture, widthsOf(first.encoder), heads);
    const joined = joinMembers(
      members.map(({ weights }) => weights),
      architecture,
      shapes,
      heads,
    );
    const networks = [...members, { ...first, ...joined }].map(
      (artefact) => new CompiledNetwork({ ...artefact, encoder: first.encoder }),
    );
    const rng = seededRng('inputs');
    const account = {
      numbers: Float32Array.from(first.encoder.numbers, () => gaussian(rng)),
      categories: ['gold'],
    };
    const crosses = Float32Array.from(first.encoder.crosses, () => gaussian(rng));
    for (const profile of profiles()) {
      const logits = networks.map((network) =>
        network.logit(
          network.accountSide(account),
          network.candidateSide(profile, 0),
          crosses,
          new Float64Array(network.artefact.architecture.joint + heads),
        ),
      );
      const mean = logits.slice(0, 3).reduce((sum, logit) => sum + logit, 0) / 3;
      expect(logits[3]).toBeCloseTo(mean, 5);
    }
  });
});
