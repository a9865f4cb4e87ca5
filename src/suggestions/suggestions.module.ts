import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Responses } from './responses.js';
import { PostgresResponses } from './responses.postgres.js';
import { StandingByProduct } from './standing-by-product.js';
import { PostgresStandingByProduct } from './standing-by-product.postgres.js';
import { PostgresStandingSuggestions } from './standing-suggestions.postgres.js';
import { SuggestionBook, SuggestionChanges } from './suggestion-book.js';
import { PostgresSuggestionBook } from './suggestion-book.postgres.js';
import { PostgresSuggestionChanges } from './suggestion-changes.postgres.js';
import { StandingSuggestions } from './suggestion.js';
import { TaskBook } from './tasks/task-book.js';
import { PostgresTaskBook } from './tasks/task-book.postgres.js';

@Module({
  providers: [
    { provide: StandingSuggestions, useClass: PostgresStandingSuggestions },
    {
      provide: StandingByProduct,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresStandingByProduct(database),
    },
    {
      provide: SuggestionBook,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresSuggestionBook(database),
    },
    {
      provide: SuggestionChanges,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresSuggestionChanges(database),
    },
    {
      provide: Responses,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresResponses(database),
    },
    {
      provide: TaskBook,
      inject: [DataSource],
      useFactory: (database: DataSource) => new PostgresTaskBook(database),
    },
  ],
  exports: [Responses, StandingByProduct, StandingSuggestions, SuggestionBook, SuggestionChanges, TaskBook],
})
export class SuggestionsModule {}
