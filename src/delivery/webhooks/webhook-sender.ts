/** One POST to a receiver. */
export interface WebhookRequest {
  url: string;
  headers: Readonly<Record<string, string>>;
  /** JSON text, or bytes of another type that the headers name; sent as it is. */
  body: string | Uint8Array;
  /** Ends the attempt, as stopping the service does. */
  signal: AbortSignal;
}

export type WebhookAnswer = { durationMilliseconds: number } & (
  | {
      kind: 'answered';
      status: number;
      /** `Retry-After`, as it came. */
      retryAfter: string | undefined;
      /** First characters of the body. */
      text: string;
    }
  | {
      /**
       * `timeout`: not answered whole in time. `refused`: never sent, the address is not public. `broken`: the
       * connection. `stopped`: by the signal.
       */
      kind: 'timeout' | 'refused' | 'broken' | 'stopped';
      because: string;
    }
);

/** Calls a receiver. Never throws for what a receiver, its name or its network does; never follows a redirect. */
export abstract class WebhookSender {
  abstract send(request: WebhookRequest): Promise<WebhookAnswer>;
}
