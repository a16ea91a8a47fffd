import { setTimeout as wait } from 'node:timers/promises'
import { workspaceId } from './desk-data.ts'
import type { Desk } from './desk-stage.ts'
import { openPlainHttp, type PlainHttp } from './plain-http.ts'
import { seededRandom } from './seeded.ts'

export type Action = 'list' | 'open' | 'status' | 'reply'
/** How long each took, in milliseconds, from the moment when it was due. */
export type Times = Map<string, number[]>

const perSecond = 20
const shares: [Action, number][] = [
  ['list', 0.5],
  ['open', 0.3],
  ['status', 0.15],
  ['reply', 0.05],
]

/** What agents look at. The last three have no index of their own. */
export const views: Record<string, string> = {
  'all, newest': '',
  'of one agent': 'owner=AGENT',
  'nobody’s': 'owner=nobody',
  'waiting longest': 'sort=waiting',
  'by priority': 'sort=priority',
  'of one customer': 'customer=CUSTOMER&shelf=solved',
  'solved, newest': 'shelf=solved',
  'by form about a topic': 'topic=topic%203&channel=form',
  'solved, with a tag': 'shelf=solved&tag=tag%2020',
  'solved, urgent ones of a mailbox': 'shelf=solved&priority=urgent&mailbox=MAILBOX',
}

type Subjects = { tickets: string[]; pages: [view: string, path: string][] }

/** Twenty actions a second, whether the ones before have been answered or not. */
export async function load(desk: Desk, seconds: number, seed: number): Promise<Times> {
  const random = seededRandom(seed)
  const http = openPlainHttp(desk.port, 100)
  const subjects = await subjectsOf(desk)
  const times: Times = new Map()
  const took = (name: string, ms: number) => times.set(name, [...(times.get(name) ?? []), ms])
  const began = performance.now()
  const running: Promise<void>[] = []
  for (let turn = 0; turn < seconds * perSecond; turn++) {
    const due = began + (turn * 1000) / perSecond
    await wait(Math.max(0, due - performance.now()))
    const action = actionAt(random())
    running.push(
      act(http, desk, action, subjects, random).then((view) => {
        const ms = performance.now() - due
        took(action, ms)
        if (view) took(view, ms)
      }),
    )
  }
  await Promise.all(running)
  http.close()
  return times
}

function actionAt(drawn: number): Action {
  let reached = 0
  return shares.find(([, share]) => drawn < (reached += share))?.[0] ?? 'list'
}

/** @returns the view, of a list */
async function act(http: PlainHttp, { key }: Desk, action: Action, subjects: Subjects, random: () => number) {
  const one = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!
  const ask = async (method: string, path: string, body?: object) => {
    const status = await http.ask(method, `/api/v1${path}`, key, body && JSON.stringify(body))
    if (status >= 300) throw new Error(`${method} ${path} was answered with ${status}.`)
  }
  const id = one(subjects.tickets)
  if (action === 'list') {
    const [view, path] = one(subjects.pages)
    await ask('GET', path)
    return view
  }
  if (action === 'open') await Promise.all([ask('GET', `/tickets/${id}`), ask('GET', `/tickets/${id}/entries`)])
  if (action === 'status') {
    await ask('PATCH', `/tickets/${id}`, { status: one(['open', 'waiting', 'on_hold', 'solved']) })
  }
  if (action === 'reply') {
    await ask('POST', `/tickets/${id}/messages`, { kind: 'reply', text: 'We have sent it again, and are sorry.' })
  }
  return undefined
}

/** Tickets that are worked on, nine of ten unsolved ones; first and second pages of the views. */
async function subjectsOf(desk: Desk): Promise<Subjects> {
  const { rows } = await desk.owner.query<{ id: string }>(
    `(select id from tickets t where workspace_id = $1 and shelf = 'unsolved' order by id desc limit 900)
     union all
     (select id from tickets t where workspace_id = $1 and shelf = 'solved'
       and not exists (select from ticket_merges m where m.workspace_id = $1 and m.source_id = t.id)
       order by md5(id::text) limit 100)`,
    [workspaceId],
  )
  return { tickets: rows.map(({ id }) => id), pages: await pagesOf(desk) }
}

async function pagesOf(desk: Desk): Promise<Subjects['pages']> {
  const { rows } = await desk.owner.query<Record<string, string>>(
    `select (select owner_id from tickets where workspace_id = $1 and shelf = 'unsolved' and owner_id is not null
         group by 1 order by count(*) desc limit 1) as "AGENT",
       (select customer_id from tickets where workspace_id = $1 group by 1 order by count(*) desc limit 1) as "CUSTOMER",
       (select id from mailboxes where workspace_id = $1 order by id desc limit 1) as "MAILBOX"`,
    [workspaceId],
  )
  const pages: Subjects['pages'] = []
  for (const [view, filter] of Object.entries(views)) {
    const path = `/tickets?${filter.replaceAll(/[A-Z]{5,}/g, (name) => rows[0]![name]!)}`
    pages.push([view, path])
    const next = await nextOf(desk, path)
    pages.push([view, next === null ? path : `${path}&after=${next}`])
  }
  return pages
}

async function nextOf({ port, key }: Desk, path: string): Promise<string | null> {
  const reply = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } })
  if (!reply.ok) throw new Error(`${path}: ${await reply.text()}`)
  return ((await reply.json()) as { next: string | null }).next
}

const searches = 40

/** How long searching takes for words in a handful of messages, in one of 75, and in every fourth. */
export async function searchEach({ owner, port, key }: Desk): Promise<Times> {
  const { rows } = await owner.query<{ kind: string; word: string }>(
    `with sample as (
       select searched from ticket_messages m where workspace_id = $1 order by md5(id::text) limit 3000
     ), counted as (
       select word, count(*) as n from sample, unnest(tsvector_to_array(searched)) word
       where word ~ '^[a-z]{6,8}$' group by 1
     ), sorted as (
       select word, case when n > 300 then 'common' when n between 25 and 80 then 'medium'
         when n = 1 and length(word) = 8 then 'rare' end as kind from counted
     )
     select kind, word from (select *, row_number() over (partition by kind order by md5(word)) as place from sorted) s
     where kind is not null and place <= $2`,
    [workspaceId, searches],
  )
  const http = openPlainHttp(port, 1)
  const times: Times = new Map()
  for (const { kind, word } of rows) {
    const began = performance.now()
    const status = await http.ask('GET', `/api/v1/ticket-search?query=${word}`, key)
    if (status !== 200) throw new Error(`The search for ${word} was answered with ${status}.`)
    times.set(kind, [...(times.get(kind) ?? []), performance.now() - began])
  }
  http.close()
  return times
}
