import type { Attachment } from '@lahko/contract'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { sizeOf } from './attachments.tsx'

const mostBytes = 25_000_000
const mostFiles = 20

/** Uploads what goes with a text. */
export function useUpload() {
  const [waiting, setWaiting] = useState(0)
  /** Calls one of the two when it is known what became of it. */
  const send = async (file: File, onDone: (file: Attachment) => void, onFailed?: () => void) => {
    setWaiting((count) => count + 1)
    try {
      onDone(await api.tickets.attach({ query: { name: nameOf(file) }, upload: file }))
    } catch (error) {
      onFailed?.()
      sayFailure(error)
    } finally {
      setWaiting((count) => count - 1)
    }
  }
  return { waiting, send: (...given: Parameters<typeof send>) => void send(...given) }
}

/** Those of some files that one message can take; of the others it is said why not. @param already so many it has */
export function takeable(files: Iterable<File>, already: number): File[] {
  const all = [...files]
  const small = all.filter(({ size }) => size <= mostBytes)
  for (const { name, size } of all) if (size > mostBytes) say(t('inbox.tooLarge', { name, most: sizeOf(mostBytes) }))
  const free = Math.max(0, mostFiles - already)
  if (small.length > free) say(t('inbox.tooManyFiles', { count: mostFiles }))
  return small.slice(0, free)
}

/** What is pasted is called `image.png` by every browser. */
export function nameOf({ name, type }: File): string {
  if (name && name !== 'image.png') return name.slice(-200)
  return `${t('inbox.pasted')}.${type.split('/')[1] ?? 'png'}`
}
