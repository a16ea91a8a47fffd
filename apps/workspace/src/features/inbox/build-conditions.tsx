import { mostConditions, type TicketCondition } from '@lahko/contract/ticket-conditions'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { Dialog } from '../../platform/dialog.tsx'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'
import { ConditionRow } from './condition-row.tsx'
import { useConditionData } from './condition-words.ts'
import { isWhole, newCondition } from './conditions.ts'
import { conditionsIn, conditionsOfView, statusesIn, withConditions } from './inbox-search.ts'
import { viewsQuery } from './views.ts'

const route = getRouteApi('/inside/tickets')
type Row = TicketCondition & { key: number }

/** The conditions of a list, one a line: those of its view and those that narrow it further. */
export function BuildConditions({ onClose }: { onClose: () => void }) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { data: views } = useQuery(viewsQuery)
  const data = useConditionData('all', statusesIn(search, views))
  const began = [...conditionsOfView(search, views), ...conditionsIn(search)]
  const [rows, setRows] = useState<Row[]>(() =>
    (began.length > 0 ? began : [newCondition()]).map((condition, key) => ({ ...condition, key })),
  )
  const next = useRef(rows.length)
  const [fresh, setFresh] = useState<number>()
  const adding = useRef<HTMLButtonElement>(null)
  const add = () => {
    const key = next.current++
    setRows([...rows, { ...newCondition(), key }])
    setFresh(key)
  }
  const change = (key: number, to: TicketCondition) =>
    setRows(rows.map((row) => (row.key === key ? { ...to, key } : row)))
  const remove = (key: number) => {
    setRows(rows.filter((row) => row.key !== key))
    adding.current?.focus()
  }
  const take = () => {
    onClose()
    const wanted = rows.filter(isWhole)
    void navigate({ search: (before) => ({ ...before, find: undefined, ...withConditions(search, views, wanted) }) })
  }
  return (
    <Dialog title={t('inbox.conditions')} wide onClose={onClose}>
      <form className="stack" onSubmit={(event) => (event.preventDefault(), take())}>
        <p className="hint">{t(rows.length > 1 ? 'inbox.allHold' : 'inbox.conditionsHow')}</p>
        {rows.map(({ key, ...condition }, place) => (
          <ConditionRow
            key={key}
            place={place + 1}
            condition={condition}
            data={data}
            focused={key === fresh}
            onChange={(to) => change(key, to)}
            onRemove={() => remove(key)}
          />
        ))}
        <div>
          <button
            ref={adding}
            type="button"
            className="button"
            data-size="small"
            disabled={rows.length >= mostConditions}
            onClick={add}
          >
            <Icon name="plus" /> {t('inbox.addCondition')}
          </button>
        </div>
        <div className="dialog-foot">
          <button type="button" className="button" onClick={() => (setRows([]), adding.current?.focus())}>
            {t('inbox.narrowNothing')}
          </button>
          <button type="submit" className="button" data-tone="accent">
            {t('inbox.narrow')}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
