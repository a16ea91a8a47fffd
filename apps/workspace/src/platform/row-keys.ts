import { useAction } from './actions.ts'
import { t } from './words.ts'

/**
 * The keys of a list: `j` and `k` move between the titles of its rows, Enter opens as it does on every link, `/` goes
 * to its search field, where there is one.
 */
export function useRowKeys(searchField?: string): void {
  const group = t('shell.lists')
  useAction({ id: 'row.next', group, name: t('shell.nextRow'), icon: 'down', keys: 'j', run: () => move(1) })
  useAction({ id: 'row.previous', group, name: t('shell.previousRow'), icon: 'up', keys: 'k', run: () => move(-1) })
  const find = () => document.getElementById(searchField ?? '')?.focus()
  useAction(
    searchField === undefined
      ? null
      : { id: 'row.find', group, name: t('shell.findInList'), icon: 'search', keys: '/', run: find },
  )
}

function move(by: 1 | -1): void {
  const titles = [...document.querySelectorAll<HTMLElement>('main .row-title')]
  const at = titles.indexOf(document.activeElement as HTMLElement)
  const next = at < 0 ? 0 : Math.min(titles.length - 1, Math.max(0, at + by))
  titles[next]?.focus()
}
