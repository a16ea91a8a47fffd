import type { LibraryItem } from '@lahko/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, queries } from '../../platform/api.ts'
import { Failed, Waiting } from '../../platform/states.tsx'
import { sayFailure } from '../../platform/toasts.tsx'
import { language, t } from '../../platform/words.ts'
import { useMe, useTitle } from '../shell/me.ts'
import { ruleFor } from './content.ts'
import './features.css'
import { Ramp } from './ramp.tsx'

const families = ['effort', 'satisfaction', 'recommendation'] as const

/** Suitable questions, each with its source and when to use it. */
export function LibraryPage() {
  const [family, setFamily] = useState<(typeof families)[number]>('effort')
  const library = useQuery({ queryKey: ['library'], queryFn: () => api.surveys.library(), staleTime: Infinity })
  useTitle(t('surveys.newSurvey'))
  const items = library.data?.filter(({ kind }) => kind === family)
  return (
    <div className="p-page">
      <div className="p-head">
        <h1>{t('surveys.chooseQuestion')}</h1>
      </div>
      <fieldset className="tabs" aria-label={t('surveys.family')}>
        {families.map((one) => (
          <button key={one} type="button" aria-current={one === family || undefined} onClick={() => setFamily(one)}>
            {t(`surveys.family.${one}`)}{' '}
            <span className="count">{library.data?.filter(({ kind }) => kind === one).length}</span>
          </button>
        ))}
      </fieldset>
      {library.isError && <Failed error={library.error} retry={() => void library.refetch()} />}
      {library.isPending && <Waiting lines={9} />}
      <ul className="rows">
        {items?.map((item) => (
          <Item key={item.id} item={item} />
        ))}
      </ul>
    </div>
  )
}

function Item({ item }: { item: LibraryItem }) {
  const { workspace } = useMe()
  const spoken = language()
  const { score, languages } = item.content
  const navigate = useNavigate()
  const create = useMutation({
    mutationFn: () => api.surveys.create({ body: { name: item.name[spoken], libraryId: item.id } }),
    onSuccess: (survey) => {
      queries.setQueryData(['survey', survey.id], survey)
      void queries.invalidateQueries({ queryKey: ['surveys'] })
      void navigate({ to: '/surveys/$id', params: { id: survey.id } })
    },
    onError: sayFailure,
  })
  return (
    <li className="su-item">
      <div className="stack" data-gap="2">
        <p className="label">{item.name[spoken]}</p>
        <h2>{(score.text[spoken] ?? score.text.en ?? '').replaceAll('{company}', workspace.name)}</h2>
        <p>{item.whenToUse[spoken]}</p>
        <p className="quiet su-source">{t('surveys.sourceIs', { source: item.source })}</p>
      </div>
      <div className="stack" data-gap="3">
        <Ramp scale={score.scale} rule={ruleFor(item.rule, score.scale)} />
        <p className="quiet">
          {t('surveys.end', { value: score.scale.min, label: score.lowLabel[spoken] ?? '' })},{' '}
          {t('surveys.end', { value: score.scale.max, label: score.highLabel[spoken] ?? '' })}
          {languages.length < 3 && ` · ${languages.join(', ')}`}
        </p>
        <button
          className="button"
          type="button"
          disabled={create.isPending}
          onClick={() => create.mutate()}
          aria-label={t('surveys.useThisNamed', { name: item.name[spoken] })}
        >
          {t('surveys.useThis')}
        </button>
      </div>
    </li>
  )
}
