import type { AuditTrail } from '../access/index.js';
import type { FeatureSet } from '../features/index.js';
import {
  fitModel,
  type ModelEntry,
  type ModelRegistry,
  type Shadow,
  type ShadowBook,
  UnfitForShadow,
} from '../learning/index.js';
import { type Clock, err, ok, type Result, type Transactions } from '../shared/index.js';

export interface ShadowModelParts {
  transactions: Transactions;
  registry: ModelRegistry;
  shadows: ShadowBook;
  featureSet: Pick<FeatureSet, 'version'>;
  audit: AuditTrail;
  clock: Clock;
}

export interface ShadowRefused {
  code: 'unknown-model' | 'is-champion' | 'another-in-shadow' | 'does-not-fit' | 'not-in-shadow';
  detail: string;
}

/** Puts a model in shadow, where it decides beside the champion and nobody sees it, and takes it out. */
export class ShadowModel {
  constructor(private readonly parts: ShadowModelParts) {}

  /** One that is in shadow already stays there. */
  async start(version: string, actor: string): Promise<Result<Shadow, ShadowRefused>> {
    const { transactions, registry, shadows, audit, clock } = this.parts;
    const unfit = await this.unfit(version);
    if (unfit) return err(unfit);
    const startedAt = clock.now();
    return transactions.run(async (within) => {
      // whoever asks for the champion within a transaction waits for others who change what serves
      const champion = await registry.champion(within);
      const model = await registry.find(version, within);
      if (!model) return err(unknownModel(version));
      if (champion?.version === version) return err(isChampion(model));
      const other = (await shadows.running(within)).find(({ name }) => name === model.name);
      if (other?.version === version) return ok(other);
      if (other) return err(anotherInShadow(version, other));
      const shadow = await shadows.start({ version, name: model.name, startedAt, startedBy: actor }, within);
      const subject = { subjectKind: 'model', subjectId: version };
      await audit.record([{ actor, action: 'model.shadow-started', ...subject }], within);
      return ok(shadow);
    });
  }

  stop(version: string, actor: string): Promise<Result<null, ShadowRefused>> {
    const { transactions, registry, shadows, audit, clock } = this.parts;
    return transactions.run(async (within) => {
      if (!(await registry.find(version, within))) return err(unknownModel(version));
      if (!(await shadows.end(version, 'stopped', clock.now(), within))) {
        return err({ code: 'not-in-shadow', detail: `Model ${version} is not in shadow.` });
      }
      const subject = { subjectKind: 'model', subjectId: version };
      const detail = { because: 'stopped' };
      await audit.record([{ actor, action: 'model.shadow-ended', ...subject, detail }], within);
      return ok(null);
    });
  }

  /** Why the model cannot decide now, with what would mend it; null: it can. */
  private async unfit(version: string): Promise<ShadowRefused | null> {
    const { registry, featureSet } = this.parts;
    const packed = await registry.artefact(version);
    if (!packed) return unknownModel(version);
    try {
      fitModel(version, packed, featureSet);
      return null;
    } catch (cause) {
      if (!(cause instanceof UnfitForShadow)) throw cause;
      return { code: 'does-not-fit', detail: cause.message };
    }
  }
}

function isChampion({ version }: ModelEntry): ShadowRefused {
  return { code: 'is-champion', detail: `Model ${version} serves: only another model can decide beside it.` };
}

function anotherInShadow(version: string, { version: other, name }: Shadow): ShadowRefused {
  return {
    code: 'another-in-shadow',
    detail:
      `Model ${other} (${name}) is in shadow, and only one of a name can be. ` +
      `Take it out before you put ${version} there: nba models shadow ${other} --stop`,
  };
}

function unknownModel(version: string): ShadowRefused {
  return {
    code: 'unknown-model',
    detail: `There is no model ${version}. List them with GET /api/v1/models or: nba models list`,
  };
}
