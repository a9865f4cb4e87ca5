/** How much of a member's attention alerts may take. Declared here for everybody. */
export interface AlertSettings {
  /** Alerts an hour that ask for attention; more are joined to the latest of them. */
  perMemberPerHour: number;
  /** Local wall time of the member, HH:MM, in which nothing disturbs her. */
  quietFrom: string;
  quietTo: string;
  /** Unseen for so long, an alert goes to the deputy too. */
  escalateAfterMinutes: number;
}

export const alertSettings: AlertSettings = {
  perMemberPerHour: 12,
  quietFrom: '20:00',
  quietTo: '08:00',
  escalateAfterMinutes: 60,
};

/** From this priority on, of 100, an alert neither waits for the morning nor is joined to another. */
export const URGENT_PRIORITY = 90;
