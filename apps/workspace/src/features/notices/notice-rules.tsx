import type { NoticeKind, NoticeRule, NoticeRules as Rules } from '@lahko/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { api, queries } from '../../platform/api.ts'
import { Choice } from '../../platform/field.tsx'
import { Failed, Trouble, Waiting } from '../../platform/states.tsx'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { ChosenMembers } from './chosen-members.tsx'
import './features.css'
import { kindsOfSurveys, noticeKinds } from './notice-data.ts'

type Named = { id: string; name: string }

/** About what the workspace mails its members at once, and whom. */
export function NoticeRules() {
  const found = useQuery({
    queryKey: ['notices', 'rules'],
    queryFn: async ({ signal }) => {
      const [rules, surveys] = await Promise.all([
        api.notices.rules({ signal }),
        everyOne((after) => api.surveys.list({ query: { after, limit: 200 }, signal })),
      ])
      return { rules, surveys }
    },
  })
  return (
    <div className="se-form">
      <h1>{t('notices.rules')}</h1>
      <p className="quiet">
        {t('notices.rulesAre')} {t('notices.bellAnyway')}
      </p>
      {found.isError && <Failed error={found.error} retry={() => void found.refetch()} />}
      {found.isPending && <Waiting />}
      {found.data && (
        <Form key={JSON.stringify(found.data.rules)} saved={found.data.rules} surveys={found.data.surveys} />
      )}
    </div>
  )
}

type Page = { items: readonly Named[]; next: string | null }

/** All pages: who takes *All* away begins with each one ticked, and leaves nobody out unawares. */
async function everyOne(read: (after?: string) => Promise<Page>): Promise<Named[]> {
  const all: Named[] = []
  for (let after: string | undefined; ;) {
    const { items, next } = await read(after)
    all.push(...items)
    if (next === null) return all
    after = next
  }
}

function Form({ saved, surveys }: { saved: Rules; surveys: readonly Named[] }) {
  const [rules, setRules] = useState(saved)
  const save = useMutation({
    mutationFn: () => api.notices.setRules({ body: rules }),
    onSuccess: async () => {
      say(t('notices.saved'))
      await queries.invalidateQueries({ queryKey: ['notices', 'rules'] })
    },
  })
  const put = (kind: NoticeKind) => (part: Partial<NoticeRule>) =>
    setRules((before) => ({ ...before, [kind]: { ...before[kind], ...part } }))
  const same = JSON.stringify(rules) === JSON.stringify(saved)
  return (
    <form className="se-fields" onSubmit={(event) => (event.preventDefault(), save.mutate())}>
      <Trouble error={save.error} />
      {noticeKinds.map((kind) => (
        <KindRule key={kind} kind={kind} rule={rules[kind]} surveys={surveys} onChange={put(kind)} />
      ))}
      <div className="se-save" data-changed={!same || undefined}>
        <button className="button" data-tone="accent" disabled={same || save.isPending}>
          {t('surveys.save')}
        </button>
        <button className="button" data-tone="plain" type="button" disabled={same} onClick={() => setRules(saved)}>
          {t('surveys.undoChanges')}
        </button>
      </div>
    </form>
  )
}

type RuleProps = {
  kind: NoticeKind
  rule: NoticeRule
  surveys: readonly Named[]
  onChange: (part: Partial<NoticeRule>) => void
}

function KindRule({ kind, rule, surveys, onChange }: RuleProps) {
  const onTopics = (topics: string[] | null) => onChange({ topics })
  const onMembers = (members: string[] | null) => onChange({ members })
  return (
    <section>
      <h2>{t(`notices.kind.${kind}`)}</h2>
      <Choice kind="switch" checked={rule.mail} onChange={(mail) => onChange({ mail })}>
        {t('notices.mailAtOnce')}
      </Choice>
      {rule.mail && (
        <>
          {kindsOfSurveys.includes(kind) && (
            <Some
              legend={t('notices.whichSurveys')}
              all={t('notices.allSurveys')}
              chosen={rule.topics}
              onChange={onTopics}
              // With each one ticked nothing is left out unawares.
              first={() => surveys.map(({ id }) => id)}
              some={(chosen) => <ChosenSurveys surveys={surveys} chosen={chosen} onChange={onTopics} />}
            />
          )}
          <Some
            legend={t('notices.whom')}
            all={t('notices.allMembers')}
            chosen={rule.members}
            onChange={onMembers}
            first={() => []}
            some={(chosen) => (
              <ChosenMembers label={t('notices.whom')} kind={kind} chosen={chosen} onChange={onMembers} />
            )}
          />
        </>
      )}
    </section>
  )
}

type SomeProps = {
  legend: string
  all: string
  /** Null: all of them. */
  chosen: string[] | null
  onChange: (chosen: string[] | null) => void
  /** What is chosen once *All* is taken away. */
  first: () => string[]
  some: (chosen: string[]) => ReactNode
}

/** All, or those that are chosen. */
function Some({ legend, all, chosen, onChange, first, some }: SomeProps) {
  return (
    <fieldset className="stack no-some" data-gap="2">
      <legend>{legend}</legend>
      <Choice checked={chosen === null} onChange={(every) => onChange(every ? null : first())}>
        {all}
      </Choice>
      {chosen !== null && some(chosen)}
    </fieldset>
  )
}

type ChosenSurveysProps = { surveys: readonly Named[]; chosen: string[]; onChange: (chosen: string[]) => void }

function ChosenSurveys({ surveys, chosen, onChange }: ChosenSurveysProps) {
  return surveys.map(({ id, name }) => (
    <Choice
      key={id}
      checked={chosen.includes(id)}
      onChange={(on) => onChange(on ? [...chosen, id] : chosen.filter((one) => one !== id))}
    >
      {name}
    </Choice>
  ))
}
