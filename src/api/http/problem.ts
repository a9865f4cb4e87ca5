import { HttpException, HttpStatus } from '@nestjs/common';
import type { FieldProblem } from '../../shared/index.js';

/** RFC 9457 problem details: what every error of the API is answered with, as application/problem+json. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  errors?: FieldProblem[];
}

/** An expected refusal over HTTP. The detail says what is wrong and how to mend it. */
export class Problem extends HttpException {
  constructor(
    readonly code: string,
    status: HttpStatus,
    readonly title: string,
    readonly detail: string,
    readonly errors: FieldProblem[] = [],
    /** Seconds after which to try again, told as Retry-After. */
    readonly retryAfter: number | null = null,
    /** Further members of the problem (RFC 9457, section 3.2), such as how the thing stands. */
    readonly extensions: Readonly<Record<string, unknown>> = {},
  ) {
    super(title, status);
  }
}

/** `errors` say which field named it, where a body did. */
export function unknownId(kind: string, id: string, errors: FieldProblem[] = []): Problem {
  return new Problem(
    'unknown-id',
    HttpStatus.NOT_FOUND,
    'Not found',
    `There is no ${kind} with id "${id}", or you may not see it.`,
    errors,
  );
}

export function invalidFields(errors: FieldProblem[]): Problem {
  const first = errors[0];
  const detail = first ? `${first.pointer || 'body'}: ${first.detail}` : 'The request is not valid.';
  return new Problem('invalid-request', HttpStatus.UNPROCESSABLE_ENTITY, 'Invalid request', detail, errors);
}

export function conflict(detail: string): Problem {
  return new Problem('conflict', HttpStatus.CONFLICT, 'Conflict', detail);
}

export function forbidden(detail: string): Problem {
  return new Problem('forbidden', HttpStatus.FORBIDDEN, 'Forbidden', detail);
}
