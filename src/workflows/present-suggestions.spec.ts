import { describe, expect, it } from '@jest/globals';
import { recommend } from '../recommender/index.js';
import { ManualClock } from '../shared/index.js';
import { action, channel, NOW, request, world } from '../../test/support/recommender.js';
import { PresentSuggestions, type PresentParts } from './present-suggestions.js';
import { suggestionsOf } from './publish-decisions.js';

/** What is asked of the parts, by their names; reasons fail when told to. */
function recorded(failing = false) {
  const asked: string[] = [];
  const nobody = { accounts: new Map(), contacts: new Map(), members: new Map() };
  const parts = {
    explain: {
      reasons: () => {
        asked.push('reasons');
        return failing ? Promise.reject(new Error('gone')) : Promise.resolve(new Map());
      },
    },
    tellings: { of: () => Promise.resolve(new Map()) },
    responses: {
      taken: () => {
        asked.push('taken');
        return Promise.resolve(new Map());
      },
    },
    names: {
      of: () => {
        asked.push('names');
        return Promise.resolve(nobody);
      },
    },
    clock: new ManualClock(NOW),
  } as unknown as PresentParts;
  return { asked, present: new PresentSuggestions(parts) };
}

const known = world({ channels: [channel('call')], actions: [action('invite')] });

function made() {
  const [answer] = recommend([request()], known);
  if (!answer) throw new Error('One request has one answer');
  const { decision } = answer;
  return { decision, suggestions: suggestionsOf(decision, known.catalogue) };
}

describe('suggestions presented', () => {
  it('as they are read beside the writing of their decision, once', async () => {
    const { asked, present } = recorded();
    const { decision, suggestions } = made();
    present.foresee([decision], known);
    expect(asked).toContain('reasons');
    const { items } = await present.of(suggestions, null, { decisions: [decision], world: known });
    expect([...items.keys()]).toEqual(suggestions.map(({ suggestionId }) => suggestionId));
    expect(asked.filter((name) => name === 'reasons')).toHaveLength(1);
    // who has taken them is read when they are shown
    expect(asked.at(-1)).toBe('taken');
  });

  it('read by themselves when nobody foresaw them', async () => {
    const { asked, present } = recorded();
    const { decision, suggestions } = made();
    present.foresee([made().decision], known);
    await present.of(suggestions, null, { decisions: [decision], world: known });
    expect(asked.filter((name) => name === 'reasons')).toHaveLength(2);
  });

  it('tell whoever shows them of a failure, and nobody else', async () => {
    const { present } = recorded(true);
    const { decision, suggestions } = made();
    present.foresee([decision], known);
    await new Promise((done) => setImmediate(done));
    await expect(present.of(suggestions, null, { decisions: [decision], world: known })).rejects.toThrow(
      'gone',
    );
  });
});
