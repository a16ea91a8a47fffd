import type { Attachment } from '@lahko/contract'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { sizeOf } from './attachments.tsx'

const mostBytes = 25 * 1024 * 1024
const mostFiles = 20

/** Uploads what is to be attached; `onDone` is called for each file that arrived. */
export function useUpload(onDone: (file: Attachment) => void) {
  const [waiting, setWaiting] = useState(0)
  const upload = async (file: File) => {
    setWaiting((count) => count + 1)
    try {
      onDone(await api.tickets.attach({ query: { name: nameOf(file) }, upload: file }))
    } catch (error) {
      sayFailure(error)
    } finally {
      setWaiting((count) => count - 1)
    }
  }
  const add = (files: Iterable<File>, already: number) => {
    for (const [place, file] of [...files].entries()) {
      if (already + place >= mostFiles) return say(t('inbox.tooManyFiles', { count: mostFiles }))
      if (file.size > mostBytes) say(t('inbox.tooLarge', { name: file.name, most: sizeOf(mostBytes) }))
      else void upload(file)
    }
  }
  return { waiting, add }
}

/** What is pasted is called `image.png` by every browser. */
function nameOf({ name, type }: File): string {
  if (name && name !== 'image.png') return name.slice(-200)
  return `${t('inbox.pasted')}.${type.split('/')[1] ?? 'png'}`
}
