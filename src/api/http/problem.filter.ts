import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  HttpStatus,
  Logger,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { KeptAnswer } from '../../access/index.js';
import { AnsweredBefore } from './idempotency.guard.js';
import { Problem, type ProblemBody } from './problem.js';

/** Answers every error as RFC 9457 problem+json; what we did not foresee says nothing of the inside. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('Problem');

  catch(cause: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (cause instanceof AnsweredBefore) {
      answerAgain(cause.answer, reply);
      return;
    }
    const body = problemBody(cause);
    if (body.status >= 500) this.log.error({ err: cause, url: request.url }, 'request failed');
    const retryAfter = cause instanceof HttpException ? retrySeconds(cause) : undefined;
    if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
    reply
      .status(body.status)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .send({ ...body, instance: request.url.split('?')[0], traceId: request.id });
  }
}

function answerAgain({ status, body }: KeptAnswer, reply: FastifyReply): void {
  reply.status(status).header('idempotency-replayed', 'true');
  if (body === null) reply.send();
  else reply.header('content-type', 'application/json; charset=utf-8').send(body);
}

const UNAVAILABLE_SECONDS = 5;

function retrySeconds(cause: HttpException): number | undefined {
  if (cause instanceof Problem && cause.retryAfter !== null) return cause.retryAfter;
  return cause.getStatus() === HttpStatus.SERVICE_UNAVAILABLE ? UNAVAILABLE_SECONDS : undefined;
}

const TYPE = 'about:blank#';

export function problemBody(cause: unknown): ProblemBody {
  if (cause instanceof Problem) {
    const body: ProblemBody = {
      type: TYPE + cause.code,
      title: cause.title,
      status: cause.getStatus(),
      detail: cause.detail,
      ...cause.extensions,
    };
    return cause.errors.length > 0 ? { ...body, errors: cause.errors } : body;
  }
  if (cause instanceof HttpException) {
    const status = cause.getStatus();
    return { type: TYPE + status, title: titleOf(status), status, detail: cause.message };
  }
  const status = clientStatus(cause);
  if (status !== undefined) {
    return {
      type: TYPE + status,
      title: titleOf(status),
      status,
      detail: cause instanceof Error ? cause.message : titleOf(status),
    };
  }
  return {
    type: `${TYPE}500`,
    title: 'Internal error',
    status: HttpStatus.INTERNAL_SERVER_ERROR,
    detail:
      'Something failed on our side. Nothing of this request was kept; it is safe to try again. The log has the traceId.',
  };
}

/** Fastify's own refusals (body too large, unparseable JSON, unknown media type) carry a status below 500. */
function clientStatus(cause: unknown): number | undefined {
  if (typeof cause !== 'object' || cause === null || !('statusCode' in cause)) return undefined;
  const { statusCode } = cause;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Body too large',
  415: 'Unsupported media type',
  422: 'Invalid request',
  429: 'Too many requests',
  503: 'Not available',
};

function titleOf(status: number): string {
  return titles[status] ?? 'Request failed';
}
