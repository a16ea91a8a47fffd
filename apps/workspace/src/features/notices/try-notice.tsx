import type { NoticeKind } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { api, sayProblem } from '../../platform/api.ts'
import { t } from '../../platform/words.ts'

type Way = 'bell' | 'mail'

/** Sends one notice of a kind now, by each of its ways, and says whether it arrived. */
export function TryNotice({ kind }: { kind: NoticeKind }) {
  const attempt = useMutation({ mutationFn: (way: Way) => api.notices.test({ body: { kind, way } }) })
  const name = t(`notices.kind.${kind}`)
  return (
    <div className="no-try">
      <div className="buttons">
        {(['bell', 'mail'] as const).map((way) => (
          <button
            key={way}
            type="button"
            className="button"
            data-size="small"
            data-tone="plain"
            aria-label={`${t(`notices.try.${way}`)}: ${name}`}
            disabled={attempt.isPending}
            onClick={() => attempt.mutate(way)}
          >
            {t(`notices.try.${way}`)}
          </button>
        ))}
      </div>
      <output className="no-tried" data-tone={attempt.data?.arrived === false || attempt.isError ? 'bad' : undefined}>
        {attempt.isPending && t('notices.trying')}
        {attempt.isError && sayProblem(attempt.error)}
        {attempt.data && attempt.variables && said(attempt.variables, attempt.data)}
      </output>
    </div>
  )
}

function said(way: Way, { arrived, says }: { arrived: boolean; says: string }): string {
  if (way === 'bell') return t('notices.tried.bell')
  return t(arrived ? 'notices.tried.mail' : 'notices.tried.not', { says })
}
