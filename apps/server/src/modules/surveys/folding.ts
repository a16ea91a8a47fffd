import type pg from 'pg'

const afterMs = 200
const sortAfterMs = 2_000

/**
 * Adds what answers change in cells there, 200 ms after the first of them; every figure counts them from their commit.
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
  const fold = async (): Promise<void> => {
    const workspaces = [...waiting].toSorted()
    waiting.clear()
    await add(workspaces)
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
