import type { MacroActions } from '@lahko/contract'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'
import type { useMacro } from './use-macro.ts'

/** What a macro does when its text is sent; each can be left out. */
export function MacroChips({ macro }: { macro: ReturnType<typeof useMacro> }) {
  const { taken, without } = macro
  if (!taken) return null
  const parts = partsOf(taken.actions)
  if (parts.length === 0) return null
  return (
    <div className="in-chips">
      <span className="quiet">{t('inbox.withIt', { name: taken.name })}</span>
      {parts.map(([part, words]) => (
        <button
          key={part}
          type="button"
          className="chip"
          data-size="small"
          aria-label={t('inbox.leaveOut', { name: words })}
          onClick={() => without(part)}
        >
          {words} <Icon name="cross" />
        </button>
      ))}
    </div>
  )
}

function partsOf({ status, priority, addTags, topic, assignToMe }: MacroActions): [keyof MacroActions, string][] {
  const parts: [keyof MacroActions, string | undefined][] = [
    ['status', status && t(`inbox.status.${status}`)],
    ['priority', priority && t(`inbox.priority.${priority}`)],
    ['addTags', addTags?.map((tag) => `#${tag}`).join(' ')],
    ['topic', topic],
    ['assignToMe', assignToMe ? t('inbox.assignToMe') : undefined],
  ]
  return parts.filter((part): part is [keyof MacroActions, string] => Boolean(part[1]))
}
