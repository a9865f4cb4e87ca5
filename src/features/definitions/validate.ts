import type { FieldProblem } from '../../shared/index.js';
import { featureKinds } from '../kinds/index.js';
import { type FeatureDefinition, featureKeys, type SpecOf } from './definition.js';

/** All that is wrong with the definitions, in one error. */
export class FeatureDefinitionsInvalid extends Error {
  constructor(readonly problems: readonly FieldProblem[]) {
    super(
      `The feature definitions have ${problems.length} problem(s):\n${problems
        .map(({ pointer, detail }) => `  - ${pointer} ${detail}`)
        .join('\n')}`,
    );
  }
}

const NAME = /^[a-z][A-Za-z0-9]{0,63}$/;

/** Every problem of the definitions, with a pointer such as `/daysSinceVisit/halfLifeDays`. */
export function checkDefinitions(definitions: readonly FeatureDefinition[]): FieldProblem[] {
  const seen = new Set<string>();
  return definitions.flatMap((definition, index) => {
    const own: FieldProblem[] = [];
    const say = (field: string, detail: string): void => {
      own.push({ pointer: `/${definition.name || index}${field && `/${field}`}`, detail });
    };
    if (!NAME.test(definition.name)) say('name', `must be camelCase, not "${definition.name}"`);
    if (seen.has(definition.name)) say('name', 'is taken by another feature');
    seen.add(definition.name);
    checkCommon(definition, say);
    if (definition.kind === 'published') checkPublished(definition, say);
    else if (definition.kind in featureKinds) checkKind(definition, say);
    else say('kind', `must be one of ${[...Object.keys(featureKinds), 'published'].join(', ')}`);
    return own;
  });
}

type Say = (field: string, detail: string) => void;

function checkCommon({ per, by, events, unit, description }: FeatureDefinition, say: Say): void {
  if (per !== 'account' && per !== 'contact') say('per', 'must be account or contact');
  if (by !== undefined && !featureKeys.includes(by)) say('by', `must be one of ${featureKeys.join(', ')}`);
  if (events !== '*' && events.length === 0) say('events', 'must name an event, or be "*"');
  if (!unit) say('unit', 'must not be empty');
  if (!description) say('description', 'must not be empty');
}

function checkPublished({ per, insight }: SpecOf<'published'>, say: Say): void {
  if (per !== 'account') say('per', 'must be account: an insight is about an account');
  if (!insight) say('insight', 'must name the insight that publishes it');
}

function checkKind(definition: FeatureDefinition, say: Say): void {
  const above = (field: string, value: number, least: number): void => {
    if (!(Number.isFinite(value) && value > least))
      say(field, `must be a number above ${least}, not ${value}`);
  };
  if ('halfLifeDays' in definition) above('halfLifeDays', definition.halfLifeDays, 0);
  if ('windowDays' in definition) above('windowDays', definition.windowDays, 0);
  if (definition.kind === 'pace') above('leastDays', definition.leastDays, 0);
  if (definition.kind === 'rate') {
    if (!(Number.isFinite(definition.strength) && definition.strength >= 0))
      say('strength', `must be 0 or a number above, not ${definition.strength}`);
    if (!(definition.prior >= 0 && definition.prior <= 1)) say('prior', 'must be from 0 to 1');
    if (definition.bottom.length === 0) say('bottom', 'must name an event');
  }
  if (definition.kind === 'count' && definition.less?.length === 0) say('less', 'must name an event');
  if ((definition.kind === 'mean' || definition.kind === 'diversity') && !definition.value)
    say('value', 'must name a property');
}
