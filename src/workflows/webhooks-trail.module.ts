import { Global, Module } from '@nestjs/common';
import { AccessModule, AuditTrail } from '../access/index.js';
import { EndpointTrail } from '../delivery/index.js';

/** Changes of webhook endpoints stand in the audit trail: filled here for delivery, which declares it. */
@Global()
@Module({
  imports: [AccessModule],
  providers: [{ provide: EndpointTrail, useExisting: AuditTrail }],
  exports: [EndpointTrail],
})
export class WebhooksTrailModule {}
