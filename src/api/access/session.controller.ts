import { Controller, Delete, Get, HttpCode, HttpStatus, Inject, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, type Scope, scopes, Sessions } from '../../access/index.js';
import { CatalogueReader, type TeamMember } from '../../catalogue/index.js';
import { CONFIG, type Config } from '../../config.js';
import { conflict } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { clearSessionCookie } from '../http/session-cookie.js';

class SessionMember {
  @ApiProperty() memberId!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ type: String, nullable: true }) timeZone!: string | null;
  @ApiProperty({ type: String, nullable: true }) locale!: string | null;
}

class SessionView {
  @ApiProperty({
    type: SessionMember,
    nullable: true,
    description: 'Null: the operator, or a key that is bound to nobody.',
  })
  member!: SessionMember | null;

  @ApiProperty({ type: String, nullable: true })
  role!: string | null;

  @ApiProperty({ enum: [...scopes], isArray: true })
  scopes!: readonly Scope[];

  @ApiProperty({ enum: ['session', 'key'] })
  by!: 'session' | 'key';

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Moves on with use.' })
  expiresAt!: Date | null;
}

@ApiTags('access')
@Controller('api/v1/session')
export class SessionController {
  constructor(
    private readonly sessions: Sessions,
    private readonly catalogue: CatalogueReader,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @RequireScopes(...scopes)
  @ApiOperation({ summary: 'Who calls: the member, the role and what it may do.' })
  @ApiOkResponse({ type: SessionView })
  async show(@CurrentCaller() caller: Caller): Promise<SessionView> {
    const member =
      caller.memberId === null ? undefined : await this.catalogue.find('team-members', caller.memberId);
    return {
      member: member ? memberView(member) : null,
      role: caller.role,
      scopes: caller.scopes,
      by: caller.session ? 'session' : 'key',
      expiresAt: caller.session?.expiresAt ?? null,
    };
  }

  @Delete()
  @HttpCode(HttpStatus.NO_CONTENT)
  @RequireScopes(...scopes)
  @ApiOperation({ summary: 'Sign out.' })
  @ApiNoContentResponse()
  async signOut(
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    if (!caller.session)
      throw conflict('You called with a key. Revoke it with: npm run nba -- keys revoke <keyId>');
    await this.sessions.end(caller.keyId, caller.memberId ?? caller.keyId);
    clearSessionCookie(request, reply, this.config.publicUrl);
  }
}

function memberView({ memberId, name, timeZone, locale }: TeamMember): SessionMember {
  return { memberId, name, timeZone, locale };
}
