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
  digestSettingControllerGet,
  doublesControllerShow,
  digestSettingControllerPut,
  featuresControllerList,
  pushControllerKey,
  pushControllerList,
  pushControllerRegister,
  pushControllerRemove,
  pushControllerTest,
  recommendationsControllerRecommend,
  sessionControllerShow,
  sessionControllerSignOut,
  suggestionsControllerAnswer,
  suggestionsControllerList,
  suggestionsControllerUndo,
  tasksControllerComplete,
  tasksControllerGet,
  tasksControllerList,
  timelineControllerPage,
  visitsControllerPost,
} from './client/sdk.gen';
import type {
  AlertsControllerListData,
  ConsentBody,
  DigestSettingBody,
  PushSubscriptionBody,
  ResponseBody,
  SuggestionsControllerListData,
  TasksControllerListData,
  TimelineControllerPageData,
  VisitBody,
} from './client/types.gen';
import type { Alert, Responded } from './shapes';

/** What the desk asks of the service, by the client that is generated from its OpenAPI document. */
type Query<Data extends { query?: unknown }> = NonNullable<Data['query']>;

const PAGE = 50;
const MANY = 200;

export const sessionNow = () => answerOf(sessionControllerShow());
export const signOut = () => answerOf<void>(sessionControllerSignOut());

export const suggestionsOf = (query: Query<SuggestionsControllerListData>) =>
  answerOf(suggestionsControllerList({ query: { limit: PAGE, ...query } }));

export const respond = (suggestionId: string, body: ResponseBody) =>
  answerOf(suggestionsControllerAnswer({ path: { suggestionId }, body }));

export const undo = ({ suggestionId, responseId }: Responded) =>
  answerOf(suggestionsControllerUndo({ path: { suggestionId, responseId: responseId ?? '' } }));

export const recommend = (accountId: string) =>
  answerOf(recommendationsControllerRecommend({ body: { accountId, limit: 3 } }));

export const alertsOf = (query: Query<AlertsControllerListData>) =>
  answerOf(alertsControllerList({ query: { limit: PAGE, ...query } }));

export const acknowledge = (alertId: string) => answerOf(alertsControllerAcknowledge({ path: { alertId } }));

export const tasksOf = (query: Query<TasksControllerListData>) =>
  answerOf(tasksControllerList({ query: { limit: PAGE, ...query } }));

export const completeTask = (taskId: string) =>
  answerOf(tasksControllerComplete({ path: { taskId }, body: {} }));

export const accountsOf = (query: { cursor?: string; search?: string }) =>
  answerOf(accountsControllerList({ query: { limit: PAGE, ...query } }));

export const accountOf = (accountId: string) => answerOf(accountsControllerGet({ path: { accountId } }));

export const contactsOf = (accountId: string) =>
  answerOf(contactsControllerList({ query: { accountId, limit: MANY } }));

export const timelineOf = (accountId: string, query: Query<TimelineControllerPageData>) =>
  answerOf(timelineControllerPage({ path: { accountId }, query: { limit: PAGE, ...query } }));

export const featuresOf = (accountId: string, cursor?: string) =>
  answerOf(
    featuresControllerList({ path: { accountId }, query: { limit: MANY, ...(cursor ? { cursor } : {}) } }),
  );

export const doublesOf = (accountId: string) =>
  answerOf(doublesControllerShow({ path: { accountId }, query: { limit: MANY } }));

export const consentsOf = (contactId: string) => answerOf(consentControllerGet({ path: { contactId } }));

export const stateConsent = (
  contactId: string,
  fact: Pick<ConsentBody, 'channelId' | 'purpose' | 'status'>,
) => answerOf(consentControllerPost({ path: { contactId }, body: { ...fact, source: 'member' } }));

export const channels = () => answerOf(channelsControllerList({ query: { limit: MANY } }));

export const recordVisit = (body: VisitBody) => answerOf(visitsControllerPost({ body }));

/** Pages of alerts that are looked through for one: a notification leads to a new one. */
const PAGES_LOOKED = 5;

/** One alert, among the newest; null when it is not among them, or not hers. */
export async function alertOf(alertId: string): Promise<Alert | null> {
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_LOOKED; page += 1) {
    const { items, nextCursor } = await alertsOf({ limit: MANY, ...(cursor ? { cursor } : {}) });
    const found = items.find((alert) => alert.alertId === alertId);
    if (found) return found;
    if (nextCursor === null) return null;
    cursor = nextCursor;
  }
  return null;
}

export const taskOf = (taskId: string) => answerOf(tasksControllerGet({ path: { taskId } }));

export const pushKey = () => answerOf(pushControllerKey());
export const pushDevices = () => answerOf(pushControllerList());

export const registerDevice = (
  subscription: PushSubscription,
  choice: Pick<PushSubscriptionBody, 'device' | 'language' | 'detailed'>,
) => {
  const { endpoint, keys = {}, expirationTime = null } = subscription.toJSON();
  const { p256dh = '', auth = '' } = keys;
  const address = { endpoint: endpoint ?? subscription.endpoint, keys: { p256dh, auth }, expirationTime };
  return answerOf(pushControllerRegister({ body: { ...address, ...choice } }));
};

export const removeDevice = (subscriptionId: string) =>
  answerOf<void>(pushControllerRemove({ path: { subscriptionId } }));
export const testDevice = (subscriptionId: string) =>
  answerOf(pushControllerTest({ path: { subscriptionId } }));

export const digestSetting = () => answerOf(digestSettingControllerGet());
export const changeDigest = (body: DigestSettingBody) => answerOf(digestSettingControllerPut({ body }));
