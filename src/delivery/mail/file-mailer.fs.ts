import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { type Mail, Mailer, type MailReceipt } from '../mailer.js';
import { mailOptions } from './mail-headers.js';

/** Leaves every mail as a file `<mailId>.eml`, as a mail program opens it, where no server is configured. */
export class FileMailer extends Mailer {
  private readonly transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

  constructor(
    private readonly folder: string,
    private readonly from: string,
  ) {
    super();
  }

  async send(mail: Mail): Promise<MailReceipt> {
    const { message } = await this.transport.sendMail(mailOptions(mail, this.from));
    try {
      await this.leave(encodeURIComponent(mail.mailId), message as Buffer);
      return { status: 'accepted' };
    } catch (cause) {
      const because = cause instanceof Error ? cause.message : String(cause);
      return { status: 'refused', because, permanent: false };
    }
  }

  private async leave(name: string, message: Buffer): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const half = join(this.folder, `.${name}.half`);
    await writeFile(half, message, { mode: 0o600 });
    await rename(half, join(this.folder, `${name}.eml`));
  }
}
