import type { MemberId, Role, TeamMember } from '../catalogue/index.js';
import { places } from './places.js';

const MANAGERS_A_PLACE = 3;

function member(
  id: string,
  name: string,
  role: Role,
  zone: { timeZone: string; locale: string },
  capacity: TeamMember['capacity'] = {},
): TeamMember {
  return {
    memberId: id as MemberId,
    name,
    role,
    email: `${id}@territory.example`,
    ...zone,
    deputyId: null,
    capacity,
  };
}

const names = [
  'Kim',
  'Robin',
  'Sascha',
  'Noor',
  'Alex',
  'Toni',
  'Sam',
  'Charlie',
  'Jamie',
  'Nika',
  'Sina',
  'Mehr',
];
const surnames = [
  'Arden',
  'Bloom',
  'Cresswell',
  'Dahl',
  'Engel',
  'Falk',
  'Gray',
  'Hart',
  'Irving',
  'Jahan',
  'Karimi',
  'Lahiji',
];

function zoneOf(place: number): { timeZone: string; locale: string } {
  const { cities, locale } = places[place % places.length] ?? { cities: [], locale: 'en' };
  return { timeZone: cities[0]?.timeZone ?? 'UTC', locale };
}

/** Twelve account managers, three for each country. */
export const accountManagers: readonly TeamMember[] = names.map((name, index) =>
  member(
    `manager-${index + 1}`,
    `${name} ${surnames[index]}`,
    'account-manager',
    zoneOf(Math.floor(index / MANAGERS_A_PLACE)),
    { visit: 6, call: 15 },
  ),
);

export const medicalLiaisons: readonly TeamMember[] = [
  member('liaison-1', 'Dr. Mira Stone', 'medical-liaison', zoneOf(0), { web: 8 }),
  member('liaison-2', 'Dr. Felix Born', 'medical-liaison', zoneOf(1), { web: 8 }),
  member('liaison-3', 'Dr. Taraneh Yazdi', 'medical-liaison', zoneOf(3), { web: 8 }),
];

export const reimbursementSpecialists: readonly TeamMember[] = [
  member('reimbursement-1', 'Dana Price', 'reimbursement-specialist', zoneOf(0)),
  member('reimbursement-2', 'Lukas Roth', 'reimbursement-specialist', zoneOf(1)),
];

export const others: readonly TeamMember[] = [
  member('marketing-1', 'Rhea Winter', 'marketing', zoneOf(0)),
  member('service-1', 'Jo Becker', 'service', zoneOf(1)),
  member('sales-manager-1', 'Victor Lund', 'sales-manager', zoneOf(2)),
  member('compliance-1', 'Ines Falconer', 'compliance', zoneOf(0)),
];

export const team: TeamMember[] = [
  ...accountManagers,
  ...medicalLiaisons,
  ...reimbursementSpecialists,
  ...others,
];

/** Who looks after an account of this place: its own manager, and the specialists and colleagues of the region. */
export function teamOf(place: number, account: number): readonly TeamMember[] {
  const own = [
    accountManagers[place * MANAGERS_A_PLACE + (account % MANAGERS_A_PLACE)],
    medicalLiaisons[liaisonOfPlace[place] ?? 0],
    reimbursementSpecialists[place === 0 || place === 2 ? 0 : 1],
    others[0],
    others[1],
  ];
  return own.filter((found) => found !== undefined);
}

/** Liaison by place: United Kingdom and United States share one. */
const liaisonOfPlace = [0, 1, 0, 2];
