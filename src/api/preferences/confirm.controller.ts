import { Controller, Get, Headers, HttpStatus, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Accounts, Catalogues } from '../../catalogue/index.js';
import { type ConfirmationSubject, ConsentLedger, PreferenceLinks } from '../../consent/index.js';
import { Clock } from '../../shared/index.js';
import { ChangePreferences } from '../../workflows/index.js';
import { type PageLanguage, pageLanguage, sendPage } from '../http/html-page.js';
import { Open } from '../http/scopes.js';
import { addresseeOf } from './addressee.js';
import { confirmPage, type ConfirmStage } from './confirm-page.js';
import { factInWords } from './preferences-page.js';

const STATUS: Record<ConfirmStage, HttpStatus> = {
  ask: HttpStatus.OK,
  confirmed: HttpStatus.OK,
  'refused-since': HttpStatus.CONFLICT,
  lapsed: HttpStatus.GONE,
  unknown: HttpStatus.NOT_FOUND,
};

/** Double opt-in: the link in the mail shows a button, and only the button confirms. */
@ApiExcludeController()
@Controller('confirm')
export class ConfirmController {
  constructor(
    private readonly links: PreferenceLinks,
    private readonly preferences: ChangePreferences,
    private readonly ledger: ConsentLedger,
    private readonly accounts: Accounts,
    private readonly catalogues: Catalogues,
    private readonly clock: Clock,
  ) {}

  @Get(':token')
  @Open()
  async show(
    @Param('token') token: string,
    @Headers('accept-language') accepted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { subject, language } = await this.readerOf(token, accepted);
    if (!subject) return this.answer(reply, language, 'unknown');
    const standing = await this.preferences.confirmable(subject.contactId, subject.consentId);
    if (standing !== 'open') return this.answer(reply, language, standing);
    if (subject.until <= this.clock.now()) return this.answer(reply, language, 'lapsed');
    return this.answer(reply, language, 'ask', await this.wordingOf(subject, language));
  }

  @Post(':token')
  @Open()
  async confirm(
    @Param('token') token: string,
    @Headers('accept-language') accepted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { subject, language } = await this.readerOf(token, accepted);
    if (!subject) return this.answer(reply, language, 'unknown');
    if (subject.until <= this.clock.now()) return this.answer(reply, language, 'lapsed');
    const wording = (await this.wordingOf(subject, language)) ?? '';
    const standing = await this.preferences.confirm(subject.contactId, subject.consentId, wording);
    return this.answer(reply, language, standing === 'open' ? 'unknown' : standing);
  }

  private async readerOf(
    token: string,
    accepted: string | undefined,
  ): Promise<{ subject: ConfirmationSubject | null; language: PageLanguage }> {
    const subject = this.links.readConfirmation(token);
    const locale = subject ? (await addresseeOf(this.accounts, subject.contactId)).locale : null;
    return { subject, language: pageLanguage(accepted, locale) };
  }

  /** What she agreed to, as it was recorded, else in words of ours. */
  private async wordingOf(
    { contactId, consentId }: ConfirmationSubject,
    language: PageLanguage,
  ): Promise<string | null> {
    const facts = await this.ledger.ofContact(contactId);
    const pending = facts.find((fact) => fact.consentId === consentId);
    const { channels } = await this.catalogues.current();
    return pending ? (pending.wording ?? factInWords(pending, channels, language)) : null;
  }

  private answer(
    reply: FastifyReply,
    language: PageLanguage,
    stage: ConfirmStage,
    wording: string | null = null,
  ): void {
    sendPage(reply, STATUS[stage], confirmPage(language, stage, wording));
  }
}
