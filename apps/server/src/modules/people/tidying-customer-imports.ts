import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import { system, type Db, type Scope } from '#platform/store.ts'
import { listFiles, listShelves, removeFile } from '#platform/uploads.ts'
import { askForWork, isWorkedOn, shelfIn, shelfName } from './customer-importing.ts'
import { listCustomerImports, updateCustomerImport, type CustomerImportRow } from './customer-imports.queries.ts'

const keepMs = 7 * 86_400_000
const atOnce = 200

/** Goes on with what a process that died was working on. */
export async function beginCustomerImports(house: House): Promise<void> {
  for (const workspaceId of await listShelves(house.folder, shelfName)) {
    const scope: Scope = { workspaceId, actor: system }
    const unfinished = (await house.store.read(scope, listAll)).filter(isWorkedOn)
    if (unfinished.length === 0) continue
    await house.store.write(scope, async (tx) => {
      for (const { id } of unfinished) await askForWork(tx, id)
    })
  }
}

/** A week after it ended or came, the file of an import goes, and with it what is shown of its rows. */
export function tidyCustomerImportsTask(house: House): Task {
  return {
    name: 'tidy_customer_imports',
    daily: true,
    async run(scope) {
      const until = house.clock.now().getTime() - keepMs
      const shelf = shelfIn(house, scope)
      const rows = await house.store.read(scope, listAll)
      const needed = (row: CustomerImportRow) =>
        (row.finished_at ?? row.created_at).getTime() >= until || isWorkedOn(row)
      const known = new Set(rows.map(({ id }) => id))
      const kept = new Set(rows.filter(needed).map(({ id }) => id))
      for (const { id, at } of await listFiles(shelf)) {
        if (known.has(id) ? !kept.has(id) : at.getTime() < until) await removeFile(shelf, id)
      }
      for (const { id, shape, refused, partly } of rows.filter((row) => !kept.has(row.id))) {
        if (shape.sample.length === 0 && refused.length === 0 && partly.length === 0) continue
        await house.store.write(scope, (tx) =>
          updateCustomerImport(tx, id, { shape: { ...shape, sample: [] }, refused: [], partly: [] }),
        )
      }
    },
  }
}

async function listAll(db: Db): Promise<CustomerImportRow[]> {
  const all: CustomerImportRow[] = []
  for (;;) {
    const page = await listCustomerImports(db, { after: all.at(-1)?.id, limit: atOnce })
    all.push(...page)
    if (page.length < atOnce) return all
  }
}
