import pg from 'pg'

// Any two numbers that nobody else uses: the letters LAHK and W.
const lock = [0x4c41484b, 0x57]

/** How long it waits before it connects again, at first and at most, in milliseconds. */
const pauseMs = { first: 250, most: 10_000 }

/** Ends what `standAsWorker` took. */
export type Stand = { leave(): Promise<void> }

/**
 * Counts this process among those that do jobs, and gives back what dead ones have left: a job that a killed worker
 * was doing would wait four hours for it. Whether another process lives is told by a lock that each holds as long as
 * its connection does, so a database that several share is safe. A lost lock is taken again; until then a job may be
 * done twice, which jobs have to bear anyway.
 * @param owner of the tables of graphile-worker
 */
export async function standAsWorker(owner: pg.ClientConfig): Promise<Stand> {
  let timer: NodeJS.Timeout | undefined
  let left = false
  let current: Promise<pg.Client>
  const stand = async (take: (client: pg.Client) => Promise<void>) => {
    const client = await connect(owner)
    await take(client).catch(async (error: unknown) => {
      await client.end()
      throw error
    })
    client.once('end', () => again(pauseMs.first))
    return client
  }
  const again = (ms: number) => {
    if (left) return
    timer = setTimeout(() => {
      current = stand(share)
      current.catch(() => again(Math.min(2 * ms, pauseMs.most)))
    }, ms)
  }
  current = stand(begin)
  await current
  return {
    async leave() {
      left = true
      clearTimeout(timer)
      await current.then((client) => client.end()).catch(() => undefined)
    },
  }
}

async function connect(owner: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client({ ...owner, keepAlive: true })
  // The end follows, which is heard.
  client.on('error', () => undefined)
  await client.connect()
  return client
}

async function begin(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ alone: boolean }>('select pg_try_advisory_lock($1, $2) as alone', lock)
  if (rows[0]!.alone) await freeLocks(client)
  await share(client)
  if (rows[0]!.alone) await client.query('select pg_advisory_unlock($1, $2)', lock)
}

async function share(client: pg.Client): Promise<void> {
  await client.query('select pg_advisory_lock_shared($1, $2)', lock)
}

async function freeLocks(client: pg.Client): Promise<void> {
  await client.query(
    `select graphile_worker.force_unlock_workers(array(
       select locked_by from graphile_worker._private_jobs where locked_by is not null
       union select locked_by from graphile_worker._private_job_queues where locked_by is not null))`,
  )
}
