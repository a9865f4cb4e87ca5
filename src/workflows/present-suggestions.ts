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
import { BatchQueue } from './batch-queue.js';
import type { ExplainSuggestions } from './explain-suggestions.js';
import type { Situations } from './situations.js';
import { suggestionsOf } from './publish-decisions.js';
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

/** What is read beside suggestions, whatever becomes of them. */
interface Beside {
  reasons: ReadonlyMap<SuggestionId, Reason[]>;
  told: ReadonlyMap<AccountId, Telling[]> | null;
  known: Named;
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

/** Reads under way at a time, and the ids of one. */
const READING = { lanes: 2, groupItems: 500, gatherMilliseconds: 1 };

/** Reasons, names, who works on it and what was said before: everything beside the suggestion itself. */
export class PresentSuggestions {
  // Calls that come while others read are read together, and each finds its own in what was found for all.
  private readonly telling: BatchQueue<readonly AccountId[], Map<AccountId, Telling[]>>;
  private readonly naming: BatchQueue<Ids, Named>;
  private readonly foreseen = new WeakMap<Decision, Promise<Beside>>();

  constructor(private readonly parts: PresentParts) {
    const { tellings, names, clock } = parts;
    this.telling = new BatchQueue(async (calls) => {
      const found = await tellings.of(calls.flat(), addDays(clock.now(), -TOLD_DAYS));
      return calls.map(() => found);
    }, READING);
    this.naming = new BatchQueue(async (calls) => {
      const found = await names.of({
        accounts: calls.flatMap(({ accounts }) => accounts),
        contacts: calls.flatMap(({ contacts }) => contacts),
        members: calls.flatMap(({ members }) => members),
      });
      return calls.map(() => found);
    }, READING);
  }

  /** Begins to read what will be shown with decisions that are not written yet. */
  foresee(made: readonly Decision[], world: World): void {
    const beside = this.besideDecisions(made, world);
    // Who shows them is told of a failure; when they do not stand, nobody is.
    beside.catch(() => undefined);
    for (const decision of made) this.foreseen.set(decision, beside);
  }

  /**
   * `made`: decisions at hand and the world that they were made in; `brief` leaves out what was told before, which means
   * reading each account's events.
   */
  async of(
    suggestions: readonly Suggestion[],
    viewer: Role | null,
    made: { decisions?: readonly Decision[]; world?: World; brief?: boolean } = {},
  ): Promise<Presentation> {
    const { situations, responses, clock } = this.parts;
    const now = clock.now();
    const world = made.world ?? (await situations.world());
    const [only, ...further] = made.decisions ?? [];
    const foreseen = only && further.length === 0 ? this.foreseen.get(only) : undefined;
    const [{ reasons, told, known }, taken] = await Promise.all([
      foreseen ?? this.beside(suggestions, { ...made, world }),
      responses.taken(suggestions.filter(({ state }) => !UNTAKEN.includes(state))),
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
      missing.contacts.length + missing.members.length === 0
        ? known
        : both(known, await this.namesOf(missing));
    return { items, names: named, catalogue: world.catalogue, now };
  }

  private async besideDecisions(decisions: readonly Decision[], world: World): Promise<Beside> {
    const suggestions = decisions.flatMap((decision) => suggestionsOf(decision, world.catalogue));
    return this.beside(suggestions, { decisions, world });
  }

  private async beside(
    suggestions: readonly Suggestion[],
    { decisions, world, brief }: { decisions?: readonly Decision[]; world: World; brief?: boolean },
  ): Promise<Beside> {
    const [reasons, told, known] = await Promise.all([
      this.parts.explain.reasons(suggestions, decisions, world),
      brief ? null : this.tellingsOf(accountsWithSubjects(suggestions)),
      this.namesOf(idsOf(suggestions)),
    ]);
    return { reasons, told, known };
  }

  private tellingsOf(accountIds: readonly AccountId[]): Promise<Map<AccountId, Telling[]>> {
    return this.telling.add(accountIds, accountIds.length);
  }

  private namesOf(ids: Ids): Promise<Named> {
    return this.naming.add(ids, ids.accounts.length + ids.contacts.length + ids.members.length);
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
