import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { AuditChain } from '../access/index.js';
import { SECOND } from '../shared/index.js';
import { WakefulLoop } from './wakeful-loop.js';

const SEALED_EVERY = 10 * SECOND;

/** Seals the audit trail in the background. */
@Injectable()
export class AuditSealing implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('audit');
  private readonly loop: WakefulLoop;

  constructor(chain: AuditChain) {
    this.loop = new WakefulLoop({
      work: async () => void (await chain.seal()),
      everyMilliseconds: SEALED_EVERY,
      failed: (cause) => this.log.error(cause),
    });
  }

  onApplicationBootstrap(): void {
    this.loop.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }
}
