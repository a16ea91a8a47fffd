import type { Language } from '@lahko/contract'
import { useEffect, useEffectEvent, useState } from 'react'
import { api } from '../../platform/api.ts'

/** `lost`: the first lines that the editor would not give back; undefined where that could not be found out. */
export type Survival = { state: 'checking' | 'fine' } | { state: 'loses'; lost: string | undefined }

/**
 * Whether the editor gives a text back as it was: the same letters, or at least the same page. Looked at when the
 * editor opens, not at each letter.
 * @param occasion what makes it look again
 */
export function useSurvival(body: string, language: Language, occasion: string, wanted: boolean): Survival {
  const [found, setFound] = useState<{ occasion: string; survival: Survival }>()
  // The text as it is when the editor opens.
  const look = useEffectEvent(() => judge(body, language))
  useEffect(() => {
    if (!wanted) return undefined
    let over = false
    void look()
      .catch((): Survival => ({ state: 'loses', lost: undefined }))
      .then((survival) => !over && setFound({ occasion, survival }))
    return () => {
      over = true
    }
  }, [occasion, wanted, language])
  return found?.occasion === occasion ? found.survival : { state: 'checking' }
}

async function judge(body: string, language: Language): Promise<Survival> {
  const { roundTrip } = await import('./round-trip.ts')
  const back = roundTrip(body)
  if (back === body.trim()) return { state: 'fine' }
  const [before, after] = await Promise.all([pageOf(body, language), pageOf(back, language)])
  if (before === after) return { state: 'fine' }
  return { state: 'loses', lost: firstLost(body, back) }
}

/** The page as it reads: spaces between its parts are none. */
async function pageOf(body: string, language: Language): Promise<string> {
  const { html, pictures } = await api.articles.preview({ body: { language, body } })
  const text = html
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\s*(<\/?(?:p|li|ul|ol|table|thead|tbody|tr|t[dh]|blockquote|div|h\d|pre|hr)\b[^>]*>)\s*/g, '$1')
  return `${text} ${pictures.join(' ')}`
}

function firstLost(body: string, back: string): string {
  const kept = new Set(back.split('\n').map((line) => line.trim()))
  const lost = body.split('\n').filter((line) => line.trim() !== '' && !kept.has(line.trim()))
  return lost.slice(0, 3).join('\n').slice(0, 400)
}
