import { SetMetadata } from '@nestjs/common';
import { OWN_RATE_LIMIT } from '../http/scopes.js';

/** Ingestion has a limit of its own (`IngestGate`), so the general one per caller is skipped. */
export const OwnRateLimit = () => SetMetadata(OWN_RATE_LIMIT, true);
