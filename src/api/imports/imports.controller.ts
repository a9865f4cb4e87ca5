import { Readable } from 'node:stream';
import { Controller, HttpCode, HttpStatus, Param, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { type Caller, holds } from '../../access/index.js';
import { AccountAccess } from '../http/account-access.js';
import { forbidden, invalidFields, Problem, unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { ImportHandlers } from './import-handler.js';
import { HeaderRefused, readRows } from './read-rows.js';
import { importTypes } from './register-import-parsers.js';
import { type ImportAnswer, runImport } from './run-import.js';

@ApiTags('imports')
@Controller('api/v1/imports')
export class ImportsController {
  constructor(
    private readonly handlers: ImportHandlers,
    private readonly access: AccountAccess,
  ) {}

  @Post(':kind')
  @HttpCode(HttpStatus.OK)
  @RequireScopes('catalogue', 'ingest', 'consent', 'feedback')
  @ApiConsumes(...importTypes)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiOperation({
    summary: 'Many records at once: NDJSON, or CSV with a header; gzip allowed.',
    description:
      'Rows are taken a thousand at a time; the valid ones are kept, the others named by line. CSV columns are members by ' +
      'dotted path (attributes.specialty), entries of a list are separated by |, an empty cell is an absent member.',
  })
  async import(
    @Param('kind') kind: string,
    @Req() request: FastifyRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<ImportAnswer> {
    const handler = this.handlers.of(kind);
    if (!handler) throw unknownKind(kind, this.handlers.kinds);
    if (!holds(caller, [handler.scope]))
      throw forbidden(`Importing ${kind} needs a key with the scope ${handler.scope}.`);
    if (this.access.limitedTo(caller) !== null)
      throw forbidden(
        'A key that is bound to a team member changes single records only: import with another key.',
      );
    if (!(request.body instanceof Readable)) throw wrongType();
    try {
      const contentType = request.headers['content-type'] ?? '';
      const rows = readRows(contentType, request.body, (names) => handler.header(names));
      return await runImport(rows, handler, caller);
    } catch (cause) {
      if (!(cause instanceof HeaderRefused)) throw cause;
      throw invalidFields(
        cause.problems.map(({ pointer, detail }) => ({ pointer, detail: `line 1: ${detail}` })),
      );
    }
  }
}

function unknownKind(kind: string, kinds: readonly string[]): Problem {
  const { code, title } = unknownId('kind of import', kind);
  const detail = `"${kind}" cannot be imported; the kinds are ${kinds.join(', ')}.`;
  return new Problem(code, HttpStatus.NOT_FOUND, title, detail);
}

function wrongType(): Problem {
  return new Problem(
    'unsupported-media-type',
    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
    'Unsupported media type',
    `Send the file as ${importTypes.join(', ')}: one JSON object a line, or CSV with a header.`,
  );
}
