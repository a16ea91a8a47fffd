import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createClient, type Client } from '../packages/contract/src/client.ts'
import { permissions } from '../packages/contract/src/permissions.ts'
import { headerOf, testSmtp, type TestSmtp } from '../apps/server/src/platform/testing/smtp.ts'
import { freePort } from './free-port.ts'

const server = fileURLToPath(new URL('../apps/server/src/main.ts', import.meta.url))
/** How many letters are in flight at most. */
export const connections = 4

/** What became of all replies, as the mail server and the API say. */
export type ReplyRun = { replies: number; received: number; twice: number; lost: number; uncertain: number }

/**
 * Writes replies through the API of a real server and kills it with `kill -9`: once between the commit and the sending,
 * and then while they go.
 * @param kills while they go
 */
export async function replyAndKill(replies: number, kills: number): Promise<ReplyRun> {
  const folder = await mkdtemp(join(tmpdir(), 'lahko-replies-'))
  // PostgreSQL's own user has to reach it when this runs as root.
  await chmod(folder, 0o755)
  const smtp = await testSmtp()
  // So slow that there is something to kill.
  smtp.beforeAnswer = () => wait(50, undefined)
  const place: Place = { folder: join(folder, 'data'), port: await freePort(), smtp }
  let child = await startLahko(place)
  try {
    const client = await enter(place)
    await writeAll(client, replies)
    for (let kill = 0; kill <= kills; kill++) {
      if (kill > 0) await arrived(smtp, Math.floor((replies * kill) / (kills + 1)))
      await end(child, 'SIGKILL')
      child = await startLahko(place)
    }
    await settled(client)
    return await lookAt(client, smtp)
  } finally {
    await end(child, 'SIGTERM')
    await smtp.close()
    await rm(folder, { recursive: true, force: true })
  }
}

type Place = { folder: string; port: number; smtp: TestSmtp }

async function startLahko({ folder, port, smtp }: Place): Promise<ChildProcess> {
  const env = {
    ...process.env,
    ...{ LAHKO_DATA: folder, PORT: String(port), HOST: '127.0.0.1', DATABASE_URL: '' },
    ...{ LAHKO_SMTP_URL: smtp.url, LAHKO_MAIL_FROM: 'help@shop.example', LAHKO_MAIL_PACE: '0' },
    LAHKO_SMTP_CONNECTIONS: String(connections),
  }
  const child = spawn(process.execPath, [server], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout! })) if (line.includes('ready at')) return child
  throw new Error('Lahko ended before it was ready.')
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

/** A workspace with a key that may do all. */
async function enter({ port }: Place): Promise<Client> {
  const baseUrl = `http://127.0.0.1:${port}`
  const signUp = await fetch(`${baseUrl}/api/v1/sign-ups`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ name: 'Ana Kovač', email: 'ana@shop.example', password: 'seven quiet mountains' },
      workspace: { name: 'Shop', slug: 'shop', language: 'en', timeZone: 'Europe/Ljubljana' },
    }),
  })
  const cookie = signUp.headers.get('set-cookie')?.split(';')[0] ?? ''
  const made = await fetch(`${baseUrl}/api/v1/keys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ name: 'All', scopes: permissions }),
  })
  if (!made.ok) throw new Error(await made.text())
  return createClient({ baseUrl, key: ((await made.json()) as { key: string }).key })
}

async function writeAll(client: Client, count: number): Promise<void> {
  for (let place = 0; place < count; place++) {
    const from = { name: '', address: `customer-${place}@domain-${place % 20}.example` }
    const body = { subject: `Zip ${place}`, text: 'It broke.', from }
    const { id } = await client.tickets.create({ body })
    await client.tickets.write({ params: { id }, body: { kind: 'reply', text: 'We are sorry.' } })
  }
}

async function arrived({ received }: TestSmtp, many: number): Promise<void> {
  const patience = performance.now() + 120_000
  while (received.length < many) {
    if (performance.now() > patience) throw new Error(`After two minutes ${many - received.length} mails were missing.`)
    await wait(5)
  }
}

type State = { mailId: string | null; state: string }

async function statesOf(client: Client): Promise<State[]> {
  const states: State[] = []
  const { items: tickets } = await client.tickets.list({ query: { limit: 200 } })
  for (const { id } of tickets) {
    const { items } = await client.tickets.entries({ params: { id } })
    for (const entry of items) {
      if (entry.type === 'message' && entry.message.delivery) {
        states.push({ mailId: entry.message.delivery.mailId, state: entry.message.delivery.state })
      }
    }
  }
  return states
}

/** Until nothing waits, and what died in the hands of a process has been found. */
async function settled(client: Client): Promise<void> {
  const patience = performance.now() + 120_000
  for (;;) {
    const open = (await statesOf(client)).filter(({ state }) => !['sent', 'uncertain'].includes(state))
    if (open.length === 0) return
    if (performance.now() > patience) throw new Error(`After two minutes ${open.length} replies were not settled.`)
    await wait(500)
  }
}

async function lookAt(client: Client, { received }: TestSmtp): Promise<ReplyRun> {
  const states = await statesOf(client)
  const ids = received.map(({ raw }) => headerOf(raw, 'Message-ID')!)
  const there = new Set(ids)
  const sent = states.filter(({ state }) => state === 'sent').length
  const uncertain = states.length - sent
  return {
    replies: states.length,
    received: there.size,
    twice: ids.length - there.size,
    // Of the uncertain ones some have arrived; of those that are called sent all have to be there.
    lost: Math.max(0, sent - there.size),
    uncertain,
  }
}
