import type { MemberId, Role } from '../../catalogue/index.js';

export const cadences = ['off', 'daily', 'weekly'] as const;
export type Cadence = (typeof cadences)[number];

/** When a member wants her digest. */
export interface DigestSetting {
  cadence: Cadence;
  /** Hour of her own day, 0–23. */
  hour: number;
  /** Null: she never said; it is that of her role. */
  changedAt: Date | null;
}

export const DEFAULT_HOUR = 8;

/**
 * What holds until a member says otherwise: a digest every working day at eight for account managers, whose list it is; none
 * for everybody else, who would get mail that nobody asked for.
 */
export function settingOfRole(role: Role): DigestSetting {
  return { cadence: role === 'account-manager' ? 'daily' : 'off', hour: DEFAULT_HOUR, changedAt: null };
}

/** A member as far as her digest needs it. */
export interface DigestReader {
  memberId: MemberId;
  name: string;
  role: Role;
  /** Null: she has none, and gets no digest. */
  email: string | null;
  /** IANA zone; null: that of the deployment. */
  timeZone: string | null;
  /** BCP 47. */
  locale: string | null;
  setting: DigestSetting;
}

/** What members said of their digests. */
export abstract class DigestSettings {
  abstract find(memberId: MemberId): Promise<DigestReader | null>;
  /** Everybody who has an address and wants a digest. */
  abstract readers(): Promise<DigestReader[]>;
  /** Country whose working week is hers: of her locale, else of most of her accounts; null where neither is known. */
  abstract countriesOf(memberIds: readonly MemberId[]): Promise<Map<MemberId, string>>;
  abstract save(
    memberId: MemberId,
    setting: Pick<DigestSetting, 'cadence' | 'hour'>,
    by: string,
    at: Date,
  ): Promise<void>;
}
