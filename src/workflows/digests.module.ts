import { type FactoryProvider, Logger } from '@nestjs/common';
import { AlertBook } from '../alerts/index.js';
import { Names } from '../catalogue/index.js';
import { type Config, CONFIG } from '../config.js';
import { ContactRules } from '../contact-policy/index.js';
import { DigestLinks, Digests, DigestSettings, Mailer } from '../delivery/index.js';
import { Clock, Ids } from '../shared/index.js';
import { SuggestionBook, TaskBook } from '../suggestions/index.js';
import { assembled } from './assembled.js';
import { PresentSuggestions } from './present-suggestions.js';
import { ComposeDigest } from './send-digests-content.js';
import { SendDigests } from './send-digests.js';
import { TaskHistory } from './task-history.js';
import { VerifySuggestions } from './verify-suggestions.js';

const log = new Logger('digests');

const composeDigest: FactoryProvider<ComposeDigest> = assembled(ComposeDigest, {
  suggestions: SuggestionBook,
  verify: VerifySuggestions,
  present: PresentSuggestions,
  alerts: AlertBook,
  tasks: TaskBook,
  histories: TaskHistory,
  rules: ContactRules,
  names: Names,
  clock: Clock,
});

const sendDigests: FactoryProvider<SendDigests> = {
  provide: SendDigests,
  inject: [DigestSettings, Digests, ComposeDigest, DigestLinks, Mailer, Clock, Ids, CONFIG],
  useFactory: (
    settings: DigestSettings,
    digests: Digests,
    compose: ComposeDigest,
    links: DigestLinks,
    mailer: Mailer,
    clock: Clock,
    ids: Ids,
    { timeZone }: Config,
  ) =>
    new SendDigests({
      settings,
      digests,
      compose,
      links,
      mailer,
      clock,
      ids,
      timeZone,
      troubled: (cause) => log.error(cause),
    }),
};

/** Digests to members: what is in them, and when they go. */
export const digestProviders = [composeDigest, sendDigests];
export const digestWorkflows = [SendDigests];
