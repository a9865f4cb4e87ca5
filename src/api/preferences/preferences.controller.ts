import {
  Body,
  Controller,
  Get,
  Headers,
  HttpStatus,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Accounts, Catalogues, type ContactId } from '../../catalogue/index.js';
import { CONFIG, type Config } from '../../config.js';
import { PreferenceLinks, type Preferences, type PreferencesSubject } from '../../consent/index.js';
import { Clock } from '../../shared/index.js';
import { ChangePreferences } from '../../workflows/index.js';
import { type PageLanguage, pageLanguage, pageLanguages, sendPage } from '../http/html-page.js';
import { asksForPrivacy } from '../http/privacy-signal.js';
import { Open } from '../http/scopes.js';
import { addresseeOf } from './addressee.js';
import { isEmpty, readForm, shownChoices } from './preferences-form.js';
import { choiceInWords, noPreferencesPage, preferencesPage, type Told } from './preferences-page.js';

/** A reader of the page, as far as its words depend on her. */
interface Reader {
  subject: PreferencesSubject;
  language: PageLanguage;
  timeZone: string;
  /** Her browser asks for Global Privacy Control. */
  signals: boolean;
}

/**
 * The page behind "Manage what you get" in every mail: whoever has the link, has it from us. A GET, which programs make by
 * themselves to look at links, changes nothing but what the browser itself asks for (`Sec-GPC`): a "no", once.
 */
@ApiExcludeController()
@Controller('preferences')
export class PreferencesController {
  constructor(
    private readonly links: PreferenceLinks,
    private readonly preferences: ChangePreferences,
    private readonly accounts: Accounts,
    private readonly catalogues: Catalogues,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get(':token')
  @Open()
  async show(
    @Param('token') token: string,
    @Query('language') asked: unknown,
    @Headers('accept-language') accepted: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const reader = await this.readerOf(token, asked, accepted, reply, asksForPrivacy(request));
    if (reader?.signals) await this.preferences.honourSignal(reader.subject.contactId, 'preference page');
    const preferences = reader && (await this.preferences.show(reader.subject.contactId));
    if (!reader) return;
    if (!preferences) return this.refuse(reply, reader.language, 'unknown');
    await this.page(reply, HttpStatus.OK, reader, preferences, null);
  }

  @Post(':token')
  @Open()
  async save(
    @Param('token') token: string,
    @Query('language') asked: unknown,
    @Headers('accept-language') accepted: string | undefined,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const reader = await this.readerOf(token, asked, accepted, reply, asksForPrivacy(request));
    const known = reader && (await this.preferences.show(reader.subject.contactId));
    if (!reader) return;
    if (!known) return this.refuse(reply, reader.language, 'unknown');
    const told = await this.change(reader, known, body);
    const after = told.kind === 'wrong' ? known : await this.preferences.show(reader.subject.contactId);
    const status = told.kind === 'wrong' ? HttpStatus.UNPROCESSABLE_ENTITY : HttpStatus.OK;
    await this.page(reply, status, reader, after ?? known, told);
  }

  private async change({ subject, language }: Reader, known: Preferences, body: unknown): Promise<Told> {
    const change = readForm(body, known);
    if (!change) return { kind: 'wrong', ...NOTHING };
    if (isEmpty(change)) return { kind: 'unchanged', ...NOTHING };
    const { channels } = await this.catalogues.current();
    const changed = await this.preferences.change(subject.contactId, change, shownChoices(known), {
      proof:
        subject.touchId === null ? 'preference page' : `preference page, link in touch ${subject.touchId}`,
      wordingOf: (choice, isAllowed) => choiceInWords(choice, isAllowed, channels, language),
    });
    if (!changed) return { kind: 'unchanged', ...NOTHING };
    const { cancelledTouches, withdrawnSuggestions, inFlight, onTheirWay } = changed;
    // the suggestion of a touch goes with it, and is no second thing to her
    const ofTouches = cancelledTouches.length + inFlight.length;
    return {
      kind: change.stopEverything ? 'stopped-all' : 'saved',
      cancelled: cancelledTouches.length,
      withdrawn: Math.max(0, withdrawnSuggestions.length - ofTouches),
      onTheirWay,
    };
  }

  /** Null when the link opens nothing; then it has been answered. */
  private async readerOf(
    token: string,
    asked: unknown,
    accepted: string | undefined,
    reply: FastifyReply,
    signals: boolean,
  ): Promise<Reader | null> {
    const subject = this.links.readPreferences(token);
    const { locale, timeZone } = await this.addressee(subject?.contactId);
    const language = pageLanguages.find((known) => known === asked) ?? pageLanguage(accepted, locale);
    if (subject && subject.until > this.clock.now())
      return { subject, language, timeZone: timeZone ?? this.config.timeZone, signals };
    this.refuse(reply, language, subject ? 'expired' : 'unknown');
    return null;
  }

  private async addressee(contactId: ContactId | undefined): ReturnType<typeof addresseeOf> {
    return contactId ? addresseeOf(this.accounts, contactId) : { locale: null, timeZone: null };
  }

  private refuse(reply: FastifyReply, language: PageLanguage, why: 'unknown' | 'expired'): void {
    const status = why === 'expired' ? HttpStatus.GONE : HttpStatus.NOT_FOUND;
    sendPage(reply, status, noPreferencesPage(language, why));
  }

  private async page(
    reply: FastifyReply,
    status: HttpStatus,
    { language, timeZone, signals }: Reader,
    preferences: Preferences,
    told: Told | null,
  ): Promise<void> {
    const { channels } = await this.catalogues.current();
    sendPage(reply, status, preferencesPage({ language, timeZone, channels, preferences, told, signals }));
  }
}

const NOTHING: Pick<Told, 'cancelled' | 'withdrawn' | 'onTheirWay'> = {
  cancelled: 0,
  withdrawn: 0,
  onTheirWay: [],
};
