import { answerOf } from './call';
import {
  accountsControllerGet,
  accountsControllerList,
  alertsControllerAcknowledge,
  alertsControllerList,
  channelsControllerList,
  consentControllerGet,
  consentControllerPost,
  contactsControllerList,
  featuresControllerList,
  recommendationsControllerRecommend,
  sessionControllerShow,
  sessionControllerSignOut,
  suggestionsControllerAnswer,
  suggestionsControllerList,
  suggestionsControllerUndo,
  tasksControllerComplete,
  tasksControllerList,
  timelineControllerPage,
  visitsControllerPost,
} from './client/sdk.gen';
import type {
  AlertsControllerListData,
  ConsentBody,
  ResponseBody,
  SuggestionsControllerListData,
  TasksControllerListData,
  TimelineControllerPageData,
  VisitBody,
} from './client/types.gen';
import type {
  Account,
  Alert,
  Channel,
  ConsentAnswer,
  Consents,
  Contact,
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

/** What the desk asks of the service, by the client that is generated from its OpenAPI document. */
type Query<Data extends { query?: unknown }> = NonNullable<Data['query']>;

const PAGE = 50;
const MANY = 200;

export const sessionNow = () => answerOf<Session>(sessionControllerShow());
export const signOut = () => answerOf<void>(sessionControllerSignOut());

export const suggestionsOf = (query: Query<SuggestionsControllerListData>) =>
  answerOf<Page<Suggestion>>(suggestionsControllerList({ query: { limit: PAGE, ...query } }));

export const respond = (suggestionId: string, body: ResponseBody) =>
  answerOf<Responded>(suggestionsControllerAnswer({ path: { suggestionId }, body }));

export const undo = ({ suggestionId, responseId }: Responded) =>
  answerOf<unknown>(suggestionsControllerUndo({ path: { suggestionId, responseId: responseId ?? '' } }));

export const recommend = (accountId: string) =>
  answerOf<Recommendation>(recommendationsControllerRecommend({ body: { accountId, limit: 3 } }));

export const alertsOf = (query: Query<AlertsControllerListData>) =>
  answerOf<Page<Alert>>(alertsControllerList({ query: { limit: PAGE, ...query } }));

export const acknowledge = (alertId: string) =>
  answerOf<unknown>(alertsControllerAcknowledge({ path: { alertId } }));

export const tasksOf = (query: Query<TasksControllerListData>) =>
  answerOf<Page<Task>>(tasksControllerList({ query: { limit: PAGE, ...query } }));

export const completeTask = (taskId: string) =>
  answerOf<unknown>(tasksControllerComplete({ path: { taskId }, body: {} }));

export const accountsOf = (query: { cursor?: string; search?: string }) =>
  answerOf<Page<Account>>(accountsControllerList({ query: { limit: PAGE, ...query } }));

export const accountOf = (accountId: string) =>
  answerOf<Account>(accountsControllerGet({ path: { accountId } }));

export const contactsOf = (accountId: string) =>
  answerOf<Page<Contact>>(contactsControllerList({ query: { accountId, limit: MANY } }));

export const timelineOf = (accountId: string, query: Query<TimelineControllerPageData>) =>
  answerOf<Page<TimelineItem>>(
    timelineControllerPage({ path: { accountId }, query: { limit: PAGE, ...query } }),
  );

export const featuresOf = (accountId: string, cursor?: string) =>
  answerOf<Page<Feature>>(
    featuresControllerList({ path: { accountId }, query: { limit: MANY, ...(cursor ? { cursor } : {}) } }),
  );

export const consentsOf = (contactId: string) =>
  answerOf<Consents>(consentControllerGet({ path: { contactId } }));

export const stateConsent = (
  contactId: string,
  fact: Pick<ConsentBody, 'channelId' | 'purpose' | 'status'>,
) =>
  answerOf<ConsentAnswer>(
    consentControllerPost({ path: { contactId }, body: { ...fact, source: 'member' } }),
  );

export const channels = () => answerOf<Page<Channel>>(channelsControllerList({ query: { limit: MANY } }));

export const recordVisit = (body: VisitBody) => answerOf<VisitAnswer>(visitsControllerPost({ body }));
