import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

type Chunks = AsyncIterable<Buffer>;

async function* chained(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** Reads until `enough` holds or the body ends; gives what was read and the whole again. */
async function peek(
  chunks: Chunks,
  enough: (seen: Buffer) => boolean,
): Promise<{ seen: Buffer; whole: Chunks }> {
  const rest = chunks[Symbol.asyncIterator]();
  let seen: Buffer = Buffer.alloc(0);
  while (!enough(seen)) {
    const next = await rest.next();
    if (next.done) break;
    seen = Buffer.concat([seen, next.value]);
  }
  return { seen, whole: chained(seen, rest) };
}

const isGzip = (bytes: Buffer): boolean => bytes.readUInt8(0) === 0x1f && bytes.readUInt8(1) === 0x8b;

/** The bytes of a body, unpacked when they are gzip, whatever its headers call them. */
export async function unpacked(body: Readable): Promise<Chunks> {
  const { seen, whole } = await peek(body as Chunks, (bytes) => bytes.length >= 2);
  if (seen.length < 2 || !isGzip(seen)) return whole;
  // A failure destroys the last stream, so that who reads it gets the failure.
  return pipeline(Readable.from(whole), createGunzip(), () => undefined);
}

type RowFormat = 'ndjson' | 'csv';

const LOOK_AHEAD_BYTES = 4096;
/** Blanks and the bytes of a byte-order mark, of which only some may have come yet. */
const BLANK = /^[\s\xEF\xBB\xBF]*$/;
const OBJECT_OR_LIST = /^[\s\xEF\xBB\xBF]*[[{]/;

/** What the content type says; where it says gzip, what the first character shows: an object begins with {. */
export async function formatOf(
  contentType: string,
  chunks: Chunks,
): Promise<{ format: RowFormat; whole: Chunks }> {
  if (contentType.startsWith('text/csv')) return { format: 'csv', whole: chunks };
  if (/json/.test(contentType)) return { format: 'ndjson', whole: chunks };
  const { seen, whole } = await peek(
    chunks,
    (bytes) => bytes.length >= LOOK_AHEAD_BYTES || !BLANK.test(bytes.toString('latin1')),
  );
  return { format: OBJECT_OR_LIST.test(seen.toString('latin1')) ? 'ndjson' : 'csv', whole };
}
