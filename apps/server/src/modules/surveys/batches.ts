import pg from 'pg'
import { Problem } from '#platform/problem.ts'
import { createFolding } from './folding.ts'

const { DatabaseError } = pg

/** One answer as the function `ingest_responses` takes it: the columns of the types `answer_row` and `answer_group`. */
export type AnswerRow = {
  id: string
  survey_id: string
  generation: number
  version: number
  wording: number
  score: number
  local_date: string
  segment: number
  answered_at: Date
  received_at: Date
  language: string | undefined
  source: string
  reasons: readonly string[]
  comment: string | undefined
  answers: Readonly<Record<string, unknown>>
  attributes: Readonly<Record<string, string>>
  customer: Readonly<Record<string, unknown>> | undefined
  touchpoint: Readonly<Record<string, unknown>> | undefined
  import_id: string | undefined
  dedupe: string
  fingerprint: number
  external_id: string | undefined
  excluded_reason: string | undefined
  actor_kind: string
  actor_id: string | undefined
}

/** What the database says of an answer that it did not simply take: the type `answer_outcome`. */
type Exception = { place: number; id: string | null; score: number | null; fingerprint: number | null }

/** `sqlState`: the database refused this answer, or all of its batch for a reason that passes. */
export type Outcome = 'accepted' | Exception | { sqlState: string }

export type Batches = {
  /** Rows of one workspace that came together; they stay together in the batch that forms by itself. */
  add(workspaceId: string, rows: readonly AnswerRow[]): Promise<Outcome[]>
  /** The same in a transaction of their own, beside those batches. */
  addAlone(workspaceId: string, rows: readonly AnswerRow[]): Promise<Outcome[]>
}

type Waiting = {
  workspaceId: string
  rows: readonly AnswerRow[]
  resolve(outcomes: Outcome[]): void
  reject(error: unknown): void
}

const mostInFlight = 2
const mostFullInFlight = 3
const mostInBatch = 1_000
const mostWaiting = 50_000

/**
 * Group commit: whatever waits goes into one transaction and one round trip, at most two at a time, the second when it
 * holds as many answers as the first. Meanwhile the next one grows, so that a commit carries the more answers the
 * busier it is; one that has grown full goes beside them, as nothing is won by waiting.
 * @param onError of what follows a batch; those of a batch itself reject
 */
export function createBatches(pool: pg.Pool, onError: (error: unknown) => void): Batches {
  const line: Waiting[] = []
  const fold = createFolding(pool, onError)
  let waiting = 0
  let inFlight = 0
  let onTheirWay = 0
  let planned = false
  const nextBatch = (): Waiting[] => {
    let size = 0
    const end = line.findIndex(({ rows }) => (size += rows.length) > mostInBatch)
    const batch = line.splice(0, end < 0 ? line.length : Math.max(1, end))
    waiting -= batch.reduce((sum, { rows }) => sum + rows.length, 0)
    return batch
  }
  const mayGo = () => {
    if (line.length === 0 || inFlight === 0) return line.length > 0
    return waiting >= mostInBatch ? inFlight < mostFullInFlight : inFlight < mostInFlight && waiting >= onTheirWay
  }
  const pump = () => {
    planned = false
    while (mayGo()) {
      inFlight++
      const batch = nextBatch()
      const size = batch.reduce((sum, { rows }) => sum + rows.length, 0)
      onTheirWay += size
      void flush(pool, batch).finally(() => {
        inFlight--
        onTheirWay -= size
        fold(batch.map(({ workspaceId }) => workspaceId))
        pump()
      })
    }
  }
  return {
    add: (workspaceId, rows) =>
      new Promise((resolve, reject) => {
        if (waiting + rows.length > mostWaiting) return reject(new Problem('unavailable', 'surveys.try_again'))
        waiting += rows.length
        line.push({ workspaceId, rows, resolve, reject })
        if (planned || !mayGo()) return
        planned = true
        // What arrives in the same turn of the event loop still comes along.
        setImmediate(pump)
      }),
    addAlone: (workspaceId, rows) => send(pool, sentBy({ workspaceId, rows })).finally(() => fold([workspaceId])),
  }
}

async function flush(pool: pg.Pool, batch: readonly Waiting[]): Promise<void> {
  try {
    const outcomes = await send(pool, batch.flatMap(sentBy))
    let from = 0
    for (const { rows, resolve } of batch) resolve(outcomes.slice(from, (from += rows.length)))
  } catch (error) {
    for (const { reject } of batch) reject(error)
  }
}

type Sent = { workspaceId: string; row: AnswerRow }

function sentBy({ workspaceId, rows }: Pick<Waiting, 'workspaceId' | 'rows'>): Sent[] {
  return rows.map((row) => ({ workspaceId, row }))
}

/** All of it or nothing; a batch that holds a bad answer is halved until that one stands alone. */
async function send(pool: pg.Pool, batch: readonly Sent[]): Promise<Outcome[]> {
  try {
    const { rows } = await pool.query<Exception>({
      name: 'ingest_responses',
      text: 'select * from ingest_responses($1, $2)',
      values: valuesOf(batch),
    })
    const exceptions = new Map(rows.map((row) => [row.place, row]))
    return batch.map((_, place) => exceptions.get(place) ?? 'accepted')
  } catch (error) {
    const sqlState = error instanceof DatabaseError ? (error.code ?? '') : ''
    const blame = blameOf(sqlState)
    if (blame === 'server') throw error
    if (blame === 'moment' || batch.length === 1) return batch.map(() => ({ sqlState }))
    const middle = Math.ceil(batch.length / 2)
    return [...(await send(pool, batch.slice(0, middle))), ...(await send(pool, batch.slice(middle)))]
  }
}

/**
 * Deadlocks, serialisation failures and lock timeouts are of the moment; bad data, broken constraints and values past
 * a limit are an answer's; all else is the server's.
 */
function blameOf(sqlState: string): 'moment' | 'answer' | 'server' {
  if (isPassing(sqlState)) return 'moment'
  return /^(22|23|54)/.test(sqlState) ? 'answer' : 'server'
}

export function isPassing(sqlState: string): boolean {
  return sqlState.startsWith('40') || sqlState === '55P03'
}

type Member = { order: string; record: string }

/**
 * The batch in groups of one survey and one sender. Workspaces, surveys and answers come in the order of their keys,
 * so that two batches lock in the same one.
 */
function valuesOf(batch: readonly Sent[]): [groups: string, answers: string] {
  const groups = new Map<string, Member[]>()
  let last: Sent | undefined
  let group: Member[] = []
  batch.forEach((sent, place) => {
    if (!last || !isSameGroup(last, sent)) group = groupOf(groups, headOf(sent))
    last = sent
    group.push({ order: orderOf(sent.row), record: recordOf(place, sent.row) })
  })
  const heads = [...groups.keys()].toSorted()
  const answers = heads.flatMap((head) =>
    groups
      .get(head)!
      .toSorted(byOrder)
      .map(({ record }) => record),
  )
  return [`{${heads.map((head) => `"(${groups.get(head)!.length},${head})"`).join()}}`, answers.join(separator)]
}

function headOf({ workspaceId, row }: Sent): string {
  const { survey_id, generation, actor_kind, actor_id = '', import_id = '' } = row
  return `${workspaceId},${survey_id},${generation},${actor_kind},${actor_id},${import_id}`
}

/** Neighbours mostly are; to see it costs less than to write both heads. */
function isSameGroup(a: Sent, b: Sent): boolean {
  return (
    a.workspaceId === b.workspaceId &&
    a.row.survey_id === b.row.survey_id &&
    a.row.generation === b.row.generation &&
    a.row.actor_kind === b.row.actor_kind &&
    a.row.actor_id === b.row.actor_id &&
    a.row.import_id === b.row.import_id
  )
}

function groupOf(groups: Map<string, Member[]>, head: string): Member[] {
  const group = groups.get(head) ?? []
  groups.set(head, group)
  return group
}

/** People and touchpoints are shared by answers, so that they come first. */
function orderOf({ customer, touchpoint, dedupe }: AnswerRow): string {
  if (!customer && !touchpoint) return dedupe
  const person = customer?.['externalId'] ?? customer?.['email'] ?? customer?.['phone'] ?? ''
  return `${String(person)}\n${String(touchpoint?.['externalId'] ?? '')}\n${dedupe}`
}

function byOrder(a: Member, b: Member): number {
  return a.order < b.order ? -1 : 1
}

// Texts hold no control characters, so that this one never occurs inside a record.
const separator = '\u001e'

/** A row as PostgreSQL reads a composite value: a third of the time that it needs to read the same from JSON. */
function recordOf(place: number, row: AnswerRow): string {
  // Joined, because a text that is added up piece by piece leaves as many pieces behind.
  return [
    `(${place}`,
    row.id,
    row.version,
    row.wording,
    row.score,
    row.local_date,
    row.segment,
    row.answered_at.toISOString(),
    row.received_at.toISOString(),
    quoted(row.language),
    row.source,
    quoted(arrayOf(row.reasons)),
    quoted(row.comment),
    quoted(jsonOf(row.answers)),
    quoted(jsonOf(row.attributes)),
    quoted(jsonOf(row.customer)),
    quoted(jsonOf(row.touchpoint)),
    row.dedupe,
    row.fingerprint,
    quoted(row.external_id),
    `${row.excluded_reason ?? ''})`,
  ].join()
}

function quoted(text: string | undefined): string {
  if (text === undefined) return ''
  const slashed = text.includes('\\') ? text.replaceAll('\\', '\\\\') : text
  const doubled = slashed.includes('"') ? slashed.replaceAll('"', '""') : slashed
  return `"${doubled.includes(separator) ? doubled.replaceAll(separator, ' ') : doubled}"`
}

/** Nothing for what is empty: PostgreSQL need not read it. */
function jsonOf(record: Readonly<Record<string, unknown>> | undefined): string | undefined {
  for (const _ in record) return JSON.stringify(record)
  return undefined
}

function arrayOf(texts: readonly string[]): string | undefined {
  if (texts.length === 0) return undefined
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join()}}`
}
