import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Open } from '../http/scopes.js';

/** When the way in which the signal is obeyed last changed. */
const LAST_UPDATE = '2026-11-22';

/** What a site says about itself to browsers: that it obeys Global Privacy Control. */
@ApiExcludeController()
@Controller('.well-known')
export class WellKnownController {
  @Get('gpc.json')
  @Open()
  @Header('access-control-allow-origin', '*')
  privacyControl(): { gpc: true; lastUpdate: string } {
    return { gpc: true, lastUpdate: LAST_UPDATE };
  }
}
