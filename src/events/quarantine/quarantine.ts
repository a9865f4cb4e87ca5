import type { Id, Json } from '../../shared/index.js';

export type QuarantineId = Id<'quarantine'>;

/** In which vocabulary an item came. */
export type ItemFormat = 'native' | 'segment';

/** An item that was set aside: as it came, where it is wrong, and how to mend it. */
export interface SetAside {
  quarantineId: QuarantineId;
  receivedAt: Date;
  format: ItemFormat;
  source: string;
  recordedBy: string;
  fromBrowser: boolean;
  /** Null: too big to be kept; it can only be sent anew. */
  item: Json | null;
  pointer: string;
  reason: string;
  tries: number;
}

export interface QuarantineQuery {
  ids?: readonly QuarantineId[];
  after?: { receivedAt: Date; quarantineId: QuarantineId };
  limit: number;
}

/** Items that were refused, kept until somebody has mended the cause. */
export abstract class Quarantine {
  /** The same item sent again is kept once, with its newest reason. */
  abstract setAside(items: readonly Omit<SetAside, 'tries'>[], at: Date): Promise<void>;
  /** Oldest first. */
  abstract page(query: QuarantineQuery): Promise<SetAside[]>;
  abstract remove(ids: readonly QuarantineId[]): Promise<void>;
}
