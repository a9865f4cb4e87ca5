import { describe, expect, it } from '@jest/globals';
import type { ContactId } from '../catalogue/index.js';
import { standardFeatures } from './definitions/standard.js';
import { evidenceFor } from './evidence.js';
import { at, event } from '../../test/support/features.js';

const definition = (name: string): (typeof standardFeatures)[number] => {
  const found = standardFeatures.find((each) => each.name === name);
  if (!found) throw new Error(`no feature ${name}`);
  return found;
};
const days = (evidence: { at: Date }[]): number[] =>
  evidence.map((each) => (each.at.getTime() - at(0).getTime()) / 86_400_000);

describe('evidence', () => {
  const views = [-1, -2, -3, -4, -5, -6, -40].map((day) =>
    event({ name: 'Page Viewed', occurredAt: at(day), properties: { topic: day < -4 ? 'price' : 'dosage' } }),
  );

  it('is the latest five events that still weigh, newest first', () => {
    expect(days(evidenceFor(definition('reads3'), undefined, views, at(0)))).toEqual([-1, -2, -3, -4, -5]);
  });

  it('leaves out what has faded, what comes later, and other keys', () => {
    expect(days(evidenceFor(definition('topicInterest3'), 'price', views, at(0)))).toEqual([-5, -6]);
    expect(days(evidenceFor(definition('topicInterest3'), 'dosage', views, at(-2.5)))).toEqual([-3, -4]);
    expect(evidenceFor(definition('topicInterest3'), undefined, views, at(0))).toEqual([]);
  });

  it('of a recency is the last event, of a tenure the first', () => {
    expect(days(evidenceFor(definition('daysSinceRead'), undefined, views, at(0)))).toEqual([-1]);
    expect(days(evidenceFor(definition('tenureDays'), undefined, views, at(0)))).toEqual([-40]);
  });

  it('of a rate is what came back, or what went out when nothing did', () => {
    const sent = event({ name: 'Email Sent', occurredAt: at(-3) });
    const opened = event({ name: 'Email Opened', occurredAt: at(-2) });
    expect(days(evidenceFor(definition('emailOpenRate'), undefined, [sent, opened], at(0)))).toEqual([-2]);
    expect(days(evidenceFor(definition('emailReplyRate'), undefined, [sent, opened], at(0)))).toEqual([-3]);
  });

  it('of a stage is what reached it', () => {
    const asked = event({ name: 'Question Asked', occurredAt: at(-20) });
    expect(days(evidenceFor(definition('stage'), undefined, [...views, asked], at(0)))).toEqual([-20]);
  });

  it('of a feature per contact is of that contact only', () => {
    const ben = 'ben' as ContactId;
    const read = event({ name: 'Page Viewed', occurredAt: at(-1.5), contactId: ben });
    const all = [...views, read];
    expect(days(evidenceFor(definition('reads3'), undefined, all, at(0), { contactId: ben }))).toEqual([
      -1.5,
    ]);
    expect(days(evidenceFor(definition('reads3'), undefined, all, at(0), { limit: 2 }))).toEqual([-1, -1.5]);
  });
});
