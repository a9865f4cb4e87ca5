import { answerOf } from './call';
import { client } from './client/client.gen';
import type {
  Account,
  Alert,
  Channel,
  ConsentAnswer,
  Consents,
  Contact,
  DismissalReason,
  Feature,
  Page,
  Recommendation,
  Responded,
  Session,
  Suggestion,
  Task,
  TimelineItem,
  VisitAnswer,
} from './shapes';

type Query = Record<string, string | number | boolean | undefined>;

const get = <Shape>(url: string, query: Query = {}): Promise<Shape> =>
  answerOf<Shape>(client.get({ url, query }));
const post = <Shape>(url: string, body: unknown = {}): Promise<Shape> =>
  answerOf<Shape>(client.post({ url, body, headers: { 'Content-Type': 'application/json' } }));
const remove = <Shape>(url: string): Promise<Shape> => answerOf<Shape>(client.delete({ url }));
const id = encodeURIComponent;

const PAGE = 50;
const MANY = 200;

export const sessionNow = (): Promise<Session> => get('/api/v1/session');
export const signOut = (): Promise<void> => remove('/api/v1/session');

export const suggestionsOf = (query: {
  state?: string;
  accountId?: string;
  cursor?: string | undefined;
}): Promise<Page<Suggestion>> => get('/api/v1/suggestions', { limit: PAGE, ...query });

export const respond = (
  suggestionId: string,
  said: { kind: string; reason?: DismissalReason; until?: string },
): Promise<Responded> => post(`/api/v1/suggestions/${id(suggestionId)}/responses`, said);

export const undo = ({ suggestionId, responseId }: Responded): Promise<Responded> =>
  remove(`/api/v1/suggestions/${id(suggestionId)}/responses/${id(responseId ?? '')}`);

export const recommend = (accountId: string): Promise<Recommendation> =>
  post('/api/v1/recommendations', { accountId, limit: 3 });

export const alertsOf = (query: {
  state?: string;
  accountId?: string;
  cursor?: string | undefined;
}): Promise<Page<Alert>> => get('/api/v1/alerts', { limit: PAGE, ...query });

export const acknowledge = (alertId: string): Promise<unknown> =>
  post(`/api/v1/alerts/${id(alertId)}/acknowledgements`);

export const tasksOf = (query: { state?: string; cursor?: string | undefined }): Promise<Page<Task>> =>
  get('/api/v1/tasks', { limit: PAGE, ...query });

export const completeTask = (taskId: string): Promise<unknown> =>
  post(`/api/v1/tasks/${id(taskId)}/completions`);

export const accountsOf = (query: { cursor?: string | undefined; search?: string }): Promise<Page<Account>> =>
  get('/api/v1/accounts', { limit: PAGE, ...query });

export const accountOf = (accountId: string): Promise<Account> => get(`/api/v1/accounts/${id(accountId)}`);

export const contactsOf = (accountId: string): Promise<Page<Contact>> =>
  get('/api/v1/contacts', { accountId, limit: MANY });

export const timelineOf = (
  accountId: string,
  query: { kind?: string | undefined; cursor?: string | undefined },
): Promise<Page<TimelineItem>> =>
  get(`/api/v1/accounts/${id(accountId)}/timeline`, { limit: PAGE, ...query });

export const featuresOf = (accountId: string, cursor?: string): Promise<Page<Feature>> =>
  get(`/api/v1/accounts/${id(accountId)}/features`, { limit: MANY, cursor });

export const consentsOf = (contactId: string): Promise<Consents> =>
  get(`/api/v1/contacts/${id(contactId)}/consents`);

export const stateConsent = (
  contactId: string,
  fact: { channelId: string; purpose: string; status: 'granted' | 'withdrawn' },
): Promise<ConsentAnswer> =>
  post(`/api/v1/contacts/${id(contactId)}/consents`, { ...fact, source: 'member' });

export const channels = (): Promise<Page<Channel>> => get('/api/v1/channels', { limit: MANY });

export const recordVisit = (visit: Record<string, unknown>): Promise<VisitAnswer> =>
  post('/api/v1/visits', visit);
