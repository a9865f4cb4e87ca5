import { Controller, Get, HttpStatus, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DigestLinks, DigestSettings } from '../../delivery/index.js';
import { Clock } from '../../shared/index.js';
import { sendPage } from '../http/html-page.js';
import { Open } from '../http/scopes.js';
import { digestOffPage } from './digest-off-page.js';

/**
 * The link in every digest (RFC 8058): a POST, by a mail program or by the button, switches it off at once, without signing
 * in and without a redirect; a GET, which programs make by themselves to look at links, only shows the button.
 */
@ApiExcludeController()
@Controller('digest-off')
export class DigestOffController {
  constructor(
    private readonly links: DigestLinks,
    private readonly settings: DigestSettings,
    private readonly clock: Clock,
  ) {}

  @Get(':token')
  @Open()
  async show(@Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(token, 'ask', reply);
  }

  @Post(':token')
  @Open()
  async switchOff(@Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(token, 'done', reply);
  }

  private async answer(token: string, stage: 'ask' | 'done', reply: FastifyReply): Promise<void> {
    const subject = this.links.read(token);
    const reader = subject && (await this.settings.find(subject.memberId));
    if (!reader) return sendPage(reply, HttpStatus.NOT_FOUND, digestOffPage('unknown', null));
    if (stage === 'done') {
      const { memberId, setting } = reader;
      const by = `link in digest ${subject.period}`;
      await this.settings.save(memberId, { cadence: 'off', hour: setting.hour }, by, this.clock.now());
    }
    sendPage(reply, HttpStatus.OK, digestOffPage(stage, reader.locale));
  }
}
