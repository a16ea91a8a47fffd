import type { SearchSettlement, searches as contract, UnfoundQuestion } from '@lahko/contract/searches'
import { id as anId } from '@lahko/contract/values'
import type { z } from 'zod'
import { emit } from '#platform/events.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import {
  deleteSettlement,
  findSettlement,
  findWording,
  insertSettlement,
  listSettlementRows,
  listUnfoundRows,
  type SettlementRow,
  type UnfoundRow,
} from './searches.queries.ts'

type Asked = z.output<(typeof contract)['listUnfound']['query']>
type Settling = z.output<(typeof contract)['settle']['body']>

/**
 * So often a question has to be asked in vain before anybody sees it: what is asked less says more of who asked than of
 * what is missing.
 */
const leastAskings = 3

/** One page, the most often and the hardest first. @throws Problem invalid `articles.bad_page` */
export async function listUnfound(
  db: Db,
  { language, from, to, after, limit }: Asked,
): Promise<{ items: UnfoundQuestion[]; next: string | null }> {
  const about = { language, from, to, least: leastAskings }
  const rows = await listUnfoundRows(db, about, { after: readEnd(after), limit: limit + 1 })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(viewUnfound), next: rows.length > limit && last ? `${last.weight}.${last.place}` : null }
}

/**
 * Keeps what was done about a question. It is counted anew from now on, and listed when it is asked in vain again;
 * dismissed it is not. Settled again without having been asked since, it stays as it was.
 * @throws Problem invalid `articles.no_such_question`
 */
export async function settle(tx: Tx, { language, question, outcome }: Settling): Promise<SearchSettlement> {
  const words = await findWording(tx, language, question)
  if (words === undefined) {
    const known = await findSettlement(tx, language, question)
    if (!known) throw invalidField('/body/question', 'articles.no_such_question')
    return viewSettlement(known)
  }
  const by = tx.actor.kind === 'member' ? tx.actor.memberId : null
  const row = await insertSettlement(tx, { language, question, words, outcome, by })
  await emit(tx, { type: 'search.settled', subjectId: row.id, data: { outcome } })
  return viewSettlement(row)
}

/** @throws Problem not_found */
export async function unsettle(tx: Tx, id: string): Promise<void> {
  if (!(await deleteSettlement(tx, id))) throw new Problem('not_found', 'platform.not_found')
  await emit(tx, { type: 'search.unsettled', subjectId: id })
}

/** The newest first. @throws Problem invalid `articles.bad_page` */
export async function listSettled(
  db: Db,
  { after, limit }: { after?: string; limit: number },
): Promise<{ items: SearchSettlement[]; next: string | null }> {
  if (after !== undefined && !anId.safeParse(after).success) throw badPage()
  const rows = await listSettlementRows(db, { before: after, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  return { items: shown.map(viewSettlement), next: rows.length > limit ? shown.at(-1)!.id : null }
}

function viewUnfound(row: UnfoundRow): UnfoundQuestion {
  const [words = '', ...otherWords] = row.wordings
  return {
    ...{ question: row.question, words, otherWords, asked: row.asked },
    ...{ foundNothing: row.nothing, fittedPoorly: row.poor, openedNothing: row.unopened, lastOn: row.last_on },
  }
}

function viewSettlement({ id, language, words, outcome, settled_by: by, settled_at: at }: SettlementRow) {
  return { id, language, words, outcome, by, at: at.toISOString() }
}

function readEnd(after: string | undefined): { weight: number; place: string } | undefined {
  if (after === undefined) return undefined
  const [, weight, place] = /^(\d{1,9})\.([0-9a-f]{32})$/.exec(after) ?? []
  if (weight === undefined || place === undefined) throw badPage()
  return { weight: Number(weight), place }
}

function badPage(): Problem {
  return invalidField('/query/after', 'articles.bad_page')
}
