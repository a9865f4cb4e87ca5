import { join } from 'node:path';
import type { IncomingItem } from '../../events/index.js';
import { BadRow, atLine } from '../failure.js';
import { importedGrant, type ImportPlan, known, person, type PlannedConsent } from '../plan.js';
import { ndjsonRows } from '../rows.fs.js';
import { optInChannels, starbucksCatalogue } from './catalogue.js';
import { historyOf, timeOf } from './history.js';
import { type Entry, type Offer, type Profile, readEntry, readOffer, readProfile } from './rows.js';

const FILES = {
  offers: 'portfolio.ndjson.gz',
  profiles: 'profile.ndjson.gz',
  entries: 'transcript.ndjson.gz',
};

/**
 * Reads `starbucks/` under the data folder. `limit` keeps the first so many persons with their whole history.
 * Throws `UnreadableFile` naming file and line.
 */
export async function readStarbucks(dataDir: string, options: { limit?: number } = {}): Promise<ImportPlan> {
  const folder = join(dataDir, 'starbucks');
  const offers = await readOffers(join(folder, FILES.offers));
  const profiles = await readProfiles(join(folder, FILES.profiles), options.limit ?? Infinity);
  const knowsAll = options.limit === undefined;
  const { histories, leftOut } = await readHistories(join(folder, FILES.entries), offers, profiles, knowsAll);
  const people = [...profiles.values()].map(personOf);
  const consents = [...histories].flatMap(([id, entries]) => grantsOf(id, entries, offers));
  let events = 0;
  for (const entries of histories.values()) events += entries.length;
  return {
    name: 'starbucks',
    catalogue: starbucksCatalogue([...offers.values()]),
    people: {
      accounts: people.map(({ account }) => account),
      contacts: people.map(({ contact }) => contact),
    },
    consents,
    events: { [Symbol.iterator]: () => allEvents(histories, offers) },
    counts: {
      accounts: people.length,
      events,
      consents: consents.length,
      leftOut: leftOut > 0 ? { 'rows of persons beyond --limit': leftOut } : {},
    },
  };
}

type Histories = Map<string, Entry[]>;

async function readOffers(path: string): Promise<Map<string, Offer>> {
  const offers = new Map<string, Offer>();
  for await (const { line, fields } of ndjsonRows(path)) {
    const offer = atLine(FILES.offers, line, () => readOffer(fields));
    offers.set(offer.offerId, offer);
  }
  return offers;
}

async function readProfiles(path: string, limit: number): Promise<Map<string, Profile>> {
  const profiles = new Map<string, Profile>();
  for await (const { line, fields } of ndjsonRows(path)) {
    if (profiles.size >= limit) break;
    const profile = atLine(FILES.profiles, line, () => readProfile(fields));
    profiles.set(profile.personId, profile);
  }
  return profiles;
}

async function readHistories(
  path: string,
  offers: ReadonlyMap<string, Offer>,
  profiles: ReadonlyMap<string, Profile>,
  knowsAll: boolean,
): Promise<{ histories: Histories; leftOut: number }> {
  const histories: Histories = new Map();
  let leftOut = 0;
  let hour = 0;
  for await (const { line, fields } of ndjsonRows(path)) {
    const { personId, entry } = atLine(FILES.entries, line, () => {
      const read = readEntry(fields, line);
      if (read.entry.kind !== 'transaction' && !offers.has(read.entry.offerId)) {
        throw new BadRow(`offer "${read.entry.offerId}" is not in ${FILES.offers}`);
      }
      if (knowsAll && !profiles.has(read.personId)) {
        throw new BadRow(`person "${read.personId}" is not in ${FILES.profiles}`);
      }
      if (read.entry.hour < hour) {
        throw new BadRow(`"time" goes back from ${hour} to ${read.entry.hour}: sort the rows by time`);
      }
      return read;
    });
    hour = entry.hour;
    if (!profiles.has(personId)) {
      leftOut += 1;
      continue;
    }
    const history = histories.get(personId);
    if (history) history.push(entry);
    else histories.set(personId, [entry]);
  }
  return { histories, leftOut };
}

function* allEvents(histories: Histories, offers: ReadonlyMap<string, Offer>): Generator<IncomingItem> {
  for (const [personId, entries] of histories) yield* historyOf(personId, entries, offers);
}

function personOf({ personId, age, gender, income, memberSince }: Profile): ReturnType<typeof person> {
  return person(personId, {
    name: `Member ${personId.slice(0, 8)}`,
    country: 'US',
    locale: 'en',
    attributes: known({ age, gender, income, memberSince }),
  });
}

/** One grant for every opt-in channel over which the person was sent something, from the first time on. */
function grantsOf(
  personId: string,
  entries: readonly Entry[],
  offers: ReadonlyMap<string, Offer>,
): PlannedConsent[] {
  const first = new Map<string, number>();
  for (const entry of entries) {
    if (entry.kind !== 'received') continue;
    for (const channel of offers.get(entry.offerId)?.channels ?? []) {
      if (optInChannels.includes(channel) && !first.has(channel)) first.set(channel, entry.hour);
    }
  }
  return [...first].map(([channelId, hour]) => importedGrant(personId, channelId, timeOf(hour)));
}
