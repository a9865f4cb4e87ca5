import { AccountState1700000000001 } from './1-account-state.js';
import { Access1700000000005 } from './5-access.js';
import { Catalogue1700000000010 } from './10-catalogue.js';
import { Events1700000000020 } from './20-events.js';
import { Consent1700000000030 } from './30-consent.js';
import { ContactPolicy1700000000031 } from './31-contact-policy.js';
import { Recommender1700000000040 } from './40-recommender.js';
import { Suggestions1700000000041 } from './41-suggestions.js';
import { Learning1700000000050 } from './50-learning.js';
import { Outcomes1700000000051 } from './51-outcomes.js';
import { Rescoring1700000000060 } from './60-rescoring.js';
import { Delivery1700000000070 } from './70-delivery.js';
import { Webhooks1700000000071 } from './71-webhooks.js';
import { StreamAndSessions1700000000072 } from './72-stream-and-sessions.js';
import { Touches1700000000076 } from './76-touches.js';
import { Alerts1700000000073 } from './73-alerts.js';
import { Tasks1700000000074 } from './74-tasks.js';
import { SuggestionLifecycle1700000000075 } from './75-suggestion-lifecycle.js';
import { OnlineLearning1700000000077 } from './77-online-learning.js';
import { Preferences1700000000078 } from './78-preferences.js';
import { Speed1700000000079 } from './79-speed.js';
import { PushAndDigests1700000000080 } from './80-push-and-digests.js';
import { Closings1700000000081 } from './81-closings.js';
import { Insights1700000000082 } from './82-insights.js';
import { Doubles1700000000083 } from './83-doubles.js';
import { Incremental1700000000084 } from './84-incremental.js';
import { PooledHead1700000000085 } from './85-pooled-head.js';
import { LifetimeValue1700000000088 } from './88-lifetime-value.js';
import { HourProfiles1700000000089 } from './89-hour-profiles.js';
import { Erasure1700000000098 } from './98-erasure.js';
import { Shadow1700000000099 } from './99-shadow.js';
import { Publishing1700000000100 } from './100-publishing.js';
import { StatesInPlace1700000000103 } from './103-states-in-place.js';
import { RestAfterCompleted1700000000102 } from './102-rest-after-completed.js';
import { ShadowAge1700000000101 } from './101-shadow-age.js';

/** In the order in which they run; a folder's tables have a migration of their own. */
export const migrations = [
  AccountState1700000000001,
  Access1700000000005,
  Catalogue1700000000010,
  Events1700000000020,
  Consent1700000000030,
  ContactPolicy1700000000031,
  Recommender1700000000040,
  Suggestions1700000000041,
  Learning1700000000050,
  Outcomes1700000000051,
  Rescoring1700000000060,
  Delivery1700000000070,
  Webhooks1700000000071,
  StreamAndSessions1700000000072,
  Touches1700000000076,
  Alerts1700000000073,
  Tasks1700000000074,
  SuggestionLifecycle1700000000075,
  OnlineLearning1700000000077,
  Preferences1700000000078,
  Speed1700000000079,
  PushAndDigests1700000000080,
  Closings1700000000081,
  Insights1700000000082,
  Doubles1700000000083,
  Incremental1700000000084,
  PooledHead1700000000085,
  LifetimeValue1700000000088,
  HourProfiles1700000000089,
  Erasure1700000000098,
  Shadow1700000000099,
  Publishing1700000000100,
  ShadowAge1700000000101,
  RestAfterCompleted1700000000102,
  StatesInPlace1700000000103,
];
