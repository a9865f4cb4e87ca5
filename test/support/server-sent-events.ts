import { get, type IncomingMessage } from 'node:http';

export interface ServerSentEvent {
  id: string;
  event: string;
  data: unknown;
}

export interface OpenStream {
  headers: Headers;
  /** What came so far. */
  events: ServerSentEvent[];
  /** As a browser keeps it. */
  readonly lastEventId: string;
  /** Settles when the server ends the stream. */
  ended: Promise<void>;
  /** Begins to read, where it was opened without. */
  read(): void;
  /** Leaves, as a lost connection does. */
  close(): Promise<void>;
}

/** Reads a stream of server-sent events as a browser does, as far as the tests need it. */
export class EventReader {
  constructor(
    private readonly url: string,
    /** Who reads: a key's `authorization` or a session's `cookie`. */
    private readonly credentials: Record<string, string>,
  ) {}

  async open(
    lastEventId?: string,
    how: 'header' | 'query' = 'header',
    { reads = true }: { reads?: boolean } = {},
  ): Promise<OpenStream> {
    const url = new URL(this.url);
    const headers: Record<string, string> = { ...this.credentials };
    if (lastEventId !== undefined && how === 'query') url.searchParams.set('lastEventId', lastEventId);
    if (lastEventId !== undefined && how === 'header') headers['last-event-id'] = lastEventId;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(url, { headers, agent: false }, resolve).on('error', reject);
    });
    if (response.statusCode !== 200) throw new Error(`the stream answered ${response.statusCode}`);
    const parsed = new ParsedStream(lastEventId ?? '');
    const ended = new Promise<void>((resolve) => {
      response.on('close', () => resolve());
      response.on('error', () => resolve());
    });
    const read = (): void => void response.on('data', (piece: Buffer) => parsed.take(piece.toString()));
    const opened = new Promise<void>((resolve) => {
      parsed.whenOpened = resolve;
    });
    if (reads) {
      read();
      await Promise.race([opened, ended]);
    }
    return {
      headers: new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
      events: parsed.events,
      get lastEventId() {
        return parsed.lastEventId;
      },
      ended,
      read,
      close: async () => {
        response.destroy();
        await ended;
      },
    };
  }
}

class ParsedStream {
  readonly events: ServerSentEvent[] = [];
  whenOpened: () => void = () => undefined;
  private rest = '';

  constructor(public lastEventId: string) {}

  take(piece: string): void {
    const blocks = (this.rest + piece).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) this.takeBlock(block);
  }

  private takeBlock(block: string): void {
    const fields = new Map(
      block.split('\n').map((line): [string, string] => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
      }),
    );
    this.lastEventId = fields.get('id') ?? this.lastEventId;
    const data = fields.get('data');
    if (data !== undefined) {
      this.events.push({
        id: this.lastEventId,
        event: fields.get('event') ?? 'message',
        data: JSON.parse(data) as unknown,
      });
    }
    this.whenOpened();
  }
}

const LONGEST_MILLISECONDS = 20_000;
const EVERY_MILLISECONDS = 10;

/** Tries a check until it holds; after 20 seconds its failure is the test's. */
export async function eventually(check: () => void | Promise<void>): Promise<void> {
  const deadline = performance.now() + LONGEST_MILLISECONDS;
  for (;;) {
    try {
      await check();
      return;
    } catch (cause) {
      if (performance.now() > deadline) throw cause;
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY_MILLISECONDS));
  }
}
