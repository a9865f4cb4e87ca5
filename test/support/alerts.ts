import { EscalateAlerts, RaiseAlert } from '../../src/workflows/index.js';
import type { TestService } from './service.js';
import type { Territory } from './territory.js';

export interface ListedAlert {
  alertId: string;
  ruleId: string;
  raisedAt: string;
  accountId: string;
  contactId: string | null;
  memberId: string | null;
  priority: number;
  title: string;
  message: string;
  evidence: { eventId: string; name: string; at: string }[];
  suggestion: {
    suggestionId: string;
    action: { id: string };
    performedBy: { memberId: string | null };
  } | null;
  because: string | null;
  state: string;
  validUntil: string;
  heldUntil: string | null;
  joinedTo: string | null;
  joined: number;
  escalatedTo: string | null;
  acknowledgedBy: string | null;
}

/** What a rule needs beside what a test is about. */
export const plainRule = {
  count: 1,
  withinHours: 24,
  maxLatenessHours: 6,
  priority: 50,
  cooldownHours: 24,
  validHours: 24,
  message: { en: '{contact}: {event}' },
  role: 'account-manager',
};

/** Raises what is due at the clock's time, as the worker does. Throws when something went wrong. */
export async function raiseDue(service: TestService): Promise<number> {
  const raise = service.app.get(RaiseAlert, { strict: false });
  const { raised, troubles } = await raise.runDue(service.clock.now());
  if (troubles.length > 0) throw troubles[0];
  return raised;
}

export function escalateDue(service: TestService): Promise<number> {
  return service.app.get(EscalateAlerts, { strict: false }).runDue(service.clock.now());
}

export async function alertsOf(
  service: TestService,
  { authorization }: Pick<Territory, 'authorization'>,
  query: Record<string, string | number> = {},
): Promise<ListedAlert[]> {
  const answer = await service.http.get('/api/v1/alerts').query(query).set({ authorization });
  if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.items as ListedAlert[];
}
