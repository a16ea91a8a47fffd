import { useQuery } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'
import { number } from '../../platform/format.ts'
import { Failed } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { Defined } from '../insight/definitions.tsx'
import { figure, intervalOf, outOf } from '../insight/figures.ts'
import '../insight/features.css'
import { useMay } from '../shell/me.ts'

/** How easy it was for the customers of an organisation, by survey; each figure opens what it is and rests on. */
export function OrganisationEffort({ id }: { id: string }) {
  const mayRead = useMay('responses.read')
  const effort = useQuery({
    queryKey: ['organisations', id, 'effort'],
    queryFn: ({ signal }) => api.organisations.effort({ params: { id }, signal }),
    enabled: mayRead,
  })
  if (!mayRead || effort.data?.length === 0) return null
  return (
    <section className="pe-person" aria-labelledby="effort">
      <h2 id="effort">{t('people.effort')}</h2>
      {effort.isError && <Failed error={effort.error} retry={() => void effort.refetch()} />}
      <ul className="rows">
        {effort.data?.map(({ survey, wording, scale, rule, summary: { mean, n } }) => (
          <li className="pe-line" key={`${survey.id} ${wording}`}>
            <Defined scale={scale} rule={rule} metric="mean" shown={mean} n={n}>
              {survey.name}
            </Defined>
            {mean && (
              <span>
                <strong>{figure('mean', mean.value, scale)}</strong> {outOf('mean', scale)}{' '}
                <span className="quiet">
                  {t('people.effortRests', { interval: intervalOf('mean', mean, scale), count: n, shown: number(n) })}
                </span>
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
