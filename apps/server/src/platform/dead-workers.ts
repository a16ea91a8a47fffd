import pg from 'pg'

// Any two numbers that nobody else uses: the letters LAHK and W.
const lock = [0x4c41484b, 0x57]

/** Ends what `standAsWorker` took. */
export type Stand = { leave(): Promise<void> }

/**
 * Counts this process among those that do jobs, and gives back what dead ones have left: a job that a killed worker
 * was doing would wait four hours for it. Whether another process lives is told by a lock that each holds as long as
 * its connection does, so a database that several share is safe.
 * @param owner of the tables of graphile-worker
 */
export async function standAsWorker(owner: pg.ClientConfig): Promise<Stand> {
  const client = new pg.Client(owner)
  // Lost with the connection: then a job may be done twice, which jobs have to bear anyway.
  client.on('error', () => undefined)
  await client.connect()
  const { rows } = await client.query<{ alone: boolean }>('select pg_try_advisory_lock($1, $2) as alone', lock)
  if (rows[0]!.alone) await freeLocks(client)
  await client.query('select pg_advisory_lock_shared($1, $2)', lock)
  if (rows[0]!.alone) await client.query('select pg_advisory_unlock($1, $2)', lock)
  return { leave: () => client.end() }
}

async function freeLocks(client: pg.Client): Promise<void> {
  await client.query(
    `select graphile_worker.force_unlock_workers(array(
       select locked_by from graphile_worker._private_jobs where locked_by is not null
       union select locked_by from graphile_worker._private_job_queues where locked_by is not null))`,
  )
}
