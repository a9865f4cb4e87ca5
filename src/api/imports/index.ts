import type { Provider } from '@nestjs/common';
import { CatalogueEditor, catalogueKinds, Catalogues, RecordParser } from '../../catalogue/index.js';
import { Clock } from '../../shared/index.js';
import {
  EditContactRules,
  EditTriggerRules,
  IngestEvents,
  RecordConsent,
  RecordOutcome,
} from '../../workflows/index.js';
import { CatalogueImport } from './catalogue-import.js';
import { ConsentsImport } from './consents-import.js';
import { ContactRulesImport } from './contact-rules-import.js';
import { EventsImport } from './events-import.js';
import { ImportHandlers } from './import-handler.js';
import { OutcomesImport } from './outcomes-import.js';
import { TriggerRulesImport } from './trigger-rules-import.js';

export * from './import-handler.js';
export { ImportsController } from './imports.controller.js';
export { registerImportParsers } from './register-import-parsers.js';

/** Every kind that can be imported has its handler here. */
export const importProviders: Provider[] = [
  {
    provide: ImportHandlers,
    inject: [
      RecordParser,
      CatalogueEditor,
      Catalogues,
      EditContactRules,
      EditTriggerRules,
      IngestEvents,
      RecordConsent,
      RecordOutcome,
      Clock,
    ],
    useFactory: (
      parser: RecordParser,
      editor: CatalogueEditor,
      catalogues: Catalogues,
      rules: EditContactRules,
      triggers: EditTriggerRules,
      ingest: IngestEvents,
      consent: RecordConsent,
      outcomes: RecordOutcome,
      clock: Clock,
    ) =>
      new ImportHandlers([
        ...catalogueKinds.map((kind) => new CatalogueImport(kind, parser, editor, catalogues)),
        new ContactRulesImport(rules, catalogues),
        new TriggerRulesImport(triggers),
        new EventsImport(ingest, clock),
        new ConsentsImport(consent),
        new OutcomesImport(outcomes),
      ]),
  },
];
