import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuditTrail, type RecordedEntry } from '../../access/index.js';
import { IdField } from '../http/fields.js';
import { type Page, pageOf, readCursor } from '../http/page.js';
import { PageQuery } from '../http/page-query.js';
import { RequireScopes } from '../http/scopes.js';

class AuditQuery extends PageQuery {
  @IdField({ optional: true, description: 'Only changes of this subject.' })
  subjectId?: string;
}

@ApiTags('access')
@Controller('api/v1/audit-entries')
export class AuditController {
  constructor(private readonly audit: AuditTrail) {}

  @Get()
  @RequireScopes('audit')
  @ApiOperation({ summary: 'Who changed what, newest first.' })
  async list(@Query() query: AuditQuery): Promise<Page<RecordedEntry>> {
    const before = readCursor(query.cursor);
    const entries = await this.audit.page({
      limit: query.limit + 1,
      ...(typeof before === 'number' ? { before } : {}),
      ...(query.subjectId ? { subjectId: query.subjectId } : {}),
    });
    return pageOf(
      entries,
      query.limit,
      (entry) => entry.entryId,
      (entry) => entry,
    );
  }
}
