import {
  Controller,
  Get,
  Header,
  HttpCode,
  HttpStatus,
  type OnModuleInit,
  Param,
  Post,
  Res,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Accounts, Catalogues } from '../../catalogue/index.js';
import { ConsentLedger, type LinkSubject, PreferenceLinks, unsubscribing } from '../../consent/index.js';
import { RecordConsent } from '../../workflows/index.js';
import { PAGE_POLICY } from '../http/html-page.js';
import { Open } from '../http/scopes.js';
import { unsubscribePage, type UnsubscribeStage } from './unsubscribe-page.js';

const HTML = 'text/html; charset=utf-8';

/**
 * The link in every mail to a customer (RFC 8058): a POST, by a mail program or by the button, withdraws at once, without
 * signing in and without a redirect; a GET, which programs make by themselves to look at links, only shows the button.
 */
@ApiExcludeController()
@Controller('u')
export class UnsubscribeController implements OnModuleInit {
  constructor(
    private readonly links: PreferenceLinks,
    private readonly ledger: ConsentLedger,
    private readonly record: RecordConsent,
    private readonly accounts: Accounts,
    private readonly catalogues: Catalogues,
    private readonly adapter: HttpAdapterHost,
  ) {}

  /** The one field may come as a form with parts; the link alone says all. */
  onModuleInit(): void {
    const server = this.adapter.httpAdapter?.getInstance<FastifyInstance | undefined>();
    if (!server || server.hasContentTypeParser('multipart/form-data')) return;
    server.addContentTypeParser('multipart/form-data', (_request, payload, done) => {
      payload.resume().on('end', () => done(null, {}));
    });
  }

  @Get(':token')
  @Open()
  @Header('content-type', HTML)
  @Header('content-security-policy', PAGE_POLICY)
  @Header('cache-control', 'no-store')
  @Header('referrer-policy', 'no-referrer')
  async show(
    @Param('token') token: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.page(token, 'ask', reply);
  }

  @Post(':token')
  @Open()
  @HttpCode(HttpStatus.OK)
  @Header('content-type', HTML)
  @Header('content-security-policy', PAGE_POLICY)
  @Header('cache-control', 'no-store')
  async unsubscribe(
    @Param('token') token: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const subject = this.links.read(token);
    if (subject) await this.withdraw(subject);
    return this.page(token, 'done', reply);
  }

  private async withdraw(subject: LinkSubject): Promise<void> {
    const { contactId } = subject;
    const { channels } = await this.catalogues.current();
    const statements = unsubscribing(subject, channels, await this.ledger.ofContact(contactId));
    if (statements.length > 0) await this.record.all(contactId, statements, `contact ${contactId}`);
  }

  private async page(token: string, stage: UnsubscribeStage, reply: FastifyReply): Promise<string> {
    const subject = this.links.read(token);
    if (!subject) {
      void reply.status(HttpStatus.NOT_FOUND);
      return unsubscribePage('unknown', null);
    }
    return unsubscribePage(stage, await this.localeOf(subject));
  }

  private async localeOf({ contactId }: LinkSubject): Promise<string | null> {
    const accountId = (await this.accounts.accountsOf([contactId])).get(contactId);
    const [dossier] = accountId === undefined ? [] : await this.accounts.dossiers([accountId]);
    const contact = dossier?.contacts.find((one) => one.contactId === contactId);
    return contact?.locale ?? dossier?.account.locale ?? null;
  }
}
