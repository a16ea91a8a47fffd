import type { SettlementOutcome } from '@lahko/contract/searches'
import type { Language } from '@lahko/contract/values'
import { sql } from 'kysely'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Db, Tx } from '#platform/store.ts'

/** One search as it is kept. */
export type SearchRow = {
  id: string
  language: Language
  words: string
  question: string
  asking: string
  results: number
  fit: number
  suggested: boolean
  watched: boolean
  asked_on: string
}

export async function insertSearches(tx: Tx, rows: readonly SearchRow[]): Promise<void> {
  await sql`
    insert into searches (workspace_id, id, language, words, question, asking, results, fit, suggested, watched, asked_on)
    select ${tx.workspaceId}, id, language, words, question, asking, results, fit, suggested, watched, asked_on
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, language text, words text, question text,
      asking uuid, results smallint, fit real, suggested boolean, watched boolean, asked_on date)`.execute(tx.kysely)
}

/** Notes which article was opened from a search, the first one only. */
export async function updateOpened(tx: Tx, opened: readonly { id: string; articleId: string }[]): Promise<void> {
  await sql`
    update searches s set opened_id = o.article from (
      select distinct on (id) id, article
      from unnest(${opened.map(({ id }) => id)}::uuid[], ${opened.map(({ articleId }) => articleId)}::uuid[])
        with ordinality o(id, article, place)
      order by id, place) o
    where s.workspace_id = ${tx.workspaceId} and s.id = o.id and s.opened_id is null`.execute(tx.kysely)
}

/** @returns how many went, at most `most` */
export async function deleteSearchesBefore(tx: Tx, day: string, most: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from searches where workspace_id = ${tx.workspaceId} and id in (
      select id from searches where workspace_id = ${tx.workspaceId} and asked_on < ${day}::date limit ${most})`.execute(
    tx.kysely,
  )
  return Number(numAffectedRows)
}

/** @returns how many went, at most `most` */
export async function deleteSettlementsBefore(tx: Tx, at: Date, most: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from search_settlements where workspace_id = ${tx.workspaceId} and id in (
      select id from search_settlements d
      where d.workspace_id = ${tx.workspaceId} and d.outcome <> 'dismissed' and d.settled_at < ${at}
        and not exists (select from searches s where s.workspace_id = d.workspace_id and s.settled_id = d.id)
      limit ${most})`.execute(tx.kysely)
  return Number(numAffectedRows)
}

export type UnfoundRow = {
  question: string
  /** Orders those that are as hard. */
  place: string
  weight: number
  asked: number
  nothing: number
  poor: number
  unopened: number
  last_on: string
  /** As it was asked most, and otherwise. */
  wordings: string[]
}

/** How hard a search was: nothing was found, nothing that fits, nothing that was opened; 0 where it is not known. */
const hardness = sql`case when s.opened_id is not null then 0 when s.results = 0 then 3 when not s.suggested then 2
  when s.watched then 1 else 0 end`

const mostWordings = 4

/**
 * Questions that were asked in vain at least so often: the most often and the hardest first. Of one asking its easiest
 * search counts: somebody who found it in the end has found it.
 */
export async function listUnfoundRows(
  db: Db,
  about: { language: Language; from: string | undefined; to: string | undefined; least: number },
  { after, limit }: { after: { weight: number; place: string } | undefined; limit: number },
): Promise<UnfoundRow[]> {
  const { rows } = await sql<UnfoundRow>`
    with asked as (
      select s.question, s.asking, min(${hardness}) as hardness, max(s.asked_on) as last_on from searches s
      where s.workspace_id = ${db.workspaceId} and s.language = ${about.language} and s.settled_id is null
        ${about.from ? sql`and s.asked_on >= ${about.from}::date` : sql``}
        ${about.to ? sql`and s.asked_on <= ${about.to}::date` : sql``}
        and not exists (select from search_settlements d where d.workspace_id = s.workspace_id
          and d.language = s.language and d.question = s.question and d.outcome = 'dismissed')
      group by 1, 2
    ), unfound as (
      select question, md5(question) as place, sum(hardness)::integer as weight, count(*)::integer as asked,
        (count(*) filter (where hardness = 3))::integer as nothing,
        (count(*) filter (where hardness = 2))::integer as poor,
        (count(*) filter (where hardness = 1))::integer as unopened, max(last_on) as last_on
      from asked where hardness > 0 group by 1 having count(*) >= ${about.least}
    ), shown as (
      select * from unfound
      ${after ? sql`where weight < ${after.weight} or weight = ${after.weight} and place > ${after.place}` : sql``}
      order by weight desc, place limit ${limit}
    )
    select shown.*, array(select s.words from searches s
      where s.workspace_id = ${db.workspaceId} and s.language = ${about.language} and s.question = shown.question
        and s.settled_id is null
      group by s.words order by count(*) desc, s.words limit ${mostWordings}) as wordings
    from shown order by weight desc, place`.execute(db.kysely)
  return rows
}

/** As a question is asked most, among what is not settled. */
export async function findWording(db: Db, language: Language, question: string): Promise<string | undefined> {
  const { rows } = await sql<{ words: string }>`
    select words from searches
    where workspace_id = ${db.workspaceId} and language = ${language} and question = ${question} and settled_id is null
    group by words order by count(*) desc, words limit 1`.execute(db.kysely)
  return rows[0]?.words
}

export type SettlementRow = {
  id: string
  language: Language
  words: string
  outcome: SettlementOutcome
  settled_by: string | null
  settled_at: Date
}

const columns = sql`id, language, words, outcome, settled_by, settled_at`

/** Writes what was done about a question, with all searches that asked it until now. */
export async function insertSettlement(
  tx: Tx,
  given: { language: Language; question: string; words: string; outcome: SettlementOutcome; by: string | null },
): Promise<SettlementRow> {
  const { rows } = await sql<SettlementRow>`
    insert into search_settlements (workspace_id, id, language, question, words, outcome, settled_by, settled_at)
    values (${tx.workspaceId}, ${uuidv7(tx.now.getTime())}, ${given.language}, ${given.question}, ${given.words},
      ${given.outcome}, ${given.by}, ${tx.now})
    returning ${columns}`.execute(tx.kysely)
  await sql`
    update searches set settled_id = ${rows[0]!.id}
    where workspace_id = ${tx.workspaceId} and language = ${given.language} and question = ${given.question}
      and settled_id is null`.execute(tx.kysely)
  return rows[0]!
}

/** What was done last about a question. */
export async function findSettlement(db: Db, language: Language, question: string): Promise<SettlementRow | undefined> {
  const { rows } = await sql<SettlementRow>`
    select ${columns} from search_settlements
    where workspace_id = ${db.workspaceId} and language = ${language} and question = ${question}
    order by id desc limit 1`.execute(db.kysely)
  return rows[0]
}

export async function listSettlementRows(
  db: Db,
  { before, limit }: { before: string | undefined; limit: number },
): Promise<SettlementRow[]> {
  const { rows } = await sql<SettlementRow>`
    select ${columns} from search_settlements where workspace_id = ${db.workspaceId}
      ${before ? sql`and id < ${before}` : sql``}
    order by id desc limit ${limit}`.execute(db.kysely)
  return rows
}

/** Its searches count again. */
export async function deleteSettlement(tx: Tx, id: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from search_settlements where workspace_id = ${tx.workspaceId} and id = ${id}`.execute(tx.kysely)
  return numAffectedRows === 1n
}
