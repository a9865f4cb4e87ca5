/** What every route answers, as JSON schemas, from the root of a checkout. */
export const ANSWERS_FILE = 'src/api/http/answers.json';
