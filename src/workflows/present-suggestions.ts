import type { AccountId, Catalogue, ContactId, MemberId, Named, Names, Role } from '../catalogue/index.js';
import type { Telling, Tellings } from '../events/index.js';
import type { Decision, Reason, SuggestionId, World } from '../recommender/index.js';
import { addDays, type Clock } from '../shared/index.js';
import {
  type AlreadyTold,
  alreadyTold,
  type Responses,
  type Suggestion,
  type SuggestionState,
  type Taken,
} from '../suggestions/index.js';
import type { ExplainSuggestions } from './explain-suggestions.js';
import type { Situations } from './situations.js';
import { isHiddenFrom } from './suggestion-audience.js';

export interface PresentParts {
  explain: ExplainSuggestions;
  situations: Situations;
  responses: Responses;
  tellings: Tellings;
  names: Names;
  clock: Clock;
}

/** A suggestion with all that is shown with it, so that whoever shows it need not ask for more. */
export interface Presented {
  suggestion: Suggestion;
  reasons: readonly Reason[];
  /** What the customer was told about it before; null: it was not asked for. */
  alreadyTold: readonly AlreadyTold[] | null;
  taken: Taken | null;
}

export interface Presentation {
  items: ReadonlyMap<SuggestionId, Presented>;
  names: Named;
  catalogue: Catalogue;
  now: Date;
}

/** As far back as is shown what was told. */
const TOLD_DAYS = 180;
/** In these nobody has said anything, or what was said counts no more. */
const UNTAKEN: readonly SuggestionState[] = ['open', 'expired', 'superseded'];

/** Reasons, names, who works on it and what was said before: everything beside the suggestion itself. */
export class PresentSuggestions {
  constructor(private readonly parts: PresentParts) {}

  /**
   * `made`: decisions at hand and the world that they were made in; `brief` leaves out what was told before, which means
   * reading each account's events.
   */
  async of(
    suggestions: readonly Suggestion[],
    viewer: Role | null,
    made: { decisions?: readonly Decision[]; world?: World; brief?: boolean } = {},
  ): Promise<Presentation> {
    const { explain, situations, responses, tellings, names, clock } = this.parts;
    const now = clock.now();
    const world = made.world ?? (await situations.world());
    const [reasons, told, taken, known] = await Promise.all([
      explain.reasons(suggestions, made.decisions, world),
      made.brief ? null : tellings.of(accountsWithSubjects(suggestions), addDays(now, -TOLD_DAYS)),
      responses.taken(suggestions.filter(({ state }) => !UNTAKEN.includes(state))),
      names.of(idsOf(suggestions)),
    ]);
    const hidden = ({ name, topics }: Telling) =>
      isHiddenFrom(viewer, topics, world.rules, name === 'Question Answered');
    const items = new Map<SuggestionId, Presented>();
    for (const suggestion of suggestions) {
      const { suggestionId, accountId } = suggestion;
      items.set(suggestionId, {
        suggestion,
        reasons: reasons.get(suggestionId) ?? [],
        alreadyTold: told && alreadyTold(suggestion, told.get(accountId) ?? [], world.catalogue, hidden),
        taken: taken.get(suggestionId) ?? null,
      });
    }
    const missing = othersIn([...items.values()], known);
    const named =
      missing.contacts.length + missing.members.length === 0 ? known : both(known, await names.of(missing));
    return { items, names: named, catalogue: world.catalogue, now };
  }
}

function accountsWithSubjects(suggestions: readonly Suggestion[]): AccountId[] {
  const about = suggestions.filter(({ topics, productIds }) => topics.length + productIds.length > 0);
  return [...new Set(about.map(({ accountId }) => accountId))];
}

type Ids = Parameters<Names['of']>[0];

/** Whom the suggestions themselves name. */
function idsOf(suggestions: readonly Suggestion[]): Ids {
  return {
    accounts: suggestions.map(({ accountId }) => accountId),
    contacts: suggestions.map(({ contactId }) => contactId),
    members: suggestions.flatMap(({ performedBy }) => performedBy.memberId ?? []),
  };
}

/** Whom what is shown beside them names, and nobody else did. */
function othersIn(items: readonly Presented[], known: Named): Ids {
  const contacts = items.flatMap(({ reasons, alreadyTold: told }) => [
    ...reasons.flatMap(({ args }) => (args['contact'] ? [String(args['contact']) as ContactId] : [])),
    ...(told ?? []).flatMap(({ contactId }) => (contactId === null ? [] : [contactId as ContactId])),
  ]);
  const members = items.flatMap(({ taken, alreadyTold: told }) =>
    [taken?.memberId, ...(told ?? []).map(({ memberId }) => memberId)].filter(
      (id): id is MemberId => typeof id === 'string',
    ),
  );
  return {
    accounts: [],
    contacts: contacts.filter((id) => !known.contacts.has(id)),
    members: members.filter((id) => !known.members.has(id)),
  };
}

function both(one: Named, other: Named): Named {
  return {
    accounts: one.accounts,
    contacts: new Map([...one.contacts, ...other.contacts]),
    members: new Map([...one.members, ...other.members]),
  };
}
