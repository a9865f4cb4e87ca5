import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { Frame } from '../../delivery/index.js';
import { SECOND } from '../../shared/index.js';

const HEARTBEAT_EVERY = 15 * SECOND;
/** How long a key or session that was revoked may still be told. */
const ASKED_AGAIN_EVERY = 5 * SECOND;
/** Who takes nothing for so long is let go, and may come back with its Last-Event-ID. */
const LONGEST_STALL = 60 * SECOND;
/** After a lost connection clients come back in this time. */
const RETRY_MILLISECONDS = 2 * SECOND;

export interface Surroundings {
  /** Aborted when the client leaves; aborting it ends the stream. */
  ended: AbortController;
  /** Aborted when the service stops. */
  closed: AbortSignal;
  /** Whether the caller may go on reading. */
  isStillWelcome: () => Promise<boolean>;
  /** Told when reading failed: the stream ends then, and the client comes back. */
  failed: (cause: unknown) => void;
}

/** Writes frames as server-sent events until the client leaves or the frames end, at the client's own pace. */
export async function sendFrames(
  frames: AsyncGenerator<Frame, void>,
  reply: FastifyReply,
  surroundings: Surroundings,
): Promise<void> {
  const { ended, closed, failed } = surroundings;
  const out = begin(reply);
  out.on('close', () => ended.abort());
  out.on('error', () => ended.abort());
  const stopWatching = watch(out, surroundings);
  try {
    for await (const frame of frames) {
      if (!(await write(out, eventText(frame), closed))) break;
    }
  } catch (cause) {
    failed(cause);
  } finally {
    stopWatching();
    ended.abort();
    out.end();
  }
}

function begin(reply: FastifyReply): ServerResponse {
  reply.hijack();
  const out = reply.raw;
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) out.setHeader(name, value);
  }
  return out.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
}

/** Keeps the connection alive, and ends it when its caller may not read any more. Gives what stops this. */
function watch(out: ServerResponse, { ended, isStillWelcome }: Surroundings): () => void {
  const heartbeat = setInterval(() => {
    if (!out.writableNeedDrain) out.write(': heartbeat\n\n');
  }, HEARTBEAT_EVERY);
  const asking = setInterval(() => {
    isStillWelcome().then(
      (welcome) => {
        if (!welcome) ended.abort();
      },
      // whether it may go on is not known: it comes back and is asked anew
      () => ended.abort(),
    );
  }, ASKED_AGAIN_EVERY);
  return () => {
    clearInterval(heartbeat);
    clearInterval(asking);
  };
}

/** False when the client is gone or takes nothing any more. */
async function write(out: ServerResponse, text: string, closed: AbortSignal): Promise<boolean> {
  if (out.destroyed) return false;
  if (out.write(text)) return true;
  const patience = new AbortController();
  const gone = (): void => patience.abort();
  const timer = setTimeout(gone, LONGEST_STALL);
  out.once('close', gone);
  try {
    await once(out, 'drain', { signal: AbortSignal.any([patience.signal, closed]) });
    return true;
  } catch {
    out.destroy();
    return false;
  } finally {
    clearTimeout(timer);
    out.off('close', gone);
  }
}

/** A frame as text/event-stream. A position has no data: clients remember its id and are told nothing. */
function eventText(frame: Frame): string {
  switch (frame.kind) {
    case 'position':
      return `: open\nretry: ${RETRY_MILLISECONDS}\nid: ${frame.sequence}\n\n`;
    case 'resync':
      return `id: ${frame.sequence}\nevent: resync\ndata: {"reason":"some events cannot be replayed"}\n\n`;
    case 'entry':
      return `id: ${frame.sequence}\nevent: ${frame.event}\ndata: ${frame.data}\n\n`;
  }
}
