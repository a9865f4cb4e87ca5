import { client } from './client/client.gen';

/** A problem+json answer (RFC 9457), or a broken connection. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly errors: readonly { pointer: string; detail: string }[] = [],
  ) {
    super(message);
  }
}

/** The session is a cookie; the header says that our own page asks: a page of another site cannot add it. */
client.setConfig({ baseUrl: '', credentials: 'same-origin', headers: { 'X-NBA-Request': 'desk' } });

/** The language in which the service words what it says. */
export function askIn(language: string): void {
  client.setConfig({ headers: { 'X-NBA-Request': 'desk', 'Accept-Language': language } });
}

interface Answered<Shape> {
  data?: Shape | undefined;
  error?: unknown;
  response?: Response;
}

/** The answer's body, or a thrown `ApiProblem` with a sentence that a person can read. */
export async function answerOf<Shape>(call: Promise<Answered<Shape>>): Promise<Shape> {
  const { data, error, response } = await call;
  if (response?.ok) return data as Shape;
  throw problemOf(error, response?.status ?? 0);
}

function problemOf(error: unknown, status: number): ApiProblem {
  if (typeof error === 'object' && error !== null && 'title' in error) {
    const { title, detail, errors } = error as {
      title: string;
      detail?: string;
      errors?: ApiProblem['errors'];
    };
    const fields = errors?.map((one) => `${one.pointer} ${one.detail}`).join('; ');
    return new ApiProblem(status, [detail ?? title, fields].filter(Boolean).join(' '), errors ?? []);
  }
  return new ApiProblem(
    status,
    status === 0 ? 'The service does not answer.' : `The service answered ${status}.`,
  );
}
