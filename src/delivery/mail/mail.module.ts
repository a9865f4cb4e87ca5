import { resolve } from 'node:path';
import { Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { type Config, CONFIG } from '../../config.js';
import { Mailer } from '../mailer.js';
import { FileMailer } from './file-mailer.fs.js';
import { SmtpMailer } from './smtp-mailer.smtp.js';

/** Mail goes to the configured server, else into files. */
@Module({
  providers: [
    {
      provide: Mailer,
      inject: [CONFIG],
      useFactory: ({ smtpUrl, mailFrom, home, role }: Config): Mailer => {
        if (smtpUrl !== null) return new SmtpMailer({ url: smtpUrl, from: mailFrom });
        const folder = resolve(home ?? '.nba', 'mail');
        if (role !== 'api') new Logger('mail').log(`no NBA_SMTP_URL: mails are left as files in ${folder}`);
        return new FileMailer(folder, mailFrom);
      },
    },
  ],
  exports: [Mailer],
})
export class MailModule implements OnApplicationShutdown {
  constructor(@Inject(Mailer) private readonly mailer: Mailer) {}

  onApplicationShutdown(): void {
    if (this.mailer instanceof SmtpMailer) this.mailer.close();
  }
}
