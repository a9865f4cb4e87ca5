import { QueryNumberField, TextField } from './fields.js';
import { DEFAULT_PAGE, MAX_PAGE } from './page.js';

/** Query of every list. */
export class PageQuery {
  @QueryNumberField({
    optional: true,
    whole: true,
    min: 1,
    max: MAX_PAGE,
    default: DEFAULT_PAGE,
    description: 'Entries a page.',
  })
  limit: number = DEFAULT_PAGE;

  @TextField({ optional: true, description: 'nextCursor of the page before.' })
  cursor?: string;
}
