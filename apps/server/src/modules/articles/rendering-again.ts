import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import type { Tx } from '#platform/store.ts'
import { picturesIn } from './pictures.ts'
import { renderArticle } from './rendering.ts'
import { lockStale, updateRendered } from './versions.queries.ts'

const atOnce = 100

/** After an update that renders differently: what readers see is made anew, so that no page has to be made when it is read. */
export function renderAgainTask({ store }: House): Task {
  return {
    name: 'render_articles_again',
    daily: true,
    async run(scope, _, stopping) {
      // What is left is rendered when it is read, and tomorrow.
      while (!stopping.aborted && (await store.write(scope, renderSome)));
    },
  }
}

async function renderSome(tx: Tx): Promise<boolean> {
  const stale = await lockStale(tx, atOnce)
  if (stale.length === 0) return false
  const pictures = await picturesIn(
    tx,
    stale.map(({ body }) => body),
  )
  await updateRendered(
    tx,
    stale.map(({ body, ...page }) => {
      const { html, contents, minutes } = renderArticle(body, page.language, pictures)
      return { ...page, html, contents, minutes }
    }),
  )
  return true
}
