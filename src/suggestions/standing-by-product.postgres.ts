import type { DataSource } from 'typeorm';
import type { ProductId } from '../catalogue/index.js';
import type { SuggestionId } from '../recommender/index.js';
import { StandingByProduct } from './standing-by-product.js';
import { columnTypes, type ReadSuggestionRow, suggestionFrom } from './suggestion-rows.js';
import { standing, type Suggestion } from './suggestion.js';

const STAND = `s.state in (${standing.map((state) => `'${state}'`).join(', ')}) and s.product_id is not null`;
const COLUMNS = [...Object.keys(columnTypes), 'closing'].map((column) => `s.${column}`).join(', ');

export class PostgresStandingByProduct extends StandingByProduct {
  constructor(private readonly database: DataSource) {
    super();
  }

  /** From one product to the next in the index: as many steps as there are products, however many suggestions. */
  async products(): Promise<ProductId[]> {
    const next = (after: string) => `(select min(s.product_id) from suggestions s where ${STAND} ${after})`;
    const rows = await this.database.query<{ product_id: ProductId }[]>(
      `with recursive found as (
         select ${next('')} as product_id
         union all
         select ${next('and s.product_id > found.product_id')} from found where found.product_id is not null)
       select product_id from found where product_id is not null`,
    );
    return rows.map((row) => row.product_id);
  }

  async unchecked(
    productId: ProductId,
    versions: string,
    after: SuggestionId | null,
    limit: number,
  ): Promise<Suggestion[]> {
    const rows = await this.database.query<ReadSuggestionRow[]>(
      `select ${COLUMNS} from suggestions s
        where ${STAND} and s.product_id = $1 and s.verified_versions <> $2 and ($3::text is null or s.suggestion_id > $3)
        order by s.suggestion_id limit $4`,
      [productId, versions, after, limit],
    );
    return rows.map(suggestionFrom);
  }
}
