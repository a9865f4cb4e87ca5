import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { JsonObject } from '../../../src/shared/index.js';

/** Shapes of the market with hidden truth, as its README declares them: what an engine sees. */
export interface MarketCatalogue {
  products: { productId: string; name: string; price: number; margin: number; currency: string; topics: string[] }[];
  topics: string[];
  channels: {
    channelId: string;
    name: string;
    kind: string;
    performedBy: string;
    costPerTouch: number;
    consent: 'opt-in' | 'opt-out';
  }[];
  actions: {
    actionId: string;
    name: string;
    intent: string;
    productIds: string[];
    topics: string[];
    channelIds: string[];
    value: number;
  }[];
  slots: { slot: number; weekday: string; fromHour: number; toHour: number }[];
}

export interface MarketAccount {
  accountId: string;
  contactId: string;
  name: string;
  kind: 'person' | 'company';
  segment: string;
  region: string;
  timeZone: string;
  locale: string;
  mode: 'assisted' | 'automated';
  attributes: Record<string, string | number | boolean>;
}

export interface MarketConsent {
  contactId: string;
  channelId: string;
  purpose: string;
  status: 'granted' | 'withdrawn';
  source: string;
  effectiveAt: string;
}

export interface MarketOutcome {
  outcomeRef: string;
  outcomeId: string;
  accountId: string;
  contactId: string;
  productId: string;
  value: number;
  occurredAt: string;
  suggestionId?: string;
}

export interface Choice {
  accountId: string;
  actionId: string;
  channelId: string;
  slot: number;
  suggestionId?: string;
}

/** As `POST /events` takes it. */
export type MarketEvent = JsonObject & {
  messageId: string;
  name: string;
  accountId: string;
  occurredAt: string;
  properties: JsonObject;
};

export interface Morning {
  day: number;
  /** 2026-01-05 */
  date: string;
  slots: number[];
  events: MarketEvent[];
  outcomes: MarketOutcome[];
  consents: MarketConsent[];
}

/** The only part of the market that the service is let near. */
export interface EngineView {
  budget: number;
  days: number;
  catalogue(): MarketCatalogue;
  accounts(): MarketAccount[];
  consents(): MarketConsent[];
  startDay(): Morning;
  respond(choice: Choice): string;
}

export interface Score {
  expectedReward: number;
  realisedReward: number;
  expectedRewardByDay: number[];
  touches: number;
  complaints: number;
  byChannel: { channelId: string; touches: number; meanPropensity: number; meanReward: number }[];
}

/** With the judge's part. */
export type Market = EngineView & { score(): Score };

export interface Sizes {
  seed: number;
  accounts: number;
  days: number;
}

interface Decider {
  decide(day: number, events: unknown, outcomes: unknown, consents: unknown): Promise<Choice[]> | Choice[];
}

type CreatePolicy = ((start: object) => Decider) & { needsJudge?: boolean };

/** Policies that the market brings along; `oracle` knows the truth of today. */
export const peerNames = ['random', 'popular', 'thompson', 'linucb', 'rich'] as const;
export type PeerName = (typeof peerNames)[number];

export interface World {
  open(sizes: Sizes): { market: Market; view: EngineView };
  /** Plays one of the market's own policies, as its run.mjs does. */
  play(policy: PeerName | 'oracle', sizes: Sizes): Promise<Score>;
}

/** The folder of the market: NBA_WORLD_DIR, else ../shared/world. */
export function worldFolder(): string {
  return resolve(process.env['NBA_WORLD_DIR'] || '../shared/world');
}

export function hasWorld(folder: string): boolean {
  return existsSync(join(folder, 'world.mjs'));
}

interface WorldModule {
  createWorld(options: Sizes): Market;
  engineView(market: Market): EngineView;
}

export async function loadWorld(folder: string): Promise<World> {
  const load = (file: string): Promise<unknown> => import(pathToFileURL(join(folder, file)).href);
  const { createWorld, engineView } = (await load('world.mjs')) as WorldModule;
  const policies = {
    ...((await load('policies/baselines.mjs')) as Record<string, CreatePolicy>),
    ...((await load('policies/rich.mjs')) as Record<string, CreatePolicy>),
  };
  const open = (sizes: Sizes) => {
    const market = createWorld(sizes);
    return { market, view: engineView(market) };
  };
  const play = async (name: PeerName | 'oracle', sizes: Sizes): Promise<Score> => {
    const create = policies[name];
    if (!create) throw new Error(`The market has no policy ${name}`);
    const { market, view } = open(sizes);
    const start = {
      catalogue: view.catalogue(),
      accounts: view.accounts(),
      consents: view.consents(),
      budget: view.budget,
      days: view.days,
      seed: sizes.seed,
    };
    const decider = create(create.needsJudge ? { ...start, world: market } : start);
    for (let day = 1; day <= sizes.days; day += 1) {
      const { events, outcomes, consents } = view.startDay();
      for (const choice of await decider.decide(day, events, outcomes, consents)) view.respond(choice);
    }
    return market.score();
  };
  return { open, play };
}
