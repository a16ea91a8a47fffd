import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { uuidv7 } from '../platform/identifiers.ts'
import type { TestHouse } from '../platform/testing/house.ts'

/** A workspace that has grown: members who never signed in, in the order of their names. @returns their ids */
export async function joinMany(
  house: TestHouse,
  workspaceId: string,
  names: readonly string[],
  role = 'agent',
): Promise<string[]> {
  const sql = new pg.Client(house.database.owner)
  await sql.connect()
  const people = names.map((name) => ({ name, account: randomUUID(), member: uuidv7(house.clock.now().getTime()) }))
  await sql.query(
    `insert into accounts (id, email, name, language, created_at)
     select p.account, p.account || '@many.example', p.name, 'en', now()
     from json_to_recordset($1) as p (name text, account uuid)`,
    [JSON.stringify(people)],
  )
  await sql.query(
    `insert into members (workspace_id, id, account_id, role, created_at)
     select $1, p.member, p.account, $2, now() from json_to_recordset($3) as p (member uuid, account uuid)`,
    [workspaceId, role, JSON.stringify(people)],
  )
  await sql.end()
  return people.map(({ member }) => member)
}
