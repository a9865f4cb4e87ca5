import type { FeatureDefinition, FeatureReadout } from '../../features/index.js';
import type { InputSchema } from './propensity-model.js';

/** Places of each profile; what an account deals with most is few things. */
export const PROFILE_PLACES = 64;

/** What a profile is kept by: what a customer deals with says what else they may want. */
const PROFILED = ['product', 'topic'] as const;

/**
 * Keyed features that are read of the account as a whole, over all their keys, beside the one key that a candidate has:
 * of products and of topics what happened with each, remembered the longest; the first declared of equals.
 */
export function profilesOf(definitions: readonly FeatureDefinition[]): string[] {
  return PROFILED.flatMap((key) => {
    let longest: (FeatureDefinition & { kind: 'decayed-sum' }) | undefined;
    for (const definition of definitions) {
      if (definition.kind !== 'decayed-sum' || definition.by !== key || definition.model === false) continue;
      if (definition.value === undefined && definition.halfLifeDays > (longest?.halfLifeDays ?? 0))
        longest = definition;
    }
    return longest ? [longest.name] : [];
  });
}

/** The schema with the profiles that these features give. */
export function withProfiles(schema: InputSchema, definitions: readonly FeatureDefinition[]): InputSchema {
  return { ...schema, profiles: profilesOf(definitions) };
}

/**
 * Sums over the keys that share a place (Weinberger et al., 2009: feature hashing), so that a catalogue of any size has
 * profiles of one length, and a new product changes no place. Zero where nothing is known.
 */
export function profileInputs(profiles: readonly string[], readout: FeatureReadout): Float32Array {
  const places = new Float32Array(profiles.length * PROFILE_PLACES);
  profiles.forEach((name, profile) => {
    readout.each(name, (key, value) => {
      const place = profile * PROFILE_PLACES + placeOf(key);
      places[place] = (places[place] as number) + (value ?? 0);
    });
  });
  return places;
}

const known = new Map<string, number>();
const MOST_KNOWN = 100_000;
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
const TOP_BITS = 26;

/** FNV-1a, then its best mixed bits. */
function placeOf(key: string): number {
  let place = known.get(key);
  if (place === undefined) {
    let hash = OFFSET_BASIS;
    for (let index = 0; index < key.length; index += 1) hash = Math.imul(hash ^ key.charCodeAt(index), PRIME);
    place = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> TOP_BITS;
    if (known.size < MOST_KNOWN) known.set(key, place);
  }
  return place;
}
