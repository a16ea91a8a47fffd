import type { DryRun, ProgrammeSettings } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'
import { moment, number } from '../../platform/format.ts'
import { Trouble, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { attributeValue } from '../insight/attributes.ts'
import { ruleSentence } from './in-words.ts'

/** What the programme as it stands here would have done over the last 90 days. */
export function DryRunPanel({ settings, replaces }: { settings: ProgrammeSettings; replaces: string | null }) {
  const run = useMutation({
    mutationFn: (programme: ProgrammeSettings) =>
      // A name says nothing about whom it asks; it may still be missing.
      api.programmes.dryRun({ body: { programme: { ...programme, name: programme.name || '–' }, replaces } }),
  })
  return (
    <aside className="pr-dry" aria-label={t('programmes.dryRun')}>
      <h2>{t('programmes.dryRun')}</h2>
      <p className="quiet">{t('programmes.dryRunHint')}</p>
      <p>
        <button type="button" className="button" disabled={run.isPending} onClick={() => run.mutate(settings)}>
          {t('programmes.runDry')}
        </button>
      </p>
      {run.isPending && <Waiting lines={4} />}
      <Trouble error={run.error} />
      <div aria-live="polite">{run.data && <Result run={run.data} />}</div>
    </aside>
  )
}

function Result({ run }: { run: DryRun }) {
  return (
    <>
      <p>
        <strong>{t('programmes.wouldHaveInvited', { count: run.asked, shown: number(run.asked) })}</strong>
      </p>
      <dl className="pr-counts">
        <Count name={t('programmes.ended')} count={run.touchpoints} />
        <Count name={t('programmes.fitting')} count={run.fitting} />
        {run.earlier > 0 && <Count name={t('programmes.earlier')} count={run.earlier} />}
        {run.notAsked.map(({ rule, count }) => (
          <Count key={rule} name={ruleSentence(rule)} count={count} />
        ))}
      </dl>
      {!run.complete && <p className="quiet">{t('programmes.incomplete', { shown: number(run.touchpoints) })}</p>}
      {run.sample.length > 0 && (
        <>
          <h3>{t('programmes.sample')}</h3>
          <ul className="pr-sample">
            {run.sample.map(({ touchpoint, kind, endedAt, dueAt, rule }) => (
              <li key={touchpoint}>
                <span>
                  {attributeValue('kind', kind)}, {moment(endedAt)}
                </span>
                <span className="quiet">
                  {rule ? ruleSentence(rule) : t('programmes.askedAt', { at: moment(dueAt ?? endedAt) })}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      <p className="quiet">{t('programmes.dryRunLimits')}</p>
    </>
  )
}

function Count({ name, count }: { name: string; count: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{number(count)}</dd>
    </div>
  )
}
