import { useAction } from '../../platform/actions.ts'
import { t } from '../../platform/words.ts'
import { selectThrough, toggleSelected } from './selection.ts'

export const findField = 'find-tickets'

/** The keys of the list: `j` and `k` move, Enter opens, `x` chooses, `/` searches. */
export function useListKeys(ids: readonly string[]): void {
  const group = t('inbox.inbox')
  useAction({ id: 'in.down', group, name: t('shell.nextRow'), icon: 'down', keys: 'j', run: () => move(1) })
  useAction({ id: 'in.up', group, name: t('shell.previousRow'), icon: 'up', keys: 'k', run: () => move(-1) })
  useAction({
    id: 'in.open',
    group,
    name: t('inbox.open'),
    icon: 'right',
    keys: 'Enter',
    run: () => rowAt()?.querySelector<HTMLElement>('.in-title')?.click(),
  })
  const choose = (pick: (id: string) => void) => () => {
    const id = rowAt()?.dataset['ticket']
    if (id) pick(id)
  }
  useAction({ id: 'in.choose', group, name: t('inbox.choose'), icon: 'check', keys: 'x', run: choose(toggleSelected) })
  useAction({
    id: 'in.choose-through',
    group,
    name: t('inbox.chooseThrough'),
    icon: 'check',
    keys: 'X',
    run: choose((id) => selectThrough(id, ids)),
  })
  const find = () => document.getElementById(findField)?.focus()
  useAction({ id: 'in.find', group, name: t('shell.findInList'), icon: 'search', keys: '/', run: find })
}

/** The row that has the focus, else the one whose ticket is open. */
function rowAt(): HTMLElement | null {
  const focused = document.activeElement?.closest<HTMLElement>('.in-ticket')
  return focused ?? document.querySelector<HTMLElement>('.in-ticket[aria-current]')
}

function move(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('.in-ticket')]
  const at = rows.indexOf(rowAt()!)
  const next = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))
  const row = rows[next]
  row?.querySelector<HTMLElement>('.in-title')?.focus({ preventScroll: true })
  row?.scrollIntoView({ block: 'nearest' })
}

/** Puts the focus on what was found first. */
export function focusFirstRow(): void {
  document.querySelector<HTMLElement>('.in-ticket .in-title')?.focus()
}

/** Puts the focus where the reader left the list. */
export function focusRow(id: string): void {
  document.querySelector<HTMLElement>(`.in-ticket[data-ticket="${id}"] .in-title`)?.focus()
}
