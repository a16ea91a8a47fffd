import { useLayoutEffect } from 'react'
import { useAction } from '../../platform/actions.ts'
import { t } from '../../platform/words.ts'
import { selectThrough, toggleSelected } from './selection.ts'

export const findField = 'find-tickets'

/** The keys of the list: `j` and `k` move, Enter opens, `x` chooses, `/` searches. */
export function useListKeys(ids: readonly string[]): void {
  const group = t('inbox.inbox')
  useLayoutEffect(() => keepPlace(ids), [ids])
  const moving = { group, repeats: true }
  useAction({ ...moving, id: 'in.down', name: t('shell.nextRow'), icon: 'down', keys: 'j', run: () => move(1) })
  useAction({ ...moving, id: 'in.up', name: t('shell.previousRow'), icon: 'up', keys: 'k', run: () => move(-1) })
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

/** Where somebody was in the list, so that they still are when that row has left it. */
let place: { id: string; index: number } | undefined

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('.in-ticket')]
}

function notePlace(row: HTMLElement): void {
  place = { id: row.dataset['ticket']!, index: rows().indexOf(row) }
}

/** Gives the focus of a row that has left the list to the one in its place. */
function keepPlace(ids: readonly string[]): void {
  const row = rowAt()
  if (row) return notePlace(row)
  const lost = document.activeElement === document.body
  if (lost && place && !ids.includes(place.id) && document.querySelector('.in-ticket[aria-current]') === null) {
    focusAt(place.index)
  }
}

function move(by: 1 | -1): void {
  const row = rowAt()
  if (row) return focusAt(rows().indexOf(row) + by)
  // Its place is taken by the next one already.
  focusAt(place ? place.index + Math.min(0, by) : 0)
}

function focusAt(index: number): void {
  const all = rows()
  const row = all[Math.max(0, Math.min(all.length - 1, index))]
  if (!row) return
  row.querySelector<HTMLElement>('.in-title')?.focus({ preventScroll: true })
  row.scrollIntoView({ block: 'nearest' })
  notePlace(row)
}

/** Puts the focus on what was found first. */
export function focusFirstRow(): void {
  document.querySelector<HTMLElement>('.in-ticket .in-title')?.focus()
}

/** Puts the focus where the reader left the list: on that ticket, else on the one that took its place. */
export function focusRow(id: string): void {
  const title = document.querySelector<HTMLElement>(`.in-ticket[data-ticket="${id}"] .in-title`)
  if (title) title.focus()
  else focusAt(place?.index ?? 0)
}
