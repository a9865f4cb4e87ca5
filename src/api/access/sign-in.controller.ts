import { Body, Controller, Get, Headers, HttpStatus, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Sessions, SignInLinks } from '../../access/index.js';
import { CONFIG, type Config } from '../../config.js';
import { TextField } from '../http/fields.js';
import { pageLanguage, sendPage } from '../http/html-page.js';
import { isOwnRequest } from '../http/own-origin.js';
import { forbidden } from '../http/problem.js';
import { Open } from '../http/scopes.js';
import { setSessionCookie } from '../http/session-cookie.js';
import { invalidLinkPage, signInPage } from './sign-in-page.js';

const LONGEST_TOKEN = 100;

class TokenQuery {
  @TextField({ max: LONGEST_TOKEN, optional: true })
  token: string = '';
}

/** Lets people in by a link. Looking at the link changes nothing; only the button uses it up. */
@ApiExcludeController()
@Controller('sign-in')
export class SignInController {
  constructor(
    private readonly links: SignInLinks,
    private readonly sessions: Sessions,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @Open()
  async page(
    @Query() { token }: TokenQuery,
    @Headers('accept-language') language: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const invited = await this.links.peek(token);
    if (!invited) return this.refuse(reply, language);
    html(reply, HttpStatus.OK, signInPage(pageLanguage(language), invited.name, token));
  }

  @Post()
  @Open()
  async signIn(
    @Body() { token }: TokenQuery,
    @Headers('accept-language') language: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    // another site must not sign its visitor in as somebody else; what is not a browser has no such visitor
    const fromBrowser = 'sec-fetch-site' in request.headers || 'origin' in request.headers;
    if (fromBrowser && !isOwnRequest(request, this.config.publicUrl))
      throw forbidden('Open the sign-in link itself and press its button.');
    const begun = await this.sessions.begin(token);
    if (!begun) return this.refuse(reply, language);
    setSessionCookie(request, reply, this.config.publicUrl, begun.token);
    reply.header('cache-control', 'no-store').redirect('/', HttpStatus.SEE_OTHER);
  }

  private refuse(reply: FastifyReply, language: string | undefined): void {
    html(reply, HttpStatus.GONE, invalidLinkPage(pageLanguage(language)));
  }
}

/** The form's own origin is told: it is what the POST is judged by. */
function html(reply: FastifyReply, status: HttpStatus, page: string): void {
  sendPage(reply, status, page, 'same-origin');
}
