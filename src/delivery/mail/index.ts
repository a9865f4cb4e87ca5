export { htmlOf, type MailContent, textOf, withTouchInLinks } from './mail-layout.js';
export { FileMailer } from './file-mailer.fs.js';
export { SmtpMailer } from './smtp-mailer.smtp.js';
