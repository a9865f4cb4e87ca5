import type { AccountId, Catalogue } from '../catalogue/index.js';
import { type ConsentFact, type ConsentId, factOf } from '../consent/index.js';
import { err, type FieldProblem, type Ids, MINUTE, ok, type Result } from '../shared/index.js';
import { type DueAt, isOver } from '../suggestions/index.js';
import { meetingEvent, meetingKinds, type Visit } from './record-visit-events.js';

/** Why a visit was not recorded: an id that nothing has, fields that are wrong, or a reference used for something else. */
export interface VisitRefused {
  unknown: { kind: string; id: string } | null;
  problems: FieldProblem[];
  conflict: string | null;
}

export const unknownTo = (kind: string, id: string): VisitRefused => ({
  unknown: { kind, id },
  problems: [],
  conflict: null,
});
export const invalid = (problems: FieldProblem[]): VisitRefused => ({
  unknown: null,
  problems,
  conflict: null,
});
export const conflicting = (conflict: string): VisitRefused => ({ unknown: null, problems: [], conflict });

/** Clocks of telephones may be ahead of ours by so much. */
const SKEW = MINUTE;
const EARLIEST = Date.UTC(2000, 0, 1);

/** What is wrong with the visit by itself and against the catalogue; undefined when nothing is. */
export function visitProblems(visit: Visit, catalogue: Catalogue, now: Date): VisitRefused | undefined {
  const ids = [visit.channelId, ...visit.preferences.flatMap(({ channelId }) => channelId ?? [])];
  for (const { channelId } of visit.consents) if (channelId !== '*') ids.push(channelId);
  const strange = ids.find((id) => !catalogue.channels.has(id));
  if (strange !== undefined) return unknownTo('channel', strange);
  const product = visit.consents.find(({ productId }) => productId && !catalogue.products.has(productId));
  if (product?.productId) return unknownTo('product', product.productId);
  const problems = [
    ...timeProblems(visit, now),
    ...channelProblems(visit, catalogue),
    ...preferenceProblems(visit),
    ...dueProblems(visit),
  ];
  return problems.length > 0 ? invalid(problems) : undefined;
}

function timeProblems({ at }: Visit, now: Date): FieldProblem[] {
  if (at.getTime() > now.getTime() + SKEW)
    return [
      {
        pointer: '/at',
        detail: `lies in the future: a visit is reported when it was (now: ${now.toISOString()})`,
      },
    ];
  if (at.getTime() < EARLIEST) return [{ pointer: '/at', detail: 'is before the year 2000' }];
  return [];
}

function channelProblems({ channelId }: Visit, { channels }: Catalogue): FieldProblem[] {
  const channel = channels.get(channelId);
  if (!channel || meetingEvent(channel.kind) !== undefined) return [];
  const detail = `must be a channel on which people meet (kind ${meetingKinds.join(', ')}); "${channelId}" is of kind ${channel.kind}`;
  return [{ pointer: '/channelId', detail }];
}

function preferenceProblems({ preferences }: Visit): FieldProblem[] {
  return preferences.flatMap(({ channelId, topic }, place) =>
    (channelId === null) === (topic === null)
      ? [
          {
            pointer: `/preferences/${place}`,
            detail: 'needs either channelId or topic: what is liked or not?',
          },
        ]
      : [],
  );
}

function dueProblems({ at, promises, requests }: Visit): FieldProblem[] {
  const early = (due: DueAt | null) => due !== null && isOver(due, at);
  return [
    ...promises.flatMap(({ dueAt }, place) => (early(dueAt) ? [`/promises/${place}/dueAt`] : [])),
    ...requests.flatMap(({ dueAt }, place) => (early(dueAt) ? [`/requests/${place}/dueAt`] : [])),
  ].map((pointer) => ({ pointer, detail: `must be later than the visit (${at.toISOString()})` }));
}

/** The facts that the statements of a visit become: they hold from the visit on where they name no other time. */
export function visitConsents(
  visit: Visit,
  accountId: AccountId,
  { ids, actor, now }: { ids: Ids; actor: string; now: Date },
): Result<ConsentFact[], VisitRefused> {
  const facts: ConsentFact[] = [];
  const problems: FieldProblem[] = [];
  const { contactId } = visit;
  for (const [place, statement] of visit.consents.entries()) {
    const consentId = ids.next() as ConsentId;
    const recording = { consentId, accountId, contactId, recordedAt: now, recordedBy: actor };
    const fact = factOf({ ...statement, effectiveAt: statement.effectiveAt ?? visit.at }, recording);
    if (fact.ok) facts.push(fact.value);
    else
      problems.push(
        ...fact.error.map(({ pointer, detail }) => ({ pointer: `/consents/${place}${pointer}`, detail })),
      );
  }
  return problems.length > 0 ? err(invalid(problems)) : ok(facts);
}
