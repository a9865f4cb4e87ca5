import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Caller, Scope } from '../../access/index.js';

export const REQUIRED_SCOPES = 'nba:scopes';

/** The caller needs one of these scopes (`admin` has all). A route without it is closed; `Open()` opens one to everybody. */
export const RequireScopes = (...scopes: Scope[]) => SetMetadata(REQUIRED_SCOPES, scopes);

/** The route counts its callers itself. */
export const OWN_RATE_LIMIT = 'nba:own-rate-limit';

export const OPEN_ROUTE = 'nba:open';
export const Open = () => SetMetadata(OPEN_ROUTE, true);

/** The authenticated caller of this request. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const caller = context.switchToHttp().getRequest<{ caller?: Caller }>().caller;
  if (!caller) throw new Error('CurrentCaller on a route without authentication');
  return caller;
});
