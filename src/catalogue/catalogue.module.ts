import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Config, CONFIG } from '../config.js';
import { Transactions } from '../shared/index.js';
import { Accounts } from './accounts.js';
import { PostgresAccounts } from './accounts.postgres.js';
import { Catalogues } from './catalogue.js';
import { PostgresCatalogues } from './catalogues.postgres.js';
import { CatalogueEditor } from './catalogue-editor.js';
import { PostgresCatalogueEditor } from './catalogue-editor.postgres.js';
import { CatalogueReader } from './catalogue-reader.js';
import { PostgresCatalogueReader } from './catalogue-reader.postgres.js';
import { CatalogueTrail } from './catalogue-trail.js';
import { ContactMoves } from './contact-moves.js';
import { KnownFeatures } from './known-features.js';
import { Names } from './names.js';
import { PostgresNames } from './names.postgres.js';
import { RecordParser } from './records/record-parser.js';

/** Without the features module no expression can name a feature. */
const noFeatures: KnownFeatures = { scalarNames: () => [], keyedNames: () => [] };

/** `CatalogueTrail`, `KnownFeatures` and `ContactMoves` are filled by global modules of those who know them. */
@Module({
  providers: [
    {
      provide: RecordParser,
      inject: [CONFIG],
      useFactory: ({ currency }: Config) => new RecordParser({ currency }),
    },
    {
      provide: Accounts,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresAccounts(database),
    },
    {
      provide: Names,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresNames(database),
    },
    {
      provide: CatalogueReader,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresCatalogueReader(database),
    },
    {
      provide: Catalogues,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresCatalogues(database),
    },
    {
      provide: CatalogueEditor,
      inject: [
        Transactions,
        CatalogueTrail,
        Catalogues,
        { token: KnownFeatures, optional: true },
        { token: ContactMoves, optional: true },
      ],
      useFactory: (
        transactions: Transactions,
        trail: CatalogueTrail,
        catalogues: PostgresCatalogues,
        features: KnownFeatures = noFeatures,
        moves?: ContactMoves,
      ) =>
        new PostgresCatalogueEditor({
          transactions,
          trail,
          features,
          moves,
          changed: () => catalogues.changed(),
        }),
    },
  ],
  exports: [Accounts, CatalogueEditor, CatalogueReader, Catalogues, Names, RecordParser],
})
export class CatalogueModule {}
