import { setTimeout as sleep } from 'node:timers/promises'
import {
  Logger as WorkerLogger,
  parseCronItems,
  run,
  runMigrations,
  runOnce,
  type Runner,
  type TaskList,
} from 'graphile-worker'
import { sql, type RawBuilder } from 'kysely'
import pg from 'pg'
import type { Logger } from 'pino'
import { insertFailedJob, takeFailedJob } from './failed-jobs.ts'
import { knowWorkspacesAgain } from './planner.ts'
import { hashToken } from './secrets.ts'
import { system, type Scope, type Store, type Tx } from './store.ts'

/**
 * Work after a commit. It runs at least once, so it must be idempotent; `workspaceId` is where it works. Long work ends
 * soon after `stopping` says so, and first enqueues what is left.
 */
export type Task = {
  name: string
  run(scope: Scope, payload: Record<string, unknown>, stopping: AbortSignal): Promise<void>
  /**
   * Says to whoever waits for it that no attempt will follow, in words of its own. A task without it leaves a row in
   * `failed_jobs`.
   */
  giveUp?(tx: Tx, payload: Record<string, unknown>): Promise<void>
  /** Housekeeping: it also runs once a day in every workspace. */
  readonly daily?: boolean
}

export type Jobs = {
  /** Runs everything that is due, and returns when nothing is left, unless it works anyway: tests need no sleep. */
  settle(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

/**
 * Adds a job in the verb's transaction: it exists exactly when the change does.
 * @param key the same key replaces a job that has not started, so that doing it twice is doing it once
 */
export async function enqueue(
  tx: Tx,
  task: string,
  payload: Record<string, unknown>,
  key: string,
  at?: Date,
): Promise<void> {
  await enqueued(tx, [{ task, payload, key, at }]).execute(tx.kysely)
}

export type NewJob = { task: string; payload: Record<string, unknown>; key: string; at?: Date }

/** The same of many, as a `select` that adds them, for a statement that does more. */
export function enqueued({ workspaceId }: Tx, jobs: readonly NewJob[]): RawBuilder<unknown> {
  const bodies = jobs.map(({ payload }) => JSON.stringify({ ...payload, workspaceId }))
  return sql`select count(enqueue_job(j.task, j.body, j.key, j.at)) from unnest(
    ${jobs.map(({ task }) => task)}::text[], ${bodies}::json[], ${jobs.map(({ key }) => `${workspaceId}:${key}`)}::text[],
    ${jobs.map(({ at }) => at ?? null)}::timestamptz[]) j(task, body, key, at)`
}

/** A quiet hour in Europe; a process that was not running then does it when it starts. */
const eachDay = parseCronItems([{ task: 'each_day', match: '20 2 * * *', options: { backfillPeriod: 86_400_000 } }])

/** Brings graphile-worker's own schema up to date; needs the owner. */
export async function migrateJobs(owner: pg.PoolConfig): Promise<void> {
  const pgPool = ownersPool(owner, 1)
  await runMigrations({ pgPool })
  await pgPool.end()
}

/** The worker of this process. `tasks` come from the doors of the modules. */
export function openJobs(owner: pg.PoolConfig, store: Store, tasks: readonly Task[], log: Logger): Jobs {
  const pgPool = ownersPool(owner, 4)
  const stopping = new AbortController()
  const taskList: TaskList = {
    ...Object.fromEntries(tasks.map((task) => [task.name, taskOf(task, store, log, stopping.signal)])),
    each_day: async () => {
      await keepHouse(store, tasks)
      await knowWorkspacesAgain(store)
    },
  }
  const options = {
    pgPool,
    taskList,
    concurrency: 2,
    noHandleSignals: true,
    pollInterval: 1000,
    parsedCronItems: eachDay,
    logger: loggerOf(log),
  }
  let runner: Runner | undefined
  return {
    async settle() {
      await runOnce(options)
      if (!runner) await untilWritten(pgPool)
    },
    start: async () => void (runner = await run(options)),
    stop: async () => {
      stopping.abort()
      await runner?.stop()
      await pgPool.end()
    },
  }
}

/** Asks for the housekeeping of every workspace; asked twice before it began, it is done once. */
export async function keepHouse({ outside }: Pick<Store, 'outside'>, tasks: readonly Task[]): Promise<void> {
  for (const { name } of tasks.filter(({ daily }) => daily)) await enqueueEverywhere({ outside }, name)
}

/** Adds a job in every workspace; one that still waits is not added again. */
export async function enqueueEverywhere({ outside }: Pick<Store, 'outside'>, task: string): Promise<void> {
  await sql`select enqueue_everywhere(${task})`.execute(outside)
}

function loggerOf(log: Logger): WorkerLogger {
  return new WorkerLogger(
    () => (level, message) => log[level === 'warning' ? 'warn' : level === 'info' ? 'debug' : level](message),
  )
}

function ownersPool(owner: pg.PoolConfig, max: number): pg.Pool {
  const pool = new pg.Pool({ ...owner, max })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
    const query = client.query.bind(client) as (...given: unknown[]) => unknown
    client.query = ((...given: unknown[]) => {
      const result = query(...given)
      return result instanceof Promise ? result.catch(askForPatience) : result
    }) as typeof client.query
  })
  const connect = pool.connect.bind(pool)
  pool.connect = ((done?: Parameters<typeof connect>[0]) =>
    done ? connect(done) : connect().catch(askForPatience)) as typeof pool.connect
  return pool
}

/** graphile-worker does not wait until how its last jobs ended is written. */
async function untilWritten(pool: pg.Pool): Promise<void> {
  while (pool.waitingCount > 0 || pool.idleCount < pool.totalCount) await sleep(1)
}

/**
 * graphile-worker does not listen whether it could write how a job ended, and tries again only after errors that it
 * knows. A lost connection is none of them: unheard, it would end the process.
 */
function askForPatience(error: Error & { code?: string }): never {
  const lost = !(error instanceof pg.DatabaseError) || /^57P0\d$/.test(error.code ?? '')
  throw lost ? Object.assign(error, { code: '57P03' }) : error
}

function taskOf(task: Task, store: Store, log: Logger, stopping: AbortSignal): TaskList[string] {
  return async (payload, helpers) => {
    const { workspaceId, ...rest } = payload as { workspaceId: string } & Record<string, unknown>
    const scope = { workspaceId, actor: system }
    try {
      await task.run(scope, rest, stopping)
    } catch (error) {
      log.error({ err: error, task: task.name, attempt: helpers.job.attempts }, 'a job failed')
      if (helpers.job.attempts >= helpers.job.max_attempts) await giveUp(store, scope, task, rest, error)
      throw error
    }
  }
}

async function giveUp(store: Store, scope: Scope, task: Task, payload: Record<string, unknown>, error: unknown) {
  await store.write(scope, (tx) =>
    task.giveUp ? task.giveUp(tx, payload) : insertFailedJob(tx, { task: task.name, payload, error }),
  )
}

/**
 * Lets a job that was given up try again from its first attempt. Two who ask for it start it once, and one that waits
 * to be tried again is replaced.
 * @returns whether it was there
 */
export async function retryFailedJob(tx: Tx, id: string): Promise<boolean> {
  const job = await takeFailedJob(tx, id)
  if (job) await enqueue(tx, job.task, job.payload, retryKey(job))
  return job !== undefined
}

/** Of bounded length, which the key of a job must have. */
function retryKey({ task, payload }: { task: string; payload: object }): string {
  return `retry:${task}:${hashToken(JSON.stringify(payload)).toString('base64url')}`
}
