import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import { system, type Scope } from '#platform/store.ts'
import { listFiles, listShelves, removeFile } from '#platform/uploads.ts'
import { askForWork, isWorkedOn } from './importing.ts'
import { listAllImports } from './imports.queries.ts'

const keepMs = 7 * 86_400_000
const abandonedMs = 86_400_000

/** Goes on with imports that a process which died was working on; also of workspaces that are gone, tidies up. */
export async function beginImports(house: House): Promise<void> {
  for (const workspaceId of await listShelves(house.folder)) {
    const scope: Scope = { workspaceId, actor: system }
    const unfinished = (await house.store.read(scope, listAllImports)).filter(isWorkedOn)
    if (unfinished.length > 0) {
      await house.store.write(scope, async (tx) => {
        for (const { id } of unfinished) await askForWork(tx, id)
      })
    }
    await removeUnneededFiles(house, scope)
  }
}

export function tidyTask(house: House): Task {
  return { name: 'tidy_imports', daily: true, run: (scope) => removeUnneededFiles(house, scope) }
}

/** Removes files that nobody needs: a week after their import ended, a day after an upload that broke off. */
async function removeUnneededFiles(house: House, scope: Scope): Promise<void> {
  const now = house.clock.now().getTime()
  const shelf = { ...house, ...scope }
  const rows = new Map((await house.store.read(scope, listAllImports)).map((row) => [row.id, row]))
  for (const { id, at } of await listFiles(shelf)) {
    const row = rows.get(id)
    const keptUntil = row ? (row.finished_at ?? row.created_at).getTime() + keepMs : at.getTime() + abandonedMs
    if (keptUntil < now && !(row && isWorkedOn(row))) await removeFile(shelf, id)
  }
}
