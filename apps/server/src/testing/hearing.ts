import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { TestHouse } from '../platform/testing/house.ts'

/** Another process says something; once it is heard, so is everything that was said before. */
export async function heard(house: TestHouse, sql: pg.Client, type: string): Promise<void> {
  const [subjectId, workspaceId] = [randomUUID(), randomUUID()]
  const woken = new Promise<void>((resolve) => house.live.onWake((wake) => wake.subjectId === subjectId && resolve()))
  await sql.query("select pg_notify('lahko', $1)", [JSON.stringify({ workspaceId, type, subjectId })])
  await woken
}
