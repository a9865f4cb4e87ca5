import { createHash } from 'node:crypto';
import type { Transaction } from '../shared/index.js';

/** What whom-it-was-about becomes when it is erased. */
export const ERASED_SUBJECT = '(erased)';

/** Hexadecimal SHA-256 with which the chain begins. */
const BEGINNING = createHash('sha256').update('nba audit trail').digest();

/** Salted digest of an entry: without the salt nobody can try out what an erased entry said. */
export function entryDigest(salt: Buffer, content: string): Buffer {
  return createHash('sha256').update(salt).update(content).digest();
}

/** Seal of an entry: SHA-256 of the seal before it, its position and id, and its digest. */
export function sealOf(
  before: Buffer | null,
  { position, entryId }: { position: number; entryId: number },
  digest: Buffer,
): Buffer {
  return createHash('sha256')
    .update(before ?? BEGINNING)
    .update(`${position} ${entryId} `)
    .update(digest)
    .digest();
}

/** A seal beside the entry that it stands for. */
export interface SealedEntry {
  /** 1, 2, 3, …: the order of sealing. */
  position: number;
  entryId: number;
  /** Null once the entry was erased. */
  salt: Buffer | null;
  digest: Buffer;
  seal: Buffer;
  /** The entry as text; null when it is not there. */
  content: string | null;
  erased: boolean;
}

export interface ChainProblem {
  position: number;
  entryId: number;
  problem: 'entry changed' | 'entry missing' | 'seal does not follow' | 'seal missing';
}

/** Says what is wrong with the next seal; undefined when it stands. */
export function checkSeal(
  next: SealedEntry,
  before: { position: number; seal: Buffer | null },
): ChainProblem | undefined {
  const { position, entryId } = next;
  const wrong = (problem: ChainProblem['problem']): ChainProblem => ({ position, entryId, problem });
  if (position !== before.position + 1) return wrong('seal missing');
  if (!sealOf(before.seal, next, next.digest).equals(next.seal)) return wrong('seal does not follow');
  if (next.content === null) return wrong('entry missing');
  // an erased entry says nothing any more: its digest still stands in the chain
  if (next.salt === null) return next.erased ? undefined : wrong('entry changed');
  if (!entryDigest(next.salt, next.content).equals(next.digest)) return wrong('entry changed');
  return undefined;
}

export interface Verification {
  intact: boolean;
  /** Entries under a seal, those of them that were erased, and those that wait for the sealer. */
  sealed: number;
  erased: number;
  unsealed: number;
  /** The newest seal: keep it elsewhere, and a trail that was cut off behind it shows too. */
  head: { position: number; seal: string } | null;
  /** The first place where the chain is broken. */
  broken: ChainProblem | null;
}

/** The hash chain over the audit trail. */
export abstract class AuditChain {
  /** Seals what was recorded; gives how many. One sealer at a time: another one at work means 0. */
  abstract seal(): Promise<number>;
  /** Walks the whole chain. */
  abstract verify(): Promise<Verification>;
  /** Takes away whom entries were about and their detail; the chain stands. Gives how many. */
  abstract erase(subjectIds: readonly string[], within: Transaction): Promise<number>;
}
