import { Global, Module } from '@nestjs/common';
import { AccessModule, AuditTrail } from '../access/index.js';
import { CatalogueTrail } from '../catalogue/index.js';

/** Changes of the catalogue stand in the audit trail: filled here for the catalogue, which declares it. */
@Global()
@Module({
  imports: [AccessModule],
  providers: [{ provide: CatalogueTrail, useExisting: AuditTrail }],
  exports: [CatalogueTrail],
})
export class CatalogueTrailModule {}
