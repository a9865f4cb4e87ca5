import type { Catalogue } from '../catalogue/index.js';
import type { FeatureSet } from '../features/index.js';
import {
  EvidenceLedger,
  type HeadStore,
  InputScales,
  type KeysOf,
  modelKey,
  type ModelRegistry,
  priors,
  REMEMBERED_DAYS,
  trialKeys,
} from '../learning/index.js';
import type { KeptTrial, TrialBook } from '../outcomes/index.js';
import type { InputSchema, PropensityModel } from '../recommender/index.js';
import { addDays, type Transaction } from '../shared/index.js';

/** What stays in memory while this process is the learner. */
export interface KeptLedger {
  version: string;
  ledger: EvidenceLedger;
  scales: InputScales;
  /** By which the actions of the trials were read. */
  catalogue: number;
  madeAt: Date;
}

export interface LedgerParts {
  registry: ModelRegistry;
  heads: HeadStore;
  trials: TrialBook;
  featureSet: FeatureSet;
}

export interface OpenedLedger {
  ledger: EvidenceLedger;
  scales: InputScales;
  /** Nothing was learned for that model yet. */
  fresh: boolean;
}

/** The ledger of the model that serves: the one in memory while it is true, else from what is stored. */
export async function openLedger(
  { registry, heads, trials, featureSet }: LedgerParts,
  { model, catalogue, kept }: { model: PropensityModel; catalogue: Catalogue; kept: KeptLedger | null },
  within: Transaction,
): Promise<OpenedLedger> {
  const key = modelKey(model);
  const version = await heads.version(key, within);
  const stands =
    kept?.version === version && kept.ledger.model === key && kept.catalogue === catalogue.version;
  if (kept && stands) return { ledger: kept.ledger, fresh: false, scales: kept.scales };
  const entry = await registry.find(model.version, within);
  const until = entry?.card.data.to ?? null;
  const training = {
    prior: entry ? priors.model : priors.rules,
    trainedUntil: until === null ? null : new Date(until),
  };
  const stored = await heads.evidence(key, within);
  const { definitions } = featureSet;
  const schema = model.inputSchema ?? NOTHING_READ;
  const keysOf: KeysOf = (trial) => trialKeys(trial, catalogue);
  const ledger = new EvidenceLedger(key, { schema, definitions, keysOf }, training, stored);
  const fresh = stored.version === null;
  // what another process, or this one before its start, has counted
  if (!fresh)
    await eachPageOfTrials(trials, addDays(stored.asOf, -REMEMBERED_DAYS), within, (page) => {
      for (const one of page) ledger.remember(one);
    });
  return { ledger, fresh, scales: new InputScales(schema, definitions, []) };
}

const NOTHING_READ: InputSchema = { featureSet: '', numbers: [], categories: [], crosses: [] };
const AT_ONCE = 1000;

export async function eachPageOfTrials(
  trials: TrialBook,
  from: Date,
  within: Transaction,
  use: (page: readonly KeptTrial[]) => Promise<void> | void,
): Promise<void> {
  for (let last: KeptTrial | undefined; ;) {
    const page = await trials.since(from, last?.trial ?? null, AT_ONCE, within);
    if (page.length === 0) return;
    await use(page);
    last = page.at(-1);
  }
}
