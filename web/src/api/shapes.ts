import type {
  AccountsControllerListResponse,
  AlertsControllerListResponse,
  ChannelsControllerListResponse,
  ConsentControllerGetResponse,
  ConsentControllerPostResponse,
  ContactsControllerListResponse,
  DigestSettingControllerGetResponse,
  DoublesControllerShowResponse,
  FeaturesControllerListResponse,
  PushControllerListResponse,
  RecommendationsControllerRecommendResponse,
  ResponseBody,
  SessionControllerShowResponse,
  SuggestionsControllerAnswerResponse,
  SuggestionsControllerListResponse,
  TasksControllerListResponse,
  TimelineControllerPageResponse,
  VisitsControllerPostResponse,
} from './client/types.gen';

/** The desk's words for what the service answers: all by the types of the generated client. */
export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

type ItemOf<List extends { items: unknown[] }> = List['items'][number];

export type Session = SessionControllerShowResponse;
export type Recommendation = RecommendationsControllerRecommendResponse;
export type Suggestion = ItemOf<SuggestionsControllerListResponse>;
export type SuggestionState = Suggestion['state'];
export type Slot = Suggestion['slot'];
export type Told = NonNullable<Suggestion['alreadyTold']>[number];
export type Reason = Suggestion['reasons'][number];
export type Evidence = Reason['evidence'][number];
export type Responded = SuggestionsControllerAnswerResponse;
export type DismissalReason = NonNullable<ResponseBody['reason']>;
export type Alert = ItemOf<AlertsControllerListResponse>;
export type TimelineItem = ItemOf<TimelineControllerPageResponse>;
export type Account = ItemOf<AccountsControllerListResponse>;
export type Contact = ItemOf<ContactsControllerListResponse>;
export type Feature = ItemOf<FeaturesControllerListResponse>;
export type Doubles = DoublesControllerShowResponse;
export type Double = Doubles['doubles'][number];
export type ProductGap = Doubles['products'][number];
export type Approach = Doubles['approaches'][number];
export type Consents = ConsentControllerGetResponse;
export type ConsentStanding = Consents['status'][number];
export type ConsentFact = Consents['history'][number];
export type ConsentAnswer = ConsentControllerPostResponse;
export type Channel = ItemOf<ChannelsControllerListResponse>;
export type Task = ItemOf<TasksControllerListResponse>;
export type VisitAnswer = VisitsControllerPostResponse;
export type PushDevice = ItemOf<PushControllerListResponse>;
export type DigestSetting = DigestSettingControllerGetResponse;
