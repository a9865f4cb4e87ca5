import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { AuditChain, type ChainProblem, type Verification } from '../../access/index.js';
import { RequireScopes } from '../http/scopes.js';

class VerificationView implements Verification {
  @ApiProperty() intact!: boolean;
  @ApiProperty({ description: 'Entries under a seal.' }) sealed!: number;
  @ApiProperty({ description: 'Sealed entries whose content was erased since.' }) erased!: number;
  @ApiProperty({ description: 'Entries that wait for the sealer; it comes every ten seconds.' })
  unsealed!: number;

  @ApiProperty({
    type: 'object',
    nullable: true,
    properties: { position: { type: 'integer' }, seal: { type: 'string' } },
    description: 'The newest seal: keep it elsewhere, and a trail that was cut off behind it shows too.',
  })
  head!: { position: number; seal: string } | null;

  @ApiProperty({
    type: 'object',
    nullable: true,
    properties: {
      position: { type: 'integer' },
      entryId: { type: 'integer' },
      problem: { type: 'string' },
    },
    description: 'The first place where the chain is broken.',
  })
  broken!: ChainProblem | null;
}

@ApiTags('access')
@Controller('api/v1/audit/verification')
export class AuditVerificationController {
  constructor(private readonly chain: AuditChain) {}

  @Get()
  @RequireScopes('audit')
  @ApiOperation({ summary: 'Whether the audit trail stands as it was written.' })
  @ApiOkResponse({ type: VerificationView })
  verify(): Promise<VerificationView> {
    return this.chain.verify();
  }
}
