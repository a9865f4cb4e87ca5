import { Injectable } from '@nestjs/common';
import { AuditChain } from '../access/index.js';
import { SECOND } from '../shared/index.js';
import { JobLoops } from './job-loops.queue.js';

const SEALED_EVERY = 10 * SECOND;

/** Seals the audit trail in the background. */
@Injectable()
export class AuditSealing extends JobLoops {
  constructor(chain: AuditChain) {
    super('audit');
    this.every(SEALED_EVERY, async () => void (await chain.seal()));
  }
}
