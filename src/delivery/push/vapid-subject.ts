/** How a push service can reach whoever sends (RFC 8292, 2.1): our own address over TLS, else the sender of our mail. */
export function vapidSubject({
  publicUrl,
  mailFrom,
}: {
  publicUrl: string | null;
  mailFrom: string;
}): string {
  if (publicUrl?.startsWith('https:')) return publicUrl;
  return `mailto:${/<([^<>]+)>\s*$/.exec(mailFrom)?.[1] ?? mailFrom}`;
}
