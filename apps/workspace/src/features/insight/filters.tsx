import type { EffortReport } from '@lahko/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { number } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { Popover } from '../../platform/popover.tsx'
import { Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { attributeName, attributeValue } from './attributes.ts'
import { chosenOf, toggled, without, type EffortSearch } from './effort-search.ts'

const route = getRouteApi('/inside/effort')

type Survey = EffortReport['survey']
type Props = { survey: Survey; wording: number; change: (part: Partial<EffortSearch>) => void }

/** One chip for each declared attribute; values of one attribute are alternatives, attributes narrow together. */
export function Filters({ survey, wording, change }: Props) {
  const { filter = [] } = route.useSearch()
  return (
    <>
      {survey.declared.map((attribute) => (
        <FilterChip key={attribute} attribute={attribute} survey={survey} wording={wording} change={change} />
      ))}
      {filter.length > 0 && (
        <button
          type="button"
          className="button"
          data-size="small"
          data-tone="plain"
          onClick={() => change({ filter: undefined })}
        >
          {t('insight.noFilters')}
        </button>
      )}
    </>
  )
}

function FilterChip({ attribute, survey, wording, change }: Props & { attribute: string }) {
  const { filter } = route.useSearch()
  const chosen = chosenOf(filter, attribute).map((value) => attributeValue(attribute, value))
  const name = attributeName(attribute)
  const label = chosen.length > 2 ? t('insight.severalOf', { name, count: chosen.length }) : chosen.join(', ') || name
  return (
    <Popover
      className="chip"
      size="small"
      pressed={chosen.length > 0}
      label={label}
      name={t('insight.filterBy', { name, chosen: chosen.join(', ') || t('insight.all') })}
    >
      {() => <Values attribute={attribute} survey={survey} wording={wording} change={change} />}
    </Popover>
  )
}

function Values({ attribute, survey, wording, change }: Props & { attribute: string }) {
  const { filter } = route.useSearch()
  const [search, setSearch] = useState('')
  const chosen = chosenOf(filter, attribute)
  const { data } = useQuery({
    queryKey: ['insight', 'values', survey.id, wording, attribute, search],
    queryFn: ({ signal }) =>
      api.insight.attributeValues({
        query: { survey: survey.id, wording: String(wording), attribute, search: search || undefined },
        signal,
      }),
    placeholderData: keepPreviousData,
  })
  if (!data) return <Waiting />
  const missing = chosen
    .filter((value) => !data.items.some((item) => item.value === value))
    .map((value) => ({ value, answers: null }))
  return (
    <fieldset className="in-values">
      <legend className="visually-hidden">{attributeName(attribute)}</legend>
      {(data.items.length > 8 || search) && (
        <div className="search">
          <Icon name="search" />
          <input
            className="input"
            type="search"
            value={search}
            aria-label={t('insight.findValue')}
            placeholder={t('insight.findValue')}
            onChange={(event) => setSearch(event.target.value)}
          />
        </div>
      )}
      {[...missing, ...data.items].map(({ value, answers }) => (
        <label className="choice" key={value}>
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={() => change({ filter: toggled(filter, attribute, value) })}
          />
          <span>{attributeValue(attribute, value)}</span>
          {answers !== null && <span className="count">{number(answers)}</span>}
        </label>
      ))}
      {data.items.length === 0 && <p className="quiet">{t('insight.noValues')}</p>}
      {chosen.length > 0 && (
        <button
          type="button"
          className="button"
          data-size="small"
          data-tone="plain"
          onClick={() => change({ filter: without(filter, attribute) })}
        >
          {t('insight.allOf')}
        </button>
      )}
    </fieldset>
  )
}
