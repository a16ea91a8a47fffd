import type pg from 'pg'

const afterMs = 200
// Seldom costs less in all, but what waits for it notices.
const sortAfterMs = 1_000
/** Hard answers of a workspace are looked for at most so often. */
const lookAfterMs = 1_000

const lookForHardAnswers = `select enqueue_job('find_hard_answers', json_build_object('workspaceId', w), w || ':find_hard_answers')
  from unnest($1::uuid[]) w`

/**
 * Adds what answers change in cells there, 200 ms after the first of them; every figure counts them from their commit. Then
 * hard answers are looked for, by a job.
 * What is left when the process ends follows with the next answer of its workspace.
 * @param onError nothing is lost then, and it is tried again
 * @returns to be called with the workspaces of a batch that was committed
 */
export function createFolding(
  pool: pg.Pool,
  onError: (error: unknown) => void,
): (workspaceIds: Iterable<string>) => void {
  const waiting = new Set<string>()
  let planned = false
  let sortedAt = 0
  const sort = (): void => {
    if (performance.now() - sortedAt < sortAfterMs) return
    sortedAt = performance.now()
    pool.query('select sort_comments()').catch((error: unknown) => pool.ending || onError(error))
  }
  /** One of several that cannot be added holds up nobody else. */
  const add = async (workspaces: readonly string[]): Promise<void> => {
    try {
      await pool.query({ name: 'fold_cells', text: 'select fold_cells($1)', values: [workspaces] })
    } catch (error) {
      if (pool.ending) return
      if (workspaces.length > 1) return void (await Promise.all(workspaces.map((one) => add([one]))))
      onError(error)
      waiting.add(workspaces[0]!)
    }
  }
  const unlooked = new Set<string>()
  let lookPlanned = false
  let lookedAt = -lookAfterMs
  const look = (): void => {
    if (lookPlanned || unlooked.size === 0) return
    lookPlanned = true
    const enqueue = async () => {
      const workspaces = [...unlooked].toSorted()
      unlooked.clear()
      lookPlanned = false
      lookedAt = performance.now()
      await pool.query({ name: 'look_for_hard_answers', text: lookForHardAnswers, values: [workspaces] })
    }
    const later = () => void enqueue().catch((error: unknown) => pool.ending || onError(error))
    setTimeout(later, Math.max(0, lookedAt + lookAfterMs - performance.now())).unref()
  }
  const fold = async (): Promise<void> => {
    const workspaces = [...waiting].toSorted()
    waiting.clear()
    await add(workspaces)
    for (const one of workspaces) unlooked.add(one)
    look()
    sort()
    planned = false
    plan()
  }
  const plan = () => {
    if (planned || waiting.size === 0) return
    planned = true
    setTimeout(() => void fold(), afterMs).unref()
  }
  return (workspaceIds) => {
    for (const one of workspaceIds) waiting.add(one)
    plan()
  }
}
