import { HOUR } from '../../src/shared/index.js';
import { startTestService, type TestService } from './service.js';
import { type AnsweredSuggestion, startTerritory, type Territory } from './territory.js';

export interface Listed extends AnsweredSuggestion {
  headline: string;
  because: string | null;
  taken: { kind: string; memberId: string | null; name: string | null } | null;
  names: Record<'account' | 'contact' | 'channel' | 'product' | 'content' | 'member', string | null>;
  alreadyTold: {
    at: string;
    channelId: string;
    by: { memberId: string | null; name: string | null };
    title: string;
  }[];
}

interface Told {
  type: string;
  data: Record<string, unknown>;
  member_ids: string[];
}

/** The territory, and the keys of its two members. */
export async function startSuggestions(): Promise<Suggestions> {
  const service = await startTestService({ config: { exploration: 'greedy' } });
  const territory = await startTerritory(service);
  const keyOf = async (memberId: string): Promise<string> =>
    (await service.key(['read', 'score', 'feedback'], { memberId })).authorization;
  return new Suggestions(service, territory, await keyOf('mia'), await keyOf('leo'));
}

export class Suggestions {
  constructor(
    readonly service: TestService,
    readonly territory: Territory,
    /** Authorization of the members. */
    readonly mia: string,
    readonly leo: string,
  ) {}

  async list(query = '', authorization = this.territory.authorization): Promise<Listed[]> {
    const { body } = await this.service.http
      .get(`/api/v1/suggestions${query}`)
      .set({ authorization })
      .expect(200);
    return (body as { items: Listed[] }).items;
  }

  respond(suggestionId: string, body: object, authorization = this.mia) {
    return this.service.http
      .post(`/api/v1/suggestions/${suggestionId}/responses`)
      .set({ authorization })
      .send(body);
  }

  undo(suggestionId: string, responseId: string, authorization = this.mia) {
    return this.service.http
      .delete(`/api/v1/suggestions/${suggestionId}/responses/${responseId}`)
      .set({ authorization });
  }

  /** Messages of the outbox, oldest first. */
  told(type: string): Promise<Told[]> {
    return this.service.database.query<Told[]>(
      'select type, data, member_ids from outbox where type = $1 order by occurred_at, message_id',
      [type],
    );
  }

  /** Decides, and gives the suggestion of the action on the channel. Throws where there is none. */
  async withAction(actionId: string, channelId: string): Promise<AnsweredSuggestion> {
    const { suggestions } = await this.territory.recommend({ limit: 10 });
    const found = suggestions.find((one) => one.action.id === actionId && one.channelId === channelId);
    if (!found) throw new Error(`${actionId} is not suggested on ${channelId}`);
    return found;
  }

  /** An hour later, and nothing has happened yet. */
  async forget(): Promise<void> {
    await this.service.database.query(
      'truncate suggestions, responses, open_questions, outbox, touches, threads, quotes, tasks, events',
    );
    await this.service.database.query(
      `update account_state set policy_epoch = policy_epoch + 1, state = null, feature_set = null,
         state_sequence = state_sequence + 1`,
    );
    this.service.clock.advance(HOUR);
  }
}
