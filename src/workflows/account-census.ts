/** How many accounts there are, and a stamp that changes whenever something is known anew of any of them. */
export interface Census {
  accounts: number;
  stamp: string;
}

export abstract class AccountCensus {
  abstract take(): Promise<Census>;
}
