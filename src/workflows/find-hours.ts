import type { Accounts } from '../catalogue/index.js';
import type { FeatureSet, FeatureStore } from '../features/index.js';
import { type HourProfiles, type WeekCounts, weekProfiles } from '../insights/index.js';

export interface FindHoursParts {
  accounts: Accounts;
  features: FeatureStore;
  featureSet: FeatureSet;
  profiles: HourProfiles;
}

const ACCOUNTS_AT_ONCE = 500;
/** Contacts from whom the strengths are learned: more only take time. */
const MOST_CONTACTS = 20_000;

/** Finds the usual hours of the week, of all and of each segment, from what every contact did. */
export class FindHours {
  constructor(private readonly parts: FindHoursParts) {}

  /** Gives of how many contacts anything was known. */
  async run(asOf: Date): Promise<number> {
    const { accounts, featureSet, profiles } = this.parts;
    const hours = featureSet.definitions.find(({ kind, by }) => kind === 'histogram' && by === undefined);
    if (!hours) return 0;
    const known: WeekCounts[] = [];
    let ids = await accounts.idsAfter(null, ACCOUNTS_AT_ONCE);
    while (ids.length > 0 && known.length < MOST_CONTACTS) {
      const [dossiers, states] = await Promise.all([accounts.dossiers(ids), this.parts.features.load(ids)]);
      for (const { account, contacts } of dossiers) {
        const loaded = states.get(account.accountId);
        if (!loaded) continue;
        for (const { contactId } of contacts) {
          const readout = featureSet.read(loaded.state, contactId, asOf);
          const shares = readout.histogram(hours.name);
          const events = readout.histogramEvents(hours.name);
          if (shares) known.push({ segment: account.segment, counts: shares.map((share) => share * events) });
        }
      }
      ids = await accounts.idsAfter(ids.at(-1) ?? null, ACCOUNTS_AT_ONCE);
    }
    if (known.length > 0) await profiles.save(weekProfiles(known));
    return known.length;
  }
}
