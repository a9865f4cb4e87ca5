import type { DataSource } from 'typeorm';

/** Throws when there is no such team member. */
export async function ensureMember(database: DataSource, memberId: string): Promise<void> {
  const found = await database.query<unknown[]>('select 1 from team_members where member_id = $1', [
    memberId,
  ]);
  if (found.length === 0)
    throw new Error(
      `There is no team member "${memberId}". Save the member first: PUT /api/v1/team-members/${memberId}`,
    );
}
